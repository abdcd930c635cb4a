"""The controlled vocabularies: topics, functions, industries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class Term(models.Model):
    """A word of a vocabulary that the community agreed on."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Together with what others write because of it, as a page is."""
        super().save(*args, **kwargs)


class TopicQuerySet(models.QuerySet["Topic"]):
    def named(self, word: str) -> Topic | None:
        """The topic that is called `word`, or has it as a synonym; capitals do not matter."""
        word = " ".join(word.split())
        found = self.filter(name__iexact=word).first()
        return found or self.filter(synonyms__name__iexact=word).first()

    def at(self, slug: str) -> Topic | None:
        """The topic at this slug, or the one that took its place when the two were merged."""
        return self.filter(slug=slug).first() or self.filter(synonyms__slug=slug).first()

    def current_slugs(self, slugs: list[str]) -> list[str]:
        """`slugs` of an address, each former one replaced by that of the topic it was merged into."""
        if not slugs:
            return []
        moved = dict(TopicSynonym.objects.filter(slug__in=slugs).values_list("slug", "topic__slug"))
        return list(dict.fromkeys(moved.get(slug, slug) for slug in slugs))


class Topic(ClusterableModel, Term):
    """What sessions, practices, reports and people are about."""

    description = models.TextField(blank=True, help_text="One or two sentences, shown above lists of this topic.")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children",
        help_text="The wider topic this one belongs to, if any.",
    )  # fmt: skip
    stewards = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="stewarded_topics",
        help_text="Asked about pages of this topic when nobody who wrote them answers.",
    )  # fmt: skip
    source_path = models.CharField(max_length=500, blank=True, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta(Term.Meta):
        pass

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        """The same, its synonyms included."""
        super().save(*args, **kwargs)

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": "A topic cannot stand below itself. Choose another one."})
            above = above.parent


class TopicSynonym(models.Model):
    """Another name people use for a topic; searches and imports understand it."""

    topic = ParentalKey(Topic, on_delete=models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(
        max_length=120,
        blank=True,
        editable=False,
        help_text="A former address: lists that were narrowed down by it still work.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        taken = Topic.objects.filter(name__iexact=self.name).first()
        if taken is not None:
            raise ValidationError({"name": f"“{taken}” is a topic of its own. Merge the two if they mean the same."})


class Function(Term):
    """What a person does in their organisation: one of the two axes of a collision."""

    initial = models.CharField(max_length=2, unique=True, help_text="One or two letters, drawn on a seat.")


class Industry(Term):
    """The field a person's organisation works in: the other axis of a collision."""

    colour_slot = models.PositiveSmallIntegerField(
        default=8, help_text="1 to 8: which of the eight industry colours its seats have; 8 is the shared slate."
    )

    class Meta(Term.Meta):
        verbose_name_plural = "industries"
