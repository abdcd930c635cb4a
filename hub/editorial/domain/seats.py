"""Asking people to take a seat on a page, taking it, and giving it back."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.log_actions import log
from wagtail.models import PageSubscription

from hub.accounts.models import User
from hub.editorial import kinds, tasks
from hub.editorial.domain.people import name_for
from hub.kernel.errors import HubError
from hub.notifications.domain.news import tell, unique_people
from hub.notifications.enums import Needs
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageInvitation, PageSeat

OPEN_FOR = timedelta(days=30)
SEAT_IS_OVER = (
    "The page no longer opens in the editor for you. What you wrote stays in it, with your name in its history."
)
MOST_OPEN = 20  # per page: an invitation is a mail to somebody who did not ask for it


class SeatError(HubError):
    """A seat cannot be given, taken or ended like this; the message says why."""


def _check_manages(page: BasePage, user: User) -> None:
    if not page.permissions_for_user(user).can_manage_seats():
        raise PermissionDenied


@transaction.atomic
def invite(
    *,
    page: BasePage,
    email: str,
    role: PageSeatRole,
    invited_by: User,
    may_invite: bool = False,
    by_name: bool = False,
    until: datetime | None = None,
) -> PageInvitation:
    """Ask the owner of `email` to take a seat, which ends at `until`. An earlier invitation to the same address ends.

    `by_name`: the inviter chose a member and does not know the address. Side effects, after commit:
    who has an account finds it in their inbox and their mail, everybody else gets a mail with a link.
    No mail names the page: its title is for those who took their seat.
    """
    _check_manages(page, invited_by)
    email = User.objects.normalize_email(email)
    account = User.objects.filter(email=email, is_active=True).first()
    if account is not None and page.page_seats.filter(user_id=account.pk).exists():
        raise SeatError("This person holds a seat on the page already. End that one first to give them another.")
    page.page_invitations.filter(email=email, accepted_at__isnull=True).delete()
    if page.page_invitations.open().count() >= MOST_OPEN:
        raise SeatError(f"{MOST_OPEN} people were asked and have not answered. Withdraw an invitation first.")
    invitation = PageInvitation.objects.create(
        page=page,
        email=email,
        invitee=account if by_name else None,
        role=role,
        may_invite=may_invite and role == PageSeatRole.CO_AUTHOR,
        token_digest=digest_of(f"unsent {timezone.now().isoformat()} {page.pk} {email}"),
        invited_by=invited_by,
        expires_at=timezone.now() + OPEN_FOR,
        seat_expires_at=until,
    )
    log(instance=page.specific, action="hub.seat.offered", user=invited_by, data={"role": str(role)})
    if account is None:
        transaction.on_commit(lambda: tasks.mail_invitation.enqueue(invitation.pk))
    else:
        task = "write" if role == PageSeatRole.CO_AUTHOR else "review"
        kind_of_page = page.specific_class._meta.verbose_name
        text = f"{name_for(invited_by, account)} asks you to {task} a {kind_of_page}"
        tell(account, kind=kinds.INVITED, text=text, url=reverse("editorial:accept", args=[invitation.pk]))
    return invitation


def digest_of(token: str) -> str:
    """The fingerprint under which an invitation's secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def accept(invitation: PageInvitation, *, user: User) -> PageSeat:
    """Take the seat one was asked to take, with the account whose address was asked.

    Side effects: the seat, its entry in the page's history; whoever asked is told after commit.
    """
    locked = PageInvitation.objects.select_for_update(of=("self",))  # PostgreSQL locks no row that may be absent
    invitation = locked.select_related("page", "invited_by").get(pk=invitation.pk)
    if user.email != User.objects.normalize_email(invitation.email):
        raise SeatError(
            "This invitation was sent to another address than the one of your account. "
            "Log in with the account it was sent to, or ask for an invitation to this one."
        )
    page = invitation.page
    seat = page.page_seats.filter(user_id=user.pk).first()
    if invitation.accepted_at is not None:
        if seat is None:
            raise SeatError("You took this seat before, and it has ended since. Ask for a new invitation.")
        return seat
    if invitation.expires_at <= timezone.now() or _is_past(invitation.seat_expires_at):
        raise SeatError("This invitation has ended. Ask for a new one.")
    if seat is None:
        PageSeat.ever.over().filter(page=page, user=user).delete()
        seat = PageSeat.objects.create(
            page=page,
            user=user,
            role=invitation.role,
            may_invite=invitation.may_invite,
            invited_by=invitation.invited_by,
            expires_at=invitation.seat_expires_at,
        )
        log(instance=page.specific, action="hub.seat.taken", user=user, data={"role": invitation.role})
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    inviter = invitation.invited_by
    if inviter is not None and inviter.is_active and page.permissions_for_user(inviter).can_edit():
        verb = "writes" if invitation.role == PageSeatRole.CO_AUTHOR else "reviews"
        tell(
            inviter,
            kind=kinds.SEAT_TAKEN,
            text=f"{name_for(user, inviter)} took the seat you offered and {verb} “{page.draft_title or page.title}”",
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            page=page,
            needs=Needs.OPEN,
        )
    return seat


