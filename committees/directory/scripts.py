"""Other alphabets in Latin letters, and how a word sounds: enough to find a town that is typed as it is said.

Not a scholarly transliteration: it only has to land near enough for the search to find the word. Han characters stay as
they are, because their sound cannot be told from the character alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Each letter with its sound behind it; "-" for none.
_CYRILLIC = """
    аa бb вv гg дd еe ёyo жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ- ыy ь- эe юyu яya іi їyi єye ґg ўu јj љlj њnj ћc
    ђdj џdz ѓg ќk ѕdz әa ғg қk ңn өo ұu үu һh
"""
_GREEK = """
    αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
"""
_ARABIC = """
    اa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz عa غgh فf قq كk لl مm نn هh وu يi ةa ىa ء- پp چch ژzh گg کk یi ےe ھh ہh ںn ٹt ڈd ڑr
    ۀa ئi ؤu
"""
_HEBREW = """
    אa בv גg דd הh וu זz חch טt יi כk ךk לl מm םm נn ןn סs עa פp ףf צts ץts קk רr שsh תt
"""
_GEORGIAN = """
    აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყq შsh ჩch ცts ძdz წts ჭch ხkh ჯj ჰh
"""
_ARMENIAN = """
    աa բb գg դd եe զz էe ըe թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճch մm յy նn շsh ոo չch պp ջj ռr սs վv տt րr ցts ւv փp քk օo ֆf ևev
"""
_LETTERS = {pair[0]: pair[1:].replace("-", "") for table in (_CYRILLIC, _GREEK, _ARABIC, _HEBREW, _GEORGIAN, _ARMENIAN) for pair in table.split()}
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
