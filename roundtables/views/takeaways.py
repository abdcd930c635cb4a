"""Takeaways: read by those who may read their session, checked by those who were there, kept by those who run it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.enums import Role
from hub.accounts.http import AccountRequest
from hub.accounts.rules import role_of
from hub.editorial import showing
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from roundtables import keeping, kept
from roundtables.domain import origins, takeaways
from roundtables.domain.takeaways import TakeawayRefused
from roundtables.enums import Attribution, AttributionMode, TakeawayState
from roundtables.forms.takeaways import CheckForm, TakeawayForm, WithdrawForm
from roundtables.models import SessionPage, Takeaway, TakeawayAnswer
from roundtables.rules import may_check, may_keep

BIGGEST = 2**63  # no key is larger


@never_cache
@require_safe
def takeaway_list(request: HttpRequest) -> HttpResponse:
    """All takeaways this reader may read, the latest first."""
    readable = Takeaway.objects.published().readable_by(request.user).select_related("session")
    found = showing.listed(readable.order_by("-published_at", "-pk"), request)
    context = {"page_obj": found, "takeaways": kept.listed(found, request.user, request)}
    return render(request, "roundtables/takeaways.html", context)


@never_cache
@require_safe
def takeaway(request: HttpRequest, pk: int) -> HttpResponse:
    """One takeaway with where it comes from and what became of it; a withdrawn one says so."""
    found = _told(request, pk)
    (shown,) = kept.listed([found], request.user, request)
    session = found.session
    later = Takeaway.objects.published().filter(replaces=found).first()
    context = {
        "takeaway": shown,
        "session": session,
        "topics": list(session.topics.all()),
        "mode": "" if session.attribution_mode == AttributionMode.OPEN else session.attribution_mode,
        "made_of": [showing.brief(page, request) for page in origins.made_of(found, request.user)],
        "earlier": found.replaces,
        "later": later,
        "is_mine": request.user.is_authenticated and _is_own(found, request.user),
        "may_make_practice": role_of(request.user) >= Role.MEMBER and origins.may_make_practice(found, request.user),
        "key": uuid.uuid4(),
    }
    return render(request, "roundtables/takeaway.html", context)


@never_cache
@require_POST
@login_required
def make_practice(request: AccountRequest, pk: int) -> HttpResponse:
    """Begin a practice with the words of a takeaway; the form that proposes practices opens with them."""
    found = _told(request, pk)
    try:
        page = origins.make_practice(found, by=request.user, key=_key(request))
    except HubError as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, "A draft begins with this takeaway. Tell how you do it, and for whom.")
    return redirect("practices:proposal", page.pk)


@never_cache
@require_POST
@login_required
def leave_me_out(request: AccountRequest, pk: int) -> HttpResponse:
    """Take my name, or what I do, out of my own line: at any time, at once."""
    found = Takeaway.objects.select_related("session", "speaker").filter(pk=_pk(pk)).first()
    if found is None or not _is_own(found, request.user):
        raise Http404
    takeaways.leave_me_out(found, by=request.user)
    messages.success(request, "You are left out. The line stands as a member’s, here, in lists and in the search.")
    if found.state in (TakeawayState.PUBLISHED, TakeawayState.WITHDRAWN):
        return redirect(found)
    if may_check(found.session, request.user):
        return redirect("roundtables:check_takeaways", found.session_id)
    return redirect("my_hub")


# --- those who were there --------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AccountRequest, session_id: int) -> HttpResponse:
    """All that is being checked of one session, on one screen, for those who were there; 404 for all others."""
    session = SessionPage.objects.visible_to(request.user).filter(pk=_pk(session_id)).first()
    if session is None or not may_check(session, request.user):
        raise Http404
    rows = list(Takeaway.objects.filter(session=session, state=TakeawayState.CHECKING).select_related("speaker"))
    profile = profile_of(request.user)
    said = {
        one.takeaway_id: one for one in TakeawayAnswer.objects.filter(takeaway__in=rows, profile=profile)
    }  # fmt: skip
    posted = request.POST if request.method == "POST" else None
    forms = {row.pk: _check_form(row, said.get(row.pk), posted) for row in rows}
    refusals: dict[int, str] = {}
    if posted is not None:
        # Each form by itself: what is right is kept, also where another line needs another look.
        right = [row for row in rows if forms[row.pk].is_valid()]
        for row in right:
            try:
                _say(row, forms[row.pk].cleaned_data, request, profile.pk)
            except TakeawayRefused as refusal:
                refusals[row.pk] = str(refusal)
        if len(right) == len(rows) and not refusals:
            messages.success(request, "Thank you. You can change your answers here until it is published.")
            return redirect("roundtables:check_takeaways", session.pk)
    for row in rows:
        row.session = session
    context = {
        "session": session,
        "session_url": session.get_url(request),
        "lines": [_check_line(row, forms[row.pk], said, profile.pk, refusals, request) for row in rows],
        "has_errors": bool(refusals) or any(form.errors for form in forms.values()),
    }
    return render(request, "roundtables/check_takeaways.html", context, status=422 if context["has_errors"] else 200)


def _check_form(row: Takeaway, before: TakeawayAnswer | None, posted: Any) -> CheckForm:
    stands = before is not None and (before.version == row.version or before.answer == "objects")
    initial: dict[str, Any] = {"said": before.answer, "text": before.text} if before is not None and stands else {}
    initial |= {"seen": row.version, "named": row.speaker_agreed}
    return CheckForm(posted, prefix=f"line-{row.pk}", initial=initial)


def _say(row: Takeaway, said: dict[str, Any], request: AccountRequest, profile_id: int) -> None:
    if said["said"]:
        takeaways.answer(row, by=request.user, seen=said["seen"], said=said["said"], text=said["text"])
    if row.speaker_id == profile_id and said["named"] and not row.speaker_agreed:
        takeaways.agree_to_be_told(row, by=request.user, seen=said["seen"])


def _check_line(
    row: Takeaway, form: CheckForm, said: dict[int, TakeawayAnswer], me: int, refusals: dict[int, str], request: Any
) -> dict[str, Any]:
    before = said.get(row.pk)
    if row.pk in refusals:  # worded anew meanwhile: the next answer is to what is shown now
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[form.add_prefix("seen")] = str(row.version)  # type: ignore[index]
    return {
        "takeaway": row,
        "form": form,
        "is_mine": row.speaker_id == me,
        "is_named": row.attribution == Attribution.NAMED,
        "who": kept.said_by(row, request.user, kept.speakers_of([row], request.user))[0],
        "is_overtaken": before is not None and before.version != row.version and before.answer != "objects",
        "refusal": refusals.get(row.pk, ""),
        "until": row.check_until,
    }


# --- those who run the session ---------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: AccountRequest, session_id: int) -> HttpResponse:
    """What a session came to, as those who run it write it down, send it to be checked, and publish it."""
    session = _kept_session(request, session_id)
    form = TakeawayForm(request.POST or None, session=session, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            takeaways.draft(session, by=request.user, **form.words())
            messages.success(request, "Written down. Add the next one, or send all drafts to those who were there.")
            return redirect("roundtables:takeaway_desk", session.pk)
        except TakeawayRefused as refusal:
            form.add_error(None, str(refusal))
    context = {
        **keeping.desk(session),
        "session": session,
        "session_url": session.get_url(request),
        "form": form,
        "is_unattributed": session.withholds_names,
        "is_private": session.attribution_mode == AttributionMode.PRIVATE,
    }
    return render(request, "roundtables/takeaway_desk.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    """Other words for a takeaway that is not published, or the correction of one that is."""
    found = _kept(request, pk)
    session = found.session
    if found.state == TakeawayState.WITHDRAWN:
        raise Http404
    corrects = found.state == TakeawayState.PUBLISHED
    initial = {"statement": request.GET["words"][:240]} if "words" in request.GET else {}
    form = TakeawayForm(
        request.POST or None, session=session, viewer=request.user, takeaway=found, initial=initial
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            if corrects:
                takeaways.draft(session, by=request.user, replaces=found, **form.words())
                messages.success(request, "The correction is a draft. Send it to those who were there.")
            else:
                seen = form.cleaned_data["seen"] or 0
                takeaways.reword(found, by=request.user, seen=seen, **form.words())
                messages.success(request, "Saved.")
            return redirect("roundtables:takeaway_desk", session.pk)
        except TakeawayRefused as refusal:
            form.add_error(None, str(refusal))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["seen"] = str(found.version)  # type: ignore[index]
    context = {
        "takeaway": found,
        "session": session,
        "form": form,
        "corrects": corrects,
        "is_checking": found.state == TakeawayState.CHECKING,
    }
    return render(request, "roundtables/takeaway_edit.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def send_to_check(request: AccountRequest, session_id: int) -> HttpResponse:
    """Lay all drafts before those who were there."""
    session = _kept_session(request, session_id)
    try:
        number = takeaways.send_to_check(session, by=request.user)
        words = "It lies" if number == 1 else f"All {number} lie"
        messages.success(request, f"{words} before those who were there. They have seven days.")
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect("roundtables:takeaway_desk", session.pk)


@login_required
@never_cache
@require_POST
def publish(request: AccountRequest, pk: int) -> HttpResponse:
    """Publish one that was checked."""
    return _done(request, pk, takeaways.publish, "Published. It is found by everybody who may read the session.")


@login_required
@never_cache
@require_POST
def drop(request: AccountRequest, pk: int) -> HttpResponse:
    """Delete one that is not published."""
    return _done(request, pk, takeaways.drop, "Dropped.")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Take back a published one, with the reason."""
    found = _kept(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            takeaways.withdraw(found, by=request.user, why=form.cleaned_data["why"])
            messages.success(request, "Withdrawn. Its page says so, and why; lists and search do not show it any more.")
            return redirect("roundtables:takeaway_desk", found.session_id)
        except TakeawayRefused as refusal:
            form.add_error("why", str(refusal))
    context = {"takeaway": found, "session": found.session, "form": form}
    return render(request, "roundtables/takeaway_withdraw.html", context, status=422 if form.errors else 200)


def _done(request: AccountRequest, pk: int, act: Any, words: str) -> HttpResponse:
    found = _kept(request, pk)
    try:
        act(found, by=request.user)
        messages.success(request, words)
    except HubError as refusal:
        messages.error(request, str(refusal))
    return redirect("roundtables:takeaway_desk", found.session_id)


def _told(request: HttpRequest, pk: int) -> Takeaway:
    """A takeaway that was published once, and that the reader may read; 404 for everybody else."""
    told = Takeaway.objects.told().readable_by(request.user).filter(pk=_pk(pk))
    found = told.select_related("session", "replaces", "speaker").first()
    if found is None:
        raise Http404
    return found


def _kept(request: AccountRequest, pk: int) -> Takeaway:
    found = Takeaway.objects.select_related("session", "speaker").filter(pk=_pk(pk)).first()
    if found is None or not may_keep(found.session, request.user):
        raise Http404
    return found


def _kept_session(request: AccountRequest, session_id: int) -> SessionPage:
    session = SessionPage.objects.filter(pk=_pk(session_id)).first()
    if session is None or not may_keep(session, request.user):
        raise Http404
    return session


def _is_own(found: Takeaway, user: Any) -> bool:
    return found.speaker is not None and found.speaker.user_id == user.pk


def _pk(number: int) -> int:
    return number if number < BIGGEST else 0


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
