"""Whatever editors and members do, nobody is told more or less by any part of the search than the database says.

Two judges. `brute_force` reads the rows one by one and says what a viewer may find: results with their marked titles
and passages, totals, every facet with and without choices, suggestions, corrections, and which pages may be close to
a page. And for what no list can say (which pages *are* close, where to go when nothing is found, every word of a
row) all that a viewer may not know is really deleted and the index built afresh: they must not see a difference.

Every word of the world is made up, and two slips away from all others.
"""

import os
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import asdict

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.editorial.models import Byline, RelatedPage
from hub.home.models import HomePage
from hub.media.enums import Reading
from hub.media.models import DocumentText, HubDocument
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from search.backends.whoosh import snapshots
from search.domain import engine, queue, similar, suggestions
from search.domain.leading import leads
from search.domain.query import find
from search.domain.rows import rows
from search.models import Entry
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    ReportPageFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
)
from tests.media.making import document
from tests.search import brute_force as truth

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("HUB_FAULT_EXAMPLES", "5"))

MAKERS = [StandardPageFactory, PracticePageFactory, ReportPageFactory] * 2
OWN = ["heronword", "cranestone", "egretfield", "storkhaven", "ibislight", "bitternroom"]
THEMES = ["quarple", "drazzit", "vimbory", "jaxulon", "plofendi", "zurkambo"]
PERSON, EMPLOYER, PAPER = "quentrel", "larkspurhall", "ledgerleaf"
SHARED = "wading"
TERMS = {
    "topic": ["marshtopic", "tidetopiq"],
    "function": ["funguild", "opsbrook"],
    "industry": ["clinicfold", "millyard"],
}
FIELDS = ["name", "organisation", "bio", "function", "industry", "topics"]
YEARS = [2021, 2022]
#: Of one facet, of two, of all; several values, and one that nothing has.
CHOICES = [
    {"kind": ["practice"]},
    {"kind": ["page", "person"], "topic": ["marshtopic"]},
    {"topic": TERMS["topic"], "year": [str(YEARS[0])]},
    {"function": ["funguild"], "industry": ["millyard"]},
    {"kind": ["report", "document"], "topic": ["marshtopic"], "function": ["funguild"], "industry": ["clinicfold"]},
    {"year": ["1999"]},
]
NOWHERE = "xenquivvy"  # nothing has it, and nothing is spelt like it


def typo(word):
    """The word with its fourth and fifth letters the wrong way round."""
    return word[:3] + word[4] + word[3] + word[5:]


def text_about(themes, paper=None):
    link = f' <a linktype="document" id="{paper}">written down</a>' if paper else ""
    return [("text", f"<p>Seen of {' and '.join(themes) or 'nothing'}{link}.</p>")]


