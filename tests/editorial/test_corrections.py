"""Corrections: dated, public, for good; and the page as it was before, for those who could read it then."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hub.accounts.enums import Role
from hub.editorial.models import Byline, Correction
from hub.pages.enums import Audience
from hub.practices.models import PracticePage
from tests.editorial.world import client_of, edit_url, form_of, person, seat
from tests.factories import PracticePageFactory, SessionPageFactory

pytestmark = pytest.mark.django_db


def correct(page, text="It was 12, not 21.", **changes):
    """Publish an edit that corrects something."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    page.correction = text
    page.save_revision().publish()
    return Correction.objects.filter(page_id=page.pk).first()


@pytest.fixture
def page(db):
    page = PracticePageFactory(
        title="Sponsors", gist="21 of them left.", problem=[("text", "<p>We had <b>21</b>.</p>")]
    )
    page.bylines = [Byline(external_name="Olive Outside")]
    page.save_revision().publish()
    return page


def test_a_correction_is_published_with_the_edit_and_leads_to_the_text_before(page, client):
    correction = correct(page, gist="12 of them left.", problem=[("text", "<p>We had 12.</p>")])
    html = client.get(page.url).content.decode()
    assert "It was 12, not 21." in html and "Corrected on" in html
    earlier = client.get(correction.get_absolute_url()).content.decode()
    assert "21 of them left." in earlier and "We had 21." in earlier and "We had 12." not in earlier
    assert PracticePage.objects.get(pk=page.pk).corrected_on == timezone.localdate()


def test_a_correction_waits_in_the_draft_and_is_made_once(page):
    author = person("Ada Author", Role.LEADER)
    seat(page, author)
    client = client_of(author)
    client.post(edit_url(page), form_of(page, correction="It was 12."))
    assert not Correction.objects.exists()
    page.refresh_from_db()
    page.latest_revision.publish()
    assert Correction.objects.get().text == "It was 12."
    again = form_of(page, gist="Another edit")
    assert "It was 12." not in client.get(edit_url(page)).content.decode()
    client.post(edit_url(page), again)
    PracticePage.objects.get(pk=page.pk).latest_revision.publish()
    assert Correction.objects.count() == 1
    PracticePage.objects.get(pk=page.pk).revisions.order_by("pk")[1].publish()  # the one that held it
    assert Correction.objects.count() == 1


def test_a_draft_that_was_never_published_has_nothing_to_correct(db):
    page = PracticePageFactory(live=False, correction="Too early")
    page.save_revision().publish()
    assert not Correction.objects.exists() and PracticePage.objects.get().correction == ""


def test_it_can_be_neither_changed_nor_deleted_and_goes_with_the_page(page):
    correction = correct(page)
    correction.text = "Nothing happened."
    for do in (correction.save, correction.delete, Correction.objects.all().delete):
        with pytest.raises(TypeError, match="Publish another one"):
            do()
    assert Correction.objects.get().text == "It was 12, not 21."
    page.delete()
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("before", "after"), [(Audience.MEMBERS, Audience.PUBLIC), (Audience.PUBLIC, Audience.MEMBERS)]
)
def test_what_was_or_is_for_members_is_read_by_members_only(page, before, after, member, client):
    page.audience = before
    page.save_revision().publish()
    correction = correct(page, audience=after)
    assert client.get(correction.get_absolute_url()).status_code == 404
    assert "It was 12" not in client.get(page.url, follow=True).content.decode()
    client.force_login(member)
    assert client.get(correction.get_absolute_url()).status_code == 200
    assert "It was 12" in client.get(page.url).content.decode()


def test_names_speakers_and_notes_are_in_no_earlier_text(client, db):
    session = SessionPageFactory(
        title="A talk",
        body=[
            ("quote", {"text": "We waited.", "attribution": "Nadia Named", "mode": "named"}),
            ("quote", {"text": "So did we.", "described_as": "a head of volunteering", "mode": "described"}),
            ("resource", {"title": "A handbook", "url": "https://example.org/secret", "note": "Good."}),
        ],
        notes=[("text", "<p>Said in the room</p>")],
    )
    session.bylines = [Byline(external_name="Gus Guest", role="guest")]
    session.save_revision().publish()
    correction = correct(session, body=[])
    html = client.get(correction.get_absolute_url()).content.decode()
    assert "We waited." in html
    for kept in ("Nadia", "head of volunteering", "Said in the room", "Gus Guest", "example.org/secret"):
        assert kept not in html + str(correction.before)
