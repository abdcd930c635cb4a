"""The stewardship desk for people: applications and members."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import path
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.views import CreateView, InspectView

from hub.accounts.enums import ApplicationState, Role
from hub.accounts.models import Application
from hub.kernel.modeladmin import CountingMenuItem, HubModelAdmin, InspectButtons, ReadOnlyPermissions
from hub.members import desk_views
from hub.members.desk_forms import MemberAccountForm, NewMemberForm
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.members.rules import can_change_account


class WaitingMenuItem(CountingMenuItem):
    """How many applications wait."""

    def count(self) -> int:
        return Application.objects.filter(state=ApplicationState.PENDING).count()


class ApplicationInspectView(InspectView):
    """One application, with the two answers it can get."""

    page_title = "Application"

    def get_context_data(self, **kwargs: Any) -> Any:
        context = super().get_context_data(**kwargs)
        may_decide = self.permission_helper.user_can_deal_with(self.request.user)
        context["may_decide"] = may_decide and self.instance.state == ApplicationState.PENDING
        return context


class ApplicationDesk(HubModelAdmin):
    """Who would like to join."""

    model = Application
    menu_label = "Applications"
    menu_icon = "mail"
    list_display = ("name", "organisation", "function", "industry", "state", "created_at")
    list_filter = ("state",)
    list_export = ("name", "email", "organisation", "function", "industry", "state", "created_at", "decided_at")
    search_fields = ("name", "email", "organisation")
    ordering = ("-created_at",)
    inspect_view_enabled = True
    history_view_enabled = False
    inspect_view_class = ApplicationInspectView
    inspect_view_fields = (
        "name", "email", "organisation", "function", "industry", "reason", "created_at", "state", "decided_at",
        "decided_by", "note",
    )  # fmt: skip
    inspect_template_name = "accounts/desk/application.html"
    permission_helper_class = ReadOnlyPermissions
    button_helper_class = InspectButtons
    menu_item_class = WaitingMenuItem

    def get_admin_urls_for_registration(self) -> Any:
        return (
            *super().get_admin_urls_for_registration(),
            path("accounts/application/<int:pk>/accept/", desk_views.accept, name="accounts_application_accept"),
            path("accounts/application/<int:pk>/decline/", desk_views.decline, name="accounts_application_decline"),
        )

    def register_indexing(self) -> None:
        """Applications use no pages, pictures or documents."""


class RoleFilter(SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.group_name, role.label) for role in Role if role.group_name] + [("none", "No role")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        names = [role.group_name for role in Role if role.group_name]
        if self.value() in names:
            return queryset.filter(user__groups__name=self.value())
        if self.value() == "none":
            return queryset.filter(user__isnull=False).exclude(user__groups__name__in=names)
        return queryset


class AccountFilter(SimpleListFilter):
    title = "account"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("closed", "Closed"), ("none", "None: known from the archive")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {
            "open": Q(user__is_active=True),
            "closed": Q(user__is_active=False),
            "none": Q(user__isnull=True),
        }
        condition = conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class MemberPermissions(PermissionHelper):
    """Staff add members and change their role; profiles belong to the people themselves."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return super().user_can_edit_obj(user, obj) and can_change_account(user, obj)

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


def _at_most(field: str) -> Case:
    """The value of `field` where its owner shows it to members; empty otherwise, whoever looks."""
    shown = When(**{f"{field}_shown_to__lte": ShownTo.MEMBERS, "then": F(field)})
    return Case(shown, default=Value(""), output_field=CharField())


class NewMemberView(CreateView):
    """A member without an application: somebody whom staff know."""

    page_title = "Add a member"

    def get_edit_handler(self) -> Any:
        panels = [FieldPanel("name"), FieldPanel("email"), FieldPanel("role")]
        return ObjectList(panels, base_form_class=NewMemberForm).bind_to_model(self.model)

    def get_success_message(self, instance: Any) -> str:
        return f"{instance} is a member now. A message with the link to choose a password is on its way."

    def get_success_message_buttons(self, instance: Any) -> list[Any]:
        return []


class MemberInspectView(InspectView):
    """What running the membership needs of a person, and no more of the profile than members may see."""

    page_title = "Member"

    def get_fields_dict(self) -> list[dict[str, Any]]:
        desk, person = self.model_admin, self.model_admin.get_queryset(self.request).get(pk=self.instance.pk)
        columns = ("person", "account", "role_name", "organisation_shown", "joined", "listed")
        return [
            {"label": getattr(desk, name).short_description, "value": getattr(desk, name)(person)} for name in columns
        ]


class MemberDesk(HubModelAdmin):
    """The people of the community, as accounts. Nothing a person keeps from members is shown, searched or exported."""

    model = MemberProfile
    menu_label = "Members"
    menu_icon = "group"
    list_display = ("person", "account", "role_name", "organisation_shown", "joined")
    list_filter = (RoleFilter, AccountFilter)
    list_export = ("person", "account", "role_name", "organisation_shown", "joined")
    list_select_related = ("user",)
    search_fields = ("shown_name", "shown_organisation", "user__email")
    ordering = ("shown_name",)
    inspect_view_enabled = True
    inspect_view_class = MemberInspectView
    create_view_class = NewMemberView
    permission_helper_class = MemberPermissions
    button_helper_class = InspectButtons
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("role"), FieldPanel("is_open")], heading="The account"),
            FieldPanel("is_listed", help_text="Off: not in the directory and not in any search."),
        ],
        base_form_class=MemberAccountForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = MemberProfile.objects.annotate(
            shown_name=_at_most("name"), shown_organisation=_at_most("organisation")
        )
        return people.select_related("user").prefetch_related("user__groups").order_by("shown_name", "pk")

    @display(description="Name", ordering="shown_name")
    def person(self, profile: Any) -> str:
        return profile.shown_name or str(profile)

    @display(description="Account", ordering="user__email")
    def account(self, profile: Any) -> str:
        if profile.user is None:
            return "None: known from the archive"
        return profile.user.email if profile.user.is_active else f"{profile.user.email} (closed)"

    @display(description="Role")
    def role_name(self, profile: Any) -> str:
        if profile.user is None:
            return ""
        held = {group.name for group in profile.user.groups.all()}  # prefetched: no query for each person
        role = max((role for role in Role if role.group_name in held), default=Role.VISITOR)
        if profile.user.is_superuser:
            return "Administrator"
        return role.label if role != Role.VISITOR else "No role"

    @display(description="Organisation", ordering="shown_organisation")
    def organisation_shown(self, profile: Any) -> str:
        return profile.shown_organisation

    @display(description="Joined", ordering="created_at")
    def joined(self, profile: Any) -> Any:
        return profile.created_at.date()

    @display(description="In the directory")
    def listed(self, profile: Any) -> str:
        return "Yes" if profile.is_listed else "No"

    def register_indexing(self) -> None:
        """A person's picture is not listed as a use of that picture: the list would name them to everybody."""
