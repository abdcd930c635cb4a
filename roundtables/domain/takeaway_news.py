"""Tells people about takeaways, what they meant to try, and what might be next. Never who said what."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from hub.accounts.models import User
from hub.notifications.domain.news import tell, unique_people
from hub.pages.enums import PageSeatRole
from roundtables import kinds
from roundtables.enums import Answer, SeatRole
from roundtables.models import Commitment, FollowUp, SessionPage, Takeaway, TakeawayAnswer
from roundtables.rules import may_keep


def keepers_of(session: SessionPage) -> list[User]:
    """Those who write down what it came to: its hosts, co-authors of its page, whoever made it, as far as they may."""
    people = [seat.profile.user for seat in session.seats.filter(role=SeatRole.HOST).select_related("profile__user")]
    seats = session.page_seats.filter(role=PageSeatRole.CO_AUTHOR).select_related("user")
    people += [seat.user for seat in seats]
    people.append(session.owner)
    return [user for user in unique_people(people) if may_keep(session, user)]


def ask_to_check(session: SessionPage, people: Iterable[User], *, number: int, by: User) -> None:
    """Everybody who was there is asked, once, whether the takeaways are right."""
    words = "A takeaway waits" if number == 1 else f"{number} takeaways wait"
    _tell_all(session, people, f"{words} for your eyes: “{session.title}”", by=by)


def ask_again(takeaway: Takeaway, people: Iterable[User], *, by: User) -> None:
    """A takeaway was worded anew while it was checked: nobody's yes counts any more, so everybody is asked again."""
    text = f"A takeaway was worded anew: “{takeaway.session.title}”. Is it right now?"
    _tell_all(takeaway.session, people, text, by=by)


def _tell_all(session: SessionPage, people: Iterable[User], text: str, *, by: User) -> None:
    detail = "You were there, so you decide with the others whether it may be published. Please look within seven days."
    for user in unique_people(people, without=by):
        url = reverse("roundtables:check_takeaways", args=[session.pk])
        tell(user, kind=kinds.TAKEAWAYS_TO_CHECK, text=text, detail=detail, url=url, page=session)


def tell_of_answer(takeaway: Takeaway, answer: TakeawayAnswer, *, by: User) -> None:
    """Somebody objects to a takeaway or would say it differently; not who."""
    session, objects = takeaway.session, answer.answer == Answer.OBJECTS
    what = "objects to a takeaway" if objects else "would word a takeaway differently"
    for user in unique_people(keepers_of(session), without=by):
        text = f"Somebody who was there {what}: “{session.title}”"
        tell(user, kind=kinds.TAKEAWAY_ANSWERED, text=text, detail=answer.text, url=_desk(session), page=session)


def tell_that_ready(session: SessionPage, number: int) -> None:
    """Takeaways were checked: whoever runs the session may publish them."""
    words = "A takeaway is" if number == 1 else f"{number} takeaways are"
    for user in keepers_of(session):
        text = f"{words} checked and can be published: “{session.title}”"
        tell(user, kind=kinds.TAKEAWAYS_READY, text=text, url=_desk(session), page=session)


def nudge(session: SessionPage) -> None:
    """Nobody has written down yet what a session came to."""
    detail = "Two or three sentences are enough, while you still remember. Those who were there check them."
    for user in keepers_of(session):
        text = f"What did it come to? “{session.title}” is over, and nothing is written down yet"
        tell(user, kind=kinds.TAKEAWAYS_MISSING, text=text, detail=detail, url=_desk(session), page=session)


def ask_what_came_of(commitment: Commitment) -> None:
    """The day that somebody set themselves has come."""
    for user in unique_people([commitment.profile.user]):
        tell(
            user,
            kind=kinds.COMMITMENT_DUE,
            text=f"You wanted to try: “{commitment.text}”. What came of it?",
            url=commitment.get_absolute_url(),
        )


def follow_up_proposed(proposal: FollowUp) -> None:
    """Somebody who was there has a topic for a next session."""
    session = proposal.session
    for user in unique_people(keepers_of(session), without=proposal.proposed_by):
        text = f"Somebody who was there would go on with “{proposal.topic}”, after “{session.title}”"
        url = _desk(session)
        tell(user, kind=kinds.FOLLOW_UP_PROPOSED, text=text, detail=proposal.why, url=url, page=session)


def follow_up_answered(proposal: FollowUp, *, by: User) -> None:
    """What those who run the session say to a topic."""
    session = proposal.session
    drafted = "is being prepared" if proposal.draft_id else "is not planned for now"
    for user in unique_people([proposal.proposed_by], without=by):
        text = f"A session on “{proposal.topic}” {drafted}"
        tell(user, kind=kinds.FOLLOW_UP_ANSWERED, text=text, url=session.get_url() or "", page=session)


def _desk(session: SessionPage) -> str:
    return reverse("roundtables:takeaway_desk", args=[session.pk])
