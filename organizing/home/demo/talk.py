"""What is said in the demonstration's forum: who, where, in which language, and what others translated. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One post. `days` ago; `answers` is the place of the post it answers; `waits`: a moderator has not looked at it yet."""

    by: str
    text: str
    days: float
    language: str = "en"
    answers: int = 0
    shown_as: str = "site"
    waits: bool = False
    #: By whom, into which language, in which words.
    translated: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Talk:
    """A topic. `committee`: the code of a site, or "" for the alliance; `audience` and `policy` name its board."""

    title: str
    posts: tuple[Said, ...]
    committee: str = ""
    audience: str = "shared"
    policy: str = "open"
    language: str = "en"
    pinned_by: str = ""
    #: Who has read how far.
    read: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Opened:
    """A board that an organizer opened beside those that every committee has."""

    name: str
    audience: str
    by: str
    languages: tuple[str, ...] = ("en",)


BOARDS = (
    Opened("Safety at work, for everyone", "public", "intake.north", ("en", "es")),
    Opened("Pauses, heat and line speed", "shared", "intake.south", ("en", "es")),
)

TALKS: tuple[Talk, ...] = (
    Talk(
        "Mandatory overtime: what are you told at your site?",
        (
            Said(
                "airhub.night",
                "At start-up they said that the most we can be made to work goes **from 55 to 60 hours** a week, until the end of December. "
                "Nothing in writing, and no notice for this Sunday.\n\n"
                "What have people at other sites been told? Please say:\n\n- your shift\n- how many hours\n- whether it was in writing",
                6.4,
                translated=(
                    (
                        "airhub.twilight",
                        "es",
                        (
                            "Al empezar el turno dijeron que el máximo que nos pueden obligar a trabajar sube **de 55 a 60 horas** por semana, hasta fines de "
                            "diciembre. Nada por escrito, y sin aviso para este domingo.\n\n¿Qué les han dicho en otros lugares? Por favor digan:\n\n"
                            "- su turno\n- cuántas horas\n- si fue por escrito"
                        ),
                    ),
                ),
            ),
            Said(
                "coventry.pack",
                "Coventry, days: a text message. Up to 50 hours, and it says *voluntary*. But people who said no were asked by their manager to explain why.\n\n"
                "That is in writing. I keep it.",
                6.1,
                answers=1,
            ),
            Said(
                "oxnard.front",
                "En Oxnard lo dicen de palabra en la reunión de inicio, nunca por escrito. A la gente de agencia le dicen que si no se queda, no la llaman la "
                "semana que viene.\n\nTurno de adelante: 11 horas, cinco días.",
                5.8,
                language="es",
                answers=1,
                translated=(
                    (
                        "airhub.twilight",
                        "en",
                        (
                            "In Oxnard they say it at the start-up meeting, never in writing. Agency workers are told that whoever does not stay is not called next "
                            "week.\n\nFront half: 11 hours, five days."
                        ),
                    ),
                ),
            ),
            Said(
                "coventry.dock",
                "Coventry, nights: nothing announced, but the rest day has been “cancelled by agreement” three weeks running. Nobody I know agreed.",
                5.5,
            ),
            Said(
                "airhub.twilight",
                "> Nobody I know agreed.\n\nThe same words here, on twilight. They post the list on Thursday for Saturday.",
                5.2,
                answers=4,
            ),
            Said(
                "coventry.stow",
                "Na nocnej zmianie powiedzieli, że nadgodziny są „oczekiwane”. Kto odmówi dwa razy, idzie na rozmowę.",
                4.7,
                language="pl",
                shown_as="industry",
                translated=(("coventry.pack", "en", "On nights they said that overtime is “expected”. Whoever refuses twice is called in for a talk."),),
            ),
            Said(
                "airhub.day",
                "I made a table of what was said here:\n\n| site | hours | in writing |\n|---|---|---|\n| KCVG | 60 | no |\n| BHX4 | 50 | yes |\n| OXR1 | 55 | no |\n\n"
                "Who can add a line?",
                3.9,
                translated=(
                    (
                        "oxnard.problem",
                        "es",
                        "Hice una tabla con lo que se dijo aquí. ¿Quién puede agregar una línea?\n\n| sitio | horas | por escrito |\n|---|---|---|\n| KCVG | 60 | no |\n| BHX4 | 50 | sí |\n| OXR1 | 55 | no |",
                    ),
                ),
            ),
            Said("oxnard.back", "Oxnard, back half: 58, not in writing, posted on the board for two hours and then gone.", 2.6, answers=7),
            Said(
                "oxnard.problem",
                "Aquí pedimos que lo digan por escrito y con diez días de aviso. Firmaron 41 de un turno. ¿Lo pedimos todos con las mismas palabras?",
                1.3,
                language="es",
                answers=7,
                translated=(
                    (
                        "airhub.twilight",
                        "en",
                        "Here we ask that they say it in writing and ten days ahead. 41 people of one shift signed. Shall we all ask for it in the same words?",
                    ),
                ),
            ),
            Said("airhub.ramp", "Yes. Ramp is in. Put it on the agenda of the next meeting at every site.", 0.4, answers=9),
            Said("coventry.weekend", "Weekend crew here: we get the message on Friday at nine in the evening. I can bring a copy.", 0.1, waits=True),
        ),
        read=(("coventry.pack", 8), ("oxnard.front", 6), ("airhub.night", 10)),
    ),
    Talk(
        "Read first: how we keep each other safe here",
        (
            Said(
                "intake.north",
                "1. Write no names, no badge numbers, nothing that only one person could know.\n2. Before you show a paper to anybody, cover the bar code.\n"
                "3. If you think that somebody here is no worker, flag the post. Do not argue with it.",
                30,
                translated=(
                    (
                        "intake.south",
                        "es",
                        (
                            "1. No escriban nombres, ni números de credencial, ni nada que solo una persona pueda saber.\n2. Antes de enseñar un papel, tapen el código "
                            "de barras.\n3. Si creen que alguien aquí no trabaja con nosotros, señalen el mensaje. No discutan con él."
                        ),
                    ),
                ),
            ),
        ),
        policy="announcements",
        pinned_by="intake.north",
    ),
    Talk(
        "Heat: when do you stop work, and who says so?",
        (
            Said(
                "airhub.ramp",
                "On the ramp it was 41 degrees on the tarmac. Water was there, shade was not. We stopped for twenty minutes, all of us, and nobody was written up.",
                9.2,
            ),
            Said("oxnard.back", "Dock, 38 inside the trailers. We keep a thermometer in the trailer now and write the number down every hour.", 8.8, answers=1),
            Said("coventry.returns", "Returns: fans only where visitors walk. I like the thermometer. We start on Monday.", 7.5, answers=2),
        ),
        read=(("airhub.night", 3),),
    ),
    Talk(
        "What to write down on the day you get hurt",
        (
            Said(
                "intake.west",
                "Write it down the same day, at home, not on a phone of the company:\n\n- the hour, and where you stood\n- what you were told to do, and by which job, not which name\n"
                "- who saw it (ask them first)\n- what you said, and what they answered",
                12,
                shown_as="industry",
            ),
            Said("intake.south", "Y pidan copia de todo lo que firman. Si no dan copia, no firmen.", 11.5, language="es", shown_as="industry", answers=1),
        ),
        audience="public",
    ),
    Talk(
        "Heaters in the loading area are off again",
        (
            Said("coventry.dock", "Dock 4 to 9, since Tuesday. Eleven degrees at four in the morning. Who is on days and can see whether anybody comes?", 3.4),
            Said("coventry.pack", "Somebody came at ten, looked, and went. I wrote the time down.", 3.1, answers=1),
            Said("coventry.returns", "En devoluciones también. Llevamos dos días con guantes puestos.", 2.2, language="es"),
        ),
        committee="BHX4",
        audience="committee",
        read=(("coventry.pack", 2),),
    ),
    Talk(
        "Who speaks if they ask us in one by one",
        (Said("coventry.dock", "Nobody goes in alone. Whoever is asked says: I come with a co-worker, tell me when. Then tell two of us.", 4.0),),
        committee="BHX4",
        audience="strategy",
    ),
)
