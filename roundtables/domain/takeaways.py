"""Takeaways: drafted by those who run a session, checked by those who were there, then published.

    draft → being checked → published → withdrawn

An answer is to one wording. A new wording while it is checked makes every yes to the one before void, asks everybody
again and begins the days anew; a no stands until whoever said it takes it back, or turns out not to have been there.
It stops this takeaway and no other. Who was there is asked anew each time (`rules.was_there`), never remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.members.models import MemberProfile
from roundtables.domain import takeaway_news as news
from roundtables.domain.names import says_a_name
from roundtables.enums import ABOUT_A_PERSON, Answer, Attribution, SeatState, TakeawayState
from roundtables.models import SessionPage, SessionSeat, Takeaway, TakeawayAnswer
from roundtables.models.seats import SessionSeatQuerySet
from roundtables.models.takeaways import LONGEST_STATEMENT
from roundtables.rules import may_check, may_keep, told_speaker

DAYS_TO_CHECK = timedelta(days=7)
MOST = 30  # takeaways of one session that are not withdrawn: a table that keeps everything keeps nothing


class TakeawayRefused(HubError):
    """A takeaway cannot be written, checked or published like this; the message says why and what to do."""


@dataclass(frozen=True)
class Count:
    """How the checking of one takeaway stands, among those who were there."""

    present: int
    confirmed: int
    amended: int
    objected: int

    @property
    def is_complete(self) -> bool:
        """Everybody who was there said yes to the words as they are."""
        return self.present > 0 and self.confirmed == self.present and not self.objected


def there(session: SessionPage) -> SessionSeatQuerySet:
    """The seats of those who were there."""
    return SessionSeat.objects.going().filter(session_id=session.pk).exclude(attended=False)


def standing_answers(takeaway: Takeaway) -> list[TakeawayAnswer]:
    """The answers that count: of those who were there; a yes or other words only to the words as they are now."""
    present = there(takeaway.session).values("profile")
    found = TakeawayAnswer.objects.filter(takeaway=takeaway, profile__in=present)
    return [one for one in found if one.answer == Answer.OBJECTS or one.version == takeaway.version]


def count(takeaway: Takeaway) -> Count:
    """How the checking stands."""
    said = [one.answer for one in standing_answers(takeaway)]
    numbers = {answer: said.count(answer) for answer in Answer}
    present = there(takeaway.session).count()
    return Count(present, numbers[Answer.CONFIRMS], numbers[Answer.AMENDS], numbers[Answer.OBJECTS])


# --- those who run the session ---------------------------------------------------------------------


@transaction.atomic
def draft(
    session: SessionPage, *, by: User, statement: str, detail: str = "", attribution: str = Attribution.TABLE,
    speaker: MemberProfile | None = None, replaces: Takeaway | None = None,
) -> Takeaway:  # fmt: skip
    """Write a takeaway down. Nobody else reads it until it is sent to be checked.

    `replaces` is a published one of the same session that this corrects.
    """
    session = _locked(session)
    _check_keeper(session, by)
    if Takeaway.objects.filter(session=session).exclude(state=TakeawayState.WITHDRAWN).count() >= MOST:
        raise TakeawayRefused(f"{MOST} takeaways are enough for one session. Drop one that matters less, then go on.")
    if replaces is not None:
        replaces = Takeaway.objects.get(pk=replaces.pk)
        if replaces.session_id != session.pk or replaces.state != TakeawayState.PUBLISHED:
            raise TakeawayRefused("Only a published takeaway can be corrected. Reload the page to see how it stands.")
        if Takeaway.objects.filter(replaces=replaces).exists():
            raise TakeawayRefused("A correction of it is being written already. Change that one.")
    takeaway = Takeaway(session=session, replaces=replaces)
    _write(takeaway, by, statement, detail, attribution, speaker)
    takeaway.save()
    return takeaway


@transaction.atomic
def reword(
    takeaway: Takeaway, *, by: User, seen: int, statement: str, detail: str = "", attribution: str = Attribution.TABLE,
    speaker: MemberProfile | None = None,
) -> Takeaway:  # fmt: skip
    """Change a takeaway that is not published. `seen` is the version that lay on the writer's screen.

    Side effects, while it is being checked: no yes to the earlier words counts any more, the days begin anew, and
    everybody who was there is asked again. Who writes and was there says yes to their own words.
    """
    takeaway = _fresh(takeaway)
    _check_keeper(takeaway.session, by)
    if takeaway.state not in (TakeawayState.DRAFT, TakeawayState.CHECKING):
        raise TakeawayRefused("It is published as those who were there confirmed it. Write a correction instead.")
    if seen != takeaway.version:
        raise TakeawayRefused("Somebody changed it meanwhile. The newest words stand here; change those.")
    before = _words(takeaway)
    _write(takeaway, by, statement, detail, attribution, speaker)
    if _words(takeaway) == before:
        return takeaway
    takeaway.speaker_agreed = False  # it was agreed to other words
    takeaway.version += 1
    if takeaway.state == TakeawayState.CHECKING:
        takeaway.check_until, takeaway.is_host_told = timezone.now() + DAYS_TO_CHECK, False
    takeaway.save()
    if takeaway.state == TakeawayState.CHECKING:
        _say_yes_to_own_words(takeaway, by)
        news.ask_again(takeaway, _asked(takeaway.session), by=by)
    return takeaway


@transaction.atomic
def drop(takeaway: Takeaway, *, by: User) -> None:
    """Delete a takeaway that is not published, with what was said to it."""
    takeaway = _fresh(takeaway)
    _check_keeper(takeaway.session, by)
    if takeaway.state not in (TakeawayState.DRAFT, TakeawayState.CHECKING):
        raise TakeawayRefused("It is published, so it cannot be dropped. Withdraw it, and say why.")
    takeaway.delete()


@transaction.atomic
def send_to_check(session: SessionPage, *, by: User) -> int:
    """Lay all drafts before everybody who was there; returns how many. They have a week.

    Side effects: each of them is told once, however many drafts there are.
    """
    session = _locked(session)
    _check_keeper(session, by)
    drafts = list(Takeaway.objects.filter(session=session, state=TakeawayState.DRAFT))
    if not drafts:
        raise TakeawayRefused("There is no draft to be checked. Write one down first.")
    asked = _asked(session)
    if not asked:
        raise TakeawayRefused(
            "Nobody with an account is known to have been there, so nobody could check. Note who came first."
        )
    for takeaway in drafts:
        takeaway.state, takeaway.check_until = TakeawayState.CHECKING, timezone.now() + DAYS_TO_CHECK
        takeaway.save()
        _say_yes_to_own_words(takeaway, by)
    news.ask_to_check(session, asked, number=len(drafts), by=by)
    return len(drafts)


def why_not_publish(takeaway: Takeaway) -> str:
    """What stands in the way of publishing it, as a sentence; nothing if nothing does."""
    if takeaway.state != TakeawayState.CHECKING or takeaway.check_until is None:
        return "It is not being checked. Send it to those who were there first."
    numbers = count(takeaway)
    if not numbers.present:
        return "Nobody is known to have been there any more, so nobody has checked it. Note who came."
    if numbers.objected:
        return "Somebody who was there objects. Find other words they can say yes to, or drop it."
    if takeaway.check_until > timezone.now() and not numbers.is_complete:
        return "Those who were there still have time. It can be published once all said yes, or their week is over."
    return ""


@transaction.atomic
def publish(takeaway: Takeaway, *, by: User) -> Takeaway:
    """Publish what was checked, with how many said yes of how many were there.

    Side effects: it is found, the one it corrects is withdrawn, and who said what to it is deleted: it was needed
    for this and for nothing else.
    """
    takeaway = _fresh(takeaway)
    _check_keeper(takeaway.session, by)
    if reason := why_not_publish(takeaway):
        raise TakeawayRefused(reason)
    if takeaway.attribution in ABOUT_A_PERSON and not told_speaker(takeaway, takeaway.attribution):
        takeaway.attribution, takeaway.speaker, takeaway.speaker_agreed = Attribution.MEMBER, None, False
    now, numbers = timezone.now(), count(takeaway)
    takeaway.confirmed, takeaway.present = numbers.confirmed, numbers.present
    takeaway.state, takeaway.published_at, takeaway.check_until = TakeawayState.PUBLISHED, now, None
    takeaway.save()
    takeaway.answers.all().delete()
    earlier = takeaway.replaces
    if earlier is not None and earlier.state == TakeawayState.PUBLISHED:
        _withdraw(earlier, "It was corrected.")
    return takeaway


@transaction.atomic
def withdraw(takeaway: Takeaway, *, by: User, why: str) -> Takeaway:
    """Take back a published takeaway, for everybody to see: its page stays, with the day and the reason."""
    takeaway = _fresh(takeaway)
    _check_keeper(takeaway.session, by)
    why = " ".join(why.split())
    if takeaway.state != TakeawayState.PUBLISHED:
        raise TakeawayRefused("Only what is published can be withdrawn. Drop it, if it is not.")
    if not why:
        raise TakeawayRefused("Say why, in a sentence: those who relied on it read it on its page.")
    _refuse_names(takeaway.session, by, why)
    _withdraw(takeaway, why)
    return takeaway


# --- those who were there --------------------------------------------------------------------------


@transaction.atomic
def answer(takeaway: Takeaway, *, by: User, seen: int, said: str, text: str = "") -> TakeawayAnswer:
    """Say yes, propose other words, or object; the last answer of a person is theirs. `seen`: the version they read.

    Side effects: those who run the session are told of other words and of an objection, not who said so.
    Raises PermissionDenied for everybody who was not there.
    """
    takeaway = _fresh(takeaway)
    profile = _checker(takeaway.session, by)
    if takeaway.state != TakeawayState.CHECKING:
        raise TakeawayRefused("It is not being checked any more. Reload the page to see how it stands.")
    if seen != takeaway.version:
        raise TakeawayRefused("It was worded anew while you read it. The new words stand here; please look once more.")
    if said not in Answer.values:
        raise TakeawayRefused("Choose one of the three answers.")
    text = text.strip()[:1000] if said != Answer.CONFIRMS else ""
    if said != Answer.CONFIRMS and not text:
        raise TakeawayRefused("Say in a few words what should be different, so that those who wrote it can change it.")
    _refuse_names(takeaway.session, by, text)
    before = TakeawayAnswer.objects.filter(takeaway=takeaway, profile=profile).first()
    unchanged = before is not None and (before.answer, before.text, before.version) == (said, text, seen)
    kept, _ = TakeawayAnswer.objects.update_or_create(
        takeaway=takeaway, profile=profile, defaults={"answer": said, "text": text, "version": seen}
    )
    if said != Answer.CONFIRMS and not unchanged:
        news.tell_of_answer(takeaway, kept, by=by)
    return kept


@transaction.atomic
def agree_to_be_told(takeaway: Takeaway, *, by: User, seen: int) -> None:
    """Say yes to one's own name, or function and industry, under these words. Nobody can say it for somebody else."""
    takeaway = _fresh(takeaway)
    profile = _checker(takeaway.session, by)
    if takeaway.speaker_id != profile.pk or takeaway.state not in (TakeawayState.CHECKING, TakeawayState.PUBLISHED):
        raise PermissionDenied
    if seen != takeaway.version:
        raise TakeawayRefused("It was worded anew while you read it. The new words stand here; please look once more.")
    takeaway.speaker_agreed = True
    takeaway.save()


