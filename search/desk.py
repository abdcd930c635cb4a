"""The search desk in the editor's menu: synonyms, promoted results, and the way to what was asked."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdminGroup
from wagtail_modeladmin.views import CreateView

from hub.kernel.modeladmin import HubModelAdmin
from search import desk_views
from search.desk_forms import LONGEST_LIST, PromotedResultForm, SynonymForm
from search.domain.query import visible
from search.models import PromotedResult, Synonym
from search.rules import can_steer, scopes_of


class DeskItem(MenuItem):
    """A page of the desk in the menu of those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return can_steer(request.user)


class PrefilledCreateView(CreateView):
    """A new one that begins with what the address says (`?words=…`)."""

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {name: asked[name][:LONGEST_LIST] for name in ("words", "thing") if asked.get(name)}


class PreviewButtons(ButtonHelper):
    """Adds “Preview”: what the first of the words finds now."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, classnames_add: Any = None, **kwargs: Any) -> Any:
        buttons = super().get_buttons_for_obj(obj, *args, classnames_add=classnames_add, **kwargs)
        said = obj.members if isinstance(obj, Synonym) else obj.questions
        buttons.append(
            {
                "url": desk_views.preview_url(said[0] if said else ""),
                "label": "Preview",
                "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])]),
                "title": "See what everybody finds for it",
            }
        )
        return buttons


class SteeringDesk(HubModelAdmin):
    """What the two desks share."""

    create_view_class = PrefilledCreateView
    button_helper_class = PreviewButtons

    def register_indexing(self) -> None:
        """These use no pages, pictures or documents."""


class SynonymDesk(SteeringDesk):
    """Words that mean the same here."""

    model = Synonym
    menu_label = "Synonyms"
    menu_icon = "link"
    list_display = ("__str__", "language")
    list_export = ("words", "language")
    search_fields = ("words",)
    edit_handler = ObjectList([FieldPanel("words"), FieldPanel("language")], base_form_class=SynonymForm)


class PromotedResultDesk(SteeringDesk):
    """What comes first because staff chose it."""

    model = PromotedResult
    menu_label = "Chosen results"
    menu_icon = "pick"
    list_display = ("words", "comes_first", "starts", "ends", "note")
    list_export = ("words", "source_model", "source_id", "starts", "ends", "note")
    search_fields = ("words", "note")
    edit_handler = ObjectList(
        [
            FieldPanel("words"),
            FieldPanel("thing"),
            FieldRowPanel(  # each with one line of help, so that the boxes stand on one line
                [
                    FieldPanel("starts", help_text="First day. Empty: at once."),
                    FieldPanel("ends", help_text="Last day. Empty: no end."),
                    FieldPanel("sort_order"),
                ]
            ),
            FieldPanel("note"),
        ],
        base_form_class=PromotedResultForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        same = Q(source_model=OuterRef("source_model"), source_id=OuterRef("source_id"), is_deleted=False)
        titles = visible(scopes_of(request.user)).filter(same).order_by("pk").values("title")
        return super().get_queryset(request).annotate(title=Subquery(titles[:1]))

    @display(description="What comes first")
    def comes_first(self, promoted: Any) -> str:
        return promoted.title or "Not there any more, or not for you to read"


class SearchDesk(ModelAdminGroup):
    """What people ask, what they do not find, and what can be done about it."""

    menu_label = "Search"
    menu_icon = "search"
    menu_item_name = "search-desk"
    menu_order = 160
    items = (SynonymDesk, PromotedResultDesk)

    def get_submenu_items(self) -> list[MenuItem]:
        return [
            DeskItem("Questions", reverse("search_desk"), name="search-questions", icon_name="help", order=1),
            DeskItem("Preview", reverse("search_desk_preview"), name="search-preview", icon_name="view", order=2),
            *(desk.get_menu_item(order=place) for place, desk in enumerate(self.modeladmin_instances, start=3)),
        ]

    def get_admin_urls_for_registration(self) -> Any:
        return (
            *super().get_admin_urls_for_registration(),
            path("search/questions/", desk_views.asked, name="search_desk"),
            path("search/questions.csv", desk_views.asked_csv, name="search_desk_csv"),
            path("search/preview/", desk_views.preview, name="search_desk_preview"),
            path("search/things/", desk_views.offered, name="search_desk_things"),
        )
