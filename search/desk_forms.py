"""The forms with which staff steer the search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.forms import WagtailAdminModelForm

from search.domain import words
from search.domain.preview import thing_of
from search.models import Synonym
from search.models.steering import listed

MOST_LISTED = 30
LONGEST_LIST = 1_000
LANGUAGES = {code.partition("-")[0]: name for code, name in settings.WAGTAIL_CONTENT_LANGUAGES}


def with_words(text: str) -> str:
    """The list as it is kept, if each of its parts can be asked for."""
    if len(text) > LONGEST_LIST or len(listed(text)) > MOST_LISTED:
        raise ValidationError(
            f"That is too long to be looked at with every search. Keep to {MOST_LISTED} short phrases."
        )
    for part in listed(text):
        if words.ask(part).is_empty:
            raise ValidationError(f"Nobody can search for “{part}”: there is no word in it. Take it away.")
    return ", ".join(listed(text))


class SynonymForm(WagtailAdminModelForm):
    """Words that mean the same."""

    words = forms.CharField(
        label="Words and phrases that mean the same",
        help_text="With commas between them: “AGM, annual general meeting”.", widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write at least two words or phrases, with a comma between them."},
    )  # fmt: skip
    language = forms.ChoiceField(
        choices=LANGUAGES, initial=next(iter(LANGUAGES)),
        help_text="The language of these words. Other forms of them (“meeting”, “meetings”) need not be written.",
    )  # fmt: skip

    def clean_words(self) -> str:
        text = with_words(self.cleaned_data["words"])
        known = {part.casefold() for part in listed(text)}
        for other in Synonym.objects.exclude(pk=self.instance.pk):
            if {member.casefold() for member in other.members} >= known:
                raise ValidationError(f"These mean the same already, in “{other}”. Change that group instead.")
        return text


class ThingChooser(forms.Widget):
    """A search over the catalogue, and what it finds to choose from."""

    template_name = "search/desk/thing_chooser.html"
    user: Any = None

    class Media:
        js = ["js/thing-chooser.js"]

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return render_to_string(template_name, context)  # Django's own renderer knows no templates of a project

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        thing = thing_of(str(value), self.user) if value else None
        return {**context, "name": name, "things": [thing] if thing else [], "chosen": thing.key if thing else ""}


class PromotedResultForm(WagtailAdminModelForm):
    """What comes first for which questions."""

    words = forms.CharField(
        label="Questions for which it comes first", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As people type them, with commas between them. Order and form of the words do not matter.",
        error_messages={"required": "Write at least one question, as people type it."},
    )  # fmt: skip
    thing = forms.CharField(
        label="What comes first", widget=ThingChooser,
        help_text="Whoever may not find it anyway is not shown it for this reason either.",
        error_messages={"required": "Search for the page, person, document or topic that comes first, and choose it."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["thing"].widget
        widget.user = self.for_user
        if self.instance.source_id:
            self.fields["thing"].initial = f"{self.instance.source_model}:{self.instance.source_id}"

    def clean_words(self) -> str:
        return with_words(self.cleaned_data["words"])

    def clean_thing(self) -> str:
        key: str = self.cleaned_data["thing"]
        if thing_of(key, self.for_user) is None:
            raise ValidationError(
                "That is not there any more, or is not for you to choose. Search again and choose another."
            )
        return key

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("thing"):
            self.instance.source_model, _, number = data["thing"].partition(":")
            self.instance.source_id = int(number)
        return data