@transaction.atomic
def end(seat: PageSeat, *, by: User) -> None:
    """End a seat: somebody else's by those who decide about seats, one's own by oneself. Counts at once.

    Side effects: the page's history says so; whoever lost their seat is told, unless they gave it back; their
    presence in the editor and their subscription end too, and so do the invitations they sent, unless they
    may still send some.
    """
    own = seat.user_id == by.pk
    if not own:
        _check_manages(seat.page, by)
    holder = User.objects.get(pk=seat.user_id)
    _take_away(seat, holder, by=by)
    if not own and holder.is_active:
        _tell_holder(holder, seat, f"{name_for(by, holder)} ended your seat")


def _take_away(seat: PageSeat, holder: User, *, by: User | None) -> None:
    page = seat.page
    PageSubscription.objects.filter(page_id=page.pk, user_id=holder.pk).delete()
    EditingSession.objects.filter(user_id=holder.pk, object_id=str(page.pk)).delete()
    data = {"role": seat.role, "author": holder.pk if seat.role == PageSeatRole.CO_AUTHOR else None}
    log(instance=page.specific, action="hub.seat.ended", user=by, data=data)
    PageSeat.ever.filter(pk=seat.pk).delete()
    if not page.permissions_for_user(holder).can_manage_seats():
        page.page_invitations.filter(invited_by_id=holder.pk, accepted_at__isnull=True).delete()
        page.external_reviews.open().filter(invited_by_id=holder.pk).update(revoked_at=timezone.now())


def _tell_holder(holder: User, seat: PageSeat, what: str) -> None:
    """The page's title is not said: whose seat has ended may no longer know it."""
    page = seat.page
    work = "writing" if seat.role == PageSeatRole.CO_AUTHOR else "reviewing"
    readable = page if page.is_visible_to(holder) else None
    named = f"“{page.title}”" if readable else f"a {page.specific_class._meta.verbose_name}"
    tell(holder, kind=kinds.SEAT_ENDED, text=f"{what}: {work} {named}", detail=SEAT_IS_OVER, page=readable)


@transaction.atomic
def set_end(seat: PageSeat, until: datetime | None, *, by: User) -> None:
    """Let a seat end at `until`, or (None) when somebody ends it. The page's history says so."""
    _check_manages(seat.page, by)
    if _is_past(until):
        raise SeatError("That day is over. Choose a later one, or end the seat now.")
    seat.expires_at = until
    seat.save(update_fields=["expires_at"])
    until_words = until.date().isoformat() if until else ""
    log(instance=seat.page.specific, action="hub.seat.dated", user=by, data={"until": until_words})


@transaction.atomic
def end_over() -> int:
    """Take away the seats whose time has passed, and tell their holders. They have counted for nothing since then.

    Safe to run twice and at the same time; gives how many ended.
    """
    over = list(PageSeat.ever.over().select_for_update(of=("self",)).select_related("page", "user").order_by("pk"))
    for seat in over:
        _take_away(seat, seat.user, by=None)
        if seat.user.is_active:
            _tell_holder(seat.user, seat, "The time of your seat has passed")
    return len(over)


@transaction.atomic
def hand_over(seat: PageSeat, *, by: User) -> None:
    """Make the holder of a co-author's seat responsible for the page, with the right to ask others.

    Whoever was responsible keeps the seat they hold, if they hold one. The responsible person is asked
    whether the page is still true; it is no right by itself (see `hub.pages.policies`).
    Side effects: the page's history says so; both are told after commit.
    """
    page = BasePage.objects.select_for_update().select_related("owner").get(pk=seat.page_id)
    if not (page.owner_id == by.pk and page.permissions_for_user(by).can_change_text()):
        _check_manages(page, by)
    if seat.role != PageSeatRole.CO_AUTHOR:
        raise SeatError("Only a co-author can be responsible for the page. Give them a co-author’s seat first.")
    if page.owner_id == seat.user_id:
        return
    before, after = page.owner, seat.user
    written = page.specific  # its own kind hears of it, the catalogue of the search among them
    written.owner = after
    written.save(update_fields=["owner"])
    seat.may_invite, seat.expires_at = True, None
    seat.save(update_fields=["may_invite", "expires_at"])
    log(instance=page.specific, action="hub.page.handed_over", user=by, data={"author": before and before.pk})
    for person in unique_people([after, before], without=by):
        who = "you" if person.pk == after.pk else name_for(after, person)
        text = f"{name_for(by, person)} made {who} responsible for"
        if page.permissions_for_user(person).can_edit():
            url, title = reverse("page_people", args=[page.pk]), page.draft_title or page.title
            tell(person, kind=kinds.RESPONSIBLE, text=f"{text} “{title}”", url=url, page=page, needs=Needs.OPEN)
        else:
            tell(person, kind=kinds.RESPONSIBLE, text=f"{text} a page you made")


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()


@transaction.atomic
def withdraw(invitation: PageInvitation, *, by: User) -> None:
    """Take an invitation back; its link opens nothing any more."""
    _check_manages(invitation.page, by)
    invitation.delete()
