"""The editor as those who write see it: nothing typed is lost, what others changed is told, checks are read out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView

from hub.editorial.domain import texts
from hub.editorial.domain.checks import remarks_on
from hub.editorial.domain.people import name_for

MOST_NAMES = 3  # of those who changed a text
CONFLICT = "invalid_revision"  # Wagtail's word for it; its autosave stops when it reads that


class WritingView(EditView):
    """Wagtail's editor, which knows what each of several writers has seen, and keeps what they type side by side."""

    @property
    def only_remarks(self) -> bool:
        """Whether this person reads the page without being one of those who write it."""
        return not self.page_perms.can_change_text()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.previous_revision is None:  # an older text on the screen is no look at the newest
            self._tell_what_is_new()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.expects_json_response and self.is_out_of_date and not self.only_remarks:
            return self._keep_what_was_typed()
        return super().post(request, *args, **kwargs)

    def save_action(self) -> HttpResponse:
        return self._knowing_the_text(super().save_action)

    def submit_action(self) -> HttpResponse:
        """Hand the text in, whatever the content checks say about it; what they say is told once more."""
        response = self._knowing_the_text(super().submit_action)
        if remarks := remarks_on(self.page):
            lines = format_html_join("", "<li>{}</li>", ((remark.text,) for remark in remarks))
            said = "It is handed in. Readers would miss something, and you can still change it:"
            messages.warning(self.request, format_html("{}<ul>{}</ul>", said, lines))
        return response

    def _knowing_the_text(self, save: Callable[[], HttpResponse]) -> HttpResponse:
        """Save, and remember that this person knows the text. Not if they wrote over one they had not seen."""
        knew_it = not self.is_out_of_date
        response = save()
        if knew_it:
            texts.saw_own_text(self.page, self.request.user)
        return response

    def _tell_what_is_new(self) -> None:
        """Whoever opens a text that others changed since is told so, once; the comparison stays one click away."""
        since = texts.look(self.page, self.request.user)
        if since is None:
            return
        names = list(dict.fromkeys(name_for(person, self.request.user) for person in since.people))
        if len(names) > MOST_NAMES:
            names = [*names[:MOST_NAMES], "others"]
        who = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        when = date_format(localtime(since.before.created_at), "j F, H:i")
        messages.info(
            self.request,
            f"{who} changed the text since you last looked; you know the one of {when}.",
            buttons=[messages.button(self._comparison(since.before.pk, "latest"), "See what changed")],
        )

    def _keep_what_was_typed(self) -> HttpResponse:
        """Somebody else saved in the meantime. The page stays theirs; what was typed is kept beside it."""
        newest = self.latest_revision
        form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        form.defer_required_fields()
        kept = None
        if form.is_valid():
            window = self.request.POST.get("editor_window", "")[:36]
            kept = texts.keep_typed(form.save(commit=False), by=self.request.user, window=window)
        said = f"{name_for(newest.user, self.request.user)} saved this page while you were writing. "
        answer: dict[str, Any] = {"success": False, "error_code": CONFLICT}
        if kept is None:
            said += "What you type cannot be kept as it is: copy it, then press Save to see which field is wrong."
        else:
            said += (
                "What you type is kept as a text of its own, in the history. "
                "Press Save, and yours becomes the newest text; leave, and theirs stays it."
            )
            answer |= {"kept": kept.pk, "compare_url": self._comparison(newest.pk, kept.pk)}
        return JsonResponse({**answer, "error_message": said}, status=400)

    def _comparison(self, before: int | str, after: int | str) -> str:
        return reverse("wagtailadmin_pages:revisions_compare", args=[self.page.pk, before, after])
