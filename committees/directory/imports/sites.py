"""A site as a list describes it, before the directory knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from committees.directory import names
from committees.directory.models import Headcount, Kind, identity


class Verdict(TextChoices):
    """What an import does with a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    DUPLICATE = "duplicate", _("duplicate")
    ERROR = "error", _("error")


class Reason(TextChoices):
    """Why a row is a duplicate or an error. The values stand in the JSON that the command prints."""

    SAME_SITE = "same site as an earlier row", _("same site as an earlier row")
    NO_EMPLOYER = "no employer", _("no employer")
    NOT_A_NAME = "employer is not a name", _("employer is not a name")
    SEVERAL_EMPLOYERS = "several employers and several places", _("several employers and several places")
    NO_PLACE = "no town and no position", _("no town and no position")
    NO_COUNTRY = "no country", _("no country")
    UNKNOWN_COUNTRY = "country not recognised", _("country not recognised")
    SURPLUS = "more cells than headings", _("more cells than headings")
    BROKEN = "row cannot be read", _("row cannot be read")
    DAMAGED = "damaged text", _("damaged text")
    FORMULA = "formula instead of a value", _("formula instead of a value")
    TOO_LONG = "text too long", _("text too long")
    OTHER_COUNTRY = "same site code in another country", _("same site code in another country")
    REFUSED = "refused by the database", _("refused by the database")


class Unusable(Exception):
    """A row that makes no site."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Site:
    """What one row says about one site. Empty where it says nothing; nothing is guessed here but the zone."""

    employer: str
    country: str
    zone: str
    name: str = ""
    code: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    kind: str = ""
    industry: str = ""
    headcount_band: str = ""
    languages: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    employer_aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    zone_given: bool = False

    @cached_property
    def employer_key(self) -> str:
        return names.name_key(self.employer)

    @cached_property
    def keys(self) -> tuple[str, str, str]:
        """(code key, name key, place key), by which it is recognised among the sites of its employer."""
        return identity(employer=self.employer, name=self.name, code=self.code, city=self.city, address=self.address, region=self.region, country=self.country)

    @property
    def identity(self) -> tuple[str, ...]:
        """Two rows with the same one are the same site."""
        code, name, place = self.keys
        return (code,) if code else (name, place)

    @property
    def likely_kind(self) -> str:
        """The kind that the list gives, else what the name or the industry suggests. Only for sites that are new."""
        making = self.industry.isdigit() and 10 <= int(self.industry) <= 33
        return self.kind or kind_of(self.name) or _USUAL.get("C" if making else self.industry, Kind.OTHER)

    @property
    def display_name(self) -> str:
        """What the directory calls it: its own name, else the town, else the employer."""
        return self.name or self.city or self.employer


#: What a site of an industry usually is, for lists that don't say.
_USUAL: Mapping[str, str] = {
    "86": Kind.HOSPITAL, "87": Kind.HOSPITAL, "85": Kind.SCHOOL, "P": Kind.SCHOOL, "47": Kind.SHOP, "55": Kind.SHOP, "56": Kind.SHOP,
    "53": Kind.POST, "49": Kind.DEPOT, "52": Kind.WAREHOUSE, "B": Kind.MINE, "05": Kind.MINE, "07": Kind.MINE, "08": Kind.MINE, "C": Kind.PLANT,
}  # fmt: skip


_KINDS = frozenset(Kind.values)
_KIND_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("warehouse", "fulfilment", "fulfillment", "distribution", "almacen", "bodega", "lager", "entrepot", "magazyn", "depo", "logistics"), Kind.WAREHOUSE),
    **dict.fromkeys(("plant", "factory", "works", "mill", "foundry", "refinery", "assembly", "manufacturing", "fabrica", "planta", "werk", "usine", "stabilimento", "fabrik", "zaklad"), Kind.PLANT),
    **dict.fromkeys(("hospital", "clinic", "care", "health", "nursing", "klinik", "klinikum", "krankenhaus", "hopital", "ospedale", "szpital", "hastane", "infirmary"), Kind.HOSPITAL),
    **dict.fromkeys(("school", "university", "college", "escuela", "universidad", "universidade", "schule", "universitat", "ecole", "universite", "academy"), Kind.SCHOOL),
    **dict.fromkeys(("depot", "transport", "garage", "bus", "rail", "railway", "terminal", "yard"), Kind.DEPOT),
    **dict.fromkeys(("post", "mail", "postal", "parcel", "parcels", "correos", "sorting"), Kind.POST),
    **dict.fromkeys(("port", "harbour", "harbor", "airport", "hub", "hafen", "flughafen", "puerto", "porto", "docks"), Kind.PORT),
    **dict.fromkeys(("mine", "quarry", "colliery", "mina", "bergwerk", "kopalnia", "pit"), Kind.MINE),
    **dict.fromkeys(("shop", "store", "retail", "supermarket", "hotel", "restaurant", "tienda", "laden"), Kind.SHOP),
    **dict.fromkeys(("office", "offices", "headquarters", "hq", "oficina", "buro", "bureau"), Kind.OFFICE),
    "remote": Kind.REMOTE,
}  # fmt: skip


def kind_of(said: str) -> str:
    """The kind that a list's own word means ("fulfilment centre" is a warehouse); empty when it is none of ours."""
    said = said.strip()
    if said in _KINDS:
        return said
    found = [kind for word in names.words(said) if (kind := _KIND_WORDS.get(word))]
    return str(found[-1]) if found else ""


def headcount_of(said: str) -> str:
    """The band of a number of people, or of a band as we write it."""
    said = said.strip()
    if said in Headcount.values:
        return said
    digits = said.replace(",", "").replace(" ", "").removesuffix(".0")
    if not digits.isdigit() or not (people := int(digits)):
        return ""
    for least, band in ((5000, Headcount.FROM_5000), (1000, Headcount.FROM_1000), (250, Headcount.FROM_250), (50, Headcount.FROM_50)):
        if people >= least:
            return str(band)
    return str(Headcount.UNDER_50)
