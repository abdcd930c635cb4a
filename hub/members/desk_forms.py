"""The forms of the desk of members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from wagtail.admin.forms import WagtailAdminModelForm

from hub.accounts.domain import people
from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.members.domain import membership
from hub.members.models import MemberProfile

ROLES = [(role.value, role.label) for role in Role if role != Role.VISITOR]


class NewMemberForm(WagtailAdminModelForm):
    """Name, address and role of somebody whom staff let in directly."""

    email = forms.EmailField(label="E-mail address", help_text="The link to choose a password goes there.")
    role = forms.TypedChoiceField(label="Role", coerce=int, choices=ROLES, initial=Role.MEMBER)

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("This address has an account already. Look for it in the list of members.")
        return email

    @transaction.atomic
    def save(self, commit: bool = True) -> MemberProfile:
        profile = membership.open_membership(
            email=self.cleaned_data["email"], name=self.cleaned_data["name"], role=Role(self.cleaned_data["role"])
        )
        people.invite(profile.user)  # type: ignore[arg-type]  # it was opened a line ago
        return profile


class MemberAccountForm(WagtailAdminModelForm):
    """What staff decide about an account: its role, and whether it is open."""

    role = forms.TypedChoiceField(label="Role", coerce=int, choices=[(Role.VISITOR.value, "No role"), *ROLES])
    is_open = forms.BooleanField(
        label="May log in", required=False, help_text="Off: the account is closed, and the person is found no more."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance.user
        self.fields["role"].initial = user.role if not user.is_superuser else Role.STAFF
        if not user.is_active:  # a closed account keeps its role for the day it is opened again
            user_groups = set(user.groups.values_list("name", flat=True))
            self.fields["role"].initial = max((role for role in Role if role.group_name in user_groups), default=0)
        self.fields["is_open"].initial = user.is_active

    @transaction.atomic
    def save(self, commit: bool = True) -> MemberProfile:
        profile = super().save(commit=commit)
        user = profile.user
        people.give_role(user, Role(self.cleaned_data["role"]))
        if user.is_active != self.cleaned_data["is_open"]:
            user.is_active = self.cleaned_data["is_open"]
            user.save(update_fields=["is_active"])
        return profile
