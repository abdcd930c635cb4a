"""What waits for one person: the matter of "my hub"."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from hub.accounts.models import User
from hub.editorial.domain import keepers
from hub.editorial.domain.people import name_for
from hub.editorial.domain.work import Work, waiting_for, work_of
from hub.editorial.models import UpkeepTask
from hub.editorial.registry import writing_place
from hub.kernel.dates import in_words
from hub.members.models import MemberProfile
from hub.notifications.domain import inbox
from hub.notifications.domain.inbox import Shown
from hub.practices.domain import suggestions
from hub.practices.models import EditSuggestion, PracticePage
from hub.practices.rules import may_propose
from hub.practices.standing import proposed_by, state_of
from roundtables.models import Commitment, SessionPage, SessionSeat
from search.models import SavedSearch

SHOWN = 8  # of each kind: a desk, not an archive


@dataclass(frozen=True)
class Waiting:
    """One thing the person should look at: what it is, and where it is done."""

    kind: str
    title: str
    url: str
    note: str = ""

    @property
    def facts(self) -> list[str]:
        """The note, as the row component takes it."""
        return [self.note] if self.note else []


@dataclass(frozen=True)
class Desk:
    """Everything on one person's desk."""

    reviews: list[Waiting] = field(default_factory=list)
    upkeep: list[UpkeepTask] = field(default_factory=list)
    pages: list[Waiting] = field(default_factory=list)
    notices: list[Shown] = field(default_factory=list)
    sessions: list[SessionPage] = field(default_factory=list)
    searches: list[SavedSearch] = field(default_factory=list)
    brought: list[Waiting] = field(default_factory=list)
    edits: list[Waiting] = field(default_factory=list)
    commitments: list[Waiting] = field(default_factory=list)
    may_propose: bool = False
    profile: MemberProfile | None = None
    missing: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing waits, nothing is planned."""
        asked = self.reviews or self.upkeep or self.edits
        return not (asked or self.pages or self.notices or self.sessions or self.missing)


def desk_of(user: User) -> Desk:
    """The desk of `user`: reviews to give, pages they hold a seat on, sessions they go to, gaps in their profile."""
    profile = MemberProfile.objects.filter(user=user).select_related("function", "industry").first()
    reviews, edits = waiting_for(user), suggestions.around(user)
    own = list(proposed_by(user)[:SHOWN]) if may_propose(user) else []
    work = work_of(user, most=SHOWN + len(own), reviews=reviews)
    return Desk(
        reviews=_reviews(reviews[:SHOWN], user),
        upkeep=keepers.asked(user)[:SHOWN],
        pages=_pages([one for one in work if one.page.pk not in {page.pk for page in own}][:SHOWN]),
        notices=inbox.shown_to(user, inbox.waiting_for(user)[:SHOWN]),
        sessions=_sessions(user, profile),
        searches=list(SavedSearch.objects.filter(owner=user)[:SHOWN]),
        brought=_brought(user, own, edits.suggested),
        edits=_edits(user, edits.waiting),
        commitments=_commitments(user),
        may_propose=may_propose(user),
        profile=profile,
        missing=_missing(profile),
    )


def _reviews(states: list[TaskState], user: User) -> list[Waiting]:
    found = []
    for state in states:
        page_id = int(state.workflow_state.object_id)
        asked_by = state.workflow_state.requested_by
        found.append(
            Waiting(
                kind="review",
                title=state.revision.object_str if state.revision else "A page",
                url=reverse("wagtailadmin_pages:edit", args=[page_id]),
                note=f"Sent by {name_for(asked_by, user)}" if asked_by else "",
            )
        )
    return found


def _pages(work: list[Work]) -> list[Waiting]:
    return [
        Waiting(
            kind=one.role,
            title=one.title,
            url=one.url,
            note=" · ".join(filter(None, [one.role.label, one.stand.label, one.waits_for])),
        )
        for one in work
    ]


def _brought(user: User, practices: list[PracticePage], edits: list[EditSuggestion]) -> list[Waiting]:
    """The practices this person proposed, and the edits they suggested, each with where it stands."""
    found = [
        Waiting("practice", page.draft_title or page.title, writing_place(page, user), str(state_of(page).label))
        for page in practices
    ]
    return found + [
        Waiting("edit", f"Edit of “{edit.practice.title}”", edit.get_absolute_url(), edit.get_state_display())
        for edit in edits[:SHOWN]
    ]


def _edits(user: User, edits: list[EditSuggestion]) -> list[Waiting]:
    """The edits of others that wait for this person's answer."""
    return [
        Waiting(
            "edit", edit.practice.title, edit.get_absolute_url(), f"Suggested by {name_for(edit.proposed_by, user)}"
        )
        for edit in edits[:SHOWN]
    ]


def _commitments(user: User) -> list[Waiting]:
    """What this person said they would try and has not settled, the next day first."""
    today = timezone.localdate()
    found = Commitment.objects.filter(profile__user=user).open()[:SHOWN]
    return [
        Waiting("commitment", one.text, one.get_absolute_url(), f"By {in_words(one.due_on, today)}") for one in found
    ]


def _sessions(user: User, profile: MemberProfile | None) -> list[SessionPage]:
    if profile is None:
        return []
    going = SessionSeat.objects.going().filter(profile=profile).values("session_id")
    return list(SessionPage.objects.visible_to(user).upcoming().filter(pk__in=going)[:SHOWN])


def _missing(profile: MemberProfile | None) -> list[str]:
    """What would help others to find this person, in the words of the profile form."""
    if profile is None:
        return []
    gaps = [
        ("what you do (your function)", profile.function_id),
        ("your industry", profile.industry_id),
        ("your organisation", profile.organisation),
        ("a few lines about yourself", profile.bio),
    ]
    return [words for words, value in gaps if not value]
