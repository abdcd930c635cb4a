"""The desk of upkeep: what is overdue, flagged, obsolete or without anybody, and by topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper

from hub.accounts.models import User
from hub.editorial.domain.keepers import PEOPLE, name_at_desk
from hub.editorial.domain.upkeep import knowledge_types
from hub.editorial.enums import UpkeepReason
from hub.editorial.models import PageUpkeep, UpkeepTask
from hub.kernel.dates import in_words
from hub.kernel.freshness import SOON
from hub.kernel.modeladmin import CountingMenuItem, HubModelAdmin
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from hub.taxonomy.models import Topic

OPEN = UpkeepTask.objects.open().filter(page_id=OuterRef("page_id"))


def _of_types(lookup: str, value: Any) -> Q:
    """A condition on the page, whatever type of page it is."""
    found = Q(pk__in=[])
    for model in knowledge_types():
        found |= Q(**{f"page__{model._meta.model_name}__{lookup}": value})
    return found


def without_owner(rows: Any) -> Any:
    """Those of `rows` (`PageUpkeep`) that nobody is responsible for who is still there."""
    here = User.objects.filter(PEOPLE).values("pk")
    made_it = PageSeat.objects.filter(
        page_id=OuterRef("page_id"), user_id=OuterRef("page__owner_id"), role=PageSeatRole.CO_AUTHOR, user__in=here
    )
    return rows.exclude(responsible__in=here).exclude(group__user__in=here).exclude(Exists(made_it))


class StandingFilter(SimpleListFilter):
    title = "how it stands"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("overdue", "Overdue"), ("flagged", "Needs an edit"), ("soon", "Due soon"),
            ("no_owner", "Without owner"), ("obsolete", "Obsolete"),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today, value = timezone.localdate(), self.value()
        holds = ~_of_types("obsolete_since__isnull", False)
        if value == "overdue":
            return queryset.filter(holds, due__lt=today)
        if value == "soon":
            return queryset.filter(holds, due__range=(today, today + SOON))
        if value == "flagged":
            return queryset.filter(Exists(OPEN.filter(reason=UpkeepReason.FLAGGED)))
        if value == "no_owner":
            return without_owner(queryset).filter(holds)
        if value == "obsolete":
            return queryset.filter(_of_types("obsolete_since__isnull", False))
        return queryset


class TopicFilter(SimpleListFilter):
    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Topic.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            return queryset
        return queryset.filter(_of_types("topics", int(value))).distinct()


class UpkeepPermissions(PermissionHelper):
    """Every published page is here once; nobody adds or deletes one."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class UpkeepButtons(ButtonHelper):
    """Adds “Still true?” to each page."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, classnames_add: Any = None, **kwargs: Any) -> Any:
        buttons = super().get_buttons_for_obj(obj, *args, classnames_add=classnames_add, **kwargs)
        if obj.page.live:
            buttons.append(
                {
                    "url": reverse("upkeep:keep", args=[obj.page_id]),
                    "label": "Still true?",
                    "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])]),
                    "title": "Still true, needs an edit, or obsolete",
                }
            )
        return buttons


class UpkeepForm(WagtailAdminModelForm):
    """Who looks after a page, and how often. People are offered who can answer, by the names members know."""

    responsible = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Responsible person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        chosen = Q(pk=self.instance.responsible_id)
        field.queryset = User.objects.filter(PEOPLE | chosen).select_related("profile").distinct().order_by("email")
        field.label_from_instance = name_at_desk
        field.help_text = "Asked first when the page has to be verified."


class OpenTasksMenuItem(CountingMenuItem):
    """How many pages somebody has to look at."""

    def count(self) -> int:
        return int(UpkeepTask.objects.open().count())


class UpkeepDesk(HubModelAdmin):
    """The published pages that are to be kept true."""

    model = PageUpkeep
    menu_item_class = OpenTasksMenuItem
    menu_label = "Upkeep"
    menu_icon = "history"
    menu_order = 160
    list_display = ("title", "due_on", "looks_after_it", "asked_now")
    list_filter = (StandingFilter, TopicFilter)
    list_export = ("title", "due_on", "looks_after_it", "asked_now")
    search_fields = ("page__title",)
    permission_helper_class = UpkeepPermissions
    button_helper_class = UpkeepButtons
    history_view_enabled = False
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("responsible"), FieldPanel("group")]), FieldPanel("interval_months")],
        base_form_class=UpkeepForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        days = [F(f"page__{model._meta.model_name}__verify_by") for model in knowledge_types()]
        gone = [F(f"page__{model._meta.model_name}__obsolete_since") for model in knowledge_types()]
        rows = PageUpkeep.objects.filter(page__live=True).annotate(due=Coalesce(*days), gone=Coalesce(*gone))
        rows = rows.select_related("page", "responsible__profile", "group")
        return rows.prefetch_related("page__upkeep_tasks__assigned_to__profile").order_by(
            F("due").asc(nulls_last=True), "pk"
        )

    @display(description="Page", ordering="page__title")
    def title(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse("wagtailadmin_pages:edit", args=[row.page_id]), row)

    @display(description="To be verified", ordering="due")
    def due_on(self, row: Any) -> str:
        today = timezone.localdate()
        if row.gone:
            return f"Obsolete since {in_words(row.gone, today)}"
        if row.due is None:
            return "No date"
        return f"{'Overdue since' if row.due < today else 'By'} {in_words(row.due, today)}"

    @display(description="Looks after it")
    def looks_after_it(self, row: Any) -> str:
        found = [name_at_desk(row.responsible)] if row.responsible else []
        return ", ".join([*found, *([str(row.group)] if row.group else [])]) or "Nobody"

    @display(description="Asked now")
    def asked_now(self, row: Any) -> str:
        task = next((task for task in row.page.upkeep_tasks.all() if task.closed_at is None), None)
        if task is None:
            return ""
        who = f"{name_at_desk(task.assigned_to)} ({task.get_step_display().lower()})" if task.assigned_to else "Nobody"
        return f"{task.get_reason_display()}: {who}"

    def register_indexing(self) -> None:
        """Who looks after a page is no use of it."""
