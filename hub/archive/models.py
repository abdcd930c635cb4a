"""What was imported: one row for every file of every archive."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class ImportedFile(models.Model):
    """A file of an archive and what it has become. It is how a second import knows what has changed since.

    `checksum` covers the file, the map and the audience it was imported with. `revision_id` is the revision
    the import wrote last: if the page has a later one, somebody has worked on it by hand.
    """

    archive = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=500)
    checksum = models.CharField(max_length=64)
    slug = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=500, blank=True, db_index=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("content_type", "object_id")
    revision_id = models.PositiveBigIntegerField(null=True, blank=True)
    was_live = models.BooleanField(default=False)
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["archive", "kind", "path"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "kind", "path"], name="one_row_per_imported_file"),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="imported_file_target")]

    def __str__(self) -> str:
        return f"{self.archive}/{self.path}"
