"""Whatever is in a letter and whatever is poured in, a mail program reads exactly that."""

from __future__ import annotations

import html as htmllib
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from committees.notices import moulds, slots
from committees.notices.letters import Letter
from committees.notices.moulds import Slip

#: What templates and members can write; lines end as they should, and no line is a stray return.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="\u2028\u2029\u0085\ue000\ue001") | st.sampled_from("\n.=\t "), max_size=300
)
values = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Zl", "Zp"]), max_size=120)
BASE = Slip(to="ada@mail.example", message_id="one@here", date="Sun, 22 Nov 2026 05:40:00 GMT", values={})


def read(raw: bytes) -> EmailMessage:
    """As a mail server hands it on: dots taken off, each line ended properly."""
    assert b"\r\n.\r\n" not in raw, "the end of the message stands at its end only"
    assert not raw.replace(b"\r\n", b"").count(b"\n"), "no bare newline"
    assert not raw.replace(b"\r\n", b"").count(b"\r"), "no bare return"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()
    return message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    text = str(body.get_content()).replace("\r\n", "\n")
    assert text.endswith("\n")
    return without_last_lines(text)


def without_last_lines(text: str) -> str:
    """Empty lines at the end say nothing; what is poured in there may be empty too."""
    return text.rstrip("\n")


@given(words, values, words)
@settings(max_examples=300, deadline=None)
def test_what_is_poured_in_arrives_as_it_was(before: str, value: str, after: str) -> None:
    text = f"{before}{slots.hole('time')}{after}"
    letter = Letter("en", "Hello", text, f"<p>{text}</p>")
    message = read(moulds.mould(letter).fill(Slip(**{**vars_of(BASE), "values": {"time": value}})))
    assert part(message, "plain") == without_last_lines(f"{before}{value}{after}")
    assert part(message, "html") == without_last_lines(f"<p>{before}{htmllib.escape(value)}{after}</p>")


def vars_of(slip: Slip) -> dict[str, object]:
    return {name: getattr(slip, name) for name in slip.__dataclass_fields__}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Zl", "Zp"]), min_size=1, max_size=150))
@settings(max_examples=200, deadline=None)
def test_a_subject_in_any_script_is_read_again(subject: str) -> None:
    subject = " ".join(subject.split())
    message = read(moulds.mould(Letter("en", subject, "Text\n", "<p>Text</p>\n")).fill(BASE))
    assert " ".join(str(message["Subject"]).split()) == subject


def test_a_value_cannot_add_a_header() -> None:
    letter = Letter("en", f"At {slots.hole('time')}", "Text\n", "<p>Text</p>\n")
    message = read(moulds.mould(letter).fill(Slip(**{**vars_of(BASE), "values": {"time": "7\r\nBcc: eve@mail.example"}})))
    assert message["Bcc"] is None


def test_a_slot_without_a_value_is_an_error() -> None:
    letter = Letter("en", "Hello", slots.hole("time"), "")
    with pytest.raises(KeyError):
        moulds.mould(letter).fill(BASE)


def test_what_a_member_writes_is_never_taken_for_a_slot() -> None:
    """The sign of a slot holds a word that only this process knows."""
    assert slots.names("\ue000unsubscribe\ue001 \ue0000123456789ab:unsubscribe\ue001") == set()
    assert slots.names(slots.hole("unsubscribe")) == {"unsubscribe"}


def test_the_sender_is_named_in_the_readers_language_and_says_nothing(settings: object) -> None:
    message = read(moulds.mould(Letter("es", "Hola", "Texto\n", "<p>Texto</p>\n")).fill(BASE))
    assert str(message["From"]).endswith("<notices@localhost>")
    assert "Rank" not in str(message["From"])
