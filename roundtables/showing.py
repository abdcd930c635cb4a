"""What the pages of this app hand to their templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import showing
from hub.editorial.enums import SPEAKERS
from hub.editorial.narrowing import narrow
from hub.editorial.showing import Row
from hub.kernel import prepared
from hub.kernel.dates import in_words
from roundtables import inside, invited, kept, offers, phrases, recommending, recording, tables
from roundtables.agenda import agenda_of
from roundtables.enums import AttributionMode
from roundtables.models import RoundtablesIndexPage, SeriesPage, SeriesSeat, SessionPage
from roundtables.rules import is_over, may_know_speakers, may_read_notes
from roundtables.tables import Reader

MOST_CARDS = 12


def index(page: RoundtablesIndexPage, request: HttpRequest) -> dict[str, Any]:
    """Sessions to come as cards, series, and what was held; narrowed down together."""
    reader = tables.reader_of(request.user)
    visible = SessionPage.objects.visible_to(request.user).defer_streamfields()
    narrowed = narrow(visible, request.GET)
    held = showing.listed(narrowed.queryset.past(), request)
    coming: list[SessionPage] = list(narrowed.queryset.upcoming()[:MOST_CARDS]) if held.number == 1 else []
    series = list(SeriesPage.objects.visible_to(request.user).order_by("title").defer_streamfields())
    titles = {one.path: one.title for one in series}
    seats = tables.seats_of(coming)
    return {
        "crumbs": [],
        "cards": tables.cards(coming, reader, request, seats),
        "recommended": [] if narrowed.chosen else recommending.recommended(coming, seats, reader, request),
        "narrowed": narrowed,
        "page_obj": held,
        "held": [past_row(session, reader, request, titles) for session in held],
        "series": [Row(one.title, one.get_url(request) or "", gist=one.gist) for one in series],
        "shows_series": held.number == 1 and not narrowed.chosen,
        "zone": tables.city(reader.profile.time_zone) if reader.profile else "",
    }


def series(page: SeriesPage, request: HttpRequest) -> dict[str, Any]:
    """A recurring conversation: what it is about, its next sittings, and those that were held."""
    around = showing.surroundings(page, request, own=True)
    reader = Reader(request.user, around.own)
    kind, interval = _below(page.path, request)

    def past(*ends: str) -> Any:
        return _sessions(kind, *ends).defer_streamfields().past()

    def upcoming(*ends: str) -> Any:
        return _sessions(kind, *ends).defer_streamfields().upcoming()[:MOST_CARDS]

    held = showing.listed(past, request, prepared_as=("held", kind), values=interval)
    coming: list[SessionPage] = prepared.rows(("upcoming", kind), upcoming, *interval)
    return {
        **showing.detail(page, request, around=around),
        "rhythm": phrases.rhythm(page),
        "text": showing.parts(page.body),
        "series_seat": _series_seat(page, reader),
        "cards": tables.cards(coming, reader, request),
        "page_obj": held,
        "held": [past_row(session, reader, request, {}) for session in held],
    }


def _series_seat(page: SeriesPage, reader: Reader) -> str:
    """Whether the reader "has" a seat in the whole series or may "take" one; nothing for all but members."""
    if not page.live or reader.profile is None or role_of(reader.viewer) < Role.MEMBER:
        return ""
    return "has" if SeriesSeat.objects.filter(series=page.pk, profile=reader.profile.pk).exists() else "take"


def session(page: SessionPage, request: HttpRequest) -> dict[str, Any]:
    """One sitting: before it, the table to join; after it, what was kept."""
    around = showing.surroundings(page, request, own=True)
    reader = Reader(request.user, around.own)
    over = is_over(page)
    sittings = _sittings_of_series(page, request)
    seats = tables.seats_of([page])[page.pk]
    table = tables.table_of(page, seats, reader, size="medium" if over else "large", earlier=sittings)
    knows = may_know_speakers(page, request.user, seats)
    notice = tables.mode_notice(page)
    invitation = invited.standing_of(page, reader)
    context = showing.detail(page, request, around=around, hide_roles=() if knows else SPEAKERS)
    heads = [person for person in context["people"] if person.role in SPEAKERS]
    already = {person.url for person in heads if person.url}
    return {
        **context,
        **(kept.of_session(page, request, seats) if over else {}),
        "people": [person for person in context["people"] if person.role not in SPEAKERS],
        "heads": heads,
        "over": over,
        "table": table,
        "at_table": [(person, note) for person, note in table.at_table if person.url not in already],
        "when": tables.long_time(page, reader),
        "zone_words": tables.zone_words(page, reader),
        "starts_at": tables.local_start(page, reader),
        "place": phrases.place_words(page),
        "offer": offers.offer_of(page, seats, reader, may_take=invitation.may_take),
        "invitation": invitation,
        "inside": inside.inside_of(page, seats, reader),
        "recorded": _recorded(page) if recording.may_hear(page, request.user, seats) else [],
        "notice": {"title": notice[0], "text": notice[1]} if notice else None,
        "agenda": agenda_of(page, reader, hides_names=not knows),
        "preparation_text": showing.parts(page.preparation),
        "body_text": showing.parts(page.body),
        "notes_text": showing.parts(page.notes) if may_read_notes(page, request.user, seats) else [],
        "hides_names": not knows,  # also of those who are quoted
        "series": context["crumbs"][-1] if len(context["crumbs"]) > 1 else None,
        "ordinal": _ordinal(sittings + 1) if sittings else "",
    }


def _recorded(page: SessionPage) -> list[tuple[str, str]]:
    """What can be heard and read word for word: a title and where it leads."""
    links = [("Recording", page.recording_url), ("Transcript", page.transcript_url)]
    files = [("Recording", page.recording_file), ("Transcript", page.transcript_file)]
    return [*links, *((word, file.url if file else "") for word, file in files)]


def _sittings_of_series(page: SessionPage, request: HttpRequest) -> int:
    """How many sittings of the same series were held before this one, of those the viewer may see."""
    if page.depth < 5 or page.starts_at is None:  # not below a series
        return 0
    kind, interval = _below(page.path[: -page.steplen], request)

    def build(*ends: str) -> Any:
        held = _sessions(kind, *ends).filter(starts_at__isnull=False, cancelled=False)
        return held.order_by().values_list("starts_at", flat=True)

    return sum(1 for start in prepared.rows(("sittings", kind), build, *interval) if start < page.starts_at)


def _below(path: str, request: HttpRequest) -> tuple[tuple[int, int], tuple[str, str]]:
    """Which sessions lie right below `path` for this viewer: what decides the shape of the query, and its values."""
    kind = (int(role_of(request.user)), len(path) // SessionPage.steplen + 1)
    return kind, SessionPage._get_children_path_interval(path)


def _sessions(kind: tuple[int, int], first: str, last: str) -> Any:
    role, depth = kind
    return SessionPage.objects.live().filter(effective_audience__lte=role, depth=depth, path__gte=first, path__lte=last)


def past_row(session: SessionPage, reader: Reader, request: HttpRequest, titles: dict[str, str]) -> Row:
    """A session that was held, in a list. `titles` are those of the series, by their path."""
    start = tables.local_start(session, reader)
    facts = [in_words(start.date(), timezone.localdate())] if start else []
    facts += [titles[path] for path in [session.path[: -session.steplen]] if path in titles]
    if session.cancelled:
        facts.append("Cancelled")
    elif session.attribution_mode != AttributionMode.OPEN:
        facts.append(AttributionMode(session.attribution_mode).label.partition(":")[0])
    return Row(session.title, session.get_url(request) or "", gist=session.gist, facts=facts, past=True)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
