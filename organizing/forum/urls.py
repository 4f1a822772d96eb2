from django.urls import path, register_converter

from organizing.forum.views import blocking, boards, lists, posts, topics


class Position:
    """The place of a post in its topic: it counts posts that its readers see, and nothing else."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


register_converter(Position, "position")

app_name = "forum"

_board = "forum/b/<slug:slug>/"
_topic = "forum/t/<slug:slug>/"
_post = "forum/posts/<slug:slug>/"

urlpatterns = [
    path("forum/", lists.front, name="front"),
    path("forum/new/", posts.where, name="where"),
    path("forum/unread/", lists.unread, name="unread"),
    path("forum/open/", lists.public, name="public"),
    path("forum/mine/", lists.mine, name="mine"),
    path("forum/mine/take-back/", posts.withdraw_all, name="withdraw_all"),
    path("forum/drafts/", lists.drafts, name="drafts"),
    path("forum/blocked/", blocking.blocked, name="blocked"),
    path("forum/search/", lists.search, name="search"),
    path("forum/read/", lists.read_all, name="read_all"),
    path(_board, boards.board, name="board"),
    path(f"{_board}new/", posts.start, name="start"),
    path(f"{_board}follow/", boards.follow, name="follow_board"),
    path(f"{_board}name/", boards.rename, name="rename"),
    path(_topic, topics.topic, name="topic"),
    path(f"{_topic}p/<position:position>/", topics.permalink, name="permalink"),
    path(f"{_topic}reply/", posts.reply, name="reply"),
    path(f"{_topic}read/", topics.read, name="read"),
    path(f"{_topic}follow/", topics.follow, name="follow"),
    path(f"{_topic}pin/", topics.pin, name="pin"),
    path(f"{_post}edit/", posts.edit, name="edit"),
    path(f"{_post}take-back/", posts.withdraw, name="withdraw"),
    path(f"{_post}block/", blocking.block, name="block"),
    path(f"{_post}translate/", posts.translate, name="translate"),
    path("committees/<slug:committee_slug>/forum/", boards.of_committee, name="of_committee"),
    path("committees/<slug:committee_slug>/forum/new/", boards.new, name="new_board"),
]
