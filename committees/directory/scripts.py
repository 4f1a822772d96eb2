"""Other alphabets in Latin letters, and how a word sounds: enough to find a town that is typed as it is said.

Not a scholarly transliteration: it only has to land near enough for the search to find the word. Han characters stay as
they are, because their sound cannot be told from the character alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕәғқңөұүһ",
        ["a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "-", "y", "-", "e", "yu", "ya", "i", "yi", "ye", "g", "u", "j", "lj", "nj", "c", "dj", "dz", "g", "k", "dz", "a", "g", "k", "n", "o", "u", "u", "h"],
        strict=True,
    )
)
_GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", ["a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o"], strict=True))
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءپچژگکیےھہںٹڈڑۀئؤ",
        ["a", "b", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "a", "gh", "f", "q", "k", "l", "m", "n", "h", "u", "i", "a", "a", "-", "p", "ch", "zh", "g", "k", "i", "e", "h", "h", "n", "t", "d", "r", "a", "i", "u"],
        strict=True,
    )
)
_HEBREW = dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", ["a", "v", "g", "d", "h", "u", "z", "ch", "t", "i", "k", "k", "l", "m", "m", "n", "n", "s", "a", "p", "f", "ts", "ts", "k", "r", "sh", "t"], strict=True))
_GEORGIAN = dict(
    zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", ["a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p", "zh", "r", "s", "t", "u", "p", "k", "gh", "q", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h"], strict=True)
)
_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        ["a", "b", "g", "d", "e", "z", "e", "e", "t", "zh", "i", "l", "kh", "ts", "k", "h", "dz", "gh", "ch", "m", "y", "n", "sh", "o", "ch", "p", "j", "r", "s", "v", "t", "r", "ts", "v", "p", "k", "o", "f", "ev"],
        strict=True,
    )
)
_LETTERS = {
    letter: "" if latin == "-" else latin for table in (_CYRILLIC, _GREEK, _ARABIC, _HEBREW, _GEORGIAN, _ARMENIAN) for letter, latin in table.items()
}
#: Scripts whose letters Unicode names by their sound ("KATAKANA LETTER KO", "HANGUL SYLLABLE KO").
_SYLLABLE = re.compile(r"^(?:HANGUL SYLLABLE|ETHIOPIC SYLLABLE|(?:KATAKANA|HIRAGANA) LETTER(?: SMALL)?) (\w+)$")
#: The scripts of India: a consonant carries an "a" unless a vowel sign or the virama follows.
_INDIC = re.compile(r"^(?:DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM) (LETTER|VOWEL SIGN|SIGN) (\w+)")
_VOWEL = re.compile(r"^[AEIOU]+$")
_DOUBLE = re.compile(r"([a-z])\1")


@lru_cache(maxsize=4096)
def _indic(letter: str) -> tuple[str, str]:
    """("consonant" | "vowel" | "sign" | "", its sound)."""
    match = _INDIC.match(unicodedata.name(letter, ""))
    if match is None:
        return "", ""
    what, sound = match.group(1), match.group(2).replace("VOCALIC", "RI")
    if what == "VOWEL SIGN":
        return "sign", _DOUBLE.sub(r"\1", sound.lower())
    if what == "SIGN":
        return ("virama", "") if sound == "VIRAMA" else ("mark", "n" if sound in {"ANUSVARA", "CANDRABINDU", "BINDI"} else "")
    if _VOWEL.match(sound):
        return "vowel", _DOUBLE.sub(r"\1", sound.lower())
    return "consonant", _DOUBLE.sub(r"\1", sound.lower().removesuffix("a"))


def _from_indic(text: str) -> str:
    sounds, waiting = [], False
    for letter in text:
        what, sound = _indic(letter)
        if waiting and what not in {"sign", "virama"}:
            sounds.append("a")
        waiting = what == "consonant"
        sounds.append(sound if what else letter)
    return "".join(sounds)  # the last "a" is not spoken


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    if letter == "ー":  # lengthens the vowel before it
        return ""
    if letter in _LETTERS:
        return _LETTERS[letter]
    match = _SYLLABLE.match(unicodedata.name(letter, ""))
    return match.group(1).lower() if match else letter


def latin(word: str) -> str:
    """The word in Latin letters, as far as its letters have a sound of their own; unchanged if it is Latin already."""
    if word.isascii():
        return word
    return "".join(_letter(c) for c in _from_indic(word))


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch|sh|tch|ch|cz|sz", "s"),
        (r"ts|tz|zz|dz", "s"),
        (r"ph", "f"),
        (r"ck|q|kh", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"[vw]", "f"),
        (r"[zj]", "s"),
        (r"gh|h", ""),
    )
]


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The consonants that are heard, a first vowel as "a": "Coventry", "Ковентри" and "koventri" are all "kfntr".

    Empty for words of which too little remains to tell one from another.
    """
    if not word.isascii() or any(c.isdigit() for c in word):
        return ""
    head = "a" if word[:1] in "aeiouy" else ""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    spoken = head + re.sub(r"[aeiouy]", "", word)
    spoken = re.sub(r"(.)\1+", r"\1", spoken)
    return spoken if len(spoken) >= 3 else ""
