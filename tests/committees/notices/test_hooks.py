"""Providers of mail that tell by a web hook: each gives back the name that went along, in its own form, and the same follows as from returned mail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from committees.notices import commands, sending, verp
from committees.notices.models import Channel, ChannelChoice, Delivery, Returned, State
from committees.people import outbox
from committees.people.models import Contact, Person
from config import bounces
from tests.committees.notices.letterbox import post, states
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
Outcome = Returned.Outcome

SECRET, SIGNS = "mail-provider:a-secret-that-nobody-guesses", "the-key-it-signs-with"
UNKNOWN = "550 5.1.1 The email account that you tried to reach does not exist"
FULL = "552 5.2.2 mailbox full"


def _json(body: Any) -> dict[str, Any]:
    return {"data": json.dumps(body), "content_type": "application/json"}


def _brevo(name: str, what: str, said: str) -> dict[str, Any]:
    event = {"bounced": "hard_bounce", "complained": "spam", "delivered": "delivered", "refused": "blocked", "known": "invalid_email"}[what]
    return _json({"event": event, "email": "someone@else.example", "id": 7, "reason": said, "X-Mailin-custom": json.dumps({"mail": name})})


def _mailgun(name: str, what: str, said: str) -> dict[str, Any]:
    data = {
        "bounced": {"event": "failed", "severity": "permanent", "reason": "bounce"},
        "complained": {"event": "complained"},
        "delivered": {"event": "delivered"},
        "refused": {"event": "rejected", "reject": {"reason": "Sandbox"}},
        "known": {"event": "failed", "severity": "permanent", "reason": "suppress-bounce"},
    }[what]
    stamp, token = "1798000000", f"{what}{name}"[:50]
    signature = hmac.new(SIGNS.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return _json(
        {
            "signature": {"timestamp": stamp, "token": token, "signature": signature},
            "event-data": {**data, "recipient": "someone@else.example", "user-variables": {"mail": name}, "delivery-status": {"message": said}},
        }
    )


def _mailjet(name: str, what: str, said: str) -> dict[str, Any]:
    event = {
        "bounced": {"event": "bounce", "hard_bounce": True, "error": "user unknown", "comment": said, "smtp_reply": said},
        "complained": {"event": "spam"},
        "delivered": {"event": "sent"},
        "refused": {"event": "blocked", "error": "spam preblocked"},
        "known": {"event": "blocked", "error": "preblocked"},
    }[what]
    return _json([{**event, "email": "someone@else.example", "time": 1798000000, "MessageID": 7, "Payload": json.dumps({"mail": name})}])


def _mandrill(name: str, what: str, said: str) -> dict[str, Any]:
    event = {"bounced": "hard_bounce", "complained": "spam", "delivered": "send", "refused": "reject", "known": "reject"}[what]
    told = [{"event": event, "_id": "7", "ts": 1798000000, "msg": {"email": "someone@else.example", "diag": f"smtp;{said}", "metadata": {"mail": name}}}]
    typed = {"mandrill_events": json.dumps(told)}
    signed = f"http://{SECRET}@testserver{reverse('notices:returned', args=['mandrill'])}mandrill_events{typed['mandrill_events']}"
    signature = base64.b64encode(hmac.new(SIGNS.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return {"data": typed, "headers": {"X-Mandrill-Signature": signature}}


def _postmark(name: str, what: str, said: str) -> dict[str, Any]:
    kinds = {"bounced": "HardBounce", "complained": "SpamComplaint", "refused": "Blocked", "known": "BadEmailAddress"}
    record = "Delivery" if what == "delivered" else "Bounce"
    more = {} if what == "delivered" else {"ID": 42, "Type": kinds[what], "BouncedAt": "2026-11-05T16:33:54Z", "Details": f"smtp;{said}"}
    return _json({"RecordType": record, "Email": "someone@else.example", "DeliveredAt": "2026-11-05T16:33:54Z", "Metadata": {"mail": name}, **more})


def _sparkpost(name: str, what: str, said: str) -> dict[str, Any]:
    event = {
        "bounced": {"type": "bounce", "bounce_class": "10", "raw_reason": said},
        "complained": {"type": "spam_complaint"},
        "delivered": {"type": "delivery"},
        "refused": {"type": "policy_rejection", "bounce_class": "51"},
        "known": {"type": "policy_rejection", "bounce_class": "10"},
    }[what]
    told = {**event, "event_id": "7", "timestamp": "1798000000", "rcpt_to": "someone@else.example", "rcpt_meta": {"mail": name}}
    return _json([{"msys": {"message_event": told}}])


HEADERS = {"x-mailin-custom", "x-mailgun-variables", "x-mj-eventpayload", "x-mc-metadata", "x-pm-metadata-mail", "x-msys-api"}
FORMS: dict[str, Callable[[str, str, str], dict[str, Any]]] = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mandrill": _mandrill,
    "postmark": _postmark,
    "sparkpost": _sparkpost,
}


@pytest.fixture(params=FORMS)
def provider(request: pytest.FixtureRequest, settings: Any) -> str:
    name = str(request.param)
    settings.MAIL_PROVIDER, settings.ANYMAIL = bounces.provider(name, secret=SECRET, key=SIGNS)
    return name


def _sent(sink: MailSink, to: Person) -> str:
    """A notice goes out; gives what its name is to the provider."""
    post(to=[to])
    sending.run()
    return _name(sink)


def _name(sink: MailSink) -> str:
    [value] = [str(value) for name, value in sink.messages[-1].message.items() if name.lower() in HEADERS]
    if not value.startswith("{"):
        return value
    told = json.loads(value)
    return str(told.get("metadata", told)["mail"])


def _told(provider: str, name: str, what: str = "bounced", said: str = UNKNOWN, *, secret: str = SECRET, client: Client | None = None) -> int:
    given = FORMS[provider](name, what, said)
    basic = base64.b64encode(secret.encode()).decode()
    headers = {"Authorization": f"Basic {basic}", **given.pop("headers", {})}
    answer = (client or Client()).post(reverse("notices:returned", args=[provider]), headers=headers, **given)
    return int(answer.status_code)


def _contact(person: Person) -> Contact:
    return Contact.objects.get(person=person)


def test_a_dead_address_is_stopped_and_its_owner_told_in_the_app(provider: str, sink: MailSink, ada: Person) -> None:
    name = _sent(sink, ada)
    assert _told(provider, name) == 204
    assert _contact(ada).stop_reason == "bounced 5.1.1"
    told = Delivery.objects.filter(notice__kind="notices/address_stopped")
    assert list(told.values_list("person_id", "channel")) == [(ada.pk, Channel.INAPP)]
    assert not Returned.objects.filter(status__contains="someone").exists()


def test_what_did_not_arrive_counts_once_however_often_it_is_told(provider: str, sink: MailSink, ada: Person) -> None:
    notice = post(to=[ada])
    sending.run()
    for _again in range(3):
        assert _told(provider, _name(sink), said=FULL) == 204
    assert states(notice) == [State.BOUNCED]
    assert Returned.objects.filter(outcome=Outcome.SOFT).count() == 1
    assert _contact(ada).stopped_at is None


def test_after_a_complaint_only_mail_about_the_account_goes_there(provider: str, sink: MailSink, ada: Person) -> None:
    assert _told(provider, _sent(sink, ada), "complained") == 204
    assert not ChannelChoice.objects.get(person=ada, channel=Channel.EMAIL).on


def test_what_arrived_leaves_no_row(provider: str, sink: MailSink, ada: Person) -> None:
    assert _told(provider, _sent(sink, ada), "delivered") == 204
    assert not Returned.objects.exists()


@pytest.mark.parametrize("what", ["refused", "known"])
def test_what_the_provider_itself_did_not_send_makes_no_address_dead(provider: str, what: str, sink: MailSink, ada: Person) -> None:
    assert _told(provider, _sent(sink, ada), what, said="") == 204
    assert _contact(ada).stopped_at is None
    assert Returned.objects.get().outcome in (Outcome.SOFT, Outcome.COMPLAINT)


def test_a_code_that_did_not_arrive_is_told_too(provider: str, sink: MailSink, ada: Person) -> None:
    outbox.warn(ada, "recovered")
    sending.run()
    assert _told(provider, _name(sink)) == 204
    assert _contact(ada).is_dead


def test_without_the_secret_there_is_no_page(provider: str, sink: MailSink, ada: Person) -> None:
    name = _sent(sink, ada)
    assert _told(provider, name, secret="mail-provider:another") == 404
    assert not Returned.objects.exists()


def test_a_name_that_nobody_gave_changes_nothing(provider: str, sink: MailSink, ada: Person) -> None:
    name = _sent(sink, ada)
    for made_up in ("", "a" * 44, name[:-1] + ("b" if name[-1] == "a" else "a"), "ada@mail.example", "x" * 5000):
        assert _told(provider, made_up) == 204
    assert not Returned.objects.exists()
    assert _contact(ada).stopped_at is None


def test_what_is_no_event_is_refused(provider: str) -> None:
    basic = base64.b64encode(SECRET.encode()).decode()
    for body in ("", "{}", "[]", "null", "[1]", "not json", '{"event": []}', '[{"msys": 3}]'):
        answer = Client().post(
            reverse("notices:returned", args=[provider]), data=body, content_type="application/json", headers={"Authorization": f"Basic {basic}"}
        )
        assert answer.status_code in (204, 400, 404), body
    assert not Returned.objects.exists()


def test_what_comes_before_it_is_written_down_that_the_mail_left_is_to_be_told_again(
    provider: str, sink: MailSink, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = _sent(sink, ada)

    def early(*_args: Any, **_more: Any) -> None:
        raise commands.TooEarly

    monkeypatch.setattr(commands, "hear", early)
    assert _told(provider, name) == 503


def test_another_provider_than_the_one_we_have_finds_no_page(settings: Any) -> None:
    for configured in ("", "postmark"):
        settings.MAIL_PROVIDER, settings.ANYMAIL = bounces.provider(configured, secret=SECRET, key="")
        assert _told("sparkpost", "a" * 44) == 404


def test_without_a_provider_mails_stay_as_they_were(sink: MailSink, ada: Person) -> None:
    post(to=[ada])
    sending.run()
    assert not [header for header in sink.messages[-1].message if header.lower() in HEADERS]


def test_its_name_tells_the_provider_nothing(provider: str, sink: MailSink, ada: Person) -> None:
    name = _sent(sink, ada)
    row = Delivery.objects.get(person=ada, channel=Channel.EMAIL)
    assert verp.read(name) == verp.Named(verp.Kind.NOTICE, row.pk, _contact(ada).pk)
    assert str(row.pk) not in name or len(str(row.pk)) < 3


@pytest.mark.parametrize(
    ("name", "secret", "key"),
    [
        ("sendmail", SECRET, ""),
        ("postmark", "", ""),
        ("postmark", "short:one", ""),
        ("postmark", "a" * 40, ""),
        ("mailgun", SECRET, ""),
        ("mandrill", SECRET, ""),
    ],
)
def test_what_would_let_everybody_in_is_refused_at_the_start(name: str, secret: str, key: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        bounces.provider(name, secret=secret, key=key)
