"""A process of its own whose people race for seats: `python -m tests.roundtables.processes NAME SESSION PROFILE…`.

Each of its people asks for a seat; some give it back and some of those ask again, in no order that was
agreed with anybody. Prints a JSON line: what it did, what it saw, and how many people moved up.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings.dev")

import django

django.setup()

from hub.members.models import MemberProfile  # noqa: E402
from roundtables.domain import seats  # noqa: E402
from roundtables.models import SessionPage  # noqa: E402


def race(session: SessionPage, people: list[MemberProfile], done: Counter[str]) -> None:
    """Forty moves of random people, beginning with everybody asking once."""
    asks = random.sample(people, len(people))
    moves = [(person, "take") for person in asks]
    moves += [(random.choice(people), random.choice(["take", "give", "give"])) for _ in range(3 * len(people))]
    for person, what in moves:
        if what == "take":
            done[f"took {seats.take_seat(session, person).state}"] += 1
        else:
            done["moved up"] += len(seats.give_back(session, person))
            done["gave back"] += 1
        done["seen too many"] += session.seats.going().count() > session.capacity


if __name__ == "__main__":
    name, session_id, *profile_ids = sys.argv[1:]
    random.seed(name)
    done: Counter[str] = Counter()
    session = SessionPage.objects.get(pk=session_id)
    people = list(MemberProfile.objects.filter(pk__in=profile_ids).select_related("user"))
    print("ready", flush=True)
    sys.stdin.readline()  # all of them start together
    try:
        race(session, people, done)
    except Exception as error:
        done[f"{type(error).__name__}: {str(error)[:200]}"] += 1
    print(json.dumps(done))
