"""Names made comparable: the keys by which a site is recognised again, and the words by which it is found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from committees.base.text import clean_line
from committees.directory import scripts

MAX_WORD = 40
MAX_WORDS = 80
#: Marks the sound of a word among the words of a site; no word that a person types begins with it.
SOUND = "~"

_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ŋ": "n", "ـ": ""})
_INITIALS = re.compile(r"(?<!\w)(?:\w\.\s?){2,}(?:\w(?!\w))?")
_SLASHED = re.compile(r"(?<!\w)(\w)/(\w)(?!\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´ʼ](?=\w)")
_WORD = re.compile(r"[\w\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]+")  # \w alone would cut the vowel signs off
#: Scripts written without spaces between words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")

#: What a company is in law, as it stands at the end of its name. It says nothing about the site.
LEGAL_FORMS = frozenset(
    """ab ad ag aps as asa bhd bt bv bvba co company corp corporation cv dd doo dba eg eireli eood ev gbr gesmbh ggmbh gmbh
    inc incorporated jsc kft kg kgaa kk lda limited llc llp lp ltd ltda mbh nv nyrt oao ohg oo ood ooo oy oyj pao pjsc plc pllc
    pte pty pvt rt sa sab sapi sarl sas sau sca scarl scrl sdn se sgps sia sl slu snc sp spa spol sprl srl sro sti tbk ug vof vos
    wll zao zoo zrt ао зао нао оао ооо пао ae epe ee""".split()  # noqa: SIM905
)
_BETWEEN_FORMS = frozenset(["and", "de", "et", "i", "o", "r", "s", "und", "y", "z", "c", "v"])
_LEADING_FORMS = frozenset(["the", "sa", "pt", "ooo", "oao", "zao", "pao", "ао", "зао", "нао", "оао", "ооо", "пао"])
_AND = frozenset({"and", "und", "et"})  # an "&" is no word at all
_CJK_FORMS = re.compile("株式会社|有限会社|股份有限公司|有限责任公司|有限公司|주식회사")
_PLACE_WORDS = {"saint": "st", "sankt": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, no diacritics, one form for each letter. "Nünchritz" and "NUNCHRITZ" become the same."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean_line(text)).casefold().translate(_PLAIN))
    kept = "".join(c for c in letters if unicodedata.combining(c) in (0, 7, 9))  # 7 and 9 belong to the scripts of India
    return " ".join(unicodedata.normalize("NFC", kept).split())


def words(text: str) -> list[str]:
    """The words of a text, folded: "S.A. Lhoist – Site d'On" is ["sa", "lhoist", "site", "don"]."""
    folded = _APOSTROPHE.sub("", fold(text))
    folded = _INITIALS.sub(lambda m: re.sub(r"[.\s]", "", m.group()) + " ", folded)
    folded = _SLASHED.sub(r"\1\2", folded)  # A/S, S/A
    return [word[:MAX_WORD] for word in _WORD.findall(folded.replace("_", " "))]


def has_legal_form(text: str) -> bool:
    """Does the name end (or begin) as the name of a company does?"""
    if _CJK_FORMS.search(text):
        return True
    parts = words(text)
    return len(parts) > 1 and (parts[-1] in LEGAL_FORMS or parts[0] in _LEADING_FORMS - {"the"})


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """The name without what varies from list to list: case, accents, punctuation, the legal form."""
    parts = words(_CJK_FORMS.sub(" ", text))
    kept = list(parts)
    while len(kept) > 1 and (kept[-1] in LEGAL_FORMS or (kept[-1] in _BETWEEN_FORMS and len(kept) < len(parts))):
        kept.pop()
    while len(kept) > 1 and kept[0] in _LEADING_FORMS:
        kept.pop(0)
    return " ".join([word for word in kept if word not in _AND] or parts)[:200]


def code_key(code: str) -> str:
    """A site code as it is compared: "bhx-4" is "BHX4"."""
    return "".join(words(code)).upper()[:24]


def place_key(city: str, region: str, country: str) -> str:
    """Town, region and country as one comparable line. Without a town only the country (and region) is known."""
    town = " ".join(_PLACE_WORDS.get(word, word) for word in words(city))
    return f"{town}|{' '.join(words(region))}|{country}"[:200]


def search_words(texts: Iterable[str]) -> list[str]:
    """All words by which something is found: as written, in Latin letters, by sound; pairs of letters where no spaces are."""
    found: dict[str, None] = {}
    for text in texts:
        for word in words(text):
            for form in forms(word):
                found[form] = None
            if heard := scripts.sound(scripts.latin(word)):
                found[SOUND + heard] = None
    return list(found)[:MAX_WORDS]


def forms(word: str) -> list[str]:
    """The word as written, its pieces where its script has no spaces, and in Latin letters where it has sounds."""
    pieces = [word]
    for run in _UNSPACED.findall(word):
        pieces += [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 2 else [run]
    latin = scripts.latin(word)
    if latin != word and latin.isascii():
        pieces.append(latin[:MAX_WORD])
    return list(dict.fromkeys(pieces))
