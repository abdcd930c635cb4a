"""The controlled vocabularies: topics, functions, industries."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models


class Term(models.Model):
    """A word of a vocabulary that the community agreed on."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Topic(Term):
    """What sessions, practices, reports and people are about."""

    description = models.TextField(blank=True, help_text="One or two sentences, shown above lists of this topic.")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children",
        help_text="The wider topic this one belongs to, if any.",
    )  # fmt: skip
    source_path = models.CharField(max_length=500, blank=True, editable=False)

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": "A topic cannot stand below itself. Choose another one."})
            above = above.parent


class TopicSynonym(models.Model):
    """Another name people use for a topic; searches and imports understand it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Function(Term):
    """What a person does in their organisation: one of the two axes of a collision."""

    initial = models.CharField(max_length=2, unique=True, help_text="One or two letters, drawn on a seat.")


class Industry(Term):
    """The field a person's organisation works in: the other axis of a collision."""

    class Meta(Term.Meta):
        verbose_name_plural = "industries"

    colour_slot = models.PositiveSmallIntegerField(
        default=8, help_text="1 to 8: which of the eight industry colours its seats have; 8 is the shared slate."
    )
