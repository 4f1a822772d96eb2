"""A directory of made-up sites, as many as wanted: towns and employers as unevenly spread as real ones.

The project's own list comes first (real names, aliases in several scripts). Its Amazon then has more sites than anybody
else, one of them in Coventry; towns lie anywhere on the globe, their sites within ten kilometres; one employer in ten is called "… Logistics", one town in seven has a letter with a mark.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
FORMS = ("Ltd", "Inc", "GmbH", "SA", "Group", "Logistics", "Foods", "Steel", "Health", "Motors")
PLACES = ("warehouse", "plant", "hospital", "school", "depot", "mail centre", "works", "clinic")
KINDS = ("warehouse", "plant", "hospital", "school", "depot", "post", "plant", "hospital")
COUNTRIES = ("GB", "DE", "US", "IN", "FR", "BR", "PL", "TR", "ZA", "MX")
MARKED = str.maketrans("aeioucs", "áéíöüçş")
#: As somebody would write the towns in Cyrillic.
CYRILLIC = str.maketrans("abcdefghijklmnoprstuvwz", "абкдефгхижклмнопрстуввз")
FIRST_EMPLOYER = 100_000

_MADE = """
INSERT INTO directory_workplace (slug, employer_id, name, code, kind, address, postcode, city, region, country, zone, languages,
    headcount_band, state, code_key, name_key, place_key, latitude, longitude, words)
SELECT 'm' || p.n, e.id, t.name || ' ' || k.name || ' ' || p.n, c.code, k.kind, '', '', t.name, '', t.country, 'UTC', '{}',
    '', 'listed', c.code, 'site ' || p.n, t.key || '||' || t.country,
    hashtext(t.key) %% 6000 / 100.0 + p.n %% 97 / 1000.0, hashtext('x' || t.key) %% 17000 / 100.0 + p.n %% 89 / 1000.0,
    e.words || t.words || k.words || array_to_tsvector(ARRAY[CASE WHEN c.code = '' THEN p.n::text ELSE lower(c.code) END])