@transaction.atomic
def leave_me_out(takeaway: Takeaway, *, by: User) -> None:
    """Take oneself out of one's own line: at any time, whatever state it is in, without a reason, for good.

    Side effects: page, lists and search name nobody with the same commit; no other place keeps who it was.
    """
    takeaway = _fresh(takeaway)
    if takeaway.speaker is None or takeaway.speaker.user_id != by.pk or not by.is_active:
        raise PermissionDenied
    _name_nobody(takeaway)


@transaction.atomic
def name_nobody(session: SessionPage) -> None:
    """The rule of a session became stricter: whoever was named under its takeaways is named no longer, for good."""
    for takeaway in Takeaway.objects.select_for_update().filter(session=session, attribution__in=ABOUT_A_PERSON):
        _name_nobody(takeaway)


# --- how it is done --------------------------------------------------------------------------------


def _words(takeaway: Takeaway) -> tuple[str, str, str, int | None]:
    return takeaway.statement, takeaway.detail, takeaway.attribution, takeaway.speaker_id


def _write(
    takeaway: Takeaway, by: User, statement: str, detail: str, attribution: str, speaker: MemberProfile | None
) -> None:
    session = takeaway.session
    statement, detail = " ".join(statement.split()), detail.strip()
    if not statement:
        raise TakeawayRefused("Write one sentence that is worth keeping.")
    if len(statement) > LONGEST_STATEMENT or len(detail) > 1000:
        raise TakeawayRefused(f"One statement of at most {LONGEST_STATEMENT} characters; what explains it goes below.")
    if attribution not in Attribution.values:
        raise TakeawayRefused("Choose whose words these are.")
    if attribution in ABOUT_A_PERSON:
        if session.withholds_names:
            raise TakeawayRefused("Under this rule nobody is named, nor what they do. Choose the table, or a member.")
        if speaker is None or not there(session).filter(profile=speaker).exists():
            raise TakeawayRefused("Choose who said it, from those who were there.")
    _refuse_names(session, by, f"{statement}\n{detail}")
    takeaway.statement, takeaway.detail, takeaway.attribution = statement, detail, attribution
    takeaway.speaker = speaker if attribution in ABOUT_A_PERSON else None


