"""The stewardship desk for the vocabularies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import display
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.log_actions import log
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.kernel.modeladmin import HubModelAdmin, SafeIndexView
from hub.taxonomy.domain import topics
from hub.taxonomy.domain.usage import is_used, usage_counts
from hub.taxonomy.models import Function, Industry, Topic, TopicSynonym


class TermPermissions(PermissionHelper):
    """A word in use is not deleted: what carries it would lose it without a trace."""

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        if not super().user_can_delete_obj(user, obj):
            return False
        count = getattr(obj, "usage_count", None)
        return not (is_used(obj) if count is None else count)


class CountingIndexView(SafeIndexView):
    """A list that says how often each word is used, in a number of queries that does not grow with it."""

    def get_context_data(self, **kwargs: Any) -> Any:
        context = super().get_context_data(**kwargs)
        counts = usage_counts(self.model)
        terms = list(context["object_list"])
        for term in terms:
            term.usage_count = counts.get(term.pk, 0)
        context["object_list"] = terms
        return context


class TermForm(WagtailAdminModelForm):
    """A word. Its address follows from the name when it is new, and stays when the name changes."""

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not slugify(name):
            raise forms.ValidationError("A name needs at least one letter or digit.")
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a word like this already.")
        return name

    def _post_clean(self) -> None:
        if not self.instance.slug and self.cleaned_data.get("name"):
            self.instance.slug = self._free_slug(self.cleaned_data["name"])
        super()._post_clean()

    def _free_slug(self, name: str) -> str:
        base, number = slugify(name)[:110], 1
        slug = base
        while type(self.instance).objects.filter(slug=slug).exists():
            number += 1
            slug = f"{base}-{number}"
        return slug


class TopicForm(TermForm):
    """A topic; its name must not be a synonym of another one. Member-leaders and staff can be its stewards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stewards" in self.fields:
            field = self.fields["stewards"]
            groups = [Role.LEADER.group_name, Role.STAFF.group_name]
            chosen = self.instance.stewards.values("pk") if self.instance.pk else []
            people = User.objects.filter(Q(is_active=True, groups__name__in=groups) | Q(pk__in=chosen))
            field.queryset = people.select_related("profile").distinct().order_by("first_name", "last_name", "pk")
            field.label_from_instance = lambda user: str(getattr(user, "profile", None) or user)

    def clean_name(self) -> str:
        name = super().clean_name()
        other = TopicSynonym.objects.filter(name__iexact=name).exclude(topic=self.instance.pk).first()
        if other is not None:
            raise forms.ValidationError(f"“{name}” is a synonym of “{other.topic}”. Take it away there first.")
        return name


class TermDesk(HubModelAdmin):
    """What the desks of the three vocabularies share."""

    list_display: tuple[str, ...] = ("name", "used")
    list_export: tuple[str, ...] = ("name", "slug")
    search_fields: tuple[str, ...] = ("name",)
    ordering = ("name",)
    index_view_class = CountingIndexView
    permission_helper_class = TermPermissions

    @display(description="Used")
    def used(self, term: Any) -> str:
        count = getattr(term, "usage_count", None)
        return "not used" if not count else f"{count} times" if count > 1 else "once"


class TopicButtons(ButtonHelper):
    """Adds “Merge” to each topic."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, classnames_add: Any = None, **kwargs: Any) -> Any:
        buttons = super().get_buttons_for_obj(obj, *args, classnames_add=classnames_add, **kwargs)
        if self.permission_helper.user_can_edit_obj(self.request.user, obj):
            buttons.append(
                {
                    "url": reverse("taxonomy_topic_merge", args=[quote(obj.pk)]),
                    "label": "Merge",
                    "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])]),
                    "title": "Let another topic stand for this one",
                }
            )
        return buttons


class TopicDesk(TermDesk):
    """What sessions, practices, reports and people are about."""

    model = Topic
    menu_label = "Topics"
    menu_icon = "tag"
    list_display = ("name", "parent", "other_names", "used")
    list_export = ("name", "slug", "other_names", "description")
    list_select_related = ("parent",)
    search_fields = ("name", "synonyms__name", "description")
    button_helper_class = TopicButtons
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("description"),
            FieldPanel("parent"),
            FieldPanel("stewards", widget=forms.CheckboxSelectMultiple),
            InlinePanel("synonyms", label="other name", heading="Other names", panels=[FieldPanel("name")],
                        help_text="Searches and imports understand them."),
        ],
        base_form_class=TopicForm,
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("synonyms")

    @display(description="Other names")
    def other_names(self, topic: Topic) -> str:
        return ", ".join(synonym.name for synonym in topic.synonyms.all())

    def get_admin_urls_for_registration(self) -> Any:
        return (
            *super().get_admin_urls_for_registration(),
            path("taxonomy/topic/<int:pk>/merge/", merge, name="taxonomy_topic_merge"),
        )


class FunctionDesk(TermDesk):
    """What people do in their organisations."""

    model = Function
    menu_label = "Functions"
    menu_icon = "cogs"
    list_display = ("name", "initial", "used")
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("initial")], base_form_class=TermForm)


class IndustryDesk(TermDesk):
    """The fields organisations work in."""

    model = Industry
    menu_label = "Industries"
    menu_icon = "site"
    list_display = ("name", "colour_slot", "used")
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("colour_slot")], base_form_class=TermForm)


class MergeForm(forms.Form):
    """Which topic stays."""

    target = forms.ModelChoiceField(
        queryset=Topic.objects.none(), label="The topic that stays", empty_label="Choose a topic",
        error_messages={"required": "Choose the topic that stays."},
    )  # fmt: skip

    def __init__(self, *args: Any, source: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: Any = self.fields["target"]
        target.queryset = Topic.objects.exclude(pk=source.pk)


def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another topic stand for this one."""
    if not request.user.has_perms(["taxonomy.change_topic", "taxonomy.delete_topic"]):
        raise PermissionDenied
    source = get_object_or_404(Topic, pk=pk)
    form = MergeForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        former_name = source.name
        try:
            target = topics.merge_topics(source, form.cleaned_data["target"])
        except HubError as error:
            form.add_error("target", str(error))
        else:
            log(instance=target, action="wagtail.edit", content_changed=True)
            messages.success(request, f"“{target}” stands for “{former_name}” now. The old name is kept as a synonym.")
            return redirect("taxonomy_topic_modeladmin_index")
    return render(
        request, "taxonomy/merge.html", {"topic": source, "form": form, "count": usage_counts(Topic).get(pk, 0)}
    )
