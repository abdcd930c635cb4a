"""Searches that people keep, and the alerts of what is new for them."""

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from hub.accounts.enums import Role
from hub.notifications.domain.alerts import send_alerts
from hub.notifications.models import Notification, Preference
from hub.pages.enums import Audience
from search.domain import saved as saving
from search.models import Rhythm, SavedSearch, Told
from tests.factories import PracticePageFactory, TopicFactory, UserFactory
from tests.notifications.world import everybody_wants_mail_at_once

pytestmark = pytest.mark.django_db


def keep(owner, asked="q=sponsor+left", **fields):
    kept = saving.save(owner, QueryDict(asked))
    SavedSearch.objects.filter(pk=kept.pk).update(**fields)
    kept.refresh_from_db()
    return kept


def a_week_later():
    """As if the last look had been a week ago. What was found before is older still."""
    SavedSearch.objects.update(looked_at=F("looked_at") - timedelta(days=8))


def new_for(kept):
    return Notification.objects.filter(user=kept.owner, kind="notifications.search_alert")


def listed(client, kept):
    client.force_login(kept.owner)
    return unescape(client.get(new_for(kept).latest("pk").url).content.decode())


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    def send():
        everybody_wants_mail_at_once()
        with django_capture_on_commit_callbacks(execute=True):
            return send_alerts()

    return send


def test_one_click_keeps_the_question_and_its_choices(client, member):
    topic = TopicFactory(name="Sponsors", slug="sponsors")
    client.force_login(member)
    answer = client.post(reverse("search:save"), {"asked": "q=sponsor+left&topic=sponsors&kind=practice&page=3"})
    kept = SavedSearch.objects.get(owner=member)
    assert answer.url == f"/search/saved/#search-{kept.pk}"
    assert (kept.question, kept.filters) == ("sponsor left", {"kind": ["practice"], "topic": [topic.slug]})
    assert (kept.rhythm, kept.name) == (Rhythm.WEEKLY, "sponsor left, Practices, Sponsors")
    assert kept.get_absolute_url() == "/search/?q=sponsor+left&kind=practice&topic=sponsors"
    page = client.get(answer.url).content.decode()
    assert "sponsor left, Practices, Sponsors" in page and "Sponsors</span>" in page


def test_the_same_search_is_kept_once_and_says_so(client, member):
    keep(member, "q=sponsor&kind=practice&kind=report")
    client.force_login(member)
    page = client.post(reverse("search:save"), {"asked": "kind=report&q=Sponsor&kind=practice"}, follow=True)
    assert "saved this search already" in page.content.decode()
    assert SavedSearch.objects.count() == 1


def test_there_is_room_for_fifty_and_nothing_cannot_be_kept(member):
    for number in range(saving.MOST):
        keep(member, f"q=number{number}")
    with pytest.raises(saving.Refused, match="Delete one"):
        keep(member, "q=one more")
    for nothing in ("", "q=+", "topic=unknown", "page=2"):
        with pytest.raises(saving.Refused, match="nothing to keep"):
            keep(UserFactory(), nothing)


def test_name_rhythm_pause_and_delete_are_the_owners(client, member):
    kept = keep(member)
    path = reverse("search:saved_change", args=[kept.pk])
    client.force_login(UserFactory(role=Role.STAFF))
    assert client.post(path, {"name": "Mine"}).status_code == 404
    assert client.post(reverse("search:saved_delete", args=[kept.pk])).status_code == 404
    client.force_login(member)
    client.post(path, {"name": "  When they\x00 leave ", "rhythm": "daily"})
    kept.refresh_from_db()
    assert (kept.name, kept.rhythm) == ("When they leave", Rhythm.DAILY)
    client.post(path, {"name": "", "rhythm": "hourly"})
    client.post(path, {"do": "pause"})
    kept.refresh_from_db()
    assert (kept.name, kept.rhythm, kept.is_paused) == ("When they leave", Rhythm.DAILY, True)
    assert "Resume alerts" in client.get("/search/saved/").content.decode()
    client.post(path, {"do": "resume"})
    kept.refresh_from_db()
    assert not kept.is_paused
    client.post(reverse("search:saved_delete", args=[kept.pk]))
    assert not SavedSearch.objects.exists()


