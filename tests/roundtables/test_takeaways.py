"""Takeaways on the pages of the site: written down, checked by those who were there and by nobody else, published."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from hub.accounts.enums import Role
from hub.editorial.models import Byline
from hub.members.domain.roles import sync_roles
from hub.members.enums import ShownTo
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.models import PracticePage
from roundtables.domain import origins, takeaways
from roundtables.domain.takeaways import TakeawayRefused
from roundtables.enums import Answer, Attribution, AttributionMode, SeatRole, SeatState, TakeawayState
from roundtables.models import PracticeOrigin, SessionSeat, Takeaway, TakeawayAnswer, TakeawayNudge
from roundtables.rules import may_read_notes
from search.models import Entry
from tests.factories import MemberProfileFactory, SessionPageFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db):
    sync_roles()


def held(mode=AttributionMode.OPEN, *, hours=3, audience=Audience.PUBLIC, people=6, **fields):
    """A session that is over: a host who writes its page, and `people` in all who were there."""
    start = timezone.now() - timedelta(hours=hours)
    session = SessionPageFactory(
        title=fields.pop("title", "Reporting up"), starts_at=start, ends_at=start + timedelta(hours=1),
        attribution_mode=mode, audience=audience, **fields,
    )  # fmt: skip
    session.host = MemberProfileFactory(user=UserFactory(role=Role.LEADER), name="Hope Hostess", slug=uuid.uuid4().hex)
    PageSeat.objects.create(page_id=session.pk, user=session.host.user, role=PageSeatRole.CO_AUTHOR)
    SessionSeat.objects.create(session=session, profile=session.host, role=SeatRole.HOST)
    session.guests = [
        MemberProfileFactory(name=f"Gia{n} Guestley{n}", slug=uuid.uuid4().hex) for n in range(people - 1)
    ]
    for one in session.guests:
        SessionSeat.objects.create(session=session, profile=one)
    return session


def browse(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def checking(session, statement="A page that ends in a question gets an answer.", **fields):
    made = takeaways.draft(session, by=session.host.user, statement=statement, **fields)
    takeaways.send_to_check(session, by=session.host.user)
    made.refresh_from_db()
    return made


def published(session, **fields):
    made = checking(session, **fields)
    for profile in session.guests:
        takeaways.answer(made, by=profile.user, seen=made.version, said=Answer.CONFIRMS)
    return takeaways.publish(made, by=session.host.user)


def asked(user):
    return Notification.objects.filter(user=user, kind="roundtables.takeaways_to_check")


def test_from_a_draft_to_what_the_search_finds(client):
    session = held(many={"topics": [TopicFactory(name="Boards", slug="boards")]})
    desk, check = (
        reverse(f"roundtables:{name}", args=[session.pk]) for name in ("takeaway_desk", "check_takeaways")
    )  # fmt: skip
    browse(client, session.host.user)
    assert "Write down what it came to" in client.get(session.get_url()).content.decode()
    typed = {"statement": "A page that ends in a question gets an answer.", "attribution": "table"}
    client.post(desk, typed)
    client.post(desk, {**typed, "statement": "Name one member. Never two."})
    assert not asked(session.guests[0].user).exists()
    client.post(reverse("roundtables:takeaways_send", args=[session.pk]))
    client.post(reverse("roundtables:takeaways_send", args=[session.pk]))
    assert [asked(one.user).count() for one in session.guests] == [1] * 5, "one for both drafts, however often sent"
    assert not asked(session.host.user).exists(), "nobody is told what they did themselves"
    first, second = Takeaway.objects.order_by("pk")
    assert "lies" not in client.get(first.get_absolute_url()).content.decode()
    for profile in session.guests:
        browse(client, profile.user)
        assert "Check 2 takeaways" in client.get(session.get_url()).content.decode()
        answers = {f"line-{one.pk}-seen": one.version for one in (first, second)}
        answers[f"line-{first.pk}-said"] = "confirms"
        assert client.post(check, answers).status_code == 302
    browse(client, session.host.user)
    assert "6 of 6 said yes" in client.get(desk).content.decode()
    for one in (first, second):
        client.post(reverse("roundtables:takeaway_publish", args=[one.pk]))
        one.refresh_from_db()
    assert (first.state, second.state) == (TakeawayState.PUBLISHED, TakeawayState.CHECKING), "the second has a week"
    client.logout()
    for address in (session.get_url(), reverse("roundtables:takeaways"), first.get_absolute_url()):
        html = client.get(address).content.decode()
        assert first.statement in html and "Checked by all 6 who were there" in html
        assert second.statement not in html
    found = client.get("/search/", {"q": "question answer", "kind": "takeaway", "topic": "boards"}).content.decode()
    assert first.get_absolute_url() in found
    assert client.get(f"/search/close/takeaway/{first.pk}/").status_code == 200
    assert client.get(f"/search/close/takeaway/{second.pk}/").status_code == 404


def test_a_number_below_five_points_at_nobody(client):
    small, few = held(people=3), held(people=8)
    for session in (small, few):
        made = checking(session)
        Takeaway.objects.update(check_until=timezone.now() - timedelta(minutes=1))
        takeaways.publish(made, by=session.host.user)
        html = client.get(made.get_absolute_url()).content.decode()
        assert "fewer than five" in html and "by 1 of" not in html and "of the 3" not in html
    assert "the 8 who were there" in html


def outsiders(session):
    """Everybody who was not there, each for a reason of their own."""

    def with_seat(**fields):
        profile = MemberProfileFactory()
        SessionSeat.objects.create(session=session, profile=profile, **fields)
        return profile.user

    closed = MemberProfileFactory()
    SessionSeat.objects.create(session=session, profile=closed)
    closed.user.is_active = False
    closed.user.save()
    return {
        "stranger": UserFactory(),
        "member": MemberProfileFactory().user,
        "leader": MemberProfileFactory(user=UserFactory(role=Role.LEADER)).user,
        "staff": MemberProfileFactory(user=UserFactory(role=Role.STAFF)).user,
        "superuser": UserFactory(is_superuser=True, is_staff=True),
        "waitlisted": with_seat(state=SeatState.WAITLISTED),
        "cancelled": with_seat(state=SeatState.CANCELLED),
        "declared absent": with_seat(attended=False),
        "closed account": closed.user,
    }


@pytest.mark.parametrize("mode", AttributionMode.values)
def test_whoever_was_not_there_is_refused_at_every_door(client, mode):
    session, other = held(mode), held(mode, title="Another table")
    line, elsewhere = checking(session), checking(other)
    guest = session.guests[0]
    told = TakeawayAnswer.objects.count()
    check = reverse("roundtables:check_takeaways", args=[session.pk])
    forged = {f"line-{line.pk}-seen": 1, f"line-{line.pk}-said": "objects", f"line-{line.pk}-text": "No."}
    for who, user in outsiders(session).items():
        for act in (
            lambda user=user: takeaways.answer(line, by=user, seen=1, said=Answer.CONFIRMS),
            lambda user=user: takeaways.answer(line, by=user, seen=1, said=Answer.OBJECTS, text="No."),
            lambda user=user: takeaways.agree_to_be_told(line, by=user, seen=1),
            lambda user=user: takeaways.leave_me_out(line, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()
        if user.is_active:
            browse(client, user)
        else:
            client.logout()
        assert client.get(check).status_code in (302, 404), who
        assert client.post(check, forged).status_code in (302, 404), who
        leave = reverse("roundtables:takeaway_leave_me_out", args=[line.pk])
        assert client.post(leave).status_code in (302, 404), who
        for address in (session.get_url(), reverse("roundtables:takeaways"), "/my-hub/"):
            html = client.get(address).content.decode()
            assert check not in html and (line.statement not in html or user.is_superuser), (who, address)
    client.logout()
    assert client.get(check).status_code == client.post(check, forged).status_code == 302
    # Who was at one table has no say at another, whatever they put into their own form.
    browse(client, guest.user)
    here = {f"line-{elsewhere.pk}-seen": 1, f"line-{elsewhere.pk}-said": "objects", f"line-{elsewhere.pk}-text": "No."}
    here |= {f"line-{line.pk}-seen": 1}
    client.post(check, here)
    assert TakeawayAnswer.objects.count() == told
    client.post(check, {**forged})
    assert TakeawayAnswer.objects.count() == told + 1, "the same post, from somebody who was there"


def test_the_editor_has_no_door_to_takeaways():
    """Neither a list of them nor a form: what is not registered there cannot be opened, whoever one is."""

    def names(resolver, inner=""):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern, f"{inner}{pattern.namespace or ''}:")
            else:
                yield f"{inner}{pattern.name}"

    everything = set(names(get_resolver()))
    assert not [name for name in everything if re.search("takeaway|commitment", name) and "admin" in name]
    for model in ("takeaway", "takeawayanswer", "commitment", "followup"):
        with pytest.raises(NoReverseMatch):
            reverse(f"wagtailsnippets_roundtables_{model}:list")


def test_other_words_make_every_yes_void_and_ask_again_once():
    session = held()
    line = checking(session)
    for profile in session.guests:
        takeaways.answer(line, by=profile.user, seen=1, said=Answer.CONFIRMS)
    assert takeaways.why_not_publish(line) == ""
    line = takeaways.reword(line, by=session.host.user, seen=1, statement="A question gets an answer.")
    assert takeaways.count(line).confirmed == 1, "only whoever wrote the new words, and was there"
    assert [asked(one.user).count() for one in session.guests] == [2] * 5
    with pytest.raises(TakeawayRefused, match="still have time"):
        takeaways.publish(line, by=session.host.user)
    with pytest.raises(TakeawayRefused, match="worded anew"):
        takeaways.answer(line, by=session.guests[0].user, seen=1, said=Answer.CONFIRMS)
    takeaways.reword(line, by=session.host.user, seen=2, statement="A question gets an answer.")
    assert asked(session.guests[0].user).count() == 2, "the same words are no other words"


def test_an_objection_stops_its_own_line_until_it_is_taken_back(client):
    session = held()
    first, second = checking(session, "One."), checking(session, "Two.")
    objector = session.guests[0]
    takeaways.answer(first, by=objector.user, seen=1, said=Answer.OBJECTS, text="Nobody said that.")
    told = Notification.objects.filter(kind="roundtables.takeaway_answered")
    assert [one.user for one in told] == [session.host.user]
    assert objector.name not in told[0].text + told[0].detail and "Nobody said that." in told[0].detail
    html = browse(client, session.host.user).get(reverse("roundtables:takeaway_desk", args=[session.pk]))
    assert "Nobody said that." in html.content.decode() and objector.name not in re.sub(
        r"<select.*?</select>", "", html.content.decode(), flags=re.S
    )
    Takeaway.objects.update(check_until=timezone.now() - timedelta(minutes=1))
    assert takeaways.publish(second, by=session.host.user).state == TakeawayState.PUBLISHED
    with pytest.raises(TakeawayRefused, match="objects"):
        takeaways.publish(first, by=session.host.user)
    first = takeaways.reword(first, by=session.host.user, seen=1, statement="One, perhaps.")
    Takeaway.objects.filter(pk=first.pk).update(check_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(TakeawayRefused, match="objects"):
        takeaways.publish(first, by=session.host.user)
    takeaways.answer(first, by=objector.user, seen=2, said=Answer.CONFIRMS)
    takeaways.publish(first, by=session.host.user)


def test_a_name_needs_the_yes_of_whoever_has_it_and_goes_when_they_say_so(client):
    session = held()
    speaker = session.guests[0]
    speaker.name_shown_to = ShownTo.PUBLIC
    speaker.save()
    line = checking(session, attribution=Attribution.NAMED, speaker=speaker)
    check = reverse("roundtables:check_takeaways", args=[session.pk])
    assert speaker.name not in browse(client, session.guests[1].user).get(check).content.decode()
    with pytest.raises(PermissionDenied):
        takeaways.agree_to_be_told(line, by=session.guests[1].user, seen=1)
    said = {f"line-{line.pk}-seen": 1, f"line-{line.pk}-said": "confirms", f"line-{line.pk}-named": "on"}
    browse(client, speaker.user).post(check, said)
    for profile in session.guests[1:]:
        takeaways.answer(line, by=profile.user, seen=1, said=Answer.CONFIRMS)
    takeaways.publish(line, by=session.host.user)
    client.logout()
    places = (line.get_absolute_url(), reverse("roundtables:takeaways"), session.get_url())
    assert all(speaker.name in client.get(place).content.decode() for place in places[:2])
    assert line.get_absolute_url() in client.get("/search/", {"q": "Guestley0", "kind": "takeaway"}).content.decode()
    browse(client, speaker.user).post(reverse("roundtables:takeaway_leave_me_out", args=[line.pk]))
    client.logout()
    for place in (*places[:2], "/search/?q=Guestley0&kind=takeaway"):
        html = client.get(place).content.decode()
        assert speaker.name not in html
    assert not Entry.objects.filter(kind="takeaway", people_text__icontains="Guestley0").exists()
    line.refresh_from_db()
    assert (line.attribution, line.speaker) == (Attribution.MEMBER, None)


def test_a_stricter_rule_names_nobody_any_more(client):
    session = held()
    speaker = session.guests[0]
    line = checking(session, attribution=Attribution.NAMED, speaker=speaker)
    takeaways.agree_to_be_told(line, by=speaker.user, seen=1)
    for profile in session.guests:
        takeaways.answer(line, by=profile.user, seen=1, said=Answer.CONFIRMS)
    takeaways.publish(line, by=session.host.user)
    assert Entry.objects.get(kind="takeaway", scope="members").people == [speaker.name]
    session.attribution_mode = AttributionMode.CHATHAM_HOUSE
    session.save_revision().publish()
    line.refresh_from_db()
    assert line.speaker is None
    assert {tuple(one.people) for one in Entry.objects.filter(kind="takeaway", is_deleted=False)} == {()}
    session.attribution_mode = AttributionMode.PRIVATE
    session.save_revision().publish()
    assert not Entry.objects.filter(kind="takeaway", is_deleted=False).exists()


@pytest.mark.parametrize("text", ["As Gia1 Guestley1 said.", "At Wexelbury Hospitals it works.", "Ola Outsider knew."])
def test_where_nobody_is_named_no_text_names_anybody(text):
    session = held(AttributionMode.CHATHAM_HOUSE, organiser="Wexelbury Hospitals")
    Byline.objects.create(page=session, external_name="Ola Outsider", role="guest")
    with pytest.raises(TakeawayRefused, match="names somebody"):
        takeaways.draft(session, by=session.host.user, statement=text)
    line = checking(session)
    with pytest.raises(TakeawayRefused, match="names somebody"):
        takeaways.answer(line, by=session.guests[0].user, seen=1, said=Answer.OBJECTS, text=text)


def test_what_is_told_follows_the_audience_of_its_session(client, member, leader, staff):
    lines = {audience: published(held()) for audience in Audience}
    for audience, line in lines.items():
        line.session.audience = audience
        line.session.save()
    private = published(held(AttributionMode.PRIVATE))
    for user, role in ((None, 0), (member, 10), (leader, 20), (staff, 30)):
        if user is not None:
            browse(client, user)
        listed = client.get(reverse("roundtables:takeaways")).content.decode()
        for audience, line in lines.items():
            expected = audience <= role
            assert (client.get(line.get_absolute_url()).status_code == 200) is expected
            assert (line.get_absolute_url() in listed) is expected
        assert private.get_absolute_url() not in listed
        assert client.get(private.get_absolute_url()).status_code == 404
        for line in (*lines.values(), private):
            session = line.session
            said = session.is_visible_to(user) and may_read_notes(session, user)
            assert Takeaway.objects.readable_by(user).filter(pk=line.pk).exists() is said
    browse(client, private.session.seats.first().profile.user)
    assert client.get(private.get_absolute_url()).status_code == 200
    assert "fewer" not in client.get(private.session.get_url()).content.decode()
    public = lines[Audience.PUBLIC]
    section = public.session
    section.audience = Audience.STAFF
    section.save()
    assert Entry.objects.get(kind="takeaway", source_id=public.pk, is_deleted=False).scope == "staff"
    section.unpublish()
    assert not Entry.objects.filter(kind="takeaway", source_id=public.pk, is_deleted=False).exists()
    client.logout()
    assert client.get(public.get_absolute_url()).status_code == 404


def test_what_was_published_is_corrected_and_withdrawn_for_all_to_see(client):
    session = held()
    line = published(session)
    browse(client, session.host.user)
    edit = reverse("roundtables:takeaway_edit", args=[line.pk])
    client.post(edit, {"statement": "A short page gets an answer.", "attribution": "table"})
    new = Takeaway.objects.get(replaces=line)
    assert client.post(edit, {"statement": "Again.", "attribution": "table"}).status_code == 422
    client.post(reverse("roundtables:takeaways_send", args=[session.pk]))
    line.refresh_from_db()
    assert line.state == TakeawayState.PUBLISHED, "it stands until the correction was checked"
    for profile in session.guests:
        takeaways.answer(new, by=profile.user, seen=1, said=Answer.CONFIRMS)
    client.post(reverse("roundtables:takeaway_publish", args=[new.pk]))
    client.logout()
    html = client.get(line.get_absolute_url()).content.decode()
    assert "Withdrawn on" in html and new.get_absolute_url() in html
    listed = client.get(reverse("roundtables:takeaways")).content.decode()
    assert new.get_absolute_url() in listed and line.get_absolute_url() not in listed
    withdraw = reverse("roundtables:takeaway_withdraw", args=[new.pk])
    browse(client, session.host.user)
    assert client.post(withdraw, {"why": ""}).status_code == 422
    client.post(withdraw, {"why": "It did not hold."})
    client.logout()
    assert "It did not hold." in client.get(new.get_absolute_url()).content.decode()
    assert not Entry.objects.filter(kind="takeaway", is_deleted=False).exists()


def test_hosts_are_nudged_once_and_only_where_nothing_is_written():
    silent, said, new, long_ago = held(hours=30), held(hours=30), held(hours=5), held(hours=24 * 30)
    takeaways.draft(said, by=said.host.user, statement="So.")
    for _ in range(2):
        call_command("follow_up_sessions")
    told = Notification.objects.filter(kind="roundtables.takeaways_missing")
    assert [one.user for one in told] == [silent.host.user]
    assert set(TakeawayNudge.objects.values_list("session", flat=True)) == {silent.pk}
    assert new.pk and long_ago.pk


def test_whoever_runs_it_hears_once_that_the_week_is_over():
    session = held()
    for words in ("One.", "Two."):
        takeaways.draft(session, by=session.host.user, statement=words)
    takeaways.send_to_check(session, by=session.host.user)
    call_command("follow_up_sessions")
    ready = Notification.objects.filter(kind="roundtables.takeaways_ready")
    assert not ready.exists()
    Takeaway.objects.update(check_until=timezone.now() - timedelta(minutes=1))
    for _ in range(3):
        call_command("follow_up_sessions")
    assert [one.user for one in ready] == [session.host.user] and "2 takeaways are checked" in ready[0].text


def test_a_practice_is_made_of_it_and_keeps_where_it_came_from(client, member):
    line = published(held(AttributionMode.CHATHAM_HOUSE), detail="Four of us had sent both.")
    browse(client, member)
    key, address = uuid.uuid4(), reverse("roundtables:takeaway_practice", args=[line.pk])
    assert str(address) in client.get(line.get_absolute_url()).content.decode()
    for _ in range(2):
        answer = client.post(address, {"key": key}, follow=True)
    assert line.statement in answer.content.decode()
    practice = PracticePage.objects.get(owner=member)
    assert PracticeOrigin.objects.get().takeaway == line
    assert practice.pk not in [page.pk for page in origins.made_of(line, member)], "a draft is nobody else's to know"
    practice.get_latest_revision().publish()
    html = client.get(PracticePage.objects.get(pk=practice.pk).get_url()).content.decode()
    assert "It began with a takeaway" in html and line.get_absolute_url() in html
    assert practice.title in client.get(line.get_absolute_url()).content.decode()
    for profile in (*line.session.seats.all(),):
        assert profile.profile.name not in html
    session = line.session
    session.attribution_mode = AttributionMode.PRIVATE
    session.save_revision().publish()
    html = client.get(PracticePage.objects.get(pk=practice.pk).get_url()).content.decode()
    assert "It began with a takeaway" not in html and line.get_absolute_url() not in html


def test_nothing_of_a_private_session_becomes_a_practice():
    line = published(held(AttributionMode.PRIVATE))
    with pytest.raises(PermissionDenied):
        origins.make_practice(line, by=line.session.seats.first().profile.user, key=uuid.uuid4())


def test_what_was_typed_stays_and_what_is_right_is_kept(client):
    session = held()
    first, second = checking(session, "One."), checking(session, "Two.")
    check = reverse("roundtables:check_takeaways", args=[session.pk])
    browse(client, session.guests[0].user)
    sent = {f"line-{one.pk}-seen": 1 for one in (first, second)}
    sent |= {f"line-{first.pk}-said": "confirms", f"line-{second.pk}-said": "amends"}
    answer = client.post(check, sent)
    assert answer.status_code == 422 and "what should be different" in answer.content.decode()
    assert TakeawayAnswer.objects.filter(takeaway=first, profile=session.guests[0]).exists()
    takeaways.reword(second, by=session.host.user, seen=1, statement="Two, in other words.")
    sent |= {f"line-{second.pk}-text": "Say three."}
    html = client.post(check, sent).content.decode()
    assert "worded anew while you read it" in html and "Say three." in html and "Two, in other words." in html
    sent[f"line-{second.pk}-seen"] = 2
    assert client.post(check, sent).status_code == 302
