"""Who and what the demonstration shows. The workplaces are real and public; every person, meeting and message is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Someone made up. `key` names them in this file and makes their demonstration address."""

    key: str
    handle: str
    shift: str = ""
    language: str = "en"
    zone: str = "Europe/London"


@dataclass(frozen=True)
class Gathering:
    """A meeting: `day` counts from today, `at` is the wall time at the committee."""

    title: str
    day: int
    at: str
    minutes: int
    by: str
    agenda: tuple[tuple[str, int], ...]
    place: str = ""
    link: str = ""
    languages: tuple[str, ...] = ("en",)
    called_days_ago: int = 3
    places: int | None = None
    yes: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    moved_to: str = ""
    move_reason: str = ""
    cancelled_because: str = ""
    #: Documents at its first point: what each is called, and what stands in it.
    papers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """A message from an organizer to all members."""

    by: str
    subject: str
    text: str
    days_ago: float


@dataclass(frozen=True)
class Asked:
    """What a member asks the organizers of their committee."""

    by: str
    text: str
    days_ago: float


@dataclass(frozen=True)
class Concern:
    """A member flags another one; `kept_by`: the moderator who has looked and left it as it was."""

    about: str
    by: str
    reason: str
    note: str
    hours_ago: float
    kept_by: str = ""


@dataclass(frozen=True)
class Handout:
    """An invitation: what the first founder calls it, when they made it, and the keys of those who came by it."""

    label: str
    days_ago: float
    brought: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    counts_as_check: bool = False


@dataclass(frozen=True)
class Proposal:
    """What one organizer proposes, and a second one has to agree to."""

    whom: str
    role: str
    months: int
    by: str
    why: str
    hours_ago: float


@dataclass(frozen=True)
class Sent:
    """Whom a committee sends to the alliance, and what they reported last."""

    whom: str
    alternate: str
    by: str
    agreed_by: str
    mandate: str
    title: str
    report: str


@dataclass(frozen=True)
class Cell:
    """A committee at one site. `site` is the directory’s code, or its name where it has none."""

    site: str
    name: str
    zone: str
    languages: tuple[str, ...]
    shifts: tuple[str, ...]
    founders: tuple[Actor, ...]
    members: tuple[Actor, ...] = ()
    crowd: tuple[Actor, ...] = ()
    applicants: tuple[tuple[Actor, str], ...] = ()
    meetings: tuple[Gathering, ...] = ()
    concerns: tuple[Concern, ...] = ()
    invitations: tuple[Handout, ...] = ()
    proposals: tuple[Proposal, ...] = ()


ALLIANCE = "Alliance of rank-and-file committees"


def _crowd(site: str, *shifts: tuple[str, tuple[str, ...]]) -> tuple[Actor, ...]:
    """Co-workers who say nothing here: there are enough of them for numbers that point to nobody."""
    return tuple(Actor(f"{site}.{shift.split()[0].lower()}{n}", f"{shift}, {place}", shift) for shift, places in shifts for n, place in enumerate(places, 1))


#: The first organizers, who verify founders everywhere.
INTAKE = (
    Actor("intake.north", "Sorting belt, north", zone="Europe/London"),
    Actor("intake.south", "Turno sur", language="es", zone="America/Mexico_City"),
    Actor("intake.west", "Line four, west", zone="America/Detroit"),
)

