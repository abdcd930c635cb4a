"""The page of dates of a series, and the form in which its rule is chosen."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from hub.members.domain.roles import sync_roles
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from roundtables.domain import planning
from roundtables.forms import SeriesPageForm
from roundtables.models import Occurrence, SeriesPage, SessionPage
from tests.factories import SeriesPageFactory, SessionPageFactory, SessionSeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db):
    sync_roles()


@pytest.fixture
def series():
    """It meets every week at four, from today's weekday on, and is planned two weeks ahead."""
    day = timezone.localdate() + timedelta(days=2)
    rule = f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][day.weekday()]}"
    return SeriesPageFactory(title="Reporting up", rule=rule, starts_on=day, start_time=time(16, 0), weeks_ahead=2)


def browse(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(series):
    return reverse("series_dates", args=[series.pk])


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_what_planning_would_do_is_said_before_it_is_done(client, staff, series):
    page = browse(client, staff).get(address(series)).content.decode()
    assert "Planning now would add 2 sessions" in text_of(page)
    assert page.count("To be planned") == 2
    assert "Planned: 2 new" in client.post(address(series), {"plan": "yes"}, follow=True).content.decode()
    assert "Everything is planned" in client.get(address(series)).content.decode()
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[series.pk])).content.decode()
    assert address(series) in edit


def test_skipping_and_taking_up_a_date(client, staff, series):
    planning.plan_series(series)
    first = SessionPage.objects.child_of(series).order_by("starts_at").first()
    day = Occurrence.objects.get(session=first).day
    browse(client, staff).post(address(series), {"skip": f"{day}"})
    assert not SessionPage.objects.filter(pk=first.pk).exists()
    assert "Skipped" in client.get(address(series)).content.decode()
    client.post(address(series), {"take_up": f"{day}"})
    assert SessionPage.objects.child_of(series).count() == 2
    for wrong in ("yesterday", "2027-02-31", ""):
        assert client.post(address(series), {"skip": wrong}).status_code == 200


def test_every_state_of_a_date_has_its_words(client, staff, series):
    planning.plan_series(series)
    one, other = SessionPage.objects.child_of(series).order_by("starts_at")
    SessionSeatFactory(session=one)
    SessionPageFactory(parent=series, title="By hand")
    series.rule = "FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20990101;INTERVAL=12"
    series.starts_on = date(2027, 1, 1)
    series.save_revision().publish()
    html = text_of(browse(client, staff).get(address(series)).content.decode())
    assert "and kept: One person has a seat or waits for one." in html
    assert "The session is nobody’s yet, and goes with the next planning." in html
    assert "Added by hand, not by the rule." in html
    planning.plan_series(series)
    assert list(SessionPage.objects.filter(pk__in=[one.pk, other.pk])) == [one]


def test_duplicating_leads_into_the_draft(client, staff, series):
    SessionPageFactory(parent=series, title="What a board reads", starts_at=timezone.now() - timedelta(days=7))
    response = browse(client, staff).post(address(series), {"duplicate": "yes"})
    copy = SessionPage.objects.child_of(series).get(live=False)
    assert response.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert copy.title == "What a board reads" and copy.starts_at > timezone.now()


def test_the_dates_are_for_those_who_run_the_series(client, leader, member, series):
    for user, role in ((member, None), (leader, None), (leader, PageSeatRole.REVIEWER)):
        if role:
            PageSeat.objects.create(page_id=series.pk, user=user, role=role)
        assert browse(client, user).post(address(series), {"plan": "yes"}).status_code in (302, 403)
        assert client.get(address(series)).status_code in (302, 403)
    assert not SessionPage.objects.exists()
    PageSeat.objects.filter(user=leader).update(role=PageSeatRole.CO_AUTHOR)
    assert client.post(address(series), {"plan": "yes"}).status_code == 302
    assert SessionPage.objects.count() == 2
    other = SeriesPageFactory()
    assert client.get(address(other)).status_code in (302, 403)


def test_the_list_costs_the_same_for_two_and_for_twenty(client, staff, series, django_assert_max_num_queries):
    browse(client, staff).get(address(series))
    series.weeks_ahead = 20
    series.save_revision().publish()
    with django_assert_max_num_queries(30):
        client.get(address(series))


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        ({"every": "week", "interval": "2", "weekdays": ["TU", "TH"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        ({"every": "month_weekday", "interval": "1", "weekdays": ["TH"], "position": "-1"}, "FREQ=MONTHLY;BYDAY=-1TH"),
        ({"every": "month_day", "interval": "", "month_day": "15", "position": ""}, "FREQ=MONTHLY;BYMONTHDAY=15"),
        (
            {"every": "week", "interval": "1", "weekdays": ["MO"], "until": "2027-06-30"},
            "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270630",
        ),
        ({"every": "rule", "rule": "freq=yearly; bymonth=3"}, "FREQ=YEARLY;BYMONTH=3"),
        ({"every": "", "weekdays": ["MO"], "rule": ""}, ""),
    ],
)
def test_what_is_chosen_in_words_becomes_the_rule(client, staff, chosen, rule):
    series = SeriesPageFactory()
    response, _ = sent(browse(client, staff), series, **chosen)
    assert response.status_code == 302, text_of(response.content.decode())[:3000]
    saved = SeriesPage.objects.get(pk=series.pk).get_latest_revision_as_object()
    assert saved.rule == rule
    again = SeriesPageForm._read_back(saved.rule)
    assert again["every"] == chosen["every"]


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"every": "week", "weekdays": []}, "Tick the weekday"),
        ({"every": "rule", "rule": ""}, "Write the rule"),
        ({"every": "rule", "rule": "FREQ=HOURLY"}, "A rule begins with how often"),
        ({"every": "week", "weekdays": ["MO"], "rule": "FREQ=DAILY"}, "You wrote a rule and chose something else"),
        ({"every": "week", "weekdays": ["MO"], "starts_on": ""}, "Say from which day on"),
        ({"every": "week", "weekdays": ["MO"], "start_time": ""}, "Say at what time"),
        ({"every": "week", "weekdays": ["MO"], "until": "2026-01-01"}, "No day fits"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_beside_its_field(client, staff, chosen, sentence):
    series = SeriesPageFactory()
    response, typed = sent(browse(client, staff), series, **chosen)
    assert response.status_code == 200
    html = response.content.decode()
    assert sentence in unescape(html)
    if typed.get("rule"):
        assert typed["rule"] in html, "what was typed stays"


def sent(client, series, **chosen):
    """The form of the editor, sent with what was chosen."""
    edit = reverse("wagtailadmin_pages:edit", args=[series.pk])
    form = querydict_from_html(client.get(edit).content.decode(), form_id="page-edit-form")
    form = form.copy()
    form.update(nested_form_data({"body": streamfield([])}))  # its blocks are drawn by a script
    values = {"starts_on": "2027-01-01", "start_time": "16:00", "minutes": "75", "weeks_ahead": "4", **chosen}
    for name, value in values.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return client.post(edit, dict(form.lists())), values
