"""What was promised to those who speak, walked: under the Chatham House rule and behind a closed door.

Names of speakers and of where they work are planted everywhere a session keeps something of a person. Then every
address of the hub is asked for by people who were not there, as `tests/canary/surfaces.py` lists them, so what is
added to the hub is walked as well; and by one who was there, to whom no line may say whose it is.
"""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hub.accounts.enums import Role
from hub.editorial.models import Byline
from hub.media.domain import reading
from hub.media.models import HubDocument
from hub.members.domain.roles import sync_roles
from hub.members.enums import ShownTo
from hub.notifications.domain.digests import send_digests
from hub.notifications.models import Notification
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.models import PracticePage
from roundtables.domain import commitments, feeds, follow_ups, origins, takeaways
from roundtables.domain.takeaways import TakeawayRefused
from roundtables.enums import Answer, AttributionMode, SeatRole, SeatState, TakeawayState
from roundtables.models import Question, SessionPage, SessionSeat, Takeaway
from search.domain import queue
from search.models import Entry
from tests.canary import test_canary as canary
from tests.canary.world import World
from tests.factories import MemberProfileFactory, SessionPageFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ABSENT = ("visitor", "member", "leader", "waitlisted", "stayed_away", "staff")


def person(world, what, *, role=Role.MEMBER, listed=True):
    """Somebody whose name and employer are secrets. Listed people are found as people, and as nothing else."""
    name, employer = world.plant(f"name of {what}"), world.plant(f"employer of {what}")
    return MemberProfileFactory(
        user=UserFactory(role=role, email=f"{uuid.uuid4().hex}@example.org"),
        name=f"Ada {name}", organisation=employer, slug=uuid.uuid4().hex, is_listed=listed,
        name_shown_to=ShownTo.PUBLIC, organisation_shown_to=ShownTo.PUBLIC,
    )  # fmt: skip


def plant_session(world: World, mode: str):
    """A session that was held, with a person in every place that can hold one."""
    start = timezone.now() - timedelta(days=9)
    quote = ("quote", {"text": "We waited.", "attribution": world.plant(f"{mode} quoted"), "mode": "named"})
    session = SessionPageFactory(
        title=f"Table {mode}", slug=f"table-{mode}", attribution_mode=mode, starts_at=start,
        ends_at=start + timedelta(hours=1), organiser=world.plant(f"{mode} organiser"),
        location=world.plant(f"{mode} place"), body=[quote],
        notes=[quote, *_private(world, mode)],
        agenda=[("item", {"minutes": 30, "title": "Letters", "led_by": world.plant(f"{mode} leads"), "text": ""})],
    )  # fmt: skip
    people = {
        what: person(world, f"{mode} {what}", listed=False) for what in ("host", "guest", "first", "second", "third")
    }
    for what, profile in people.items():
        role = {"host": SeatRole.HOST, "guest": SeatRole.GUEST}.get(what, SeatRole.MEMBER)
        SessionSeat.objects.create(session=session, profile=profile, role=role, is_shown=True, attended=True)
    SessionSeat.objects.create(session=session, profile=world.viewers["there"].profile, attended=True)
    Question.objects.create(session=session, asker=people["third"], text="Who reads it?")
    waits = {"waitlisted": {"state": SeatState.WAITLISTED}, "stayed_away": {"attended": False}}
    for viewer, fields in waits.items():
        SessionSeat.objects.create(session=session, profile=world.viewers[viewer].profile, **fields)
    session.bylines = [
        Byline(person=people["host"], role="host"),
        Byline(
            external_name=world.plant(f"{mode} outside guest"),
            external_organisation=world.plant(f"{mode} outside employer"),
            role="guest",
        ),
    ]
    session.save_revision().publish()
    session.gist, session.correction = "Said more plainly.", "The day was wrong."
    session.save_revision().publish()  # and so there is an earlier text to read and compare
    PageSeat.objects.create(page_id=session.pk, user=people["host"].user, role=PageSeatRole.CO_AUTHOR)
    world.pages.append(session)
    world.profiles += people.values()
    return session, people


def _private(world, mode):
    """In the notes behind a closed door, names of speakers may stand; and a file is called after one."""
    if mode != AttributionMode.PRIVATE:
        return [("text", "<p>Letters that ask get answers.</p>")]
    made = HubDocument(title=world.plant("title of a paper of a private table"))
    name = f"{world.plant('file name of a paper of a private table')}.txt"
    made.file.save(name, ContentFile(world.plant("text of a paper of a private table").encode()), save=False)
    made.save()
    reading.read(made)
    world.documents.append(made)
    link = f'<p><a linktype="document" id="{made.pk}">Paper</a></p>'
    return [("text", f"<p>{world.plant('notes of a private table')}</p>{link}")]


