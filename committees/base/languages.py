"""Languages that people write, speak and interpret: more than the screens have."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, get_language_info

from committees.base import dates

#: What people at the sites of the world speak to one another, beside the languages of the committee itself.
SPOKEN = [
    "am",
    "ar",
    "bg",
    "bn",
    "cs",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "gu",
    "ha",
    "hi",
    "ht",
    "hu",
    "hy",
    "id",
    "ig",
    "it",
    "ja",
    "ka",
    "km",
    "ko",
    "ku",
    "ky",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "my",
    "nb",
    "ne",
    "nl",
    "om",
    "pa",
    "pl",
    "ps",
    "pt",
    "ro",
    "ru",
    "si",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "ti",
    "tl",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "wo",
    "xh",
    "yo",
    "zh",
    "zu",
]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(SPOKEN) | {code for code, _own in settings.LANGUAGES}


def is_known(code: str) -> bool:
    """Whether somebody can write or speak it here."""
    return code in _known()


@lru_cache(maxsize=1024)
def _name(code: str, language: str) -> str:
    spoken = dates.locale()
    name = spoken.languages.get(code.replace("-", "_")) or spoken.languages.get(code.split("-", maxsplit=1)[0]) or code
    return name[:1].upper() + name[1:]


def name(code: str) -> str:
    """A language by its name in the language in use."""
    return _name(code, get_language() or "en")


def names(codes: Iterable[str]) -> str:
    """ "English, Nepali, Spanish"."""
    return ", ".join(name(code) for code in codes)


def own_name(code: str) -> str:
    """A language as it calls itself."""
    info = get_language_info(code)
    name = str(info["name_local"] if info["code"] == code else dict(settings.LANGUAGES)[code])
    return name[:1].upper() + name[1:]


def choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """These languages by name."""
    return sorted(((code, name(code)) for code in dict.fromkeys(codes)), key=lambda pair: pair[1])


def of_screens() -> list[str]:
    """The languages that the screens have and people speak; the tests' invented one is none."""
    return [code for code, _own in settings.LANGUAGES if "-x" not in code]
