"""A member with the form open, and what is typed into it."""

import json

import pytest
from django.core.cache import cache

from hub.practices.models import PracticePage
from search.domain import queue
from tests.factories import FunctionFactory, IndustryFactory, TopicFactory

FETCH = {"X-Requested-With": "fetch"}
TOLD = {
    "title": "Office hours in the canteen",
    "gist": "Sit where people queue.",
    "problem": "Nobody knew us by face.",
    "context": "Two people, four buildings.",
    "what_we_did": "1. We asked for a table.\n2. We sat there.",
    "what_it_needs": "Two hours a week.",
    "what_came_of_it": "They come **now**.",
}


@pytest.fixture(autouse=True)
def no_limits_of_other_tests():
    cache.clear()


@pytest.fixture
def index(db):
    """Settles what the index owes, as happens after every commit (which a test that is rolled back never sees)."""

    def settle():
        done = queue.drain()
        assert not done.error, done.error

    return settle


class Desk:
    """A browser in which a member has the form open."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.url = "/practices/propose/"
        self.open(self.url)

    def open(self, url=None):
        self.url = url or self.url
        self.answer = self.client.get(self.url)
        assert self.answer.status_code == 200, self.answer.status_code
        self.form = self.answer.context["form"]
        self.base = self.form["base"].value()
        return self.answer

    def typed(self, **changes):
        said = {name: self.form[name].value() or "" for name in TOLD}
        for name in ("topics", "functions", "industries"):  # ticked boxes
            said[name] = self.form.fields[name].prepare_value(self.form[name].value() or "")
        said |= {"base": self.base, "key": self.form["key"].value() or "", "audience": self.form["audience"].value()}
        return said | changes

    def post(self, do="save", fetch=False, **changes):
        data = {name: value for name, value in self.typed(**changes).items() if value is not None} | {"do": do}
        self.answer = self.client.post(self.url, data, headers=FETCH if fetch else {})
        return self.answer

    def save(self, **changes):
        """By itself, as the script does; keeps the marks for the next time."""
        answer = self.post(fetch=True, **changes)
        told = json.loads(answer.content)
        if "marks" in told:
            self.base = json.dumps({**json.loads(self.base or "{}"), **told["marks"]})
            self.url = told["url"]
        return told


@pytest.fixture
def desk(client, member):
    return Desk(client, member)


@pytest.fixture
def whole():
    """Everything that is needed to hand a practice in."""
    return {
        **TOLD,
        "topics": [TopicFactory().pk],
        "functions": [FunctionFactory().pk],
        "industries": [IndustryFactory().pk],
    }


def only_practice():
    """The practice that somebody proposed."""
    return PracticePage.objects.get(owner__isnull=False)