CELLS: tuple[Cell, ...] = (
    Cell(
        site="BHX4",
        name="BHX4 Coventry rank-and-file committee",
        zone="Europe/London",
        languages=("en",),
        shifts=("Day shift", "Night shift", "Weekend"),
        founders=(
            Actor("coventry.pack", "Day shift, pack", "Day shift"),
            Actor("coventry.dock", "Night shift, dock 4", "Night shift"),
            Actor("coventry.stow", "Stow, third floor", "Day shift"),
        ),
        members=(
            Actor("coventry.weekend", "Weekend, outbound", "Weekend"),
            Actor("coventry.pick", "Nights, pick", "Night shift"),
            Actor("coventry.returns", "Returns desk", "Day shift", language="es"),
        ),
        crowd=_crowd(
            "coventry",
            (
                "Day shift",
                ("aisle 2", "aisle 5", "aisle 9", "receive", "rebin", "slam", "sort, lower", "tote repair", "stow, second floor", "count", "gift wrap"),
            ),
            ("Night shift", ("dock 1", "dock 7", "pack, single", "pack, multi", "pick tower B", "problem desk", "loading", "yard")),
            ("Weekend", ("stow, one", "inbound")),
            ("Maintenance", ("conveyors", "robots", "doors")),
        ),
        applicants=(
            (Actor("coventry.new", "Induct, agency", "Night shift"), "I started through an agency in September. We get the same targets and less pay."),
            (Actor("coventry.spanish", "Cinta seis", "Day shift", language="es"), "Trabajo en la cinta seis. Quiero saber qué se decide."),
        ),
        invitations=(
            Handout("Leaflet at the gate, October", 41, ("coventry.weekend", "coventry.pick")),
            Handout("Canteen, November", 3, ("coventry.new",), languages=("en", "es")),
        ),
        meetings=(
            Gathering(
                "What each shift wants first",
                day=-16,
                at="18:00",
                minutes=60,
                by="coventry.dock",
                link="https://meet.example.org/coventry-first",
                agenda=(("Round of all shifts", 40), ("What we begin with", 20)),
                called_days_ago=23,
                yes=("coventry.pack", "coventry.dock", "coventry.stow", "coventry.weekend", "coventry.pick"),
                no=("coventry.returns",),
            ),
            Gathering(
                "Agency workers and us",
                day=-8,
                at="19:00",
                minutes=60,
                by="coventry.stow",
                link="https://meet.example.org/coventry-agency",
                agenda=(("Same work, other pay", 30), ("What we do about it", 30)),
                called_days_ago=20,
                yes=("coventry.pack", "coventry.dock", "coventry.stow", "coventry.weekend", "coventry.pick", "coventry.returns"),
            ),
            Gathering(
                "Peak season hours and mandatory overtime",
                day=2,
                at="19:00",
                minutes=75,
                by="coventry.pack",
                link="https://meet.example.org/coventry-peak",
                agenda=(
                    ("Welcome, and how we keep this meeting safe", 5),
                    ("What each shift was told about overtime", 25),
                    ("What we ask for, and who says it", 35),
                    ("Next date", 10),
                ),
                yes=("coventry.dock", "coventry.stow", "coventry.weekend"),
                maybe=("coventry.returns",),
                no=("coventry.pick",),
                papers=(
                    (
                        "How we keep this meeting safe",
                        "Join from your own phone, not from a work device.\nNo full names, no recordings, no pictures of the list.\n",
                    ),
                ),
            ),
            Gathering(
                "Results of the heating survey",
                day=9,
                at="14:30",
                minutes=45,
                by="coventry.dock",
                place="Community centre, room 2 (ask at the desk for the reading group)",
                places=30,
                agenda=(("What people wrote", 20), ("Whom we tell", 15), ("Tasks", 10)),
                moved_to="18:00",
                move_reason="The room was taken in the afternoon.",
            ),
        ),
        concerns=(
            Concern("coventry.weekend", "coventry.returns", "other", "Was seen in the office with the area manager.", 50, kept_by="coventry.stow"),
            Concern("coventry.returns", "coventry.pick", "agent", "Asks everybody for their surname and writes it down.", 13.5),
            Concern("coventry.returns", "coventry.weekend", "agent", "", 3),
        ),
        proposals=(Proposal("coventry.pick", "moderator", 12, "coventry.dock", "Nights have nobody who looks at flags. Two meetings asked for it.", 6),),
    ),
    Cell(
        site="KCVG",
        name="Air hub rank-and-file committee",
        zone="America/New_York",
        languages=("en", "es"),
        shifts=("Night sort", "Day sort", "Twilight", "Ramp"),
        founders=(
            Actor("airhub.night", "Night sort, ramp 2", "Night sort", zone="America/New_York"),
            Actor("airhub.day", "Day sort, induct", "Day sort", zone="America/New_York"),
            Actor("airhub.twilight", "Twilight, gateway", "Twilight", language="es", zone="America/New_York"),
        ),
        members=(Actor("airhub.ramp", "Ramp, wide-bodies", "Ramp", zone="America/New_York"),),
        applicants=((Actor("airhub.sunrise", "Sunrise, induct", "Day sort", zone="America/New_York"), "Two of us on induct want to come. Not managers."),),
        meetings=(
            Gathering(
                "Heat on the ramp, and who stops work when",
                day=3,
                at="19:00",
                minutes=60,
                by="airhub.night",
                link="https://meet.example.org/air-hub",
                languages=("en", "es"),
                agenda=(("Welcome", 5), ("What happened last week", 20), ("What the rules say", 15), ("What we do", 20)),
                yes=("airhub.day", "airhub.twilight"),
            ),
            Gathering(
                "Short training: how to keep notes",
                day=6,
                at="12:00",
                minutes=30,
                by="airhub.twilight",
                link="https://meet.example.org/notes",
                languages=("en", "es"),
                agenda=(("What to write down", 15), ("Practice", 15)),
                cancelled_because="We do this at the big meeting instead.",
            ),
        ),
    ),
    Cell(
        site="OXR1",
        name="Oxnard rank-and-file committee",
        zone="America/Los_Angeles",
        languages=("en", "es"),
        shifts=("Front half", "Back half"),
        founders=(
            Actor("oxnard.front", "Front half, sort", "Front half", language="es", zone="America/Los_Angeles"),
            Actor("oxnard.back", "Back half, dock", "Back half", zone="America/Los_Angeles"),
            Actor("oxnard.problem", "Problem solve", "Front half", language="es", zone="America/Los_Angeles"),
        ),
        meetings=(
            Gathering(
                "Ritmo de trabajo y pausas",
                day=5,
                at="18:30",
                minutes=60,
                by="oxnard.front",
                place="Biblioteca del barrio, sala pequeña",
                languages=("es", "en"),
                agenda=(("Bienvenida", 5), ("Cómo están las pausas en cada turno", 30), ("Qué pedimos", 25)),
                yes=("oxnard.problem",),
                maybe=("oxnard.back",),
            ),
        ),
    ),
    Cell(
        site="Dearborn Truck Plant",
        name="Dearborn Truck rank-and-file committee",
        zone="America/Detroit",
        languages=("en",),
        shifts=("A crew", "B crew", "C crew"),
        founders=(
            Actor("dearborn.trim", "Trim line, A crew", "A crew", zone="America/Detroit"),
            Actor("dearborn.final", "Final, B crew", "B crew", zone="America/Detroit"),
            Actor("dearborn.body", "Body shop", "C crew", zone="America/Detroit"),
        ),
        meetings=(
            Gathering(
                "Line speed and temporary workers",
                day=4,
                at="20:00",
                minutes=90,
                by="dearborn.final",
                link="https://meet.example.org/trucks",
                agenda=(("Reports from three crews", 40), ("Temporary workers: same work, same pay", 30), ("Next steps", 20)),
                yes=("dearborn.trim", "dearborn.body"),
            ),
        ),
    ),
    Cell(
        site="Warrington mail centre",
        name="Warrington post workers’ committee",
        zone="Europe/London",
        languages=("en",),
        shifts=("Early", "Late", "Night"),
        founders=(Actor("post.early", "Early, walk sort", "Early"), Actor("post.night", "Night, parcels", "Night")),
    ),
)

