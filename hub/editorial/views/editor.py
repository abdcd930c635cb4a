"""Wagtail's editing views, with what the hub's seats and reviews ask of them.

Reviewers open the same editor as authors, with the same buttons, and save remarks only: whatever else
their form carries is not read. A decision counts for the text that lay on the screen.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.panels import CommentPanel, ObjectList
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import COMMENTS_RELATION_NAME

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import sameness
from hub.editorial.domain import news, votes
from hub.editorial.reviews import TextChanged
from hub.editorial.views.decisions import (
    DecisionFormView,
    DecisionView,
    outcome,
    put_newest_under_review,
    with_comment,
)
from hub.editorial.views.writing import WritingView
from hub.kernel.errors import HubError
from hub.pages.models import BasePage


@cache
def remarks_form(page_class: type[BasePage]) -> Any:
    """A form of `page_class` that knows comments and nothing else."""
    panels = ObjectList([CommentPanel()], base_form_class=page_class.base_form_class)
    return panels.bind_to_model(page_class).get_form_class()


class SeatEditView(WritingView):
    """The editor: authors write, reviewers remark, and a decision is bound to the text that was read."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.only_remarks:
            self.autosave_enabled, self.autosave_interval = False, 0
            messages.info(request, "You read this page for its authors: you can add remarks, the text stays theirs.")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.only_remarks:
            self.form_class = remarks_form(self.page_class)
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except TextChanged as changed:
            put_newest_under_review(self.page, user=request.user)
            return self._refused(changed)
        except HubError as error:
            return self._refused(error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.form.is_bound and self.only_remarks:
            # Only comments were read from the request; what is shown is the page as it lies there.
            self.form = self.edit_handler.get_form_class()(
                instance=self.page,
                subscription=self.subscription,
                parent_page=self.parent,
                for_user=self.request.user,
            )
        return super().get_context_data(**kwargs)

    def save_action(self) -> HttpResponse:
        if self.request.POST.get("action-workflow-action") and not self.workflow_action_is_valid():
            words = "This review moved on while you read, so your decision was not counted. Read the page as it is now."
            messages.warning(self.request, with_comment(words, self._typed_with_decision().get("comment", "")))
        if not self.only_remarks:
            self.keep_answer()
            return super().save_action()
        self.save_remarks()
        if self.expects_json_response:
            answer = {
                "success": True,
                "pk": self.page.pk,
                "revision_id": self.latest_revision and self.latest_revision.pk,
                "revision_created_at": self.latest_revision_created_at,
                "field_updates": dict(self.form.get_field_updates_for_resave()),
                "comments": self.form.serialize_comments(self.request.user),
            }
            return JsonResponse({**answer, "html": self.render_partials()})
        messages.success(self.request, "Your remarks are saved.")
        return self.redirect_and_remain()

    def submit_action(self) -> HttpResponse:
        self.keep_answer()
        return super().submit_action()

    def keep_answer(self) -> None:
        """Keep what the authors answer to a request for changes, also while they are still at it."""
        text = self.request.POST.get("review_answer")
        review = self.page.current_workflow_state
        if text is not None and review is not None:
            votes.answer(review, by=self.request.user, text=text)

    def save_remarks(self) -> None:
        """Keep the comments, and no text: no revision is made, so the text stays its last writer's."""
        self.page = self.form.save(commit=False)
        self.subscription.save()
        remarks = getattr(self.page, COMMENTS_RELATION_NAME)
        for remark in remarks.all():
            if remark.pk is None:
                remark.revision_created = self.latest_revision
        remarks.commit()
        if "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, self.latest_revision)
            self.send_commenting_notifications(changes)

    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        """Tell of remarks once the change is committed, and only those who may open the page.

        Wagtail mails at once, from inside the transaction, to everybody who ever took part.
        """
        replies = [reply for _remark, replies in changes["new_replies"] for reply in replies]
        new = [*changes["new_comments"], *replies]
        resolved = changes["resolved_comments"]
        if new or resolved:
            threads = {remark.pk for remark in [*changes["new_comments"], *resolved]}
            threads |= {remark.pk for remark, _replies in changes["new_replies"]}
            news.remarked(self.page, texts=[item.text for item in new], threads=threads, actor=self.request.user)

    def perform_workflow_action(self) -> HttpResponse:
        """A decision, with remarks. Whoever changes the text with it has saved a draft that others have to read."""
        user = self.request.user
        if self._changes_text():
            if self.workflow_action == "approve":
                response = self.save_action()
                messages.warning(
                    self.request,
                    "You changed the text, so it was saved as a draft and is not approved: "
                    "somebody else has to read it as it is now.",
                )
                return response
            self.page = self.form.save(commit=not self.page.live)
            self.page.save_revision(user=user, log_action=True)
        else:
            if self.workflow_action == "approve":
                self._bind_to_text_on_screen()
            self.save_remarks()
        task_state = self.page.current_workflow_task_state
        data = self._typed_with_decision()
        task_state.task.specific.on_action(task_state, user, self.workflow_action, **data)
        messages.success(self.request, outcome(self.workflow_action, task_state.pk))
        return self.run_hook("after_edit_page", self.request, self.page) or self.redirect_away()

    def _typed_with_decision(self) -> dict[str, str]:
        """What was typed into the dialogue of a decision."""
        try:
            data = json.loads(self.request.POST.get("workflow-action-extra-data") or "{}")
        except ValueError:
            data = {}
        return {name: str(data[name]) for name in ("comment", "to") if isinstance(data, dict) and name in data}

    def _changes_text(self) -> bool:
        if self.only_remarks:
            return False
        typed = set(self.form.changed_data) - {"comment_notifications"}
        return any(map(self._says_something_else, typed)) or any(
            formset.has_changed() for name, formset in self.form.formsets.items() if name != "comments"
        )

    def _says_something_else(self, name: str) -> bool:
        """Whether a field that came back different says something different.

        What did not come from the editor, a member's proposal or an imported page, comes back with the editor's marks.
        """
        if name not in self.form.cleaned_data:
            return True
        return sameness.differs(self.form.fields[name], self.form[name].initial, self.form.cleaned_data[name])

    def cancel_workflow_action(self) -> HttpResponse:
        if self.only_remarks:
            raise PermissionDenied
        return super().cancel_workflow_action()

    def redirect_away(self) -> HttpResponse:
        """After handing in or deciding, people with a seat see what else waits for them; staff go to the explorer."""
        if self.next_url or role_of(self.request.user) >= Role.STAFF:
            return super().redirect_away()
        return redirect("wagtailadmin_home")

    def _bind_to_text_on_screen(self) -> None:
        """A decision is about the newest text, and that text was on the screen; otherwise TextChanged."""
        task_state = self.page.current_workflow_task_state
        if task_state is None or task_state.revision_id == self.page.latest_revision_id:
            if self.is_out_of_date:
                raise TextChanged
            return
        if self.is_out_of_date or not self.request.POST.get("loaded_revision_id"):
            raise TextChanged
        put_newest_under_review(self.page, user=self.request.user)

    def _refused(self, error: HubError) -> HttpResponse:
        if self.expects_json_response:
            return self.json_error_response("refused", str(error))
        messages.error(self.request, with_comment(str(error), self._typed_with_decision().get("comment", "")))
        return redirect(self.get_edit_url())


class SeatRevertView(RevisionsRevertView, SeatEditView):
    """An older text in the editor, for those who may write the page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = BasePage.objects.filter(pk=kwargs.get("page_id")).first()
        if page is not None and not page.permissions_for_user(request.user).can_change_text():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class SeatPageViewSet(PageViewSet):
    """The editing views of every page type of the hub."""

    model = BasePage
    name = "hub_pages"
    edit_view_class = SeatEditView
    revisions_revert_view_class = SeatRevertView
    workflow_action_view_class = DecisionView
    collect_workflow_action_data_view_class = DecisionFormView