def keep(world: World, session, people):
    """Takeaways in every state, answers, commitments, topics, and a practice, by people whose names are secrets."""
    mode, host = session.attribution_mode, people["host"].user
    closed = mode == AttributionMode.PRIVATE
    secret = (lambda what: world.plant(f"{what} of a private table")) if closed else (lambda what: f"The {what}.")
    for names in (people["first"].name, people["guest"].organisation, session.organiser, people["host"].name):
        with pytest.raises(TakeawayRefused, match="names somebody"):
            takeaways.draft(session, by=host, statement=f"It was {names} who said so.")
    made = [takeaways.draft(session, by=host, statement=secret(f"takeaway {n}"), detail=secret("detail")) for n in "ab"]
    takeaways.send_to_check(session, by=host)
    for profile in [*people.values(), world.viewers["there"].profile]:
        takeaways.answer(made[0], by=profile.user, seen=1, said=Answer.CONFIRMS)
    with pytest.raises(TakeawayRefused, match="names somebody"):
        takeaways.answer(made[1], by=people["first"].user, seen=1, said=Answer.OBJECTS, text=people["second"].name)
    objection = world.plant(f"what objects at a {mode} table")
    takeaways.answer(made[1], by=people["first"].user, seen=1, said=Answer.OBJECTS, text=objection)
    line = takeaways.publish(made[0], by=host)
    takeaways.draft(session, by=host, statement=world.plant(f"draft of a {mode} takeaway"))
    day = timezone.localdate() + timedelta(days=9)
    for shared in (True, False):
        words = world.plant(f"{'shared' if shared else 'own'} commitment of a {mode} table")
        commitments.commit(
            session, by=people["second"].user, key=uuid.uuid4(), text=words, due_on=day, shared=shared
        )  # fmt: skip
    follow_ups.propose(
        session, by=people["third"].user, key=uuid.uuid4(), topic=world.plant(f"topic after a {mode} table")
    )
    if not closed:
        practice = origins.make_practice(line, by=world.viewers["member"], key=uuid.uuid4())
        practice.get_latest_revision().publish()
        world.pages.append(PracticePage.objects.get(pk=practice.pk))
    return line


@pytest.fixture
def world(db) -> World:
    sync_roles()
    made = World()
    roles = {"member": Role.MEMBER, "leader": Role.LEADER, "staff": Role.STAFF}
    made.viewers = {"visitor": None} | {
        viewer: MemberProfileFactory(
            user=UserFactory(email=f"{viewer}@example.org", role=roles.get(viewer, Role.MEMBER)),
            name=f"Vera {viewer.title()}", slug=f"viewer-{viewer.replace('_', '-')}",
        ).user
        for viewer in (*ABSENT[1:], "there")
    }  # fmt: skip
    for mode in (AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE):
        session, people = plant_session(made, mode)
        keep(made, session, people)
    queue.drain()
    assert queue.lag() == 0
    return made


# Documents are open to staff, wherever they are shown (`tests/canary`).
PAPERS = ("title of a paper", "file name of a paper", "text of a paper")
# Staff run every session: those who do read drafts, objections and topics of one that is not private, without names.
DESK = ("what objects at a chatham", "draft of a chatham", "topic after a chatham", *PAPERS)


def sessions(world):
    return [page for page in world.pages if isinstance(page, SessionPage)]


def forbidden(world, viewer):
    return [
        secret for secret in world.secrets if not (viewer == "staff" and secret.place.startswith(DESK))
    ]  # fmt: skip


def test_whoever_was_not_there_comes_across_no_name(world):
    leaks = []
    for viewer in ABSENT:
        client, opened = canary.client_of(world, viewer), 0
        own = {profile.get_absolute_url() for profile in world.profiles}
        for name, address in canary.site_addresses(world):
            asked = [one for one in forbidden(world, viewer) if one.word not in address and address not in own]
            response = client.get(address)
            assert response.status_code < 500, address
            opened += response.status_code == 200
            leaks += [(viewer, name, address, place) for place in canary.found(asked, response)]
        assert opened > 25, "the walk must reach pages, or it proves nothing"
    assert leaks == []


def test_no_name_finds_anything_and_no_entry_holds_one(world):
    for viewer in ABSENT:
        client = canary.client_of(world, viewer)
        for secret in forbidden(world, viewer)[::2]:
            response = client.get("/search/", {"q": secret.word, "exact": "1"})
            assert not response.context["total"] and not response.context["facets"], (viewer, secret.place)
            assert not client.get("/search/suggest/", {"q": secret.word}).context["groups"], (viewer, secret.place)
    of_sessions = Entry.objects.exclude(kind="document").values_list("title", "summary", "text", "people_text", "facts")
    everything = " ".join(map(str, of_sessions))
    assert [secret.place for secret in world.secrets if secret.word in everything] == []
    assert "takeaway a" in everything, "what was kept is there"


