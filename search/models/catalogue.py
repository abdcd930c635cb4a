"""The catalogue (`Entry`), what it depends on, and what the index still owes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.search import index

from hub.taxonomy.models import Function, Industry, Topic
from search.enums import Kind, Variant


class EntryQuerySet(models.QuerySet["Entry"]):
    def pending(self) -> EntryQuerySet:
        """Entries whose last change is not in the index yet, deleted ones among them; oldest debt first."""
        return self.filter(indexed_version__lt=F("version")).order_by("changed_at", "pk")

    def of(self, source: str, pks: Any) -> EntryQuerySet:
        """The entries of these objects of one source."""
        return self.filter(source_model=source, source_id__in=list(pks))

    def findable(self) -> EntryQuerySet:
        """Entries that stand for something that is still there."""
        return self.filter(is_deleted=False)


class Entry(index.Indexed, models.Model):
    """One row for every findable thing, whatever its model, as the people in its `scope` may read it.

    It is written in the transaction of the change it describes, so it is also the durable queue of
    the index: `indexed_version < version` means that the index owes this change. The row of a thing
    that is gone stays as a tombstone (`is_deleted`) until the index has let go of it. A list of
    results needs nothing but these rows.
    """

    source_model = models.CharField(max_length=80, help_text="The topmost model of the thing, such as pages.basepage.")
    source_id = models.BigIntegerField()
    variant = models.CharField(max_length=8, choices=Variant.choices, blank=True, default=Variant.WHOLE)

    kind = models.CharField(max_length=12, choices=Kind.choices)
    scope = models.CharField(max_length=40, help_text="The one token that a viewer must hold to find it.")
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True)
    keywords = models.TextField(blank=True, help_text="Names and synonyms of its topics, functions and industries.")
    people = models.JSONField(default=list, blank=True, help_text="Names that this scope's readers may know.")
    people_text = models.TextField(blank=True)
    url = models.TextField(blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    functions = models.ManyToManyField(Function, blank=True, related_name="+")
    industries = models.ManyToManyField(Industry, blank=True, related_name="+")
    language = models.CharField(max_length=12, default="en")
    date = models.DateField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    verified_by = models.CharField(max_length=160, blank=True)
    verify_by = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=500, blank=True, help_text="The imported file, relative to its archive.")
    facts = models.JSONField(default=dict, blank=True, help_text="What a result row shows beyond the columns.")

    digest = models.CharField(max_length=64, blank=True, editable=False)
    is_deleted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    indexed_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    findable_since = models.DateTimeField(
        default=timezone.now, db_index=True, help_text="When it was made, or last opened to more people."
    )

    objects = EntryQuerySet.as_manager()

    # Saving an entry writes no index: the queue does (`search.domain.queue`).
    search_auto_update = False
    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("summary"),
        index.SearchField("text"),
        index.SearchField("keywords"),
        index.SearchField("people_text"),
        index.FilterField("id"),
        index.FilterField("kind"),
        index.FilterField("scope"),
        index.FilterField("topics"),
        index.FilterField("functions"),
        index.FilterField("industries"),
        index.RelatedFields("topics", [index.FilterField("slug")]),
        index.RelatedFields("functions", [index.FilterField("slug")]),
        index.RelatedFields("industries", [index.FilterField("slug")]),
        index.FilterField("year"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["source_model", "source_id", "variant"], name="one_entry_per_thing")
        ]
        indexes = [
            models.Index(fields=["changed_at"], name="entry_pending", condition=Q(indexed_version__lt=F("version"))),
            models.Index(fields=["scope", "kind"], name="entry_scope_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def search_language(self) -> str:
        """The language whose stems and stop words the index uses for this entry, where the engine knows several."""
        return self.language

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet[Entry]:
        """What a rebuild puts into the index: never a tombstone."""
        return super().get_indexed_objects().filter(is_deleted=False)  # type: ignore[no-any-return]


class Dependency(models.Model):
    """An entry says something about another object (a person it names) and changes when that object does."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="dependencies")
    on_model = models.CharField(max_length=80)
    on_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [models.UniqueConstraint(fields=["entry", "on_model", "on_id"], name="one_dependency_per_object")]
        indexes = [models.Index(fields=["on_model", "on_id"], name="dependency_on")]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.on_model} {self.on_id}"


class Owed(models.Model):
    """The index owes an update of one object outside the catalogue: a page, picture or document as the
    editor's own search finds it.

    One row for every change, written in its transaction and gone once the index has it. Never one row
    that is counted up: two changes at the same moment must not settle each other's debt.
    """

    model = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "owed"

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class IndexStatus(models.Model):
    """The one row that says how the index is: which engine it was filled for, and what went wrong last."""

    engine = models.CharField(max_length=200, blank=True)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_drained_at = models.DateTimeField(null=True, blank=True)
    needs_rebuild = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "index status"

    def __str__(self) -> str:
        return self.last_error or "The index is well."

    @classmethod
    def current(cls) -> IndexStatus:
        """The row, made if it is not there yet."""
        return cls.objects.get_or_create(pk=1)[0]
