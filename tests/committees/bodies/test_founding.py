"""How committees come to be: one alliance, one listed committee per workplace, and none without somebody to verify it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Charter, Committee, Life, Scope, Visibility
from committees.directory import commands as directory
from committees.ledger.models import Entry
from tests import make

pytestmark = pytest.mark.django_db


def found(site: make.Workplace, **more: object) -> Committee:
    return bodies.found(site, name="  Our \u202ecommittee ", languages=["es"], by=make.person(), at=timezone.now(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("scope", [Scope.EMPLOYER, Scope.REGION, Scope.ALLIANCE])
def test_the_words_of_the_site_for_a_wider_committee_speak_of_several_workplaces(scope: Scope) -> None:
    site = make.committee()
    made = make.alliance() if scope == Scope.ALLIANCE else make.wider(scope, site)
    assert "one workplace" in Charter(committee=site).purpose
    assert "several workplaces" in Charter(committee=made).purpose
    assert Charter(committee=made, text="Our own words").purpose == "Our own words"


def test_a_committee_begins_forming_with_a_charter_that_each_reads_in_their_language_and_a_policy() -> None:
    alliance, site = make.alliance(), make.workplace()
    made = found(site)
    assert (made.name, made.life, made.visibility) == ("Our committee", Life.FORMING, Visibility.LISTED)
    assert (made.verified_by, made.zone, made.country) == (alliance, site.zone, site.country)
    assert made.policy.checks_needed == 2
    charter = Charter.objects.get(committee=made)
    for language, begins in (("es", "No contrato"), ("en", "I do not hire")):
        with translation.override(language):
            assert charter.sentence.startswith(begins)
            assert (charter.sentence_language, charter.purpose_language) == (language, language)
    charter.text, charter.attestation = "Nuestro fin", "Trabajo aquí"
    with translation.override("en"):
        assert (charter.purpose, charter.purpose_language) == ("Nuestro fin", "es"), "words of their own stay as they were adopted"
        assert (charter.sentence, charter.sentence_language) == ("Trabajo aquí", "es")
    assert Entry.objects.filter(verb="committee.founded", chain=made.slug).count() == 1


def test_one_listed_committee_per_workplace_and_another_when_it_is_gone() -> None:
    make.alliance()
    site = make.workplace()
    first = found(site)
    with pytest.raises(Refused, match="You can join it"):
        found(site)
    bodies.dissolve_unsent(first, at=timezone.now())
    assert found(site) != first


def test_the_same_form_twice_is_one_committee() -> None:
    import uuid

    make.alliance()
    site, key = make.workplace(), uuid.uuid4()
    assert found(site, form_key=key) == found(site, form_key=key)


def test_none_at_a_closed_workplace_and_none_before_the_server_is_set_up() -> None:
    site = make.workplace()
    with pytest.raises(Refused, match="not set up"):
        found(site)
    make.alliance()
    with pytest.raises(Refused, match="closed"):
        found(directory.close(site, by=make.person(is_platform_admin=True)))


def test_one_alliance_per_server() -> None:
    make.alliance()
    with pytest.raises(Refused, match="already"):
        bodies.set_up_alliance("Another", zone="UTC", languages=["en"], by=None, at=timezone.now())


def test_only_a_forming_committee_is_dissolved_as_one_that_never_began() -> None:
    committee = make.committee()
    bodies.dissolve_unsent(committee, at=timezone.now())
    committee.refresh_from_db()
    assert committee.life == Life.ACTIVE


def test_who_may_learn_that_a_committee_exists() -> None:
    hidden, listed = make.committee(), make.committee()
    member, applicant, outsider = make.member(hidden), make.application(hidden), make.person()
    Committee.objects.filter(pk=hidden.pk).update(visibility=Visibility.LINK)
    assert member.person is not None
    for person, sees in ((member.person, True), (applicant.person, True), (outsider, False), (None, False)):
        seen = set(Committee.objects.visible_to(person))
        assert (hidden in seen, listed in seen) == (sees, True)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"scope": Scope.WORKPLACE}, "a_workplace_committee_has_its_workplace"),
        ({"scope": Scope.EMPLOYER}, "an_employer_committee_has_its_employer"),
        ({"scope": Scope.INDUSTRY}, "an_industry_committee_has_its_industry"),
        ({"scope": Scope.REGION, "verified_by": None}, "only_the_alliance_stands_alone"),
        ({"scope": Scope.ALLIANCE, "verified_by": None}, "one_alliance_per_server"),
    ],
)
def test_the_database_refuses_what_cannot_be(fields: dict[str, object], constraint: str) -> None:
    alliance = make.alliance()
    with pytest.raises(IntegrityError, match=constraint):
        Committee.objects.create(**{"name": "Impossible", "founded_at": timezone.now(), "verified_by": alliance, **fields})