FROM bench_pair p JOIN bench_employer e ON e.i = p.employer JOIN bench_town t ON t.i = p.town JOIN bench_kind k ON k.i = p.n %% %s
CROSS JOIN LATERAL (SELECT CASE WHEN p.n %% 2 = 0 THEN upper(left(t.key, 3)) || p.n ELSE '' END AS code) c
WHERE p.n BETWEEN %s AND %s
"""
_EMPLOYERS = """
INSERT INTO directory_employer (id, slug, name, name_key, domains) SELECT id, 'e' || i, name, lower(name), '{}' FROM bench_employer WHERE i > 0;
INSERT INTO directory_alias (employer_id, name, name_key) SELECT id, alias, lower(alias) FROM bench_employer WHERE i > 0 AND alias <> ''
"""


def word(dice: random.Random, most: int = 4) -> str:
    parts = (dice.choice(CONSONANTS) + dice.choice(VOWELS) + dice.choice(("", "", "", *"nrlst")) for _ in range(dice.randint(2, most)))
    return "".join(parts).capitalize()


def fill(sites: int, dice: random.Random) -> None:
    """Make the directory hold so many sites.

    Words are worked out by our own code once for each employer, town and kind, and put together by the database.
    """
    from django.db import connection

    from committees.directory import places
    from committees.directory.imports.run import Import

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_alias, directory_workplace, directory_employer, directory_word RESTART IDENTITY CASCADE")
    real = sum(1 for _answer in Import(places.DATA / "workplaces.csv"))
    with connection.cursor() as cursor:
        towns, employers = _names(cursor, sites, dice)
        many = list(accumulate(1 / (i + 3) ** 0.8 for i in range(employers)))
        big = list(accumulate(1 / (i + 5) ** 0.7 for i in range(towns)))
        made = max(1, sites - real)
        pairs = zip(range(made), dice.choices(range(employers), cum_weights=many, k=made), dice.choices(range(towns), cum_weights=big, k=made), strict=True)
        copy(cursor, "bench_pair (n int PRIMARY KEY, employer int, town int)", pairs)
        for first in range(0, made, 50_000):
            cursor.execute(_MADE, [len(PLACES), first, first + 49_999])
        cursor.execute("VACUUM ANALYZE directory_workplace, directory_word, directory_employer, directory_alias")


def _names(cursor: Any, sites: int, dice: random.Random) -> tuple[int, int]:
    """Tables of towns, employers and kinds with their words. Returns how many towns and employers."""
    from committees.directory import names, places
    from committees.directory.models import Employer

    towns = sorted({word(dice) for _ in range(max(50, sites // 15))})
    dice.shuffle(towns)
    towns.insert(20, "Coventry")
    named = sorted({f"{word(dice)} {word(dice)}" for _ in range(max(50, sites // 8))})
    dice.shuffle(named)
    firms = [f"{name} {FORMS[i % len(FORMS)]}" for i, name in enumerate(named)]

    def document(*texts: str) -> str:
        return " ".join(f"'{one}'" for one in names.search_words(texts))

    def town(i: int, name: str) -> tuple[Any, ...]:
        country = "GB" if name == "Coventry" else COUNTRIES[zlib.crc32(name.encode()) % len(COUNTRIES)]
        called = name if i % 7 or name == "Coventry" else name.translate(MARKED)
        return i, called, name.lower(), country, document(called, *places.country_names(country))

    def employer(i: int, name: str) -> tuple[Any, ...]:
        alias = "".join(part[:3] for part in name.split()[:2]).upper() if i % 3 == 0 else ""
        return i, FIRST_EMPLOYER + i, name, alias, document(name, alias)

    copy(cursor, "bench_town (i int PRIMARY KEY, name text, key text, country text, words tsvector)", (town(i, name) for i, name in enumerate(towns)))
    kinds = ((i, name, kind, document(name, kind)) for i, (name, kind) in enumerate(zip(PLACES, KINDS, strict=True)))
    copy(cursor, "bench_kind (i int PRIMARY KEY, name text, kind text, words tsvector)", kinds)
    amazon = Employer.objects.prefetch_related("aliases").get(name_key="amazon")
    first = (0, amazon.pk, amazon.name, "", document(amazon.name, *(alias.name for alias in amazon.aliases.all())))
    rows = [first, *(employer(i, name) for i, name in enumerate(firms, 1))]
    copy(cursor, "bench_employer (i int PRIMARY KEY, id bigint, name text, alias text, words tsvector)", rows)
    cursor.execute(_EMPLOYERS)
    return len(towns), len(rows)


def copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    name = table.split(maxsplit=1)[0]
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE UNLOGGED TABLE {table}")
    with cursor.copy(f"COPY {name} FROM STDIN") as into:
        for row in rows:
            into.write_row(row)
    cursor.execute(f"ANALYZE {name}")


def slip(dice: random.Random, said: str) -> str:
    """A letter left out, two turned round, or a wrong vowel."""
    i = dice.randrange(1, max(2, len(said) - 1))
    return dice.choice(
        (said[:i] + said[i + 1 :], said[:i] + said[i + 1 : i + 2] + said[i : i + 1] + said[i + 2 :], said[:i] + dice.choice(VOWELS) + said[i + 1 :])
    )


def searches(number: int, dice: random.Random) -> dict[str, list[tuple[str, int]]]:
    """Kind of search → what is typed, and the site that is meant (0: none in particular)."""
    from committees.directory import names
    from committees.directory.models import Workplace

    first, last = (Workplace.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
    picked = Workplace.objects.select_related("employer").filter(pk__in={dice.randint(first + 100, last) for _ in range(number)})
    found: dict[str, list[tuple[str, int]]] = {}
    for site in picked.prefetch_related("employer__aliases"):
        for kind, typed, is_meant in _typed(site, names.fold(site.city), dice):
            found.setdefault(kind, []).append((typed, site.pk if is_meant else 0))
    real = {site.title: site.pk for site in Workplace.objects.filter(pk__lt=first + 100).with_names()}
    found["real names"] = [(typed, real[title]) for typed, title in REAL]
    found["worst cases"] = [(typed, 0) for typed in WORST]
    return found


def _typed(site: Any, town: str, dice: random.Random) -> Iterable[tuple[str, str, bool]]:
    firm, kind = site.employer.name.split()[0], site.name.split()[1]
    whole = f"{firm} {town}".lower()
    yield "employer and town", whole, True
    yield "town and employer", f"{town} {firm}", True
    yield "employer, town, kind", f"{whole} {kind}", True
    yield "town, without its marks", town, False
    yield "town, in Cyrillic", town.translate(CYRILLIC), False
    yield "misspelt town", slip(dice, town), False
    yield "misspelt employer and town", f"{slip(dice, firm)} {slip(dice, town)}", True
    yield "while typing", whole[: dice.randint(1, len(whole))], False
    yield "common word", dice.choice((kind, site.employer.name.split()[-1], "amazon", "germany", "united states")), False
    yield "common words", f"{kind} {site.employer.name.split()[-1]} {dice.choice(PLACES)}", False
    for alias in site.employer.aliases.all()[:1]:
        yield "alias and town", f"{alias.name} {town}", True
    if site.code:
        yield "site code", site.code.lower(), True
        yield "site code, with a hyphen", f"{site.code[:3]}-{site.code[3:]}", True


#: Real names among all the made-up ones, and the site that is meant.
REAL = (
    ("bhx 4", "Amazon BHX4"),
    ("amzn coventry lyons park", "Amazon BHX4"),
    ("uhcw", "University Hospital Coventry"),
    ("dearborn truck", "Ford Motor Company Dearborn Truck Plant"),
    ("kentuky truck", "Ford Motor Company Kentucky Truck Plant"),
    ("golcuk", "Ford Otosan Gölcük fabrikası"),
    ("SÃO JOSÉ dos campos", "Embraer, São José dos Campos"),
    ("Wolfsberg vw", "Volkswagen Stammwerk Wolfsburg"),
    ("royalmail daventry", "Royal Mail Midlands Super Hub"),
    ("Дирборн truck", "Ford Motor Company Dearborn Truck Plant"),
    ("जमशेदपुर", "Tata Steel Jamshedpur Works"),
    ("Криворіжсталь", "ArcelorMittal Kryvyi Rih steelworks"),
    ("현대 울산", "Hyundai Motor Company Ulsan plant"),
    ("鴻海", "Foxconn Sriperumbudur plant"),
)
#: What costs most: one letter, two, letters that no word has, very much of it, only common words, only unknown ones.
WORST = (
    *"acstz1",
    *("co", "st", "a b c d e f", "co st ma lo", "hos log", "united states hospital logistics", "group ltd inc works"),
    *("x" * 200, "qzxv" * 50, "ing ion ent", "a" * 39, "hospitl logistcs amazn coventri plantt germny", "zzqxw vvkkj qqpp xxyy wwzz kkjj"),
    *("ltd germany warehouse", "сентре хоспитал", "warehouse zz", "1 2 3 4 5 6", "hospital hospitals hospitaller hospice host hostel"),
)
