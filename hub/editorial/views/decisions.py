"""The buttons of a review, on the dashboard and in the editor's dialogues: what they ask, and what they answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views.generic.workflow import BaseWorkflowFormView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView

from hub.editorial import quorum
from hub.editorial.domain.people import able_to_review, name_for
from hub.editorial.forms import HandOverForm, RequestChangesForm
from hub.editorial.reviews import PeerReviewState, PeerReviewTask, TextChanged
from hub.kernel.errors import HubError
from hub.pages.models import BasePage

DONE = {
    "reject": "You asked for changes. The authors are told, with your comment.",
    "claim": "You took the review on.",
    "release": "You gave the review back: those who were asked see it again.",
    "hand_over": "You handed the review over. They are told.",
}


def outcome(action: str, task_state_id: int) -> str:
    """What a decision led to, as a sentence."""
    state = PeerReviewState.objects.filter(pk=task_state_id).first()
    if state is None or action not in ("approve", "take_back"):
        return DONE.get(action, "Done.")
    begin = "You approved the text" if action == "approve" else "Your decision is taken back"
    page = BasePage.objects.get(pk=state.page_id)
    if state.status != state.STATUS_APPROVED:
        return f"{begin}. {quorum.standing_of(state).sentence}"
    if state.workflow_state.status != state.workflow_state.STATUS_APPROVED:
        return f"{begin}. The next step of its review begins."
    if (scheduled := page.scheduled_revision) is not None:
        day = timezone.localtime(scheduled.approved_go_live_at)
        return f"{begin}, and it goes live on {day:%-d %B %Y at %H:%M}."
    return f"{begin}, and it is published."


def with_comment(sentence: str, comment: str) -> str:
    """An error with what was typed, so that it can be used again."""
    return f"{sentence} Your comment was: “{comment.strip()}”" if comment.strip() else sentence


def put_newest_under_review(page: BasePage, *, user: Any) -> None:
    """If a page's text was changed while it is under review, let the review be about what lies there now."""
    task_state = page.current_workflow_task_state
    newest = BasePage.objects.filter(pk=page.pk).values_list("latest_revision_id", flat=True).first()
    if task_state is None or task_state.revision_id == newest:
        return
    task = task_state.task.specific
    if isinstance(task, PeerReviewTask):
        task.catch_up(task_state, user=user)


class OwnFormsMixin(BaseWorkflowFormView):
    """A form of our own for the decisions that need more than an optional comment."""

    def get_form_class(self) -> Any:
        if self.action_name == "reject":
            return RequestChangesForm
        if self.action_name == "hand_over":
            me = self.request.user
            able = [user for user in able_to_review(self.object, self.task) if user.pk != me.pk]
            return partial(HandOverForm, people=[(str(user.pk), name_for(user, me)) for user in able])
        return super().get_form_class()


class DecisionFormView(OwnFormsMixin, CollectWorkflowActionDataView):
    """The dialogue of a decision in the editor, which carries it out with the rest of its form."""


class DecisionView(OwnFormsMixin, WorkflowActionView):
    """Decisions from the dashboard: refused in words, not with a general "no permission"."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.task_state.workflow_state.object_id != str(self.object.pk):
            raise PermissionDenied  # the review of one page, asked for under the address of another
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        try:
            if not self._in_dialogue and not form.is_valid():  # Wagtail would go on as if it had been done
                raise HubError(next(iter(form.errors.values()))[0])
            with transaction.atomic():
                response = super().post(request, *args, **kwargs)
        except TextChanged as changed:
            put_newest_under_review(self.object, user=request.user)
            return self._refused(changed)
        except HubError as error:
            return self._refused(error)
        if form.is_valid():
            messages.success(request, outcome(self.action_name, self.task_state.pk))
        return response

    @property
    def _in_dialogue(self) -> bool:
        return self.request.headers.get("x-requested-with") == "XMLHttpRequest"

    def _refused(self, error: HubError) -> HttpResponse:
        messages.error(self.request, with_comment(str(error), self.request.POST.get("comment", "")))
        url = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        if self._in_dialogue:
            return self.render_modal_json(self.request, {"step": "success", "redirect": url})
        return redirect(url)
