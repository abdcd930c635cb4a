"""The form behind every page in the editor: what in it is whose to change."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from wagtail.admin.forms.pages import WagtailAdminPageForm

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial import references
from hub.kernel.errors import HubError
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
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
        formset = self.formsets.get("bylines")
        if formset is not None:
            formset.form = _with_known_people(formset.form)


def people_known(chosen: int | None = None) -> Any:
    """Profiles whose name members may see, and the one that is chosen already."""
    return MemberProfile.objects.filter(Q(is_listed=True, name_shown_to__lte=ShownTo.MEMBERS) | Q(pk=chosen))


def _with_known_people(form_class: type) -> type:
    class BylineForm(form_class):  # type: ignore[misc,valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if "person" in self.fields:
                self.fields["person"].queryset = people_known(self.instance.person_id)

    return BylineForm
