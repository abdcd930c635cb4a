"""What is close to a page, and who to a person: what shares the words which tell it from the others.

The index is asked with those words. What it answers is kept for a few minutes, for each version of the
page and each role; which of it may be shown is asked of the database every time, so a page that was
hidden a moment ago is not shown, whatever the index or the cache still think. Which words those are, and
what they are worth, is counted among what that role may find: what is hidden from the viewer changes nothing,
not even an order. Where the engine cannot tell, or is ill, topics and functions in common decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from hub.accounts.rules import Viewer
from search.domain import database, engine, words
from search.domain.catalogue import PAGES
from search.domain.query import find, owed, report, visible
from search.enums import Kind, Scope
from search.models import Entry
from search.models.catalogue import EntryQuerySet
from search.registry import beside
from search.rules import scopes_of

SHOWN = 4
CANDIDATES = 24  # enough that some are left after what is hidden or shown already
CLOSE_ENOUGH = 0.2  # of how well the page matches its own words
KEPT_FOR = 600  # seconds
MOST_SAID, SHARED, LEAST_SHARED = 16, 0.35, 2  # words of what is being written; how many something close to it has
#: How much a word of each column counts as a word of the page.
SHARES = {"title": 4, "keywords": 3, "summary": 3, "text": 1}
# Topics and documents have no page of their own: a topic's is a list of results, and documents belong to pages.
PAGE_KINDS = (Kind.SESSION, Kind.SERIES, Kind.TAKEAWAY, Kind.PRACTICE, Kind.REPORT, Kind.PAGE)

# Nothing here is for one person alone: without that token, people of one role share what is kept.
FOR_ROLES = {Scope.PUBLIC, Scope.VISITOR, Scope.MEMBERS, Scope.LEADERS, Scope.STAFF}


def of_page(page_id: int, viewer: Viewer) -> Entry | None:
    """The entry of a page as `viewer` may find it; None if they may not."""
    return _entries(viewer).filter(source_model=PAGES, source_id=page_id).first()


def of_thing(kind: str, source_id: int, viewer: Viewer) -> Entry | None:
    """The entry of one thing of this kind as `viewer` may find it; None if they may not."""
    return _entries(viewer).filter(kind=kind, source_id=source_id).first()


def of_person(profile_id: int, viewer: Viewer) -> Entry | None:
    """The entry of a person as `viewer` may find them; None if they may not."""
    return _entries(viewer).filter(kind=Kind.PERSON, source_id=profile_id).first()


def close_to(entry: Entry, viewer: Viewer, *, shown: int = SHOWN) -> list[Entry]:
    """What `viewer` may find that is close to `entry`, closest first: to a page other pages, without those that
    stand beside it; to a person other people, without the viewer."""
    scopes = scopes_of(viewer) & FOR_ROLES
    key = f"similar:{entry.pk}:{entry.version}:{'+'.join(sorted(scopes))}"
    pks = cache.get(key)
    if pks is None:
        pks = _candidates(entry, scopes)
        cache.set(key, pks, KEPT_FOR)
    is_person = entry.kind == Kind.PERSON
    known = {(entry.source_model, entry.source_id)}
    if entry.source_model == PAGES:
        known |= {(PAGES, pk) for pk in beside(entry.source_id)}
    me = viewer.pk if is_person and viewer is not None else None
    rows = [row for row in database.rows(pks) if row.scope in scopes and (row.source_model, row.source_id) not in known]
    rows = [row for row in rows if not _is_part(row, entry) and not _is_part(entry, row)]
    return [row for row in rows if me is None or row.owner_id != me][:shown]


def _is_part(part: Entry, whole: Entry) -> bool:
    """Whether one belongs to the page that the other is, and stands there anyway."""
    return whole.source_model == PAGES and part.facts.get("of_page") == whole.source_id


def _entries(viewer: Viewer) -> EntryQuerySet:
    return visible(scopes_of(viewer)).findable()  # type: ignore[attr-defined, no-any-return]


def close_to_words(
    texts: Iterable[tuple[str, int]],
    viewer: Viewer,
    *,
    kinds: Iterable[str],
    without: int | None = None,
    shown: int = SHOWN,
) -> list[Entry]:
    """What `viewer` may find that is about what somebody is writing; `texts` each with how much its words count.

    The question goes the way of every search: nothing hidden is found, counted, or weighs. What has only a few of
    the words in common is left out: better nothing than something that is not meant.
    """
    counts: Counter[str] = Counter()
    for text, share in texts:
        for word in words.content(text):
            counts[word] += share
    said = [word for word, _ in counts.most_common(MOST_SAID)]
    if len(said) < LEAST_SHARED:
        return []
    near = []
    for hit in find(" ".join(said), viewer=viewer, kind=list(kinds), per_page=CANDIDATES).hits:
        entry = hit.entry
        stems = words.stems_of(said, entry.language)
        text = " ".join([entry.title, entry.summary, entry.keywords, entry.text])
        in_common = stems & words.stems_of(words.content(text, entry.language), entry.language)
        if len(in_common) >= max(LEAST_SHARED, SHARED * len(stems)) and entry.source_id != without:
            near.append(entry)
    return near[:shown]


def _candidates(entry: Entry, scopes: Iterable[str]) -> list[int]:
    others = visible(scopes).filter(kind__in=[Kind.PERSON] if entry.kind == Kind.PERSON else PAGE_KINDS)
    try:
        found = _by_words(entry, others)
    except Exception as error:  # a courtesy: the page is there without it
        report(error)
        found = None
    return _by_terms(entry, others) if found is None else found[:CANDIDATES]


def _by_words(entry: Entry, others: QuerySet[Entry]) -> list[int] | None:
    """None where the engine cannot say, or does not have the page as it is now."""
    similar = getattr(engine.backend(), "similar", None)
    pending = owed() if similar is not None else None
    if similar is None or pending is None:
        return None
    texts = [
        (getattr(entry, column), share)
        for column, share in SHARES.items()
        if (column, entry.kind) != ("title", Kind.PERSON)  # nobody is close to their namesakes
    ]
    settled = others.exclude(pk__in=pending) if pending else others
    found: list[int] | None = similar(entry.pk, texts, settled, language=entry.language, share=CLOSE_ENOUGH)
    return found


def _by_terms(entry: Entry, others: QuerySet[Entry]) -> list[int]:
    topics, functions = entry.topics.values("pk"), entry.functions.values("pk")
    shared = Count("topics", filter=Q(topics__in=topics), distinct=True) * 2
    shared += Count("functions", filter=Q(functions__in=functions), distinct=True)
    near = others.findable().exclude(pk=entry.pk).annotate(shared=shared)  # type: ignore[attr-defined]
    near = near.filter(shared__gte=2).order_by("-shared", "-date", "pk")  # a topic, or more than a function
    return list(near.values_list("pk", flat=True)[:CANDIDATES])
