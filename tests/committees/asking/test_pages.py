"""The pages: what each side sees of the other, nothing typed is lost, and for everybody else they are not there."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.asking import commands as asking
from committees.asking import queries
from committees.asking.models import Question
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.people import commands as people
from committees.people.models import Person
from organizing.home import waiting
from tests import make
from tests.committees.asking.conftest import WORDS, above, answer, ask, fresh, own

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def browser(who: Membership | Person) -> Client:
    person = who.person if isinstance(who, Membership) else who
    assert person is not None
    return make.client(person)


def text(answer: Any) -> str:
    """What is read; names stand in <bdi>, which parts no words."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi[^>]*>", "", answer.content.decode())).split())


def typed(**more: str) -> dict[str, str]:
    return {"text": WORDS, "language": "en", "form_key": str(uuid.uuid4()), **more}


class TestAsking:
    def test_the_form_says_who_reads_it_and_what_they_see(self, cast: make.Cast, keeper: Person) -> None:
        said = text(browser(cast.ben).get(reverse("asking:ask")))
        assert f"The organizers of {cast.committee.name}" in said
        assert f"They see your name there: {cast.ben.handle}." in said
        assert said.count("They see no name and no committee") == 2
        assert "May they see where you work?" in said

    def test_the_language_is_there_already_and_the_committee_one_comes_from(self, cast: make.Cast) -> None:
        person = make.person(language="es")
        make.member(cast.committee, by=person)
        page = browser(person).get(reverse("asking:ask"), {"to": own(cast.ben)}).content.decode()
        assert '<option value="es" selected>' in page
        assert re.search(rf'value="{own(cast.ben)}"[^>]* checked', page)
        assert not re.search(rf'value="{own(cast.boss)}"', browser(person).get(reverse("asking:ask"), {"to": own(cast.boss)}).content.decode())

    def test_a_question_is_sent_and_shown(self, cast: make.Cast) -> None:
        there = browser(cast.ben).post(reverse("asking:ask"), typed(to=own(cast.ben)), follow=True)
        assert WORDS in text(there)
        assert "You are told when somebody has answered" in text(there)
        assert WORDS not in there.redirect_chain[0][0]

    def test_the_same_form_sent_again_asks_once_and_with_other_words_these_go_too(self, cast: make.Cast) -> None:
        given, there = typed(to=own(cast.ben)), browser(cast.ben)
        first = there.post(reverse("asking:ask"), given).url  # type: ignore[attr-defined]
        assert there.post(reverse("asking:ask"), given).url == first  # type: ignore[attr-defined]
        changed = there.post(reverse("asking:ask"), given | {"text": "I meant the other gate."}, follow=True)
        assert "I meant the other gate." in text(changed)
        assert Question.objects.count() == 2
        more = typed(text="And the lockers?")
        for words in ("And the lockers?", "And the lockers?", "And the showers?"):
            there.post(first, more | {"text": words})
        assert [each.text for each in queries.said_to(Question.objects.earliest("pk"))] == [WORDS, "And the lockers?", "And the showers?"]

    def test_where_nobody_is_there_any_more_ones_words_are_shown_to_be_copied(self, cast: make.Cast) -> None:
        Person.objects.exclude(pk=cast.ben.person_id).update(is_active=False)
        refused = browser(cast.ben).post(reverse("asking:ask"), typed(to=own(cast.ben)))
        assert refused.status_code == 422
        assert "Your words were not sent." in text(refused)
        assert WORDS in text(refused)

    @pytest.mark.parametrize("missing", ["to", "text", "language"])
    def test_what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(self, cast: make.Cast, missing: str) -> None:
        given = typed(to=above(), language="ne") | {missing: ""}
        refused = browser(cast.ben).post(reverse("asking:ask"), given)
        page = refused.content.decode()
        assert refused.status_code == 422
        assert f'id="id_{missing}_error"' in page
        assert missing == "text" or WORDS in page
        assert missing == "language" or '<option value="ne" selected>' in page
        assert given["form_key"] in page

    def test_beyond_the_limit_nothing_typed_is_lost(self, cast: make.Cast) -> None:
        for _ in range(5):
            ask(cast.ben)
        refused = browser(cast.ben).post(reverse("asking:ask"), typed(to=own(cast.ben), text="A sixth one?"))
        assert refused.status_code == 422
        assert "A sixth one?" in refused.content.decode()
        assert Question.objects.count() == 5

    def test_where_nobody_could_answer_the_page_says_so(self) -> None:
        alone = browser(make.person())
        assert "Nobody is there to answer yet" in text(alone.get(reverse("asking:ask")))
        assert alone.post(reverse("asking:ask"), typed(to=queries.KEEPERS)).status_code == 422

    def test_one_comes_to_it_from_where_people_are_stuck(self, cast: make.Cast) -> None:
        ben, link = browser(cast.ben), f'href="{reverse("asking:ask")}'
        for page in (reverse("home:how"), reverse("people:settings"), cast.committee.get_absolute_url(), reverse("home:today")):
            assert link in ben.get(page).content.decode(), page
        assert ben.get(cast.committee.get_absolute_url()).content.decode().count(f"{link}?to={own(cast.ben)}") == 1
        assert link in browser(cast.dina.person).get(cast.dina.get_absolute_url()).content.decode()
        assert link not in Client().get(reverse("home:how")).content.decode(), "a form without an account is another one"


