"""The stewardship desk: wagtail-modeladmin with its known holes closed, once, for every model of ours.

What is closed (each with a test in tests/kernel/test_modeladmin.py):

1. the history of an object was open to everybody who may enter the editor;
2. a malformed filter, page number or primary key was an error 500;
3. spreadsheets carried what people typed as live formulas;
4. any field could be filtered by writing it into the address (`?bio__contains=…`), so that values which
   no list shows could be found out by counting;
5. deleting something in use listed the names of everything that uses it.
"""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.menus import ModelAdminMenuItem
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import DeleteView, HistoryView, IndexView

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HARMLESS = (bool, int, float, Decimal, date, datetime, type(None))


def harmless(value: Any) -> Any:
    """A value as a spreadsheet may hold it: text that would start a formula gets an apostrophe in front."""
    if isinstance(value, HARMLESS):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


class CheckedHistoryView(HistoryView):
    """History for those who may inspect or change the object."""

    def check_action_permitted(self, user: Any) -> bool:
        helper = self.permission_helper
        return bool(helper.user_can_inspect_obj(user, self.instance) or helper.user_can_edit_obj(user, self.instance))


class SafeIndexView(IndexView):
    """A list that filters by what it declares, and answers nonsense with the whole list."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "\x00" in request.META.get("QUERY_STRING", "") or "%00" in request.META.get("QUERY_STRING", ""):
            return self._whole_list(request)
        try:
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()  # queries run late: nonsense shows itself only here
        except (IncorrectLookupParameters, InvalidPage):
            return self._whole_list(request)
        return response  # type: ignore[no-any-return]

    def _whole_list(self, request: HttpRequest) -> HttpResponse:
        messages.warning(request, "That way of narrowing the list down is not known here, so this is the whole list.")
        return redirect(self.index_url)

    def get_filters(self, request: HttpRequest) -> Any:
        specs, has_filters, remaining, use_distinct = super().get_filters(request)
        if remaining:  # what no declared filter has taken
            raise IncorrectLookupParameters
        return specs, has_filters, remaining, use_distinct

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {name: harmless(value) for name, value in super().to_row_dict(item).items()}


class DiscreetDeleteView(DeleteView):
    """Says that something is in use, not by whom: names of people may be hidden from the reader."""

    def get_context_data(self, **kwargs: Any) -> Any:
        if "linked_objects" in kwargs:
            kwargs["linked_objects"] = []
        return super().get_context_data(**kwargs)


class ReadOnlyPermissions(PermissionHelper):
    """For what comes into being elsewhere: looked at and dealt with here, never written or deleted."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_deal_with(self, user: Any) -> bool:
        """Whether `user` may do what the desk offers instead: decide, send again."""
        return bool(self.user_has_specific_permission(user, self.get_perm_codename("change")))


class InspectButtons(ButtonHelper):
    """The word for looking at one object, instead of “Inspect”."""

    label = "Read"
    title = "Read this {}"

    def inspect_button(self, pk: Any, classnames_add: Any = None, classnames_exclude: Any = None) -> dict[str, Any]:
        button = super().inspect_button(pk, classnames_add, classnames_exclude)
        return {**button, "label": self.label, "title": self.title.format(self.verbose_name)}


class CountingMenuItem(ModelAdminMenuItem):
    """A menu item that says how much there is to do; nothing, where that is nothing."""

    def count(self) -> int:
        """How much there is; each desk says it of its own."""
        raise NotImplementedError

    def render_component(self, request: HttpRequest) -> Any:
        number = self.count()
        item = copy(self)
        if number:
            item.label = f"{self.label} ({number})"
        return super(CountingMenuItem, item).render_component(request)


class HubModelAdmin(ModelAdmin):
    """Base class of every desk. Never for page types: modeladmin lists those to everybody in the editor."""

    index_view_class = SafeIndexView
    history_view_class = CheckedHistoryView
    delete_view_class = DiscreetDeleteView
    menu_item_class: type[ModelAdminMenuItem] = ModelAdminMenuItem
    list_per_page = 50

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent=parent)
        if self.is_pagemodel:
            raise TypeError(f"{self.model.__name__} is a page type. Pages are listed in the page explorer only.")

    def get_menu_item(self, order: int | None = None) -> ModelAdminMenuItem:
        return self.menu_item_class(self, order or self.get_menu_order())

    def _checked(self, instance_pk: str) -> str:
        """`instance_pk` as it came; 404 if it cannot be a primary key of the model."""
        try:
            self.opts.pk.to_python(unquote(instance_pk))
        except ValidationError as error:
            raise Http404 from error
        return instance_pk

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return super().inspect_view(request, self._checked(instance_pk))

    def edit_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return super().edit_view(request, self._checked(instance_pk))

    def delete_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return super().delete_view(request, self._checked(instance_pk))

    def history_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return super().history_view(request, self._checked(instance_pk))
