"""How forms are drawn and cleaned."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from committees.base.forms import Checkboxes, ClockField, DayField, LineField, Radios, Suggestions, TextField, Tiles
from tests.valid_html import problems


class Sample(forms.Form):
    line = LineField(label="Name here", help_text="Not your real name.", max_length=10)
    note = TextField(label="Note", required=False, max_length=50)
    day = DayField(label="Date")
    at = ClockField(label="Starts", required=False)
    site = LineField(label="Site", required=False, widget=Suggestions(["KCVG", "<b>"]))
    where = forms.ChoiceField(label="Where", choices=[("a", "Online"), ("b", "There")], widget=Radios(hints={"b": "The address comes later."}))
    tongues = forms.MultipleChoiceField(label="Languages", required=False, choices=[("es", "Spanish")], widget=Checkboxes())
    coming = forms.ChoiceField(label="Coming?", choices=[("y", "Yes")], required=False, widget=Tiles(row=True))
    email = forms.EmailField(label="Email", error_messages={"required": "We need an address."})
    agreed = forms.BooleanField(label="I agree")
    key = forms.CharField(widget=forms.HiddenInput)


def data(**given: str) -> MultiValueDict[str, str]:
    return MultiValueDict({name: [value] for name, value in given.items()})


def page(form: forms.Form) -> str:
    drawn = Template("{% errorsummary form %}<form>{% formfields form %}</form>").render(Context({"form": form}))
    return f'<!doctype html><html lang="en"><head><title>x</title></head><body><main><h1>x</h1>{drawn}</main></body></html>'


@pytest.mark.parametrize("form", [Sample(), Sample(data(line="A name that is far too long", day="tomorrow", where="z"))], ids=["empty", "refused"])
def test_a_form_is_valid_html_with_every_label_and_reference(form: forms.Form) -> None:
    assert problems(page(form)) == []


def test_label_hint_error_input_in_that_order() -> None:
    drawn = str(Sample(data(line="")).fields and Sample(data(line=""))["line"].as_field_group())
    places = [drawn.index(part) for part in ("<label", "Not your real name.", 'id="id_line_error"', "<input")]
    assert places == sorted(places)


def test_the_input_names_its_hint_and_its_error() -> None:
    drawn = Sample(data(line=""))["line"].as_field_group()
    assert 'aria-describedby="id_line_helptext id_line_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "aria-invalid" not in Sample()["line"].as_field_group()


def test_a_group_is_a_fieldset_with_the_question_as_its_legend() -> None:
    drawn = Sample(data())["where"].as_field_group()
    assert re.search(r'<fieldset class="fieldset fieldset--error" aria-describedby="id_where_error">\s*<legend>Where</legend>', drawn)
    assert "The address comes later." in drawn


def test_what_may_stay_empty_says_so_but_not_at_boxes_to_tick() -> None:
    form = Sample()
    words = "you can leave this empty"
    assert {name for name in form.fields if words in form[name].as_field_group()} == {"note", "at", "site", "coming"}


def test_a_long_text_says_how_much_fits() -> None:
    drawn = Sample()["note"].as_field_group()
    assert "Up to 50 letters" in drawn
    assert 'aria-describedby="id_note_count"' in drawn


def test_errors_say_what_to_do() -> None:
    form = Sample(data(line="A name that is far too long", where="z", day="tomorrow"))
    said = {name: form[name].problems for name in form.fields if form[name].errors}
    assert said["line"] == ["Make “Name here” shorter. It has 27 letters; 10 is the most."]
    assert said["where"] == ["Choose one of the answers shown for “Where”."]
    assert said["day"] == ["Enter a date like 2026-11-22."]
    assert said["agreed"] == ["Tick “I agree” to go on."]
    assert said["email"] == ["We need an address."], "an author's own words stand"
    assert Sample(data())["line"].problems == ["Fill in “Name here”."]
    assert Sample(data())["where"].problems == ["Choose an answer for “Where”."]


def test_the_summary_has_the_same_words_and_leads_to_each_field() -> None:
    form = Sample(data(line="", where=""))
    form.add_error(None, "This time is taken.")
    drawn = Template("{% errorsummary form %}").render(Context({"form": form}))
    assert '<a href="#id_line">Fill in “Name here”.</a>' in drawn
    assert '<a href="#id_where_0">Choose an answer for “Where”.</a>' in drawn
    assert "This time is taken." in drawn
    assert 'role="alert"' in drawn
    assert Template("{% errorsummary form %}").render(Context({"form": Sample()})).strip() == ""


@pytest.mark.parametrize(("typed", "kind"), [("tomorrow", "text"), ("2026-11-22", "date")])
def test_a_picker_gives_way_to_what_was_typed(typed: str, kind: str) -> None:
    drawn = str(Sample(data(day=typed))["day"])
    assert f'type="{kind}"' in drawn
    assert f'value="{typed}"' in drawn


def test_everything_typed_is_kept() -> None:
    form = Sample(data(line="Night", note="We met.\nTwice.", at="25:99", site="KC", where="a", tongues="es", coming="y", email="x@", agreed="on"))
    drawn = form.render()
    assert form.errors
    for kept in ('value="Night"', "We met.\nTwice.", 'value="25:99"', 'value="KC"', 'value="x@"'):
        assert kept in drawn
    assert len(re.findall(r"<input[^>]* checked", drawn)) == 4


def test_lines_and_texts_are_cleaned() -> None:
    form = Sample(data(line=" Ni\u202eght \t 4 ", note="a\r\nb\u200b\x00"))
    form.is_valid()
    assert form.cleaned_data["line"] == "Night 4"
    assert form.cleaned_data["note"] == "a\nb"


def test_a_line_of_hidden_characters_is_empty() -> None:
    assert Sample(data(line="\u200b \u2060"))["line"].problems == ["Fill in “Name here”."]


def test_suggestions_are_escaped_and_listed() -> None:
    drawn = str(Sample()["site"])
    assert 'list="id_site_list"' in drawn
    assert '<option value="&lt;b&gt;">' in drawn


def test_addresses_read_from_left_to_right() -> None:
    assert 'dir="ltr"' in str(Sample()["email"])
    assert "dir=" not in str(Sample()["line"])


def test_the_parts_are_translated(invented_languages: tuple[str, str]) -> None:
    with translation.override("en-xa"):
        assert "leave this empty" not in Sample()["note"].as_field_group()
