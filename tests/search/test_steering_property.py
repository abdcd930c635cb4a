"""Whatever staff write to steer the search: nobody finds or counts what they could not find before."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.pages.enums import Audience
from search.domain.query import find
from search.models import Entry, PromotedResult, Synonym
from search.rules import scopes_of
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db

WORDS = ["heron", "kestrel", "lapwing", "remote work"]


@pytest.fixture
def pages(index):
    found = [
        PracticePageFactory(title=f"{word} {audience.label}".title(), gist=f"A {word}.", audience=audience)
        for word in WORDS
        for audience in Audience
    ]
    index()
    return found


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_steering_widens_nobodys_view(pages, member, leader, staff, data):
    PromotedResult.objects.all().delete()
    Synonym.objects.all().delete()
    for group in data.draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True), max_size=2)):
        Synonym.objects.create(words=", ".join(group))
    for page, word in data.draw(st.lists(st.tuples(st.sampled_from(pages), st.sampled_from(WORDS)), max_size=4)):
        PromotedResult.objects.create(words=word, source_model="pages.basepage", source_id=page.pk)
    viewer = data.draw(st.sampled_from([None, member, leader, staff]))
    may_find = set(Entry.objects.filter(scope__in=scopes_of(viewer)).values_list("pk", flat=True))
    for word in WORDS:
        answer = find(word, viewer=viewer, per_page=100)
        found = [hit.entry.pk for hit in answer.hits]
        assert set(found) <= may_find
        assert len(found) == len(set(found)) == answer.total == sum(answer.facets["kind"].values())
        promoted = [hit.entry.source_id for hit in answer.hits if hit.is_promoted]
        assert promoted == [hit.entry.source_id for hit in answer.hits[: len(promoted)]], "what was chosen is first"
        chosen = set(PromotedResult.objects.filter(words=word).values_list("source_id", flat=True))
        assert set(promoted) <= chosen
