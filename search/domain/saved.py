"""Searches that people keep, and what is new for them.

**New** is what its owner could not find before: published, created or opened to more people since they
were last told (`Entry.findable_since`). Edits are not new. What is new is matched by the database, as
what the index owes is, so an alert neither waits for the index nor depends on it, and asks for the
owner's scopes as they are at that moment.

The clock alone would lose something: a change gets its time before its commit, and the commit may come
after somebody looked. So every look goes back by `OVERLAP`, and `Told` says what was told in it already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from hub.accounts.models import User
from search.domain import database, engine, synonyms, weights, words
from search.domain.filters import Filters, Vocabulary
from search.domain.query import visible
from search.domain.steering import Steering
from search.models import Entry, Rhythm, SavedSearch, SearchAlert, Told
from search.registry import place_of
from search.rules import scopes_of

MOST = 50  # of one person: a shelf that can be looked over
MOST_TOLD = 100  # of one alert; what is beyond comes with the next
LONGEST_NAME = 80
FACETS = ("kind", "topic", "function", "industry", "year")
OVERLAP = timedelta(hours=1)  # longer than any transaction
EVERY = {Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}
EARLY = timedelta(hours=2)  # cron does not come at the same second every day


class Refused(Exception):
    """The search was not saved. The message says why, and what to do."""


def save(owner: User, asked: QueryDict, *, name: str = "") -> SavedSearch:
    """Keep what is asked in the address of a page of results. Raises `Refused`.

    What matches already is no news: the alerts begin now.
    """
    question = words.ask(asked.get("q", "")).text
    filters, labels = _choices(asked, owner)
    if not question and not filters:
        raise Refused("There is nothing to keep yet. Search for something, then save that.")
    digest = SavedSearch.digest_of(question, filters)
    same = SavedSearch.objects.filter(owner=owner, digest=digest).first()
    if same is not None:
        raise Refused(f"You have saved this search already, as “{same.name}”. Change it in the list below.")
    if SavedSearch.objects.filter(owner=owner).count() >= MOST:
        raise Refused(f"You have saved {MOST} searches, and that is as many as fit. Delete one you no longer need.")
    name = named(name) or named(", ".join([question, *labels] if question else labels))
    try:
        with transaction.atomic():
            saved = SavedSearch.objects.create(
                owner=owner, name=name, question=question, filters=filters, digest=digest
            )
            _pass_over(saved)
    except IntegrityError:  # a second click at the same moment
        raise Refused("You have saved this search already. It is in the list below.") from None
    return saved


def change(saved: SavedSearch, *, name: str, rhythm: str) -> None:
    """Another name or rhythm; what makes no sense changes nothing. Alerts that were off begin anew."""
    was_off = saved.rhythm == Rhythm.NEVER
    saved.name = named(name) or saved.name
    saved.rhythm = rhythm if rhythm in Rhythm.values else saved.rhythm
    saved.save(update_fields=["name", "rhythm"])
    if was_off and saved.rhythm != Rhythm.NEVER:
        begin_anew(saved)


def pause(saved: SavedSearch) -> None:
    """No alerts until it is resumed."""
    SavedSearch.objects.filter(pk=saved.pk).update(is_paused=True)


def resume(saved: SavedSearch) -> None:
    """Alerts again, of what is new from now on."""
    if saved.is_paused:
        SavedSearch.objects.filter(pk=saved.pk).update(is_paused=False)
        begin_anew(saved)


@transaction.atomic
def begin_anew(saved: SavedSearch) -> None:
    """Nothing that can be found now is news."""
    saved.looked_at = timezone.now()
    SavedSearch.objects.filter(pk=saved.pk).update(looked_at=saved.looked_at)
    _pass_over(saved)


def due(now: datetime) -> QuerySet[SavedSearch]:
    """The searches whose owners are to be told what is new. Closed accounts are told nothing."""
    turns = Q()
    for rhythm, pause_between in EVERY.items():
        turns |= Q(rhythm=rhythm, looked_at__lte=now - pause_between + EARLY)
    return SavedSearch.objects.filter(turns, is_paused=False, owner__is_active=True).order_by("pk")


def collect(saved: SavedSearch, now: datetime) -> SearchAlert | None:
    """Note what is new and move the marker on; None if there is nothing, or somebody else was quicker.

    To be called inside the transaction that also tells the person: together they happen, or not at all.
    """
    seen = saved.looked_at
    still_due = due(now).filter(pk=saved.pk, looked_at=seen).order_by()
    if not SavedSearch.objects.filter(pk__in=still_due.values("pk"), looked_at=seen).update(looked_at=now):
        return None
    saved = SavedSearch.objects.select_related("owner").get(pk=saved.pk)
    things = _new(saved, since=seen)
    if len(things) > MOST_TOLD:  # the rest is found again, since the marker stays where it was
        things = things[:MOST_TOLD]
        SavedSearch.objects.filter(pk=saved.pk).update(looked_at=seen)
    if not things:
        return None
    alert = SearchAlert.objects.create(search=saved)
    _note(saved, things, alert)
    return alert


def news_of(alert: SearchAlert) -> list[Entry]:
    """What an alert told of, as far as its owner may find it now."""
    told = Told.objects.filter(alert=alert, source_model=OuterRef("source_model"), source_id=OuterRef("source_id"))
    owner = alert.search.owner
    entries = visible(scopes_of(owner)).findable()  # type: ignore[attr-defined]
    return list(entries.filter(Exists(told)).order_by("-date", "title", "pk")) if owner.is_active else []


def choices_of(saved: SavedSearch, vocabulary: Vocabulary) -> list[str]:
    """The choices of a saved search in words; what is gone since is left out. `vocabulary` knows its topics."""
    return [label for _, _, label in _filters(saved, vocabulary).chosen()]


def named(text: str) -> str:
    """A name as it is kept."""
    return words.squeeze(text)[:LONGEST_NAME].strip()


def _choices(asked: QueryDict, owner: User) -> tuple[dict[str, list[str]], list[str]]:
    lists: dict[str, Any] = {name: asked.getlist(name) for name in FACETS}
    vocabulary, like = Vocabulary.load(lists["topic"]), asked.get("like", "")
    filters = Filters.read(vocabulary, like=like, place=place_of(owner) if like else None, **lists)
    found: dict[str, list[str]] = {}
    for facet, value, _ in filters.chosen():
        found.setdefault(facet, []).append(value)
    return found, [label for _, _, label in filters.chosen()]


def _filters(saved: SavedSearch, vocabulary: Vocabulary | None = None) -> Filters:
    kept: dict[str, Any] = {name: saved.filters.get(name, []) for name in FACETS}
    like = next(iter(saved.filters.get("like", [])), "")
    vocabulary = vocabulary or Vocabulary.load(kept["topic"])
    return Filters.read(vocabulary, like=like, place=place_of(saved.owner) if like else None, **kept)


def _new(saved: SavedSearch, *, since: datetime) -> list[tuple[str, int]]:
    """The things its owner could first find after `since` and was not told of, as (source, key), best first."""
    filters = _filters(saved)
    if filters.unknown:  # a topic that is gone, a profile without a place: without that choice it asks for more
        return []
    told = Told.objects.filter(search=saved, source_model=OuterRef("source_model"), source_id=OuterRef("source_id"))
    entries = visible(scopes_of(saved.owner)).findable()  # type: ignore[attr-defined]
    entries = entries.filter(~Exists(told), findable_since__gt=since - OVERLAP)
    entries = filters.apply(entries, engine.having)
    question = words.ask(saved.question)
    if question.is_empty:
        return list(dict.fromkeys(entries.order_by("-date", "pk").values_list("source_model", "source_id")))
    question = synonyms.extended(question, Steering.load().synonyms)
    # On a page of results those with only some of the words come last. As news they would be noise.
    enough = weights.ALL_WORDS_IN_DATABASE if question.is_short else 0
    best = [match.pk for match in database.matching(question, entries) if match.score >= enough]
    rows = Entry.objects.in_bulk(best)
    return list(dict.fromkeys((rows[pk].source_model, rows[pk].source_id) for pk in best if pk in rows))


def _pass_over(saved: SavedSearch) -> None:
    """What a look back by `OVERLAP` would find now is known already."""
    _note(saved, _new(saved, since=saved.looked_at), None)


def _note(saved: SavedSearch, things: Iterable[tuple[str, int]], alert: SearchAlert | None) -> None:
    Told.objects.bulk_create(
        (Told(search=saved, alert=alert, source_model=source, source_id=pk) for source, pk in things), batch_size=200
    )
