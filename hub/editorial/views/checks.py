"""The content checks beside the text: what was typed is looked at while it is typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.views.pages.preview import PreviewOnEditView

from hub.editorial.domain.checks import remarks_on
from hub.kernel.errors import HubError


class PageChecksView(PreviewOnEditView):
    """What there is to say about the text that the preview was given last, saved or not.

    The editor sends its form to the preview while somebody types; this reads it from there, so that
    looking at a text costs no write of its own.
    """

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.object
        form = self.get_form(self._get_form_data(self._get_form_state()))
        try:
            if self.validate_form(form):
                page = form.save(commit=False)
        except HubError:
            page = self.get_object()  # it refers to what is not there for its writer: looked at as it was saved
        return render(request, "editorial/remarks.html", {"remarks": remarks_on(page)})