def _refuse_names(session: SessionPage, by: User, text: str) -> None:
    if session.withholds_names and text and says_a_name(session, text, by=by):
        raise TakeawayRefused(
            "This names somebody, or where they work. Nobody is linked with what was said here: say it without."
        )


def _name_nobody(takeaway: Takeaway) -> None:
    takeaway.attribution, takeaway.speaker, takeaway.speaker_agreed = Attribution.MEMBER, None, False
    takeaway.save()


def _withdraw(takeaway: Takeaway, why: str) -> None:
    takeaway.state, takeaway.withdrawn_at, takeaway.withdrawn_why = TakeawayState.WITHDRAWN, timezone.now(), why
    takeaway.save()


def _say_yes_to_own_words(takeaway: Takeaway, by: User) -> None:
    """Whoever lays words before the others, and was there, stands by them: their own answer to the earlier ones."""
    profile = MemberProfile.objects.filter(user=by).first()
    if profile is None or not may_check(takeaway.session, by):
        return
    TakeawayAnswer.objects.update_or_create(
        takeaway=takeaway,
        profile=profile,
        defaults={"answer": Answer.CONFIRMS, "text": "", "version": takeaway.version},
    )


def _asked(session: SessionPage) -> list[User]:
    seats = there(session).filter(profile__user__isnull=False).select_related("profile__user")
    people = [seat.profile.user for seat in seats.order_by("pk")]
    return [user for user in people if user is not None and user.is_active and session.is_visible_to(user)]


def _check_keeper(session: SessionPage, by: User) -> None:
    if not may_keep(session, by):
        raise PermissionDenied


def _checker(session: SessionPage, by: User) -> MemberProfile:
    """The profile of somebody who was there. Raises PermissionDenied for everybody else."""
    if not may_check(session, by):
        raise PermissionDenied
    return SessionSeat.objects.get(session=session, profile__user=by, state=SeatState.GOING).profile


def _locked(session: SessionPage) -> SessionPage:
    """The session as it is now, and nobody else's to change until the transaction ends: so people are asked once."""
    return SessionPage.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _fresh(takeaway: Takeaway) -> Takeaway:
    """The takeaway as it is now, behind the lock of its session."""
    session = SessionPage.objects.select_for_update(of=("self",)).filter(takeaways=takeaway.pk).first()
    stored = Takeaway.objects.select_related("speaker", "replaces").filter(pk=takeaway.pk).first()
    if session is None or stored is None:
        raise TakeawayRefused("It is not there any more: those who run the session dropped it.")
    stored.session = session
    return stored
