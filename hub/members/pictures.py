"""Who may see a profile picture: those to whom the person shows it, and no one else, staff included."""

from __future__ import annotations

from typing import Any

from wagtail.images.models import Image
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from hub.accounts.rules import Viewer
from hub.media.models import HubDocument, HubImage
from hub.members.models import MemberProfile
from hub.members.rules import shown

PICTURES = "Profile pictures"  # the collection that keeps what people upload for their own profile


def is_personal(image: HubImage | HubDocument) -> bool:
    """Whether `image` was uploaded by a person for their own profile."""
    return isinstance(image, HubImage) and image.collection.name == PICTURES


def shows(image: HubImage | HubDocument, viewer: Viewer) -> bool:
    """Whether somebody whose picture it is shows `image` to `viewer`."""
    if not isinstance(image, HubImage):
        return False
    people = MemberProfile.objects.filter(picture_id=image.pk)
    return any(shown(person, viewer).picture is not None for person in people)


def _personal() -> Any:
    """The collection of people's own pictures, as a condition that the search of the chooser can apply, too."""
    return Collection.objects.filter(name=PICTURES)


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """The editor's library of pictures without people's own: those are nobody's to list, choose or change."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return not is_personal(instance) and super().user_has_any_permission_for_instance(user, actions, instance)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return not is_personal(instance) and super().user_has_permission_for_instance(user, action, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        return super().instances_user_has_any_permission_for(user, actions).exclude(collection__in=_personal())

    def instances_user_has_permission_for(self, user: Any, action: str) -> Any:
        return super().instances_user_has_permission_for(user, action).exclude(collection__in=_personal())


def library_policy() -> LibraryPolicy:
    """The policy of the library, otherwise as Wagtail has it."""
    return LibraryPolicy(HubImage, auth_model=Image, owner_field_name="uploaded_by_user")
