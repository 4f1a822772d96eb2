"""Made-up posts in five languages: paragraphs as members write them, and what people look for in them.

Words are as unevenly spread as in real texts: some stand in every third paragraph, most names in one or two of thousands.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench import made_sites

DEVANAGARI = ("का", "नी", "मो", "ता", "रे", "शा", "ल", "वि", "गो", "पु", "सा", "दे", "जी", "बा", "हू", "क्ष")
IDEOGRAPHS = "山川田中東西南北林石金水木火土日月星光明海江河湖松竹梅春秋安平永昌和新長富利成德文武城港口橋門村原"


@dataclass(frozen=True)
class Tongue:
    """How one language is written here: sentences with gaps for things (a, b), a name, a number; and between sentences nothing
    where it writes no blanks."""

    code: str
    sentences: tuple[str, ...]
    things: tuple[str, ...]
    between: str = " "


TONGUES = (
    Tongue(
        "en",
        (
            "Since Monday the {a} on line {n} has been out of order, and nobody has told us when it will be repaired.",
            "We asked the manager of {name} about the {a} and were sent away without an answer.",
            "On the night shift {n} of us signed; the day shift wants to read the {a} first.",
            "At {name} they won a better {a} after two weeks, and the {b} was never touched.",
            "Can anybody who has worked there longer explain how the {a} is counted against the {b}?",
            "**Please write down every day** when the {a} is late, with the hour.",
            "The agency says that the {a} is not its business, and the plant says the same about the {b}.",
            "I was there for nine years and never saw the {a} checked.",
            "- bring the {a}\n- ask for the {b} in writing\n- nobody goes to {name} alone",
            "> The {a} will be cut by {n} percent.\n\nThat is what the notice said, and it hangs beside the {b}.",
            "Solidarity from {name}, where the {a} was stopped last year.",
            "There is more about it at https://example.org/{n} and in the leaflet about the {a}.",
        ),
        (
            *("shift", "break", "wage", "overtime", "contract", "rota", "forklift", "conveyor", "ventilation", "canteen", "locker", "roster"),
            *("heating", "safety report", "ballot", "meeting", "agreement", "pension", "sick pay", "holiday", "transfer", "quota", "scanner", "lift"),
            *("dismissal", "warning letter", "training", "noise", "dust", "bonus", "timetable", "depot"),
        ),
    ),
    Tongue(
        "es",
        (
            "Desde el lunes no funciona {a} en la línea {n}, y nadie nos ha dicho cuándo se arregla.",
            "Preguntamos al encargado de {name} por {a} y nos mandó de vuelta sin respuesta.",
            "En el turno de noche firmamos {n}; los de día quieren leer antes lo que dice sobre {a}.",
            "En {name} consiguieron mejorar {a} en dos semanas, y nadie tocó {b}.",
            "¿Alguien que lleve más tiempo puede explicar cómo se cuenta {a} frente a {b}?",
            "**Apuntad cada día** la hora cuando falle {a}.",
            "La agencia dice que {a} no es asunto suyo, y la planta dice lo mismo de {b}.",
            "- traed {a}\n- pedid {b} por escrito\n- que nadie vaya a {name} sin compañía",
            "> Se reduce {a} un {n} por ciento.\n\nEso decía el aviso, colgado junto a {b}.",
            "Un abrazo desde {name}, donde el año pasado pararon {a}.",
        ),
        (
            *("el turno", "la pausa", "el salario", "las horas extra", "el contrato", "el cuadrante", "la carretilla", "la cinta", "la ventilación"),
            *("el comedor", "la taquilla", "la calefacción", "el informe de seguridad", "la votación", "la reunión", "el convenio", "la pensión"),
            *("la baja", "las vacaciones", "el traslado", "la cuota", "el despido", "la formación", "el ruido", "el polvo", "la prima"),
        ),
    ),
    Tongue(
        "de",
        (
            "Seit Montag geht {a} an Linie {n} nicht, und niemand sagt uns, wann das behoben wird.",
            "Wir haben die Leitung von {name} nach {a} gefragt und keine Antwort bekommen.",
            "In der Nachtschicht haben {n} unterschrieben, die Frühschicht will erst lesen, was über {a} darin steht.",
            "Bei {name} wurde {a} nach zwei Wochen besser, und {b} blieb unberührt.",
            "Kann jemand, der länger dort ist, erklären, wie {a} gegen {b} gerechnet wird?",
            "**Schreibt jeden Tag auf**, wann {a} ausfällt, mit Uhrzeit.",
            "Die Leihfirma sagt, {a} gehe sie nichts an, und das Werk sagt dasselbe über {b}.",
            "- bringt mit: {a}\n- verlangt schriftlich: {b}\n- niemand geht allein zu {name}",
            "> Gekürzt wird {a} um {n} Prozent.\n\nSo stand es im Aushang, gleich neben {b}.",
            "Grüße aus {name}, wo letztes Jahr {a} gestoppt wurde.",
        ),
        (
            *("die Schicht", "die Pause", "der Lohn", "die Überstunde", "der Vertrag", "der Dienstplan", "der Stapler", "das Förderband", "die Lüftung"),
            *("die Kantine", "der Spind", "die Heizung", "der Sicherheitsbericht", "die Abstimmung", "die Versammlung", "der Tarifvertrag", "die Rente"),
            *("das Krankengeld", "der Urlaub", "die Versetzung", "die Stückzahl", "die Kündigung", "die Abmahnung", "der Lärm", "der Staub", "die Zulage"),
        ),
    ),
    Tongue(
        "hi",
        (
            "सोमवार से लाइन {n} पर {a} बंद है और किसी ने नहीं बताया कि कब ठीक होगा।",
            "हमने {name} के प्रबंधक से {a} के बारे में पूछा और बिना जवाब लौटा दिए गए।",
            "रात की पाली में {n} लोगों ने हस्ताक्षर किए, दिन की पाली पहले {a} पढ़ना चाहती है।",
            "{name} में दो सप्ताह बाद {a} बेहतर हुआ और {b} को किसी ने नहीं छुआ।",
            "क्या कोई समझा सकता है कि {a} और {b} का हिसाब कैसे होता है?",
            "**हर दिन लिखें** कि {a} कब देर से मिला।",
            "- {a} साथ लाएँ\n- {b} लिखित में माँगें\n- कोई अकेला {name} न जाए",
            "> {a} में {n} प्रतिशत कटौती होगी।\n\nसूचना में यही लिखा था, {b} के पास।",
        ),
        (
            *("वेतन", "छुट्टी", "अनुबंध", "ओवरटाइम", "मशीन", "पंखा", "भोजनालय", "सुरक्षा", "बैठक", "मतदान", "समझौता", "पेंशन"),
            *("तबादला", "प्रशिक्षण", "शोर", "धूल", "बोनस", "पाली", "हाज़िरी", "बीमा", "चेतावनी", "मज़दूरी"),
        ),
    ),
    Tongue(
        "zh",
        (
            "从星期一起{n}号线的{a}就坏了，没有人告诉我们什么时候修好。",
            "我们向{name}的主管问了{a}的事，没有得到答复。",
            "夜班有{n}个人签了名，白班想先看看关于{a}的说明。",
            "{name}的同事两个星期后争取到了更好的{a}，{b}也没有动。",
            "有没有做得更久的人能说明{a}和{b}怎么计算？",
            "**请每天记下**{a}晚到的时间。",
            "- 带上{a}\n- 书面要求{b}\n- 谁也不要一个人去{name}",
            "> {a}将减少百分之{n}。\n\n通知上是这样写的，就贴在{b}旁边。",
        ),
        (
            *("工资", "加班费", "休息时间", "合同", "排班", "叉车", "传送带", "通风", "食堂", "更衣柜", "暖气", "安全报告", "投票", "会议", "协议"),
            *("养老金", "病假", "年假", "调动", "定额", "解雇", "警告信", "培训", "噪音", "粉尘", "奖金"),
        ),
        between="",
    ),
)
LANGUAGES = tuple(tongue.code for tongue in TONGUES)


def _name(tongue: Tongue, dice: random.Random) -> str:
    if tongue.code == "hi":
        return "".join(dice.choice(DEVANAGARI) for _ in range(dice.randint(2, 4)))
    if tongue.code == "zh":
        return "".join(dice.choice(IDEOGRAPHS) for _ in range(3))
    return made_sites.word(dice)


class Writer:
    """Writes in one language, with names of its own."""

    def __init__(self, tongue: Tongue, names: int, dice: random.Random) -> None:
        self.tongue, self._dice = tongue, dice
        self.names = sorted({_name(tongue, dice) for _ in range(names)})
        dice.shuffle(self.names)
        self._spread = list(accumulate(1 / (n + 4) ** 0.8 for n in range(len(self.names))))
        self._use = list(accumulate(1 / (n + 2) for n in range(len(tongue.things))))

    def _sentence(self) -> str:
        first, second = self._dice.choices(self.tongue.things, cum_weights=self._use, k=2)
        name = self._dice.choices(self.names, cum_weights=self._spread)[0]
        return self._dice.choice(self.tongue.sentences).format(a=first, b=second, name=name, n=self._dice.randint(2, 900))

    def title(self) -> str:
        first, second = self._dice.sample(self.tongue.things, 2)
        return self.tongue.between.join((f"{first}, {second}: ", self._dice.choice(self.names)))[:160]

    def paragraphs(self) -> str:
        """One to four sentences; what is a list or a quotation stands apart, and never at the beginning: one list after another
        would be one list."""
        said = [self._sentence() for _ in range(self._dice.choice((1, 1, 2, 2, 3, 4)))]
        while "\n" in said[0]:
            said[0] = self._sentence()
        plain, blocks = [each for each in said if "\n" not in each], [each for each in said if "\n" in each]
        return "\n\n".join([self.tongue.between.join(plain), *blocks])


def searches(writer: Writer, dice: random.Random, number: int) -> Iterator[str]:
    """What somebody types: a common word, a rare name, two words, three, a word only begun."""
    things: Sequence[str] = [thing.split()[-1] for thing in writer.tongue.things]
    for n in range(number):
        name = dice.choice(writer.names)
        kinds = (dice.choice(things), name, f"{dice.choice(things)} {name}", " ".join(dice.sample(things, 2)), " ".join(dice.sample(things, 3)))
        begun = dice.choice(things)
        yield (*kinds, begun[: max(3, len(begun) - 2)])[n % 6]