class World(RuleBasedStateMachine):
    """Six pages of three kinds, a file that some of them show, a person who is named on one, and their vocabularies."""

    def __init__(self):
        super().__init__()
        self.turn = 0
        self.world = transaction.atomic()  # taken back at the end, so that every example begins with nothing
        self.world.__enter__()
        cache.clear()
        engine.clear(engine.backend(), [Entry])
        self.terms = {
            facet: [make(name=name, slug=name) for name in TERMS[facet]]
            for facet, make in (("topic", TopicFactory), ("function", FunctionFactory), ("industry", IndustryFactory))
        }
        self.choices = {facet: {term.slug: term.pk for term in terms} for facet, terms in self.terms.items()}
        self.profile = MemberProfileFactory(
            name=f"{PERSON.title()} Example", organisation=EMPLOYER, bio=f"Writes about {SHARED}.",
            function=self.terms["function"][0], industry=self.terms["industry"][0],
        )  # fmt: skip
        self.profile.topics.add(self.terms["topic"][0])
        self.paper = document(b"x", title=f"{PAPER} {SHARED}", read=False)
        text = DocumentText(file_key=self.paper.file_key, state=Reading.WHOLE, text=f"A table of {SHARED}.")
        DocumentText.objects.update_or_create(
            document_id=self.paper.pk, defaults={"file_key": text.file_key, "state": text.state, "text": text.text}
        )
        self.pages = {}
        for number, (word, make) in enumerate(zip(OWN, MAKERS, strict=True)):
            field = truth.PAGES[make._meta.model][1]
            page = make(title=f"{word} {SHARED}", gist=f"On {SHARED}.", parent=HomePage.objects.get(),
                        **{field: text_about(THEMES[number : number + 3])})  # fmt: skip
            self.pages[word] = page.pk
        Byline.objects.create(page_id=self.pages[OWN[1]], person=self.profile)
        RelatedPage.objects.create(page_id=self.pages[OWN[0]], target_id=self.pages[OWN[2]])
        self.viewers = [None, *(UserFactory(role=role) for role in (Role.MEMBER, Role.LEADER, Role.STAFF))]

    def teardown(self):
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def page(self, word):
        return BasePage.objects.get(pk=self.pages[word])

    # What editors, members and the queue do

    @initialize(drained=st.booleans())
    def begin(self, drained):
        if drained:
            assert not queue.drain().error

    @rule(word=st.sampled_from(OWN), audience=st.sampled_from(Audience.values))
    def audience(self, word, audience):
        page = self.page(word)
        page.audience = audience
        page.save()

    @rule(word=st.sampled_from(OWN), under=st.sampled_from(["", *OWN]))
    def move(self, word, under):
        page, target = self.page(word), self.page(under) if under else HomePage.objects.get()
        if target.pk != page.pk and not target.is_descendant_of(page):
            page.move(BasePage.objects.get(pk=target.pk), pos="last-child")

    @rule(word=st.sampled_from(OWN), kind=st.sampled_from(["", *truth.RESTRICTED_TO]))
    def restrict_or_free(self, word, kind):
        for restriction in PageViewRestriction.objects.filter(page_id=self.pages[word]):
            restriction.delete()
        if kind:
            restriction = PageViewRestriction.objects.create(
                page_id=self.pages[word], restriction_type=kind, password="x" * (kind == "password")
            )
            if kind == "groups":
                restriction.groups.add(Group.objects.get(name=Role.LEADER.group_name))

    @rule(word=st.sampled_from(OWN), live=st.booleans())
    def publish(self, word, live):
        page = self.page(word).specific
        if live:
            page.save_revision().publish()
        else:
            page.unpublish()

    @rule(
        word=st.sampled_from(OWN),
        themes=st.lists(st.sampled_from(THEMES), unique=True),
        shows_paper=st.booleans(),
        terms=st.tuples(*(st.sets(st.sampled_from([0, 1])) for _ in TERMS)),
        year=st.sampled_from(YEARS),
    )
    def write(self, word, themes, shows_paper, terms, year):
        page = self.page(word).specific
        setattr(page, truth.PAGES[type(page)][1], text_about(themes, self.paper.pk if shows_paper else None))
        for name, facet, chosen in zip(("topics", "functions", "industries"), TERMS, terms, strict=True):
            getattr(page, name).set([self.terms[facet][number] for number in chosen])
        if hasattr(page, "published_on"):
            page.published_on = f"{year}-05-04"
        revision = page.save_revision()
        if page.live:
            revision.publish()

    @rule(shown_to=st.sampled_from(ShownTo.values), field=st.sampled_from(FIELDS))
    def show_to(self, shown_to, field):
        profile = MemberProfile.objects.get(pk=self.profile.pk)
        setattr(profile, f"{field}_shown_to", shown_to)
        profile.save()

    @rule()
    def settle(self):
        assert not queue.drain().error

    # What they are told

    @invariant()
    def nobody_is_told_more_or_less(self):
        cache.clear()  # what is kept of one moment is looked at again in the next (test_similar.py)
        self.turn += 1
        for viewer in self.viewers:
            world = truth.things(viewer, self.pages.values())
            for word in self.some([*OWN, *THEMES[:2], PERSON, EMPLOYER, PAPER, SHARED, TERMS["topic"][0]]):
                self.results_are_right(world, viewer, word)
            for choices in self.some(CHOICES):
                self.results_are_right(world, viewer, SHARED, choices)
            for word in self.some([*OWN, PERSON, PAPER, SHARED, TERMS["topic"][0]]):
                self.suggestions_are_right(world, viewer, word[:5])
            for word in self.some([*OWN, THEMES[0], PERSON, EMPLOYER], of=4):
                self.corrections_are_right(world, viewer, word)
            self.what_is_close_may_be_read(world, viewer)

    def some(self, things, of=2):
        """One half, or another part, of some things; every time another."""
        return things[self.turn % of :: of]

    def results_are_right(self, world, viewer, word, choices=None):
        choices = choices or {}
        answer = find(word, viewer=viewer, per_page=50, **choices)
        wanted = {
            facet: {self.choices[facet][name] for name in names}
            if facet in self.choices
            else set(map(int, names))
            if facet == "year"
            else set(names)
            for facet, names in choices.items()
        }
        expected = truth.matching(world, word, wanted)
        shown = [(row.kind, str(row.title_html), str(row.gist_html)) for row in rows(answer)]
        assert sorted(shown) == sorted(thing.row(word) for thing in expected), (word, choices)
        assert answer.total == len(expected)
        assert answer.facets == truth.facets(world, word, wanted), (word, choices)
        if not expected:
            without = {facet: len(truth.matching(world, word, wanted, but=facet)) for facet in wanted}
            assert answer.wider == without
            assert (answer.unfiltered_total or 0) == (len(truth.matching(world, word, {})) if wanted else 0)

    def suggestions_are_right(self, world, viewer, typed):
        groups = suggestions.suggest(typed, viewer=viewer)
        shown = {group.label: [str(one.title_html) for one in group.suggestions] for group in groups}
        expected = truth.suggestions(world, typed)
        assert set(shown) == set(expected)
        for label, titles in shown.items():
            assert len(titles) == min(len(expected[label]), suggestions.GROUPS[label])
            assert set(titles) <= expected[label]

    def corrections_are_right(self, world, viewer, word):
        """Put right is what the viewer may find, and nothing else; words of long texts once the index has them."""
        is_known = any(word in thing.words for thing in world)
        is_heading = any(word in thing.headings for thing in world)
        for before in ("", f"{SHARED} "):
            said = find(before + typo(word), viewer=viewer).suggestion
            assert said in ("", before + word)
            assert said or not (is_heading or (is_known and not queue.lag())), word
            assert is_known or not said, word

    def what_is_close_may_be_read(self, world, viewer):
        pages = {thing.pk for thing in world if thing.source == "pages.basepage"}
        others = set(Entry.objects.filter(source_model="pages.basepage").values_list("source_id", flat=True))
        others -= set(self.pages.values())  # the lists that the hub begins with
        for pk in self.pages.values():
            entry = similar.of_page(pk, viewer)
            assert (entry is not None) == (pk in pages)
            if entry is not None:
                near = [one.source_id for one in similar.close_to(entry, viewer, shown=50)]
                assert len(near) == len(set(near))
                assert set(near) <= (pages | others) - {pk} - truth.beside(pk)

    # What they are told is the same where the rest does not exist

    @rule(number=st.integers(0, 3))
    def what_they_may_not_know_makes_no_difference(self, number):
        assert not queue.drain().error
        viewer = self.viewers[number]
        present = self.everything_told(viewer)
        with transaction.atomic(), elsewhere():
            self.delete_what_is_hidden_from(viewer)
            assert not queue.drain().error
            absent = self.everything_told(viewer)
            transaction.set_rollback(True)
        for name, told in present.items():
            assert told == absent[name], name
        assert set(present) == set(absent)

    def everything_told(self, viewer):
        cache.clear()
        told = {}
        for word in [*OWN, *THEMES, PERSON, EMPLOYER, PAPER, SHARED, *TERMS["topic"], NOWHERE]:
            for text in (word, typo(word), f"{SHARED} {word}"):
                answer = find(text, viewer=viewer, per_page=50)
                found = [asdict(row) | {"score": 0} for row in rows(answer)]
                told[text] = (answer.total, answer.facets, answer.suggestion, sorted(found, key=str))
                told["leads", text] = leads(answer, viewer=viewer, place=None)
            told["suggest", word] = suggestions.suggest(word[:5], viewer=viewer) if word != SHARED else None
        for pk in self.pages.values():
            entry = similar.of_page(pk, viewer)
            told["close", pk] = entry and [one.source_id for one in similar.close_to(entry, viewer, shown=50)]
        return told

    def delete_what_is_hidden_from(self, viewer):
        """Really. What remains of a person is everybody's, so that there is no second entry for others either."""
        profile = MemberProfile.objects.get(pk=self.profile.pk)
        if truth.knows(viewer, profile.name_shown_to):
            for field, nothing in (("organisation", ""), ("bio", ""), ("function", None), ("industry", None)):
                if not truth.knows(viewer, getattr(profile, f"{field}_shown_to")):
                    setattr(profile, field, nothing)
            if not truth.knows(viewer, profile.topics_shown_to):
                profile.topics.clear()
            for field in FIELDS:
                setattr(profile, f"{field}_shown_to", ShownTo.PUBLIC)
            profile.save()
        else:
            profile.delete()
        if not any(thing.kind == "document" for thing in truth.things(viewer, [])):
            HubDocument.objects.get(pk=self.paper.pk).delete()
        for pk in self.pages.values():
            page = BasePage.objects.filter(pk=pk).first()  # may have gone with the page above it
            below = page.get_descendants(inclusive=True) if page else ()
            if page and not any(truth.reads(one, viewer) for one in below):
                page.delete()


@contextmanager
def elsewhere():
    """Another index, with nothing in it."""
    config, mark = engine.configuration(), uuid.uuid4().hex
    if "PATH" in config:
        config["PATH"] = str(django_settings.DATA_DIR / "indexes" / mark)
    if "INDEX_PREFIX" in config:
        config["INDEX_PREFIX"] = f"{config['INDEX_PREFIX']}{mark}_"
    backends = {"default": config}
    with override_settings(WAGTAILSEARCH_BACKENDS=backends, MODELSEARCH_BACKENDS=backends):
        yield
    if "PATH" in config:
        snapshots.close_all()
        shutil.rmtree(config["PATH"], ignore_errors=True)


@pytest.mark.django_db
def test_nobody_is_told_more_or_less_than_the_database_says():
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
