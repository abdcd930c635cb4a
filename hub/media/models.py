"""Images and documents. Their files are private; only the checked views of this app read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.urls import reverse
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from hub.media.enums import Reading, Refusal
from hub.media.signing import sign

if TYPE_CHECKING:
    from hub.media.extraction.process import Extract


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

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Together with what is known of its file and its entry in the catalogue, as a page is."""
        super().save(*args, **kwargs)

    @property
    def file_key(self) -> str:
        """Another one for every other file: what was read of it is known by this."""
        return f"{self.file.name}|{self.file_size}|{self.file_hash}"[:255]


class DocumentText(models.Model):
    """The words of one document's file, or the reason why they are not known.

    Apart from the document, so that lists of documents do not carry their texts.
    """

    document = models.OneToOneField(HubDocument, on_delete=models.CASCADE, primary_key=True, related_name="text")
    file_key = models.CharField(max_length=255, help_text="The file that was read, or is to be.")
    state = models.CharField(max_length=8, choices=Reading.choices, default=Reading.WAITING)
    refusal = models.CharField(max_length=12, blank=True, default=Refusal.NONE, help_text="One of `Refusal`.")
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True, help_text="What the file says of itself.")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.document_id}: {self.get_state_display()}"

    @classmethod
    def of(cls, document: HubDocument, found: Extract) -> DocumentText:
        """What `found` in the file of `document` comes to. Not saved."""
        read = Reading.PART if found.is_cut else Reading.WHOLE
        return cls(
            document_id=document.pk,
            file_key=document.file_key,
            state=Reading.UNREAD if found.refusal else read,
            refusal=found.refusal,
            text=found.text,
            pages=found.pages,
            language=found.language,
        )

    def is_of(self, document: HubDocument) -> bool:
        """Whether this is about the file that `document` has now. A size or hash noted only later is no change."""
        known, now = self.file_key.rsplit("|", 2), document.file_key.rsplit("|", 2)
        return all(old in (new, "None", "") for old, new in zip(known, now, strict=True))

    @property
    def remark(self) -> str:
        """What its editors should know, in a sentence."""
        if self.state == Reading.WAITING:
            return "The words in this file are about to be read. Look again in a minute."
        if self.state == Reading.WHOLE:
            return "The words in this file can be searched by everybody who may open it."
        if self.state == Reading.PART:
            return "Only a part of this file can be searched: it is long, or some of it could not be read."
        return str(Refusal(self.refusal).label)
