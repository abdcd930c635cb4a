"""Whatever editors and members do, nobody is told more by any part of the search than the database says they may know.

The results, totals and facets of pages are compared with a walk up the tree in `test_visibility.py`; here it is
what stands around them: suggestions, corrections, passages, similar pages, and the profiles of people. Every word
of the world is made up and says whose it is, so that a brute-force reading of what a viewer may know is one set.
"""

import os

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.home.models import HomePage
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from search.domain import engine, queue, similar
from search.domain.query import find
from search.domain.rows import rows
from search.domain.suggestions import suggest
from search.models import Entry
from tests.factories import MemberProfileFactory, StandardPageFactory, UserFactory
from tests.search.test_visibility import strictest

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("HUB_FAULT_EXAMPLES", "5"))

OWN = ["heronword", "cranestone", "egretfield", "storkhaven", "ibislight"]
SHARED = "wading birds gather"


def typo(word):
    """The word with its fourth and fifth letters the wrong way round."""
    return word[:3] + word[4] + word[3] + word[5:]


class World(RuleBasedStateMachine):
    """Five pages with a word each in title and text, and one member with an organisation that has a word too."""

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()  # taken back at the end, so that every example begins with nothing
        self.world.__enter__()
        cache.clear()
        engine.clear(engine.backend(), [Entry])
        home = HomePage.objects.get()
        self.pages = {}
        for word in OWN:
            page = StandardPageFactory(title=f"{word} {SHARED}", gist=SHARED, parent=home, body=[])
            self.pages[word] = page.pk
        self.profile = MemberProfileFactory(name="Quillon Example", organisation="Larkspurhall")
        self.viewers = [None, *(UserFactory(role=role) for role in (Role.MEMBER, Role.LEADER, Role.STAFF))]

    def teardown(self):
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def page(self, word):
        return BasePage.objects.get(pk=self.pages[word])

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

    @rule(word=st.sampled_from(OWN))
    def restrict_or_free(self, word):
        restrictions = list(PageViewRestriction.objects.filter(page_id=self.pages[word]))
        for restriction in restrictions:
            restriction.delete()
        if not restrictions:
            PageViewRestriction.objects.create(page_id=self.pages[word], restriction_type="login")

    @rule(word=st.sampled_from(OWN), live=st.booleans())
    def publish(self, word, live):
        page = self.page(word).specific
        if live:
            page.save_revision().publish()
        else:
            page.unpublish()

    @rule(shown_to=st.sampled_from(ShownTo.values), field=st.sampled_from(["name", "organisation"]))
    def show_to(self, shown_to, field):
        profile = MemberProfile.objects.get(pk=self.profile.pk)
        setattr(profile, f"{field}_shown_to", shown_to)
        profile.save()

    @rule()
    def settle(self):
        assert not queue.drain().error

    def readable(self, viewer):
        """The words of the pages that `viewer` may read, by a walk up the tree."""
        role = role_of(viewer)
        return {word for word in OWN if (page := self.page(word)).live and strictest(page) <= role}

    @invariant()
    def nobody_is_told_more_or_less(self):
        for viewer in self.viewers:
            known = self.readable(viewer)
            for word in OWN:
                titles = {f"{word} {SHARED}"} if word in known else set()
                answer = find(word, viewer=viewer, kind=["page"])
                assert ({hit.entry.title for hit in answer.hits}, answer.total) == (titles, len(titles))
                shown = {str(s.title_html) for group in suggest(word[:5], viewer=viewer) for s in group.suggestions}
                assert len(shown) == len(titles), (word, shown)
                corrected = find(typo(word), viewer=viewer, kind=["page"])
                said = corrected.suggestion + " ".join(hit.entry.title for hit in corrected.hits)
                assert word in known or word not in said, said
            everything = find("wading birds", viewer=viewer, kind=["page"], per_page=50)
            own = [hit for hit in everything.hits if hit.entry.title.split()[0] in OWN]
            assert {hit.entry.title.split()[0] for hit in own} == known
            assert everything.facets["kind"]["page"] == everything.total if everything.total else not known
            assert not [word for row in rows(everything) for word in OWN if word in row.gist and word not in known]
            for word in known:
                entry = similar.of_page(self.pages[word], viewer)
                near = {one.title.split()[0] for one in similar.close_to(entry, viewer)} & set(OWN)
                assert near <= known - {word}
            self.profile_is_as_shown(viewer)

    def profile_is_as_shown(self, viewer):
        profile = MemberProfile.objects.get(pk=self.profile.pk)
        level = ShownTo.PUBLIC if role_of(viewer) < Role.MEMBER else ShownTo.MEMBERS
        found = find("larkspurhall", viewer=viewer, kind=["person"])
        both = max(profile.name_shown_to, profile.organisation_shown_to)
        assert found.total == len(found.hits)
        if profile.organisation_shown_to > level:
            assert not found.total
        if both <= level:
            assert found.total == 1


@pytest.mark.django_db
def test_nobody_is_told_more_than_the_database_says_they_may_know():
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