def test_calendars_and_files_say_no_name(world):
    names = [secret for secret in world.secrets if not secret.place.startswith(PAPERS)]
    for viewer in ABSENT[1:]:
        _, token = feeds.make(world.viewers[viewer], name="telephone", has_open_sessions=True)
        calendar = canary.client_of(world, "visitor").get(reverse("roundtables:feed", args=[token]))
        assert "Table chatham_house" in calendar.content.decode(), "the walk must reach it"
        assert canary.found(names, calendar) == [], viewer
    desk, asked = reverse("session_desk"), {"year": sessions(world)[0].starts_at.year}
    for viewer in ABSENT:
        client = canary.client_of(world, viewer)
        for sheet in ("sessions", "mix"):
            answer = client.get(desk, {**asked, "sheet": sheet, "export": "csv"})
            assert (answer.status_code == 200) is (viewer == "staff"), viewer
            assert canary.found(names, answer) == [], (viewer, sheet)
            book = client.get(desk, {**asked, "sheet": sheet, "export": "xlsx"})
            if viewer == "staff":
                cells = [str(cell.value) for row in load_workbook(io.BytesIO(book.content)).active for cell in row]
                assert cells and [one.place for one in names if one.word in " ".join(cells)] == []


def test_no_earlier_text_is_read_in_the_editor(world):
    """Whoever has no seat on the page opens neither its history, nor an earlier text, nor two texts side by side."""
    for session in sessions(world):
        first, last = session.revisions.order_by("pk")[:2]
        doors = [
            reverse("wagtailadmin_pages:history", args=[session.pk]),
            reverse("wagtailadmin_pages:revisions_view", args=[session.pk, first.pk]),
            reverse("wagtailadmin_pages:revisions_revert", args=[session.pk, first.pk]),
            reverse("wagtailadmin_pages:revisions_compare", args=[session.pk, first.pk, last.pk]),
            reverse("session_people", args=[session.pk]),
        ]
        for viewer in ABSENT[:-1]:
            client = canary.client_of(world, viewer)
            for door in doors:
                answer = client.get(door)
                assert answer.status_code in (302, 403, 404), (viewer, door)
                assert canary.found(world.secrets, answer) == [], (viewer, door)


def test_news_and_mail_say_no_name(world, django_capture_on_commit_callbacks):
    Takeaway.objects.filter(state=TakeawayState.CHECKING).update(check_until=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("follow_up_sessions")
        send_digests(timezone.now() + timedelta(days=8))
    persons = [secret for secret in world.secrets if secret.place.startswith(("name of", "employer of", "chatham"))]
    told = " ".join(f"{one.text} {one.detail} {one.url}" for one in Notification.objects.all())
    sent = " ".join(message.subject + message.body + str(message.alternatives) for message in mail.outbox)
    assert "takeaway" in told
    assert [secret.place for secret in persons if secret.word in told + sent] == []
    reached = {user.email for viewer, user in world.viewers.items() if user and viewer in ABSENT}
    assert not reached & {address for message in mail.outbox for address in message.to if "session" in message.body}


def test_whoever_was_there_reads_no_line_with_its_speaker(world):
    """They know who sat at the table; what was said there is not linked with anybody, for them neither."""
    client = canary.client_of(world, "there")
    persons = [secret for secret in world.secrets if secret.place.startswith(("name of", "employer of"))]
    quoted = [secret for secret in world.secrets if "quoted" in secret.place]
    lines = [one.get_absolute_url() for one in Takeaway.objects.all()]
    for session in sessions(world):
        lines += [reverse(f"roundtables:{name}", args=[session.pk]) for name in ("check_takeaways", "commit", "go_on")]
    lines += [reverse("roundtables:takeaways"), "/my-hub/", "/my-hub/commitments/", "/search/?kind=takeaway"]
    opened = 0
    for address in lines:
        response = client.get(address)
        opened += response.status_code == 200
        assert canary.found([*persons, *quoted], response) == [], address
    assert opened > 8
    html = client.get(world.pages[0].get_url()).content.decode()
    for part in ('id="takeaways"', 'id="commitments"'):
        section = html[html.index(part) :]
        section = section[: section.index("</section>")]
        assert [one.place for one in persons if one.word in section] == []
        assert "shared commitment" in " ".join(one.place for one in world.secrets if one.word in html)


def test_those_who_run_it_see_answers_without_their_authors(world):
    for session in sessions(world):
        host = session.seats.get(role=SeatRole.HOST).profile.user
        world.viewers["host"] = host
        response = canary.client_of(world, "host").get(reverse("roundtables:takeaway_desk", args=[session.pk]))
        assert response.status_code == 200
        assert canary.found([one for one in world.secrets if one.place.startswith("what objects")], response)
        others = [one for one in world.secrets if one.place.startswith(("name of", "employer of"))]
        assert [place for place in canary.found(others, response) if "host" not in place] == []
