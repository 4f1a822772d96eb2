"""What can be flagged and looked at. Rooms say it once, in their `apps.ready()`; this room knows nothing else of their rows.

registry.register(Matter(name="forum.post", label=_("Post"), model=Post, committee=…, author=…, visible_to=…, acts={"hide": posts.hide, …}))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person

#: All that an owner may know how to do with a row of its own. "hide_by_flags" is done before anybody has looked; after
#: "wait" a row is as it was before somebody showed or refused it.
ACTS = frozenset({"approve", "send_back", "hide", "hide_by_flags", "remove", "restore", "wait", "lock", "unlock", "move"})
#: What is done where an owner makes no difference.
_INSTEAD = {"hide_by_flags": "hide", "wait": "hide"}


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One kind of thing that can be moderated. Every function gets a row of `model`, with `related` read along."""

    #: The model's own label, in lower case: "forum.post".
    name: str
    label: str | Promise
    model: type[models.Model]
    #: The id of the committee whose moderators answer for it.
    committee: Callable[[Any], int]
    #: Under which membership it was written; None after erasure.
    author: Callable[[Any], Membership | None]
    #: The rows that somebody may read, and so may flag.
    visible_to: Callable[[Person], models.QuerySet[Any]]
    #: The whole plain text, for the queue.
    excerpt: Callable[[Any], str]
    language: Callable[[Any], str]
    url: Callable[[Any], str]
    #: Whether members of several committees read it.
    crosses_sites: Callable[[Any], bool]
    #: What the owner does: `act(row, at=at)`, inside the transaction of the decision.
    acts: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    #: Where a row could be moved: the name of each place and what it is called. `move` is given one of these names as `to`.
    places: Callable[[Any], Sequence[tuple[str, str]]] = lambda row: ()
    #: What `excerpt` and the others look at, so that a page of many rows asks once.
    related: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.name != self.model._meta.label_lower:
            raise ValueError(f"{self.name} is not the label of {self.model._meta.label}")
        if unknown := self.acts.keys() - ACTS:
            raise ValueError(f"{self.name}: nobody gives {', '.join(sorted(unknown))}")

    @property
    def is_text(self) -> bool:
        """Whether something written can be hidden; of a person nothing can."""
        return "hide" in self.acts

    def rows(self, ids: Iterable[int]) -> dict[int, Any]:
        """These rows by id, whoever may see them: for those who decide. One query."""
        found = self.model._base_manager.filter(pk__in=list(ids))
        return {row.pk: row for row in (found.select_related(*self.related) if self.related else found)}

    def row(self, row_id: int) -> Any | None:
        return self.rows([row_id]).get(row_id)

    def act(self, name: str, row: Any, *, at: Any, **more: Any) -> None:
        """Have the owner do it, as far as it knows how to. `more`: what the act needs to know besides."""
        if name not in self.acts:
            name = _INSTEAD.get(name, name)
        if row is not None and name in self.acts:
            self.acts[name](row, at=at, **more)


_matters: dict[str, Matter] = {}


def register(matter: Matter) -> None:
    """Add a matter. Registering its name again replaces it, so that a second `ready()` does no harm."""
    _matters[matter.name] = matter


def unregister(name: str) -> None:
    """For tests that bring a matter of their own."""
    _matters.pop(name, None)


def known() -> tuple[Matter, ...]:
    return tuple(_matters[name] for name in sorted(_matters))


def find(name: str) -> Matter | None:
    """The matter of that name, or None."""
    return _matters.get(name)


def of(row: models.Model) -> Matter:
    """The matter that a row belongs to. KeyError for what no room has registered."""
    return _matters[row._meta.label_lower]
