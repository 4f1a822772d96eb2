"""How a post is found: the words it is indexed by, and the question that somebody's typing becomes.

PostgreSQL stems words by the language of the post, after taking the accents off; the configurations are made by migration
0002. Languages that write no blanks between words (Chinese, Japanese, Thai …) are indexed by pairs of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from committees.base.text import clean_line

#: Language → PostgreSQL's own configuration for it. Others are taken word by word.
STEMMED = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
PREFIX = "words_"
#: As many words of a question are looked for.
MOST_WORDS = 8
SHORTEST_BEGINNING = 3
#: Scripts without blanks between words: Thai, Lao, Burmese, Khmer, kana, ideographs.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[\w’']+")


def configuration(language: str) -> str:
    """The text search configuration of a language."""
    return PREFIX + STEMMED.get(language.split("-", maxsplit=1)[0], "simple")


def configurations() -> list[str]:
    return [PREFIX + name for name in (*STEMMED.values(), "simple")]


def pairs(text: str) -> list[str]:
    """Neighbouring letters of whatever is written without blanks; a letter that stands alone is itself."""
    found = []
    for run in _UNSPACED.findall(text):
        found += [first + second for first, second in pairwise(run)] or [run]
    return found


def is_lone_letter(word: str) -> bool:
    """One letter of a script without blanks: the index has only pairs that begin with it."""
    return len(word) == 1 and bool(_UNSPACED.fullmatch(word))


def without_brackets(text: str) -> str:
    """PostgreSQL takes what stands between angle brackets for a tag, and passes over it."""
    return text.replace("<", "‹").replace(">", "›")


def indexed(text: str) -> str:
    """The text as it is given to the index."""
    return " ".join([_UNSPACED.sub(" ", without_brackets(text)), *pairs(text)])


def asked(typed: str) -> list[str]:
    """The words of what somebody typed: whole words, and pairs of letters where no blanks are written."""
    line = unicodedata.normalize("NFKC", clean_line(typed))[:200]
    words = [word.strip("’'") for word in _WORD.findall(_UNSPACED.sub(" ", line))]
    return list(dict.fromkeys(word for word in (*words, *pairs(line)) if word))[:MOST_WORDS]


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def quoted(lexemes: Iterable[str], *, begun: str = "") -> str:
    """Any of these, or whatever begins like `begun`, as a part of a tsquery."""
    parts = [_lexeme(each) for each in sorted(lexemes)] + ([f"{_lexeme(begun)}:*"] if begun else [])
    return f"({' | '.join(parts)})"