def test_visitors_are_asked_to_log_in_and_offered_nothing(client):
    assert "/accounts/login/" in client.get("/search/saved/").url
    assert "/accounts/login/" in client.post(reverse("search:save"), {"asked": "q=x"}).url
    assert "Save this search" not in client.get("/search/?q=sponsor").content.decode()


def test_what_is_new_is_told_once_by_mail_and_in_the_inbox(client, member, sent):
    PracticePageFactory(title="The sponsor left long ago")
    kept = keep(member)
    a_week_later()
    PracticePageFactory(title="Our sponsor left last week")
    PracticePageFactory(title="A sponsor who stays")  # only some of the words
    assert sent().told == 1 and sent().told == 0
    assert new_for(kept).get().text == "One new thing for “sponsor left”"
    [message] = mail.outbox
    html = message.alternatives[0][0]
    for body in (message.body, html):
        assert "Our sponsor left last week" in body and "long ago" not in body and "stays" not in body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Our sponsor left last week" in listed(client, kept)


def test_edits_are_no_news_and_what_opens_up_is(member, sent):
    page = PracticePageFactory(title="Our sponsor left")
    hidden = PracticePageFactory(title="Their sponsor left", audience=Audience.STAFF)
    kept = keep(member)
    a_week_later()
    page.gist = "Said better."
    page.save_revision().publish()
    assert sent().told == 0
    a_week_later()
    hidden.audience = Audience.MEMBERS
    hidden.save_revision().publish()
    assert sent().told == 1
    a_week_later()
    hidden.audience = Audience.PUBLIC  # the member had been told
    hidden.save_revision().publish()
    page.unpublish()
    assert sent().told == 0
    assert Told.objects.filter(search=kept, alert__isnull=False).count() == 1


def test_a_change_that_was_committed_late_is_not_lost(member, sent):
    kept = keep(member)
    a_week_later()
    sent()
    page = PracticePageFactory(title="The sponsor left")
    from search.models import Entry

    before = SavedSearch.objects.get(pk=kept.pk).looked_at - timedelta(minutes=5)
    Entry.objects.filter(source_id=page.pk).update(findable_since=before)
    SavedSearch.objects.update(rhythm=Rhythm.DAILY)
    a_day = timezone.now() + timedelta(days=1)
    assert saving.collect(saving.due(a_day).get(), a_day) is not None


def test_only_what_its_owner_may_find_when_it_is_sent_and_when_it_is_shown(client, member, sent):
    kept = keep(member)
    a_week_later()
    open_page = PracticePageFactory(title="A sponsor left us")
    PracticePageFactory(title="SECRET sponsor left", audience=Audience.STAFF)
    assert sent().told == 1
    assert "SECRET" not in mail.outbox[0].body + mail.outbox[0].alternatives[0][0]
    open_page.audience = Audience.STAFF
    open_page.save_revision().publish()
    page = listed(client, kept)
    assert "A sponsor left us" not in page and "no longer there" in page
    client.force_login(member)
    assert "A sponsor left us" not in client.get("/my-hub/notifications/").content.decode()
    client.force_login(UserFactory(role=Role.STAFF))
    other = client.get(new_for(kept).get().url, follow=True)
    assert other.redirect_chain == [("/search/saved/", 302)]
    assert "sponsor" not in other.content.decode()


def test_news_outlives_its_search_and_leads_on(client, member, sent):
    kept = keep(member)
    a_week_later()
    PracticePageFactory(title="Our sponsor left")
    sent()
    told = new_for(kept).get()
    client.force_login(member)
    client.post(reverse("search:saved_delete", args=[kept.pk]))
    gone = client.get(told.get_absolute_url(), follow=True)
    never = client.get("/search/saved/news/987654321/", follow=True)
    assert gone.redirect_chain[-1] == never.redirect_chain[-1] == ("/search/saved/", 302)
    assert "is not among yours any more" in gone.content.decode()
    assert gone.content.decode().count("Our sponsor left") == 0


