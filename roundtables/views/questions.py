"""Questions for the table: asked, changed, taken back and voted for by members, sorted by the host."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.http import AccountRequest
from hub.kernel.errors import HubError
from hub.members.domain.profiles import profile_of
from roundtables.domain import questions
from roundtables.enums import QuestionState
from roundtables.forms import QuestionForm
from roundtables.models import Question, SessionPage
from roundtables.rules import may_host, may_read_questions, may_sit
from roundtables.views.inside import LARGEST, View, inside_a_session


def on_a_question(act: Callable[[AccountRequest, Question], str]) -> View:
    """A button at a question: `act` returns what to say, if anything; then the person is where they pressed it."""

    @login_required
    @require_POST
    @wraps(act)
    def guarded(request: AccountRequest, question_id: int) -> HttpResponse:
        found = Question.objects.select_related("session").filter(pk=min(question_id, LARGEST)).first()
        if found is None or not may_read_questions(found.session, request.user):
            raise Http404
        try:
            said = act(request, found)
        except HubError as refusal:
            messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
        if request.POST.get("from") == "run-sheet" and may_host(found.session, request.user):
            return redirect("roundtables:run_sheet", found.session_id)
        return redirect(f"{found.session.get_url(request)}#questions")

    return guarded


@inside_a_session
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AccountRequest, session: SessionPage) -> HttpResponse:
    """Ask a question. What does not fit comes back with what was typed."""
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="ask_question", user=request.user):
            return ratelimit.respond_429(request)
        try:
            questions.ask(session, profile_of(request.user), **form.cleaned_data)
        except HubError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your question is with the others. You can change it or take it back here.")
            return redirect(f"{session.get_url(request)}#questions")
    return _form(request, session, form, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AccountRequest, question_id: int) -> HttpResponse:
    """Put one's own question into other words."""
    mine = Question.objects.select_related("session").filter(
        pk=min(question_id, LARGEST), asker__user=request.user
    ).first()  # fmt: skip
    if mine is None or not may_sit(mine.session, request.user):
        raise Http404
    form = QuestionForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        try:
            questions.change(mine, profile_of(request.user), **form.cleaned_data)
        except HubError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your question is changed.")
            return redirect(f"{mine.session.get_url(request)}#questions")
    return _form(request, mine.session, form, mine)


def _form(request: AccountRequest, session: SessionPage, form: QuestionForm, question: Question | None) -> HttpResponse:
    frame = {"session": session, "session_url": session.get_url(request), "form": form, "question": question}
    return render(request, "roundtables/ask.html", frame, status=422 if form.errors else 200)


@on_a_question
def withdraw(request: AccountRequest, question: Question) -> str:
    """Take one's own question back."""
    questions.withdraw(question, profile_of(request.user))
    return "Your question is taken back."


@on_a_question
def vote(request: AccountRequest, question: Question) -> str:
    """Want it to be talked about, or no longer. The pressed button says it; no message is needed."""
    questions.vote(question, profile_of(request.user), wants=request.POST.get("wants") == "on")
    return ""


@on_a_question
def sort_out(request: AccountRequest, question: Question) -> str:
    """The host marks it as answered, hides it, or opens it again."""
    if not may_host(question.session, request.user):
        raise PermissionDenied
    state = request.POST.get("state", "")
    if state not in QuestionState.values:
        raise Http404
    questions.sort_out(question, QuestionState(state))
    return ""
