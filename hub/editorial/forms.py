"""The form behind every page in the editor: what in it is whose to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from wagtail.admin.forms.pages import WagtailAdminPageForm

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import references
from hub.kernel.errors import HubError
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import BasePage

STAFF_FIELDS = ("go_live_at", "expire_at")  # publishing and taking down by date is publishing and taking down


class UnknownReference(HubError, PermissionDenied):
    """The text refers to something its writer may not know. No form shows it again: that would name it."""

    def __init__(self) -> None:
        super().__init__(
            "The text refers to a page, picture or document that is not there for you, so it was not saved. "
            "Choose another one with the chooser."
        )


class SeatPageForm(WagtailAdminPageForm):
    """Wagtail's page form for people who hold a seat: it opens no audience, no calendar and no hidden title.

    Staff get Wagtail's form, but for people: nobody is offered who is in no list. A reviewer gets it
    with everything switched off; what they may save is decided by the view.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_known_people()
        self.is_office = self.for_user is None or role_of(self.for_user) >= Role.STAFF
        if self.is_office:
            return
        self._referred_before = references.in_text(self.instance) if self.instance.pk else set()
        self._keep_audience()
        for name in STAFF_FIELDS:
            if name in self.fields and not self._may_publish():
                self.fields[name].disabled = True
        if self.instance.pk and not self.instance.permissions_for_user(self.for_user).can_change_text():
            for name, field in self.fields.items():
                field.disabled = name != "comment_notifications"

    def is_valid(self) -> bool:
        """Raises UnknownReference for a text that only a form typed by hand can hold."""
        valid = bool(super().is_valid())
        if not valid or self.is_office or not self.is_bound:
            return valid
        text = self.save(commit=False)  # the view saves the same object once more
        new = references.in_text(text) - self._referred_before
        if references.unknown_to(self.for_user, new):
            raise UnknownReference
        return True

    def _may_publish(self) -> bool:
        if self.instance.pk:
            return bool(self.instance.permissions_for_user(self.for_user).can_publish())
        return bool(self.parent_page and self.parent_page.permissions_for_user(self.for_user).can_publish_subpage())

    def _keep_audience(self) -> None:
        """Offer the audience the page has and stricter ones; only those who may publish can open it wider."""
        if "audience" not in self.fields or self._may_publish():
            return
        stored = BasePage.objects.filter(pk=self.instance.pk).values_list("audience", flat=True).first()
        floor = max(stored or Audience.PUBLIC, self.instance.audience or Audience.PUBLIC)
        field = self.fields["audience"]
        field.choices = [(value, label) for value, label in Audience.choices if value >= floor]
        field.help_text = "You can make it stricter. Opening it to more people is up to staff."

    def _offer_known_people(self) -> None:
        """Of people, offer those whose name members may see, and those who are chosen already."""
        if "verified_by" in self.fields:
            self.fields["verified_by"].queryset = _people_known(self.instance.verified_by_id)
        formset = self.formsets.get("bylines")
        if formset is not None:
            formset.form = _with_known_people(formset.form)


def _people_known(chosen: int | None) -> Any:
    return MemberProfile.objects.filter(Q(is_listed=True, name_shown_to__lte=ShownTo.MEMBERS) | Q(pk=chosen))


def _with_known_people(form_class: type) -> type:
    class BylineForm(form_class):  # type: ignore[misc,valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if "person" in self.fields:
                self.fields["person"].queryset = _people_known(self.instance.person_id)

    return BylineForm


class InviteForm(forms.Form):
    """Asks a member, by name, or anybody, by e-mail address, to take a seat on a page."""

    who = forms.CharField(
        label="Member’s name or e-mail address",
        max_length=254,
        help_text="People without an account get a mail that tells them how to join.",
    )
    role = forms.ChoiceField(choices=PageSeatRole.choices, initial=PageSeatRole.CO_AUTHOR)
    may_invite = forms.BooleanField(label="May ask others, too (co-authors only)", required=False)

    email: str = ""  # after validation: whom to ask
    by_name = False

    def clean_who(self) -> str:
        """Find the one person that is meant. Names are looked for among those that members may see."""
        who = " ".join(self.cleaned_data["who"].split())
        if "@" in who:
            self.email = forms.EmailField().clean(who)
            return who
        listed = _people_known(None).filter(user__is_active=True).select_related("user")
        found = list(listed.filter(name__iexact=who)[:2]) or list(listed.filter(name__icontains=who)[:4])
        if not found:
            raise forms.ValidationError(
                "No member of this name. Type the name as it stands in the directory, or an e-mail address."
            )
        if len(found) > 1:
            names = ", ".join(profile.name for profile in found)
            raise forms.ValidationError(
                f"More than one member is called that: {names}. Type the whole name, or an e-mail address."
            )
        self.email, self.by_name = found[0].user.email, True
        return who


class RequestChangesForm(forms.Form):
    """What the authors are asked to change."""

    comment = forms.CharField(
        label="What has to change",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The authors read exactly this, and answer it when they hand the page in again.",
        error_messages={"required": "Say what has to change, so that the authors know what to do."},
    )


class HandOverForm(forms.Form):
    """Who reviews in one's place."""

    to = forms.ChoiceField(label="Who reviews it in your place", error_messages={"required": "Choose somebody."})
    comment = forms.CharField(label="A word to them", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]
