"""Two at once: a message leaves once, and a committee's share is exact."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.notices.models import Notice
from organizing.circulars import commands as circulars
from organizing.circulars import queries, rules
from organizing.circulars.models import Circular
from tests import make
from tests.at_once import at_once
from tests.organizing.circulars.conftest import written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_of_many_who_press_at_once_one_sends() -> None:
    ada = make.reloaded(make.organizer_of(make.committee()))
    draft = written(ada)
    answers = at_once([lambda: circulars.send(draft, seen=draft.changed_at, by=ada, at=timezone.now())] * 6)
    assert sum(isinstance(answer, Circular) for answer in answers) == 1
    assert Notice.objects.filter(kind=queries.SENT).count() == 1


def test_of_many_messages_sent_at_once_no_more_leave_than_the_share() -> None:
    ada = make.reloaded(make.organizer_of(make.committee()))
    drafts = [written(ada) for _each in range(6)]
    answers = at_once([lambda each=each: circulars.send(each, seen=each.changed_at, by=ada, at=timezone.now()) for each in drafts])
    assert sum(isinstance(answer, Circular) for answer in answers) == rules.MOST
    assert Circular.objects.sent().count() == rules.MOST
