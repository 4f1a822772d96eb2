"""What readers of a page see, and what those who keep the pages see of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from committees.base import languages
from committees.guides import registry
from committees.guides.models import Guide, Version
from committees.guides.registry import BuiltIn


def choose(there: Iterable[str], wanted: str, *, has_built_in: bool) -> str | None:
    """In which of its languages a page is shown: the reader's, else the server's, else (None) as the program brings it along.

    A page that was added and has neither is shown in whatever language it has: better than none.
    """
    known = sorted(there)
    for language in (wanted, settings.LANGUAGE_CODE):
        if language in known:
            return language
    return None if has_built_in or not known else known[0]


@dataclass(frozen=True)
class Shown:
    """A page as one reader sees it: somebody's words, or those of the program."""

    words: Version | None
    built_in: BuiltIn | None
    wanted: str

    @property
    def title(self) -> Any:
        return self.words.title if self.words else self.built_in.title if self.built_in else ""

    @property
    def lacks(self) -> bool:
        """Whether it is shown in another language than the reader's."""
        return self.words is not None and self.words.language != self.wanted

    @property
    def wanted_name(self) -> str:
        return languages.name(self.wanted)

    @property
    def language_name(self) -> str:
        return languages.name(self.words.language) if self.words else ""


def page_for(name: str, person: Any) -> Shown | None:
    """A page by its name, as this person sees it in the language in use. One query; None where there is none for them."""
    built_in = registry.built_in().get(name)
    which = Q(guide__built_in=name) if built_in else Q(guide__slug=name, guide__built_in="")
    found = {row.language: row for row in Version.objects.visible_to(person).filter(which).select_related("guide").newest() if not row.is_empty}
    wanted = get_language() or settings.LANGUAGE_CODE
    language = choose(found, wanted, has_built_in=built_in is not None)
    if language is None and built_in is None:
        return None
    return Shown(found[language] if language else None, built_in, wanted)


# -- For those who keep the pages ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """What a page says in one language: a version of somebody's, or what readers see instead."""

    code: str
    words: Version | None
    instead: str | None

    @property
    def name(self) -> str:
        return languages.name(self.code)

    @property
    def instead_name(self) -> str:
        return languages.name(self.instead) if self.instead else ""


@dataclass(frozen=True)
class Kept:
    """One page with its state in each language of the site."""

    guide: Guide
    built_in: BuiltIn | None
    states: list[State]
    title: Any
    title_language: str


def rows(keeper: Any) -> list[Guide]:
    """Every page in the order in which they stand. A built-in one that nobody has touched has no row yet, and stands where
    the program puts it."""
    found = list(Guide.objects.kept_by(keeper).in_order())
    there = {guide.built_in for guide in found}
    found += [Guide(built_in=name, place=n, is_published=True) for n, name in enumerate(registry.built_in()) if name not in there]
    known = registry.built_in()
    return sorted((g for g in found if not g.built_in or g.built_in in known), key=lambda g: (g.place, g.pk or 0))


def one(name: str, keeper: Any) -> Guide | None:
    """The page of that name."""
    if not keeper.is_platform_admin:
        return None
    if name in registry.built_in():
        place = list(registry.built_in()).index(name)
        return Guide.objects.kept_by(keeper).filter(built_in=name).first() or Guide(built_in=name, place=place, is_published=True)
    return Guide.objects.kept_by(keeper).filter(slug=name, built_in="").first()


def kept(guides: list[Guide]) -> list[Kept]:
    """These pages with what they say. One query, however many pages."""
    ids = [guide.pk for guide in guides if guide.pk]
    said: dict[int, dict[str, Version]] = {}
    for row in Version.objects.filter(guide_id__in=ids).newest() if ids else ():
        if not row.is_empty:
            said.setdefault(row.guide_id, {})[row.language] = row
    return [_kept(guide, said.get(guide.pk or 0, {})) for guide in guides]


def _kept(guide: Guide, said: dict[str, Version]) -> Kept:
    built_in = registry.built_in().get(guide.built_in)
    has = built_in is not None
    states = [State(code, said.get(code), choose(said, code, has_built_in=has)) for code in languages.of_screens()]
    shown = choose(said, get_language() or settings.LANGUAGE_CODE, has_built_in=has)
    title: Any = said[shown].title if shown else built_in.title if built_in else ""
    return Kept(guide, built_in, states, title, shown or "")


def versions(guide: Guide, language: str) -> list[Version]:
    """All that a page ever said in a language, the latest first."""
    return list(Version.objects.filter(guide_id=guide.pk, language=language).defer("text", "html").order_by("-number")) if guide.pk else []


def newest(guide: Guide, language: str) -> Version | None:
    """The last version of a page in a language, also where it is empty."""
    return Version.objects.filter(guide_id=guide.pk, language=language).order_by("-number").first() if guide.pk else None


def version(guide: Guide, language: str, slug: str) -> Version | None:
    """One that said something."""
    return Version.objects.filter(guide_id=guide.pk, language=language, slug=slug).exclude(text="").first() if guide.pk else None
