"""A process whose people race for the seats of a table: `python -m tests.roundtables.processes NAME MOVES PROFILE…`.

It takes orders on standard input, each with the number of a session, and answers with a line of JSON. `open`
publishes it. `race`: its people ask for a seat and then make random moves, in no order that was agreed with
anybody; it says what they did, and what went wrong. `close` says how things stand.

Every step of every seat and every piece of news is written into a journal, in the transaction and under the
lock in which it happens: its order is the order in which things became true.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings.dev")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models.signals import post_save, pre_save  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from hub.members.models import MemberProfile  # noqa: E402
from hub.notifications.models import Delivery, Notification  # noqa: E402
from roundtables.domain import queue, reminders, seats  # noqa: E402
from roundtables.enums import HOLDS_A_PLACE, SeatState  # noqa: E402
from roundtables.models import FillNotice, SessionPage, SessionSeat  # noqa: E402

LINK = "https://meet.example.org/the-room"
MOVES = {"take": 4, "leave": 5, "accept": 4, "clock": 3, "show": 1, "timer": 1, "remind": 1, "grow": 0.4, "look": 0.6}
LAPSED = timedelta(seconds=1)
leaving: MemberProfile | None = None  # who gives a seat back right now: nobody is told of what they do themselves


def write(session_id: int, profile_id: int | None, was: str, now: str) -> None:
    """A line of the journal."""
    session = SessionPage.objects.get(pk=session_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO race_journal (session, profile, was, now, capacity, own) VALUES (%s, %s, %s, %s, %s, %s)",
            [session_id, profile_id, was, now, session.capacity, leaving is not None and leaving.pk == profile_id],
        )


def before_a_seat(instance: SessionSeat, **kwargs: Any) -> None:
    instance.was = SessionSeat.objects.filter(pk=instance.pk).values_list("state", flat=True).first() or ""


def after_a_seat(instance: SessionSeat, **kwargs: Any) -> None:
    if instance.was != instance.state:
        write(instance.session_id, instance.profile_id, instance.was, str(instance.state))


def after_news(instance: Notification, created: bool, **kwargs: Any) -> None:
    if created and instance.page_id:
        seat = SessionSeat.objects.filter(session_id=instance.page_id, profile__user=instance.user_id).first()
        write(instance.page_id, seat and seat.profile_id, "news", f"{instance.kind} {seat.state if seat else ''}")


def move(session: SessionPage, people: list[MemberProfile], what: str) -> str:
    """One move of somebody; returns what came of it."""
    global leaving
    person = _somebody(session, people, what)
    leaving = person if what == "leave" else None
    if what == "take":
        return f"took {seats.take_seat(session, person, show=random.random() < 0.3).state}"
    if what == "leave":
        seats.give_back(session, person)
    elif what in ("accept", "show"):
        try:
            if what == "accept":
                seats.accept(session, person)
            else:
                seats.show_at_table(session, person, show=random.random() < 0.5)
        except seats.SeatRefused:
            return f"{what}: refused"
    elif what == "clock":  # time runs out for somebody; half of the time nobody notices before the next move
        with transaction.atomic():
            queue.locked(session)
            waits = session.seats.filter(state=SeatState.OFFERED).order_by("?").first()
            if waits is None:
                return "clock: nobody is asked"
            SessionSeat.objects.filter(pk=waits.pk).update(offered_until=timezone.now() - LAPSED)
        if random.random() < 0.5:
            queue.fill_from_queue(session)
    elif what == "timer":
        for one in queue.overdue():
            queue.fill_from_queue(one)
    elif what == "remind":
        return f"reminded: {'some' if reminders.send_reminders().reminded else 'nobody'}"
    elif what == "grow":
        page = SessionPage.objects.get(pk=session.pk)
        page.capacity = random.randint(9, 15)
        page.save_revision().publish()
    else:
        return look(session, person)
    return what


def _somebody(session: SessionPage, people: list[MemberProfile], what: str) -> MemberProfile:
    """One of them; to leave a seat, or say yes to one, mostly somebody who can."""
    able_to = {"leave": HOLDS_A_PLACE, "accept": [SeatState.OFFERED]}.get(what, [])
    holds = set(session.seats.filter(state__in=able_to).values_list("profile_id", flat=True))
    able = [person for person in people if person.pk in holds]
    return random.choice(able if able and random.random() < 0.8 else people)


def look(session: SessionPage, person: MemberProfile) -> str:
    """The page as one of them sees it, while nothing moves: who is on it, how many are counted, who has the link."""
    with transaction.atomic():
        queue.locked(session)
        client = Client()
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        html = client.get(session.url).content.decode()
        rows = list(session.seats.going().values_list("profile__name", "profile_id", "is_shown"))
    main = html[html.index("<main") : html.index("</main>")]
    going = {name for name, _, _ in rows}
    shown = {name for name, pk, is_shown in rows if is_shown or pk == person.pk}
    named = set(re.findall(r"Racer \d+", main))
    opens = session.starts_at - timezone.now() < timedelta(hours=1)
    if (LINK in html) != (person.name in going and opens):
        return "WRONG: the link is given to the wrong people"
    if not named <= shown:
        return f"WRONG: {sorted(named - shown)} are on the page"
    counted = re.search(r'class="mix-line">(\d+) (?:person|people)', main)
    if counted and int(counted[1]) != len(going):
        return f"WRONG: {counted[1]} are counted, {len(going)} are going"
    return f"looked: {'counted' if counted else 'no mix shown'}"


def publish(session: SessionPage, people: list[MemberProfile]) -> None:
    """People can take seats from now on; a few have had theirs since last week, and were not reminded yet."""
    is_soon = session.starts_at - timezone.now() < timedelta(hours=2)
    session.starts_at = timezone.now() + (timedelta(minutes=50) if is_soon else timedelta(hours=20))
    session.ends_at = session.starts_at + timedelta(hours=2)
    session.save_revision().publish()
    for person in people[:6]:
        SessionSeat.objects.create(session=session, profile=person, is_shown=True)


def outcome(session: SessionPage) -> dict[str, Any]:
    """How things stand once nothing moves any more, and everything that was written about it."""
    global leaving
    leaving = None
    queue.fill_from_queue(session)
    session.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT profile, was, now, capacity, own FROM race_journal WHERE session = %s ORDER BY id", [session.pk]
        )
        journal = cursor.fetchall()
    SessionPage.objects.filter(pk=session.pk).update(cancelled=True)  # nobody is reminded of it in the next race
    return {
        "journal": journal,
        "seats": [[seat.profile_id, seat.state] for seat in session.seats.order_by("taken_at", "pk")],
        "capacity": session.capacity,
        "notices": FillNotice.objects.filter(session=session).count(),
        "mail": list(Delivery.objects.exclude(state__in=["sent", "empty"]).values_list("state", flat=True)),
    }


def race(session: SessionPage, people: list[MemberProfile], moves: int) -> Counter[str]:
    """Everybody asks once, in random order; random moves of random people in between and after."""
    global leaving
    done: Counter[str] = Counter()
    asks = random.sample(people, len(people))
    plan = [(person, "") for person in asks]
    kinds, weights = list(MOVES), list(MOVES.values())
    plan += [(None, what) for what in [*kinds, *random.choices(kinds, weights, k=moves)]]
    head, tail = plan[: len(people) // 3], plan[len(people) // 3 :]
    random.shuffle(tail)
    for person, what in [*head, *tail]:
        try:
            if person is not None:
                leaving = None
                done[f"took {seats.take_seat(session, person, show=random.random() < 0.3).state}"] += 1
            else:
                done[move(session, people, what)] += 1
        except Exception as error:
            done[f"WRONG: {what or 'ask'}: {type(error).__name__}: {str(error)[:300]}"] += 1
    return done


if __name__ == "__main__":
    name, moves, *profile_ids = sys.argv[1:]
    random.seed(name)
    pre_save.connect(before_a_seat, sender=SessionSeat)
    post_save.connect(after_a_seat, sender=SessionSeat)
    post_save.connect(after_news, sender=Notification)
    people = list(MemberProfile.objects.filter(pk__in=profile_ids).select_related("user", "function", "industry"))
    print("ready", flush=True)
    for line in sys.stdin:
        order, number = line.split()
        session = SessionPage.objects.get(pk=int(number))
        if order == "open":
            answer: Any = publish(session, people)
        elif order == "race":
            answer = race(session, people, int(moves))
        else:
            answer = outcome(session)
        print(json.dumps(answer), flush=True)