def test_what_is_hidden_between_telling_and_mailing_is_not_mailed(member, django_capture_on_commit_callbacks):
    keep(member)
    a_week_later()
    page = PracticePageFactory(title="A sponsor left us")
    everybody_wants_mail_at_once()
    with django_capture_on_commit_callbacks() as waiting:
        assert send_alerts().told == 1
    page.unpublish()
    for callback in waiting:
        callback()
    assert mail.outbox == []


def test_roles_count_as_they_are_when_it_is_sent(sent):
    person = UserFactory(role=Role.MEMBER)
    keep(person)
    a_week_later()
    PracticePageFactory(title="Our sponsor left", audience=Audience.MEMBERS)
    person.groups.clear()
    assert sent().told == 0
    keep(person, "q=sponsor")
    a_week_later()
    PracticePageFactory(title="The sponsor left for all")
    person.is_active = False
    person.save()
    assert sent().looked == 0
    person.delete()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("off", [{"is_paused": True}, {"rhythm": Rhythm.NEVER}])
def test_no_alerts_while_they_are_off_and_no_flood_afterwards(off, member, sent):
    kept = keep(member, **off)
    a_week_later()
    PracticePageFactory(title="Our sponsor left")
    assert sent().looked == 0
    saving.resume(kept)
    saving.change(kept, name="", rhythm=Rhythm.DAILY)
    a_day = timezone.now() + timedelta(days=1)
    assert saving.due(a_day).get() == kept
    assert saving.collect(saving.due(a_day).get(), a_day) is None


def test_daily_and_weekly_keep_their_rhythm(member):
    keep(member, "q=daily", rhythm=Rhythm.DAILY)
    keep(member, "q=weekly")
    now = timezone.now()
    for days, names in ((0.5, set()), (1, {"daily"}), (6, {"daily"}), (7, {"daily", "weekly"})):
        assert {one.name for one in saving.due(now + timedelta(days=days))} == names


def test_a_choice_that_is_gone_widens_no_alert(member, sent):
    TopicFactory(slug="sponsors")
    keep(member, "q=sponsor&topic=sponsors")
    a_week_later()
    from hub.taxonomy.models import Topic

    Topic.objects.all().delete()
    PracticePageFactory(title="Our sponsor left")
    assert sent().told == 0


def test_who_does_not_want_the_mail_finds_it_in_the_inbox(member, sent):
    Preference.objects.create(user=member, kind="notifications.search_alert", timing="never")
    kept = keep(member)
    a_week_later()
    PracticePageFactory(title="Our sponsor left")
    assert sent().told == 1
    assert mail.outbox == [] and new_for(kept).count() == 1


def test_a_run_that_breaks_off_tells_the_same_next_time(member, sent, monkeypatch):
    from hub.notifications.domain import alerts

    kept = keep(member)
    a_week_later()
    PracticePageFactory(title="Our sponsor left")
    with monkeypatch.context() as broken:
        broken.setattr(alerts.news, "tell", lambda *args, **kwargs: 1 / 0)
        assert sent().failed == 1
    assert not Told.objects.filter(search=kept, alert__isnull=False).exists()
    assert sent().told == 1


def test_the_command_says_what_it_did(member, capsys):
    keep(member)
    a_week_later()
    call_command("send_search_alerts")
    assert "Looked at 1 saved searches; 0 had something new." in capsys.readouterr().out


def test_saving_and_the_list_cost_the_same_for_few_and_many(client, member, django_assert_max_num_queries):
    for number in range(20):
        TopicFactory(slug=f"t{number}")
        keep(member, f"q=word{number}&topic=t{number}")
    client.force_login(member)
    client.get("/search/saved/")
    with django_assert_max_num_queries(7):
        assert client.get("/search/saved/").status_code == 200
