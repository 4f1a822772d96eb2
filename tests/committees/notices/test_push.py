"""Push: to a real push service, opened by the browser that it is for, in the order of the outbox and under all its faults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from py_vapid import Vapid02

from committees.notices import commands, letters, queries, reasons, registry
from committees.notices import sending as mailing
from committees.notices.commands import devices, leasing
from committees.notices.models import ChannelChoice, Choice, Delivery, Level, Notice, PushDevice, QuietHours, State
from committees.notices.push import sealing, vapid
from committees.notices.push import sending as pushing
from committees.people.models import Person, Session
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post, states
from tests.committees.notices.pushes import PUSH, allowed, said, states_after
from tests.mail_sink import MailSink
from tests.push_service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


def open_to(person: Person, level: Level) -> None:
    ChannelChoice.objects.create(person=person, channel=PUSH, level=level)


# -- What arrives -----------------------------------------------------------------------------------------------------------


def test_the_words_of_the_standard_come_out_as_the_standard_says() -> None:
    """RFC 8291, appendix A."""
    browser = Browser("", key=ec.derive_private_key(int.from_bytes(sealing.unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()))
    browser.secret = sealing.unb64("BTBZMqHH6r4Tts7J_aSIgg")
    ours = ec.derive_private_key(int.from_bytes(sealing.unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1())
    plain = b"When I grow up, I want to be a watermelon"
    made = sealing.sealed(plain + b"\x02", point=browser.point, secret=browser.secret, ours=ours, salt=sealing.unb64("DGv6ra1nlYgDCS1FRnbzlw"))
    assert sealing.b64(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.open(made) == plain


def test_a_push_says_almost_nothing_and_leads_through_the_login(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    assert pushing.run() == 1
    [taken] = service.taken
    says = phone.read(taken.body)
    assert says.pop("tag")
    assert says == {"title": "There is something new for you", "path": f"/notices/go/{notice.slug}/", "lang": "en", "dir": "ltr"}
    assert states(notice, PUSH) == [State.ACCEPTED]
    assert pushing.run() == 0, "nothing goes twice"


def test_nobody_but_the_browser_can_read_it(service: PushService, ada: Person, phone: Browser) -> None:
    post(to=[ada])
    pushing.run()
    [taken] = service.taken
    assert b"something new" not in taken.body
    with pytest.raises(InvalidTag):
        service.browser("another").read(taken.body)


@pytest.mark.parametrize("level", [Level.KIND, Level.FULL])
def test_the_chosen_level_speaks_in_the_readers_language_and_zone(service: PushService, ben: Person, level: Level) -> None:
    phone = service.browser("bens-phone")
    allowed(ben, phone)
    open_to(ben, level)
    post(to=[ben])
    pushing.run()
    [title] = said(service, phone)
    assert title.endswith("thing 1 in es at <America/New_York>")
    assert phone.read(service.taken[0].body)["lang"] == "es"
    assert Delivery.objects.get(channel=PUSH).language == "es"


def test_all_messages_are_of_one_length_and_no_two_people_have_anything_in_common(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    other = service.browser("bens-phone")
    allowed(ben, other)
    open_to(ben, Level.FULL)
    post(to=[ada, ben])
    pushing.run()
    first, second = service.taken
    assert len(first.body) == len(second.body)
    assert first.headers["topic"] != second.headers["topic"]
    assert phone.read(service.to(phone)[0].body)["tag"] != other.read(service.to(other)[0].body)["tag"]


def test_the_service_learns_who_sends_for_how_long_and_how_urgently(service: PushService, ada: Person, phone: Browser) -> None:
    post(to=[ada], useful_until=timezone.now() + timedelta(minutes=61, seconds=30))
    pushing.run()
    headers = service.taken[0].headers
    assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == ("3660", "normal", "aes128gcm")
    assert headers["authorization"].startswith("vapid t=")
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={vapid.public_key()}")
    assert "user-agent" not in headers


def test_what_is_told_later_about_the_same_thing_takes_the_place_of_what_was_told_before(service: PushService, ada: Person, phone: Browser) -> None:
    thing = letterbox.thing()
    post(to=[ada], about=thing)
    pushing.run()
    post("cancelled", to=[ada], about=thing, version=2)
    pushing.run()
    first, second = service.taken
    assert first.headers["topic"] == second.headers["topic"]
    assert second.headers["urgency"] == "high"


def test_each_browser_of_a_person_is_told(service: PushService, ada: Person, phone: Browser) -> None:
    laptop = service.browser("adas-laptop")
    allowed(ada, laptop)
    notice = post(to=[ada])
    assert pushing.run() == 1
    assert len(said(service, phone)) == len(said(service, laptop)) == 1
    assert notice.deliveries.filter(channel=PUSH).count() == 1


# -- To whom ----------------------------------------------------------------------------------------------------------------


def test_whoever_allowed_it_nowhere_has_no_delivery_by_push(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    notice = post(to=[ada, ben])
    assert list(notice.deliveries.filter(channel=PUSH).values_list("person", flat=True)) == [ada.pk]
    assert states(notice) == [State.WAITING, State.WAITING]


def test_mail_and_push_do_not_take_each_others_batches(service: PushService, sink: MailSink, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    assert mailing.run() == 1
    assert states(notice, PUSH) == [State.WAITING]
    assert pushing.run() == 1
    assert len(sink.messages) == len(service.taken) == 1


def test_a_group_goes_by_push_if_its_reader_says_so_or_said_nothing_and_it_goes_unasked(service: PushService, ada: Person, phone: Browser) -> None:
    Choice.objects.create(person=ada, committee_id=None, group=letterbox.GROUP, channel=PUSH, when="off")
    assert states_after(post(to=[ada])) == [State.OFF]
    registry.group(letterbox.GROUP, label="Letters", pushed=False)
    Choice.objects.all().delete()
    assert states_after(post(to=[ada], about=letterbox.thing(2))) == [State.OFF]
    Choice.objects.create(person=ada, committee_id=None, group=letterbox.GROUP, channel=PUSH, when="now")
    assert states_after(post(to=[ada], about=letterbox.thing(3))) == [State.ACCEPTED]


def test_quiet_hours_hold_it_and_what_cannot_wait_comes(service: PushService, ada: Person, phone: Browser) -> None:
    now = timezone.localtime(timezone.now(), timezone.get_fixed_timezone(0))
    for day in range(7):
        QuietHours.objects.create(person=ada, weekday=day, since=(now - timedelta(hours=1)).time(), until=(now + timedelta(hours=1)).time())
    assert states_after(post(to=[ada])) == [State.WAITING]
    assert states_after(post("cancelled", to=[ada], about=letterbox.thing(2))) == [State.ACCEPTED]


def test_whoever_is_meant_no_more_is_told_nothing(service: PushService, ada: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = post(to=[ada])
    monkeypatch.setattr(letterbox, "still", set())
    assert states_after(notice) == [State.SUPERSEDED]
    assert not service.taken


def test_what_is_overtaken_never_starts(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    commands.supersede(notice.about)
    pushing.run()
    assert not service.taken


# -- What can go wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: PushService, ada: Person, phone: Browser, status: int) -> None:
    service.says = [(status, {})]
    assert states_after(post(to=[ada])) == [State.UNREACHABLE]
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again_when_it_says(service: PushService, ada: Person, phone: Browser, status: int) -> None:
    service.says = [(status, {"Retry-After": "120"})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    row = notice.deliveries.get(channel=PUSH)
    assert row.attempts == 1
    assert row.due_at > timezone.now() + timedelta(seconds=100)
    notice.deliveries.update(due_at=timezone.now())
    assert states_after(notice) == [State.ACCEPTED]


def test_what_the_service_refuses_is_a_dead_letter_that_can_be_tried_again(service: PushService, ada: Person, ben: Person, phone: Browser) -> None:
    service.says = [(403, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.DEAD]
    assert notice.deliveries.get(channel=PUSH).reason == "push 403"
    assert commands.again(notice, by=ben, at=timezone.now()) == 1
    assert states_after(notice) == [State.ACCEPTED]


def test_it_is_given_up_after_many_tries(service: PushService, ada: Person, phone: Browser) -> None:
    notice = post(to=[ada])
    notice.deliveries.filter(channel=PUSH).update(attempts=11)
    service.says = [(500, {})]
    assert states_after(notice) == [State.DEAD]


def test_a_service_that_is_down_is_left_alone_and_the_message_waits(service: PushService, ada: Person, phone: Browser) -> None:
    service.close()
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    assert notice.deliveries.get(channel=PUSH).started_at is None, "nobody was connected: it cannot have arrived"


def test_a_service_that_answers_nobody_holds_up_no_one_for_long(service: PushService, settings: Any, ada: Person, ben: Person, phone: Browser) -> None:
    allowed(ben, service.browser("bens-phone"))
    settings.NOTICES_REST_SECONDS = 30
    service.slow = 1.0
    notice = post(to=[ada, ben])
    assert states_after(notice) == [State.WAITING, State.WAITING]
    assert len(service.taken) == 1, "the second is not tried while the service rests"
    assert notice.deliveries.filter(channel=PUSH, started_at__isnull=False).count() == 1


def test_it_leads_nobody_elsewhere(service: PushService, ada: Person, phone: Browser) -> None:
    service.says = [(307, {"Location": f"{service.origin}/inside"})]
    assert states_after(post(to=[ada])) == [State.DEAD]
    assert [each.path for each in service.taken] == ["/adas-phone"]


# -- Several browsers of one person -------------------------------------------------------------------------------------------


@pytest.fixture
def laptop(service: PushService, ada: Person, phone: Browser) -> Browser:
    """The second browser of somebody whose first one is asked before it."""
    browser = service.browser("adas-laptop")
    allowed(ada, browser)
    return browser


def again(notice: Notice) -> list[str]:
    notice.deliveries.update(due_at=timezone.now())
    return states_after(notice)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_browser_that_could_not_is_asked_again_and_no_other(service: PushService, ada: Person, phone: Browser, laptop: Browser, status: int) -> None:
    service.says = [(status, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    assert (len(service.to(phone)), len(service.to(laptop))) == (1, 1)
    assert again(notice) == [State.ACCEPTED]
    assert (len(service.to(phone)), len(service.to(laptop))) == (2, 1)


def test_a_browser_whose_service_never_answers_is_given_up_and_its_person_was_told(service: PushService, ada: Person, phone: Browser, laptop: Browser) -> None:
    notice = post(to=[ada])
    notice.deliveries.filter(channel=PUSH).update(attempts=11)
    service.says = [(503, {})]
    assert states_after(notice) == [State.ACCEPTED]
    assert notice.deliveries.get(channel=PUSH).reason == "push 503"


def test_a_browser_that_is_gone_leaves_the_other_told(service: PushService, ada: Person, phone: Browser, laptop: Browser) -> None:
    service.says = [(410, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.ACCEPTED]
    assert [str(row.endpoint) for row in PushDevice.objects.all()] == [laptop.endpoint]


def test_a_browser_that_goes_while_it_is_waited_for_leaves_the_other_told(service: PushService, ada: Person, phone: Browser, laptop: Browser) -> None:
    service.says = [(503, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.WAITING]
    PushDevice.objects.order_by("pk")[0].delete()
    assert again(notice) == [State.ACCEPTED]
    assert len(service.taken) == 2


@pytest.mark.parametrize("status", [400, 413])
def test_what_a_service_refuses_for_good_is_a_dead_letter_also_where_another_browser_took_it(
    service: PushService, ada: Person, phone: Browser, laptop: Browser, status: int
) -> None:
    service.says = [(status, {})]
    notice = post(to=[ada])
    assert states_after(notice) == [State.DEAD]
    [letter] = queries.dead_letters([notice])
    assert [(reason.code, reason.words) for reason in letter.reasons] == [(f"push {status}", "The push service refused it for good.")]
    commands.again(notice, by=letterbox.person("admin@mail.example", language="es"), at=timezone.now())
    assert again(notice) == [State.ACCEPTED]
    assert (len(service.to(phone)), len(service.to(laptop))) == (2, 1), "tried once more where it failed alone"


@pytest.mark.parametrize(
    ("code", "words"),
    [("push 403", "our signature"), ("push 429", "put us off"), ("push 503", "put us off"), ("push TimeoutError", "did not answer"), ("push 307", "refused")],
)
def test_why_a_push_did_not_go_is_said_in_words(code: str, words: str) -> None:
    assert words in reasons.Reason(code, 1).words


class Killed(BaseException):
    """A worker that dies."""


def test_a_worker_that_dies_between_sending_and_recording_repeats_that_one_and_it_folds(
    service: PushService, ada: Person, ben: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = service.browser("bens-phone")
    allowed(ben, other)
    notice = post(to=[ada, ben])
    real = leasing.finish

    def dies(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr(leasing, "finish", dies)
    with pytest.raises(Killed):
        pushing.run()
    monkeypatch.setattr(leasing, "finish", real)
    assert len(service.taken) == 2
    leasing.recover(at=timezone.now() + timedelta(hours=1))
    assert states_after(notice) == [State.ACCEPTED, State.ACCEPTED]
    assert len(service.taken) == 3, "only the one at which it was"
    assert service.taken[1].headers["topic"] == service.taken[2].headers["topic"]


def test_a_kind_that_cannot_be_rendered_is_a_dead_letter_and_the_others_go(
    service: PushService, ada: Person, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = letters.subject

    def fails(notice: Notice, **how: Any) -> str:
        if notice.kind == "letterbox/poison":
            raise ZeroDivisionError
        return real(notice, **how)

    monkeypatch.setattr(letters, "subject", fails)
    poison = post("poison", to=[ada])
    letter = post(to=[ada], about=letterbox.thing(2))
    pushing.run()
    assert (states(poison, PUSH), states(letter, PUSH)) == ([State.DEAD], [State.ACCEPTED])


def test_a_batch_of_thirty_costs_as_many_queries_as_a_batch_of_three_but_for_the_marks(service: PushService, settings: Any) -> None:
    def queries(n: int, thing: int) -> int:
        people = list(Person.objects.filter(pk__in=letterbox.crowd(n, name=f"c{n}")))
        for number, person in enumerate(people):
            row = Session.objects.create(digest=f"{n}-{number}", person=person, ends_on=timezone.now().date() + timedelta(days=1))
            devices.allow(by=person, session=row.digest, at=timezone.now(), **service.browser(f"{n}-{number}").given)
        notice = post(to=people, about=letterbox.thing(thing))
        with CaptureQueriesContext(connection) as asked:
            assert pushing.run() == n
        assert states(notice, PUSH) == [State.ACCEPTED] * n
        return len([each for each in asked if "SET at_id" not in each["sql"]])

    assert queries(3, 1) == queries(30, 2)
