""" "We tried this": signed it is somebody's statement, unsigned only ever a number of five and more."""

import pytest
from django.core.cache import cache
from django.test import Client

from hub.members.enums import ShownTo
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.domain import use_records
from hub.practices.enums import Outcome
from hub.practices.models import UseRecord
from tests.factories import MemberProfileFactory, PracticePageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_of_other_tests():
    cache.clear()


@pytest.fixture
def practice():
    return PracticePageFactory(title="The weekly letter")


def browser(user=None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(practice, user=None):
    return browser(user).get(f"/practices/{practice.pk}/tried/")


def unsigned(practice, number, outcome=Outcome.WORKED):
    for _ in range(number):
        use_records.record(practice, user=MemberProfileFactory().user, outcome=outcome, adapted="Quietly changed")


def test_a_member_says_how_it_went_and_changes_it(practice, member):
    form = page(practice, member).context["form"]
    assert form["function"].value() == member.profile.function_id  # offered, theirs to change
    said = {"outcome": "partly", "adapted": "Twice a month.", "is_signed": "on", "function": member.profile.function_id}
    assert browser(member).post(f"/practices/{practice.pk}/tried/", said).status_code == 302
    shown = page(practice, MemberProfileFactory().user).content.decode()
    assert "It worked in part" in shown and "Twice a month." in shown and "Mona Member" in shown
    browser(member).post(f"/practices/{practice.pk}/tried/", {"outcome": "did_not"})
    record = UseRecord.objects.get()
    assert (record.outcome, record.is_signed, record.adapted) == (Outcome.DID_NOT, False, "")
    assert "Mona Member" not in page(practice, MemberProfileFactory().user).content.decode()


def test_saying_nothing_is_told_in_words(practice, member):
    answer = browser(member).post(f"/practices/{practice.pk}/tried/", {"adapted": "Kept"})
    assert answer.status_code == 422
    assert "Say how it went" in answer.content.decode() and "Kept" in answer.content.decode()


@pytest.mark.parametrize(("number", "is_told"), [(4, False), (5, True)])
def test_unsigned_ones_count_only_in_cells_of_five(practice, number, is_told, staff):
    unsigned(practice, number)
    unsigned(practice, 1, Outcome.DID_NOT)
    for viewer in (None, staff):
        shown = page(practice, viewer).content.decode()
        assert (f"{number} more" in shown) is is_told
        assert "1 more" not in shown and "Quietly changed" not in shown and "Robin" not in shown


def test_a_name_that_is_hidden_hides_the_whole_statement(practice, member):
    use_records.record(practice, user=member, outcome=Outcome.WORKED, adapted="Ours alone", is_signed=True)
    assert "Ours alone" not in page(practice).content.decode()  # names are for members
    profile = member.profile
    profile.name_shown_to = ShownTo.ONLY_ME
    profile.save()
    assert "Ours alone" not in page(practice, MemberProfileFactory().user).content.decode()
    assert "Ours alone" in page(practice, member).content.decode()


def test_only_members_and_only_of_what_they_may_read(practice, member):
    hidden = PracticePageFactory(audience=Audience.LEADERS)
    assert page(hidden, member).status_code == 404
    assert browser(member).post(f"/practices/{hidden.pk}/tried/", {"outcome": "worked"}).status_code == 404
    assert browser().post(f"/practices/{practice.pk}/tried/", {"outcome": "worked"}).status_code == 403
    assert browser(UserFactory()).post(f"/practices/{practice.pk}/tried/", {"outcome": "worked"}).status_code == 403
    assert not UseRecord.objects.exists()


def test_writers_hear_of_signed_ones_once_and_of_no_other(practice, leader, member):
    PageSeat.objects.create(page_id=practice.pk, user=leader, role=PageSeatRole.CO_AUTHOR)
    use_records.record(practice, user=member, outcome=Outcome.WORKED)
    assert not Notification.objects.exists()
    for _ in range(2):
        use_records.record(practice, user=member, outcome=Outcome.WORKED, is_signed=True)
    assert Notification.objects.get().user == leader


def test_forgetting_what_one_said(practice, member):
    use_records.record(practice, user=member, outcome=Outcome.WORKED, is_signed=True)
    browser(MemberProfileFactory().user).post(f"/practices/{practice.pk}/tried/forget/")
    assert UseRecord.objects.exists()
    browser(member).post(f"/practices/{practice.pk}/tried/forget/")
    assert not UseRecord.objects.exists()


def test_the_practice_leads_there(practice):
    shown = browser().get(practice.url).content.decode()
    assert f"/practices/{practice.pk}/tried/" in shown and f"/practices/{practice.pk}/suggest/" in shown
