"""Asking somebody to take part in one page: one box, in two steps, of which the first sends nothing."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from hub.accounts.models import User
from hub.editorial.domain import asking, external, seats
from hub.editorial.domain.asking import EXTERNAL, Whom
from hub.editorial.forms.pages import people_known
from hub.members.models import MemberProfile
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day, where the hub is."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone()) if day else None


def member_called(name: str) -> MemberProfile:
    """The one member with this name, or ValidationError. Looked for among the names that members may see."""
    listed = people_known().filter(user__is_active=True).select_related("user")
    found = list(listed.filter(name__iexact=name)[:2]) or list(listed.filter(name__icontains=name)[:4])
    if not found:
        raise forms.ValidationError(
            "No member of this name. Type the name as it stands in the directory, or an e-mail address."
        )
    if len(found) > 1:
        names = ", ".join(profile.name for profile in found)
        raise forms.ValidationError(
            f"More than one member is called that: {names}. Type the whole name, or an e-mail address."
        )
    return found[0]


class LeaderForm(forms.Form):
    """Who shall lead a section: somebody who has an account."""

    leader = forms.CharField(label="Member’s name or e-mail address", max_length=254)

    user: User

    def clean_leader(self) -> str:
        who = " ".join(self.cleaned_data["leader"].split())
        if "@" in who:
            account = User.objects.filter(email=User.objects.normalize_email(who), is_active=True).first()
            if account is None:
                raise forms.ValidationError("No account has this address. Ask them to apply for membership first.")
            self.user = account
        else:
            self.user = member_called(who).user  # type: ignore[assignment]  # those listed have an account
        return who


class UntilForm(forms.Form):
    """When a seat ends; empty: when somebody ends it."""

    until = forms.DateField(label="Ends on", required=False, widget=DateInput())


class AskForm(forms.Form):
    """Whom to ask, and for what. Once that is known, `forecast` says what will happen, and the rest is asked.

    The second step carries the first one along, so what is sent is what was said.
    """

    ROLES = (
        (PageSeatRole.CO_AUTHOR, "to write it: co-author"),
        (PageSeatRole.REVIEWER, "to review it: reviewer"),
        (EXTERNAL, "to read this one text from outside, without an account: external reviewer"),
    )

    who = forms.CharField(
        label="Member’s name or e-mail address",
        max_length=254,
        help_text="Nothing is sent yet: first you see what will happen.",
    )
    role = forms.ChoiceField(label="Ask them", choices=ROLES, initial=PageSeatRole.CO_AUTHOR, widget=forms.RadioSelect)
    name = forms.CharField(label="Their name", max_length=160, help_text="It stands beside everything they say.")
    until = forms.DateField(label="Ends on", required=False, widget=DateInput())
    may_invite = forms.BooleanField(label="May ask others, too", required=False)
    may_approve = forms.BooleanField(label="May approve the text, too", required=False)

    def __init__(self, *args: Any, page: BasePage, asker: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.asker = page, asker
        self.whom = Whom(email="")  # nobody yet
        role = self.data.get("role", "") if self.is_bound else ""
        self.is_sending = self.is_bound and "send" in self.data
        for name in self._not_asked_of(role):
            del self.fields[name]
        if "until" in self.fields and role == EXTERNAL:
            usual, most = external.OPEN_FOR.days, external.LONGEST.days
            self.fields["until"].help_text = f"Empty: in {usual} days. {most} days from now at most."
        elif "until" in self.fields:
            self.fields["until"].help_text = "Empty: until somebody ends the seat."
        if not self.is_sending:
            self._ask_later()

    def _not_asked_of(self, role: str) -> set[str]:
        unasked = {"name", "may_approve"} if role != EXTERNAL else set()
        if role != PageSeatRole.CO_AUTHOR:
            unasked.add("may_invite")
        if role == EXTERNAL and external.why_not_let_approve(self.page, self.page.latest_revision, self.asker):
            unasked.add("may_approve")
        return unasked

    def _ask_later(self) -> None:
        """In the first step only the first two answers count."""
        for name, field in self.fields.items():
            if name not in ("who", "role"):
                field.required = False

    @property
    def is_told(self) -> bool:
        """Whether it is known whom and what for, so that what will happen can be said."""
        return bool(self.whom.email) and "role" not in self.errors

    @property
    def first_step(self) -> list[Any]:
        return [self["who"], self["role"]]

    @property
    def second_step(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in ("who", "role")]

    @property
    def forecast(self) -> list[str]:
        """What will happen when this is sent, in sentences."""
        return asking.forecast(page=self.page, whom=self.whom, role=self.cleaned_data["role"], asker=self.asker)

    def clean_who(self) -> str:
        who = " ".join(self.cleaned_data["who"].split())
        if "@" in who:
            self.whom = Whom(email=forms.EmailField().clean(who))
            return who
        found = member_called(who)
        self.whom = Whom(email=found.user.email, name=found.name)  # type: ignore[union-attr]
        return who

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") == EXTERNAL and self.whom.is_member:
            self.add_error(
                "role", "Members log in: give them a reviewer’s seat, then they can remark in the text itself."
            )
        return values

    def send(self) -> str:
        """Ask them; gives the sentence that says what was done. Raises HubError when they cannot be asked."""
        said, whom = self.cleaned_data, self.whom
        until = end_of(said["until"])
        if said["role"] == EXTERNAL:
            external.ask(
                page=self.page,
                email=whom.email,
                name=said["name"],
                invited_by=self.asker,
                may_approve=said.get("may_approve", False),
                until=until,
            )
            return f"{said['name']} gets a link to the text as it is now."
        seats.invite(
            page=self.page,
            email=whom.email,
            by_name=whom.is_member,
            role=PageSeatRole(said["role"]),
            may_invite=said.get("may_invite", False),
            invited_by=self.asker,
            until=until,
        )
        return f"{whom} was asked. The link in the mail opens this page."
