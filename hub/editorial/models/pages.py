"""What all pages that hold knowledge share: gist, topics, function × industry, bylines, verification."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.search import index
from wagtail.utils.decorators import cached_classmethod

from hub.editorial.bar import TextsPanel
from hub.editorial.enums import BylineRole
from hub.editorial.review_panel import ReviewPanel
from hub.media.models import HubImage
from hub.members.models import MemberProfile
from hub.pages.models import BasePage
from hub.taxonomy.models import Function, Industry, Topic


class Byline(models.Model):
    """A person named on a page: a member, or somebody outside the community by name."""

    page = ParentalKey(BasePage, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(MemberProfile, null=True, blank=True, on_delete=models.CASCADE, related_name="bylines")
    external_name = models.CharField("name, if not a member", max_length=160, blank=True)
    external_organisation = models.CharField("their organisation", max_length=200, blank=True)
    role = models.CharField(max_length=10, choices=BylineRole.choices, default=BylineRole.AUTHOR)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    panels = [
        FieldPanel("person"),
        FieldRowPanel([FieldPanel("external_name"), FieldPanel("external_organisation")]),
        FieldPanel("role"),
    ]

    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.person.name if self.person else self.external_name

    def clean(self) -> None:
        if bool(self.person_id) == bool(self.external_name):
            raise ValidationError("Choose a member, or type the name of somebody who is not one; not both.")


class RelatedPage(models.Model):
    """A page that its editors say belongs beside this one."""

    page = ParentalKey(BasePage, on_delete=models.CASCADE, related_name="related_links")
    target = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="+")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    panels = [PageChooserPanel("target")]

    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return str(self.target)


class KnowledgePage(BasePage):
    """A page worth finding: it has a gist, topics, people, and a date until which it is known to hold."""

    gist = models.TextField(
        max_length=600, blank=True,
        help_text="One paragraph: what a reader who stops here should take away.",
    )  # fmt: skip
    topics = ParentalManyToManyField(Topic, blank=True, related_name="+")
    functions = ParentalManyToManyField(Function, blank=True, related_name="+")
    industries = ParentalManyToManyField(Industry, blank=True, related_name="+")
    image = models.ForeignKey(HubImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    verified_on = models.DateField("last verified on", null=True, blank=True)
    verify_by = models.DateField("verify again by", null=True, blank=True)
    verified_by = models.ForeignKey(MemberProfile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    obsolete_since = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey(BasePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    corrected_on = models.DateField("last corrected on", null=True, blank=True)
    correction = models.TextField(
        "correction", max_length=1000, blank=True,
        help_text="If something on the published page was wrong: what it was, and what is right. Readers see it above "
        "the text, with the date and the page as it was before. It cannot be taken back. Empty for any other edit.",
    )  # fmt: skip

    # What is said about the page, not in it: no draft holds it, so none brings an older answer back.
    living_fields: tuple[str, ...] = (
        "verified_on", "verify_by", "verified_by_id", "obsolete_since", "replaced_by_id", "corrected_on",
    )  # fmt: skip
    exclude_fields_in_copy = [
        "verified_on", "verify_by", "verified_by", "obsolete_since", "replaced_by", "corrected_on", "correction",
    ]  # fmt: skip
    verify_every: int | None = None  # months; None for pages that nobody has to verify
    prose_fields: tuple[str, ...] = ()  # texts that readers may still read as they were before a correction

    search_fields = [*BasePage.search_fields, index.SearchField("gist")]
    served_with = ("image",)
    text_begins_below = 1  # the level of the heading above its texts
    withholds_names = False  # whether neither those who spoke nor their employers may be named

    opening_panels: list[Any] = [TextsPanel(), *BasePage.content_panels, FieldPanel("gist")]
    people_panels: list[Any] = [InlinePanel("bylines", label="person", heading="Who is named on it")]
    place_panels: list[Any] = [
        MultiFieldPanel(
            [FieldPanel("topics"), FieldPanel("functions"), FieldPanel("industries")],
            heading="What it is about, and for whom",
        ),
        FieldPanel("image"),
        InlinePanel("related_links", label="related page", heading="Belongs beside it"),
    ]
    correction_panels: list[Any] = [FieldPanel("correction")]
    upkeep_panels: list[Any] = [
        HelpPanel(template="editorial/upkeep_help.html", heading="Is it still true?"),
        *correction_panels,
    ]
    settings_panels = [FieldPanel("audience"), *BasePage.settings_panels]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the page. A correction that is published with it moves from the text into the list of corrections."""
        if not self.correction or not self.live or self._state.adding or kwargs.get("update_fields") is not None:
            return super().save(*args, **kwargs)
        from hub.editorial.corrections import note  # it needs the models

        with transaction.atomic():
            note(self)
            return super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A draft of this page: the text is the draft's, what is said about the page is the page's own.

        A correction that was published is not published again with the next edit.
        """
        page = super().with_content_json(content)
        # As they are now: this object may have been read before somebody answered.
        now = type(self).objects.filter(pk=self.pk).values(*self.living_fields).first() or {}
        for name, value in now.items():
            setattr(page, name, value)
        if page.correction and self.corrections.filter(text=page.correction.strip()).exists():
            page.correction = ""
        return page

    def parts_expected(self) -> list[str]:
        """The texts that readers look for in it; the content checks ask for those that are missing."""
        return list(self.get_streamfield_names())

    @cached_classmethod
    def get_edit_handler(cls) -> Any:  # noqa: N805 - a class method, kept per class
        """The panels of the editor, by what one does: write, name people, say where it belongs, keep it true, publish.

        `content_panels` of a page type holds what is written, and nothing else.
        """
        tabs = [
            ("Write", [ReviewPanel(heading="Review", icon="clipboard-list"), *cls.content_panels]),
            ("People", cls.people_panels),
            ("Where it belongs", cls.place_panels),
            ("Still true?", cls.upkeep_panels),
            ("Publish", [*cls.settings_panels, *cls.promote_panels]),
        ]
        panels = [ObjectList(panels, heading=heading) for heading, panels in tabs if panels]
        return TabbedInterface(panels, base_form_class=cls.base_form_class).bind_to_model(cls)
