"""Profiles of members: opening, changing, and their pictures."""

from __future__ import annotations

from io import BytesIO

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from wagtail.models import Collection

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.media.models import HubImage
from hub.members.models import MemberProfile
from hub.members.pictures import PICTURES, is_personal

RESERVED_SLUGS = {"", "me", "new", "search"}


def free_slug(name: str) -> str:
    """An address for a person's page that nobody has: the name, with a number if it is taken."""
    base = slugify(name)[:150] or "member"
    if base in RESERVED_SLUGS:
        base = f"{base}-1"
    taken = set(MemberProfile.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def profile_of(user: User) -> MemberProfile:
    """The profile of `user`; an account without one gets one, with its name and nothing else."""
    found = MemberProfile.objects.filter(user_id=user.pk).first()
    if found is not None:
        return found
    return open_profile(
        user, name=user.get_full_name() or user.email.partition("@")[0], is_listed=user.role >= Role.MEMBER
    )


@transaction.atomic
def open_profile(user: User, *, name: str, organisation: str = "", is_listed: bool = True) -> MemberProfile:
    """A profile for a new member. Everything in it is for members only until they say otherwise."""
    return MemberProfile.objects.create(
        user=user, name=name, slug=free_slug(name), organisation=organisation, is_listed=is_listed
    )


def pictures_collection() -> Collection:
    """Where profile pictures are kept, apart from the pictures that editors choose from."""
    found = Collection.objects.filter(name=PICTURES, depth=2).first()
    return found or Collection.get_first_root_node().add_child(name=PICTURES)


@transaction.atomic
def set_picture(profile: MemberProfile, content: bytes, *, suffix: str = "jpg") -> None:
    """Make `content`, a checked and re-encoded picture, the picture of `profile`; the old one is deleted."""
    old = profile.picture
    picture = HubImage(
        title="Profile picture",
        file=ImageFile(BytesIO(content), name=f"person-{get_random_string(16)}.{suffix}"),
        collection=pictures_collection(),
        uploaded_by_user_id=profile.user_id,
    )
    picture.save()
    profile.picture = picture
    profile.save(update_fields=["picture"])
    _discard(old)


@transaction.atomic
def remove_picture(profile: MemberProfile) -> None:
    """Take the picture of `profile` away and delete its file."""
    old = profile.picture
    profile.picture = None
    profile.save(update_fields=["picture"])
    _discard(old)


def _discard(picture: HubImage | None) -> None:
    # Only what was uploaded as a profile picture: one that staff chose from the library belongs to the library.
    if picture is None or not is_personal(picture):
        return
    if not MemberProfile.objects.filter(picture=picture).exists():
        picture.delete()
