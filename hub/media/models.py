"""Images and documents. Their files are private; only the checked views of this app read them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from hub.media.signing import sign


class HubImage(AbstractImage):
    """A picture. Who may see it follows from the pages and people that show it."""

    admin_form_fields = Image.admin_form_fields


class HubRendition(AbstractRendition):
    """A resized picture, with the address of the view that checks who asks for it."""

    image = models.ForeignKey(HubImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]

    @property
    def url(self) -> str:
        """A signed address; the signature stops people from counting through the numbers."""
        return reverse("media:rendition", args=[self.pk, sign(self.pk)])


class HubDocument(AbstractDocument):
    """A file to download, served only through the checked view."""

    admin_form_fields = Document.admin_form_fields
