"""Member profiles: what a person says about themselves, and to whom."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from hub.accounts.rules import Viewer
from hub.media.models import HubImage
from hub.members.enums import ShownTo
from hub.members.rules import common_level
from hub.taxonomy.models import Function, Industry, Topic


def _shown_to(default: ShownTo = ShownTo.MEMBERS) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(choices=ShownTo.choices, default=default)


def validate_time_zone(value: str) -> None:
    """Raises ValidationError unless `value` is an IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"“{value}” is not a time zone. Choose one such as Europe/Berlin.")


def address_of(slug: str) -> str:
    """The address of a profile's page. Lists name many people, and Django would look each address up anew."""
    return _address().format(slug) if slug.isascii() else reverse("members:profile", args=[slug])


@cache
def _address() -> str:
    return reverse("members:profile", args=["slug"]).replace("slug", "{}")


class MemberProfileQuerySet(models.QuerySet["MemberProfile"]):
    def listed_to(self, viewer: Viewer) -> MemberProfileQuerySet:
        """People whom `viewer` may find in a list: listed, with a name `viewer` may read, and not closed.

        Members find themselves, too, under the same conditions.
        """
        return self.filter(is_listed=True, name_shown_to__lte=common_level(viewer)).exclude(user__is_active=False)

    def for_display(self) -> MemberProfileQuerySet:
        """With everything `rules.shown` reads, in a number of queries that does not grow with the list."""
        return self.select_related("function", "industry", "picture").prefetch_related("topics", "picture__renditions")


class MemberProfile(models.Model):
    """A member of the community, or a person known from its archive who has no account yet (unclaimed).

    Never hand a profile to a template: `members.rules.shown` gives the part a viewer may see.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="profile"
    )
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=160, unique=True)
    organisation = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=160, blank=True)
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bio = models.TextField(blank=True, max_length=4000)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    picture = models.ForeignKey(HubImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    website = models.URLField(blank=True)
    is_listed = models.BooleanField(
        default=True, help_text="Off: the profile is in no list and no search, and has no page of its own."
    )
    external_id = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    source_path = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    name_shown_to = _shown_to()
    organisation_shown_to = _shown_to()
    job_title_shown_to = _shown_to()
    function_shown_to = _shown_to()
    industry_shown_to = _shown_to()
    bio_shown_to = _shown_to()
    topics_shown_to = _shown_to()
    time_zone_shown_to = _shown_to()
    picture_shown_to = _shown_to()
    website_shown_to = _shown_to()
    message_shown_to = _shown_to()
    introduction_shown_to = _shown_to(ShownTo.ONLY_ME)  # introductions are off until switched on

    objects = MemberProfileQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        """For the editor's lists, choosers and logs, which know no viewer: a hidden name stays hidden there, too."""
        return self.name if self.name_shown_to <= ShownTo.MEMBERS else f"A member who is not named ({self.pk})"

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Together with the entries that say something about the person: what is hidden is hidden with the save."""
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of(self.slug)