#: Which committees belong to the alliance, and what one of them wrote that still waits for an answer.
TIED = ("BHX4", "KCVG", "OXR1")
ASKS = ("Dearborn Truck Plant", "Three crews at one truck plant. We want to know what other plants are told about line speed.")
#: A meeting to which other committees are invited: its title, who comes, who has not answered.
JOINT = ("Peak season hours and mandatory overtime", "KCVG", "OXR1")
#: Whom the first committee sends to the alliance.
SENT = Sent(
    whom=CELLS[0].founders[1].key,
    alternate=CELLS[0].members[0].key,
    by=CELLS[0].founders[0].key,
    agreed_by=CELLS[0].founders[2].key,
    mandate="Speak for a common day on which all hubs take their breaks together. Agree to no date before you asked us.\n\nAsk who else has overtime lists.",
    title="What the alliance talked about this month",
    report="Three hubs have overtime lists like ours. They want one day on which everybody takes the whole break.\n\n"
    "I said that we decide at our next meeting. Nobody else has a date yet.",
)
#: An organizer starts a committee for all workplaces of their employer; it waits for the alliance's organizers.
WIDER = ("coventry.pack", "Parcel and air hubs together")

#: What an organizer wrote to all members without a meeting.
MESSAGE = Told(
    by="coventry.pack",
    subject="Overtime lists for the peak weeks",
    text="The overtime lists for the peak weeks are up. **Nobody has to sign alone.**\n\n- Take a photo of the list at your belt.\n"
    "- Write down who asked you, and when.\n- Bring both to the next meeting.\n\nIf somebody presses you, say that you answer after the meeting.",
    days_ago=1.1,
)

#: A member is stuck and asks the organizers; nobody has answered yet.
QUESTION = Asked(by="coventry.weekend", text="My roster shows two shifts at once on Friday. The app lets me decline neither. What do I do?", days_ago=0.3)

#: Someone who works at a hospital without a committee starts one; it waits for the alliance's organizers.
STARTER = Actor("hospital.ward", "Ward nights", "Nights", zone="Europe/London")
STARTER_SITE = "University Hospital Coventry"

#: Someone without any committee, a manager who should learn nothing, and the people who keep the service running.
OUTSIDER = Actor("new.worker", "New worker")
MANAGER = Actor("site.manager", "Site manager")
ADMIN = Actor("admin", "Service")