class TestOnesOwn:
    def test_the_answer_stands_under_a_name_only_in_one_s_own_committee(self, cast: make.Cast, intake: Membership, keeper: Person) -> None:
        for to, who, name in (("", cast.ada, cast.ada.handle), (above(), intake, "An organizer"), (queries.KEEPERS, keeper, "Those who keep the service")):
            made = ask(cast.ben, to)
            answer(made, who)
            said = text(browser(cast.ben).get(made.get_absolute_url()))
            assert "Come to the canteen at noon." in said
            assert name in said
            assert intake.handle not in said
            assert cast.ada.handle in said or who != cast.ada

    def test_nobody_else_finds_it(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        for other in (cast.ada, cast.mo, cast.boss, make.person(is_platform_admin=True)):
            for method in ("get", "post"):
                assert getattr(browser(other), method)(made.get_absolute_url()).status_code == 404

    def test_one_writes_more_closes_it_and_opens_it_again(self, cast: make.Cast) -> None:
        made, ben = ask(cast.ben), browser(cast.ben)
        assert ben.post(made.get_absolute_url(), {"act": "write", "text": "", "language": "en"}).status_code == 422
        ben.post(made.get_absolute_url(), typed(act="write", text="It is tomorrow."))
        assert "It is tomorrow." in text(ben.get(made.get_absolute_url()))
        assert "You closed it." in text(ben.post(made.get_absolute_url(), {"act": "close"}, follow=True))
        assert ben.post(made.get_absolute_url(), {"act": "close"}).status_code == 422
        assert "Waits for an answer" in text(ben.post(made.get_absolute_url(), typed(act="write", text="Again."), follow=True))

    def test_whoever_answered_and_erased_their_account_is_named_no_more(self, cast: make.Cast) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate nine")
        made = ask(cast.ben)
        answer(made, second)
        people.erase(second.person, by=second.person, at=timezone.now())  # type: ignore[arg-type]
        for reader, page in ((cast.ben, made.get_absolute_url()), (cast.ada, made.url_for_answering())):
            said = text(browser(reader).get(page))
            assert "Come to the canteen at noon." in said
            assert "Gate nine" not in said
            assert "Former member" in said

    def test_what_is_written_to_a_closed_one_is_not_lost(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        asking.mark_spam(made, seen=1, by=make.reloaded(cast.ada), at=timezone.now())
        refused = browser(cast.ben).post(made.get_absolute_url(), typed(act="write", text="But I mean it."))
        assert refused.status_code == 422
        assert "But I mean it." in refused.content.decode()
        assert "Those who answer closed it" in text(refused)

    def test_passing_on_is_one_tap_when_it_is_offered(self, cast: make.Cast) -> None:
        made, ben = ask(cast.ben, at=timezone.now() - 97 * HOUR), browser(cast.ben)
        assert "Pass it on" not in text(ben.get(made.get_absolute_url()))
        assert ben.post(made.get_absolute_url(), {"act": "pass_on"}).status_code == 422
        asking.offer(timezone.now())
        assert "Pass it on" in text(ben.get(made.get_absolute_url()))
        there = text(ben.post(made.get_absolute_url(), {"act": "pass_on"}, follow=True))
        assert "To the organizers of the wider committee" in there
        assert "Go to where it is now" in text(ben.get(made.get_absolute_url()))

    def test_whoever_is_suspended_reads_that_the_answers_are_for_members(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        answer(made, cast.ada)
        make.put(cast.ben, Standing.SUSPENDED)
        said = text(browser(cast.ben).get(made.get_absolute_url()))
        assert "Come to the canteen" not in said
        assert cast.ada.handle not in said
        assert cast.committee.name not in said
        assert "You cannot read the answers now" in said


class TestAnswering:
    def test_organizers_see_the_name_of_their_member_and_of_nobody_else(self, cast: make.Cast, intake: Membership, keeper: Person) -> None:
        site = cast.committee.workplace.title  # type: ignore[union-attr]
        pages = {"": cast.ada, above(): intake, queries.KEEPERS: keeper}
        for to, who in pages.items():
            made = ask(cast.ben, to)
            listed = text(browser(who).get(reverse("asking:keeping") if who == keeper else reverse("asking:of_committee", args=[who.committee.slug])))  # type: ignore[union-attr]
            shown = text(browser(who).get(fresh(made).url_for_answering()))
            assert WORDS in shown
            assert WORDS not in listed
            for page in (listed, shown):
                assert (cast.ben.handle in page) == (who == cast.ada)
                assert (cast.committee.name in page) == (who == cast.ada)
                assert site not in page
                assert (f"Question {made.number}" in page) == (who != cast.ada)

    def test_the_workplace_that_was_ticked_is_seen(self, cast: make.Cast, intake: Membership) -> None:
        site = cast.committee.workplace.title  # type: ignore[union-attr]
        assert site in text(browser(intake).get(ask(cast.ben, above(), sites=[site]).url_for_answering()))

    def test_for_everybody_else_and_for_whoever_asked_there_is_no_such_page(self, cast: make.Cast, keeper: Person) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        made, service = ask(second), ask(cast.ben, queries.KEEPERS)
        for other in (second, cast.ben, cast.mo, cast.boss, keeper):
            assert browser(other).get(made.url_for_answering()).status_code == 404
        for other in (second, cast.ada, cast.ben):
            assert browser(other).get(service.url_for_answering()).status_code == 404
        assert browser(cast.boss).get(reverse("asking:case", args=[cast.boss.committee.slug, made.slug])).status_code == 404

    def test_an_organizer_whose_office_ended_sees_nothing_from_the_next_request_on(self, cast: make.Cast) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        made, there = ask(cast.ben), browser(second)
        pages = (made.url_for_answering(), reverse("asking:of_committee", args=[cast.committee.slug]))
        assert [there.get(page).status_code for page in pages] == [200, 200]
        second.terms.update(ends_at=timezone.now())
        assert [there.get(page).status_code for page in pages] == [404, 404]
        assert there.post(pages[0], typed(act="answer", seen="1")).status_code == 404

    def test_that_it_may_be_opened_again_is_said_only_as_long_as_that_is_so(self, cast: make.Cast) -> None:
        said = "Whoever asked may open it again"
        closed, spam = ask(cast.ben), ask(cast.ben)
        for question, close in ((closed, asking.finish), (spam, asking.mark_spam)):
            close(question, seen=1, by=make.reloaded(cast.ada), at=timezone.now())
        ada = browser(cast.ada)
        assert said in text(ada.get(closed.url_for_answering()))
        assert said not in text(ada.get(spam.url_for_answering()))
        Question.objects.filter(pk=closed.pk).update(changed_at=timezone.now() - timedelta(days=31))
        assert said not in text(ada.get(closed.url_for_answering()))

    def test_the_second_of_two_reads_what_the_first_wrote_and_loses_nothing(self, cast: make.Cast) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        made, other = ask(cast.ben), browser(second)
        page = made.url_for_answering()
        given = typed(act="answer", seen="1", text="Ask at gate two.", language="pl")
        browser(cast.ada).post(page, typed(act="answer", seen="1", text="Come at noon."))
        refused = other.post(page, given)
        assert refused.status_code == 422
        shown = refused.content.decode()
        assert "Come at noon." in shown
        assert "Ask at gate two." in shown
        assert '<option value="pl" selected>' in shown
        (seen,) = set(re.findall(r'name="seen" value="(\d+)"', shown))
        assert other.post(page, {**given, "seen": seen}).status_code == 302
        assert made.messages.count() == 3

    def test_an_answer_to_what_was_closed_meanwhile_is_not_lost(self, cast: make.Cast) -> None:
        made = ask(cast.ben)
        asking.close(made, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
        refused = browser(cast.ada).post(made.url_for_answering(), typed(act="answer", seen="1", text="Ask at gate two."))
        assert refused.status_code == 422
        assert "Ask at gate two." in refused.content.decode()

    def test_somebody_is_answering(self, cast: make.Cast) -> None:
        second = make.member(cast.committee, roles=(Role.ORGANIZER,))
        made, ada, other = ask(cast.ben), browser(cast.ada), browser(second)
        page, listed = made.url_for_answering(), reverse("asking:of_committee", args=[cast.committee.slug])
        ada.post(page, {"act": "take"})
        assert f"{cast.ada.handle} is answering" in text(other.get(listed))
        assert "Somebody is answering" in text(other.get(page))
        assert other.post(page, {"act": "take"}).status_code == 422
        ada.post(page, {"act": "give_back"})
        assert "is answering" not in text(other.get(listed))

    @pytest.mark.parametrize("act", ["finish", "spam"])
    def test_what_was_closed_stands_in_the_other_list(self, cast: make.Cast, act: str) -> None:
        made, ada = ask(cast.ben), browser(cast.ada)
        listed = reverse("asking:of_committee", args=[cast.committee.slug])
        assert ada.post(made.url_for_answering(), {"act": act}).status_code == 422, "nobody closes what they have not read"
        assert ada.post(made.url_for_answering(), {"act": act, "seen": "1"}).status_code == 302
        assert cast.ben.handle not in text(ada.get(listed))
        assert cast.ben.handle in text(ada.get(listed, {"which": "rest"}))

    def test_the_oldest_stands_first_and_pages_follow(self, cast: make.Cast) -> None:
        now, ada = timezone.now(), browser(cast.ada)
        for hours in range(25):
            ask(make.member(cast.committee, handle=f"Shift number {hours:02}"), at=now - hours * HOUR)
        listed = reverse("asking:of_committee", args=[cast.committee.slug])
        page = ada.get(listed).content.decode()
        names = re.findall(r'<h2 class="h4"><bdi>(Shift number \d\d)', page)
        assert names == [f"Shift number {hours:02}" for hours in range(24, 4, -1)]
        (older,) = re.findall(r'href="([^"]+)" rel="next"', page)
        assert "Shift number 00" in text(ada.get(older.replace("&amp;", "&") if older.startswith("/") else listed + older))


def cost(there: Client, page: str) -> int:
    there.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert there.get(page).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("who", "page", "most"), [("ada", "of_committee", 5), ("keeper", "keeping", 4), ("ben", "mine", 4), ("ben", "ask", 9)])
def test_lists_cost_the_same_at_one_and_at_three(cast: make.Cast, keeper: Person, who: str, page: str, most: int) -> None:
    there = browser(keeper if who == "keeper" else getattr(cast, who))
    address = reverse(f"asking:{page}", args=[cast.committee.slug] if page == "of_committee" else [])
    costs = []
    for members in ((cast.ben,), (cast.ben, cast.ben) if who == "ben" else (cast.cleo, cast.mo)):
        for member in members:
            ask(member, queries.KEEPERS if who == "keeper" else "")
        costs.append(cost(there, address))
    assert costs[0] == costs[1] <= most


@pytest.mark.parametrize("who", ["asker", "organizer"])
def test_a_conversation_costs_the_same_at_one_word_and_at_three(cast: make.Cast, who: str) -> None:
    made = ask(cast.ben)
    there, page = (browser(cast.ben), made.get_absolute_url()) if who == "asker" else (browser(cast.ada), made.url_for_answering())
    before = cost(there, page)
    answer(made, cast.ada)
    asking.write(made, "And then?", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
    assert cost(there, page) == before <= 6


class TestTheFirstPage:
    def test_what_waits_stands_on_the_page_of_whoever_can_answer(self, cast: make.Cast, intake: Membership, keeper: Person) -> None:
        for who, to in ((cast.ben, ""), (cast.cleo, ""), (cast.ben, above()), (cast.ben, queries.KEEPERS)):
            ask(who, to)
        day = reverse("home:today")
        assert "Answer 2 questions" in text(browser(cast.ada).get(day))
        assert reverse("asking:of_committee", args=[cast.committee.slug]) in browser(cast.ada).get(day).content.decode()
        assert "Answer 1 question" in text(browser(intake).get(day))
        assert "where you keep the service running" in text(browser(keeper).get(day))
        assert {part.words: part.waiting for part in waiting.parts()}["Questions"] == 1
        for other in (cast.ben, cast.mo, cast.boss):
            assert "question" not in text(browser(other).get(day)).replace("What you have asked", "").lower()

    def test_one_s_own_does_not_wait_for_oneself(self, cast: make.Cast) -> None:
        make.member(cast.committee, roles=(Role.ORGANIZER,))
        ask(cast.ada)
        assert "Answer 1 question" not in text(browser(cast.ada).get(reverse("home:today")))

    def test_it_costs_no_statement_more(self, cast: make.Cast) -> None:
        there, day = browser(cast.ada), reverse("home:today")
        before = cost(there, day)
        ask(cast.ben)
        ask(cast.cleo)
        assert cost(there, day) == before <= 12
