"""What is shown before sending is what is sent."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.notices import commands, sending
from committees.notices.models import Channel, ChannelChoice, Level, Notice
from committees.notices.preview import preview
from tests.committees.notices import letterbox
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


@pytest.mark.parametrize("level", Level.values)
def test_a_preview_is_the_mail(sink: MailSink, level: str) -> None:
    ada = letterbox.person("ada@mail.example", language="es", zone="Asia/Tokyo")
    ChannelChoice.objects.create(person=ada, channel=Channel.EMAIL, level=level)
    thing = letterbox.thing(5)
    seen = preview("letterbox/letter", thing, person=ada, level=Level(level))
    assert not Notice.objects.exists(), "looking posts nothing"
    notice = commands.post("letterbox/letter", about=thing, to=[ada.pk], at=timezone.now())
    sending.run()
    [mail] = sink.messages
    assert mail.subject == seen.subject
    unsubscribe = str(mail.message["List-Unsubscribe"]).strip("<>")

    def neutral(text: str) -> list[str]:
        """What the preview cannot know: the notice's own address and the way out."""
        return [line for line in text.replace(unsubscribe, "…").split("\n") if "/notices/go/" not in line]

    assert neutral(mail.text.replace("\r\n", "\n")) == neutral(seen.text)
    html = mail.message.get_body(("html",))
    assert html is not None
    assert neutral(html.get_content().replace("\r\n", "\n")) == neutral(seen.html)
    assert notice.slug not in seen.text


def test_a_preview_for_a_language_needs_no_person() -> None:
    seen = preview("letterbox/letter", letterbox.thing(5), language="es", zone="America/New_York", level=Level.FULL)
    assert seen.subject == "Everything about thing 5 in es at <America/New_York>"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_mail_reads_in_the_direction_of_its_language(language: str, direction: str) -> None:
    seen = preview("letterbox/letter", letterbox.thing(), language=language, level=Level.KIND)
    assert f'dir="{direction}"' in seen.html


def test_a_mail_fetches_nothing_and_keeps_its_dark_sheet() -> None:
    seen = preview("letterbox/letter", letterbox.thing(), language="en")
    assert "<img" not in seen.html
    assert "prefers-color-scheme: dark" in seen.html
    assert seen.html.count("<style") == 1
    assert "http://localhost:8000/" in seen.html
    assert not [part for part in seen.html.split('"') if part.startswith("http") and not part.startswith("http://localhost:8000/")]
