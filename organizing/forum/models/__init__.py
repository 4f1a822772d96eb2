"""Boards, topics, posts, and what each reader keeps of them."""

from organizing.forum.models.boards import Board, Policy, Topic
from organizing.forum.models.posts import Post, PostVersion, ShownAs, State, Translation
from organizing.forum.models.reading import Block, Draft, ReadMark, Watch

__all__ = ["Block", "Board", "Draft", "Policy", "Post", "PostVersion", "ReadMark", "ShownAs", "State", "Topic", "Translation", "Watch"]
