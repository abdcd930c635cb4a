"""One's own profile, with a choice of who sees it beside every field."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db import transaction
from PIL import Image, ImageOps

from hub.accounts.models import User
from hub.members.domain import profiles
from hub.members.enums import PROFILE_ACTIONS, PROFILE_FIELDS, ShownTo
from hub.members.models import MemberProfile

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 6000  # on either side of what is uploaded
LEAST_PIXELS = 120
KEPT_PIXELS = 1000  # on the longer side of what is kept
FORMATS = {"JPEG", "PNG", "WEBP"}

FIELDS = [name for name in PROFILE_FIELDS if name != "picture"]
LEVELS = [f"{name}_shown_to" for name in (*PROFILE_FIELDS, *PROFILE_ACTIONS)]
LABELS = {
    "name": "Name",
    "organisation": "Organisation",
    "job_title": "What it says on your door",
    "function": "Function",
    "industry": "Industry",
    "bio": "About you",
    "topics": "Can be asked about",
    "time_zone": "Time zone",
    "picture": "Picture",
    "website": "Website",
    "message": "Who may write to you",
    "introduction": "Who may be introduced to you",
}
HINTS = {
    "bio": "Two or three sentences. What do you do, and what have you learned the hard way?",
    "topics": "Colleagues who look for one of these find you.",
    "time_zone": "Dates on the hub are shown in it.",
    "picture": "JPEG, PNG or WebP, up to 5 MB. Places and other hidden data in it are removed.",
    "website": "With https:// in front.",
    "introduction": "Only when both of you have said yes. “Only me” switches introductions off.",
}


def time_zones() -> list[tuple[str, Any]]:
    """Time zones by part of the world, without the historical ones."""
    worlds: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        world, _, place = name.partition("/")
        if place and world not in {"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico"}:
            worlds.setdefault(world, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *worlds.items()]


def checked_picture(upload: Any) -> bytes:
    """The uploaded picture as a clean JPEG: turned upright, no larger than needed, with nothing in it but pixels.

    Raises ValidationError with a sentence for the person.
    """
    if upload.size > MOST_BYTES:
        raise forms.ValidationError("This picture is larger than 5 MB. Please choose a smaller one.")
    try:
        upload.seek(0)
        picture: Any = Image.open(upload, formats=sorted(FORMATS))  # reads the head only
        if max(picture.size) > MOST_PIXELS:
            raise forms.ValidationError(
                f"This picture is wider or higher than {MOST_PIXELS} pixels. Please scale it down."
            )
        if min(picture.size) < LEAST_PIXELS:
            raise forms.ValidationError(
                f"This picture is smaller than {LEAST_PIXELS} pixels. Please choose a larger one."
            )
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
        flat = Image.new("RGB", picture.size, "white")  # a new picture: no metadata comes along
        flat.paste(picture.convert("RGB"), mask=picture.convert("RGBA").getchannel("A"))
    except forms.ValidationError:
        raise
    except Exception as error:  # Pillow raises many kinds for a broken file
        raise forms.ValidationError(
            "This file could not be read as a picture. Please choose a JPEG, PNG or WebP file."
        ) from error
    out = BytesIO()
    flat.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


@dataclass(frozen=True)
class Row:
    """A field and the choice of who sees it; an action has the choice only."""

    level: Any
    field: Any = None


class ProfileForm(forms.ModelForm):
    """What a person says about themselves."""

    picture_file = forms.FileField(
        label=LABELS["picture"], required=False, help_text=HINTS["picture"],
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    remove_picture = forms.BooleanField(label="Take my picture away", required=False)
    time_zone = forms.ChoiceField(label=LABELS["time_zone"], choices=time_zones, help_text=HINTS["time_zone"])

    website = forms.URLField(
        label=LABELS["website"], required=False, help_text=HINTS["website"], assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])], widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={"invalid": "This is not the address of a website. It should read like https://example.org."},
    )  # fmt: skip

    class Meta:
        model = MemberProfile
        fields = [*FIELDS, *LEVELS, "is_listed"]
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 5}),
            "topics": forms.CheckboxSelectMultiple,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
        }
        labels = LABELS
        help_texts = HINTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        current = self.instance.time_zone
        known = {value for _, places in time_zones() if isinstance(places, list) for value, _ in places} | {"UTC"}
        if current and current not in known:  # a historical name that an import brought
            fields["time_zone"].choices = [(current, current), *time_zones()]
        for name in ("function", "industry"):
            fields[name].empty_label = "I would rather not say"
        fields["topics"].queryset = fields["topics"].queryset.order_by("name")
        self.fields["is_listed"].label = "Show me in the directory and in searches"
        self.fields["is_listed"].help_text = "Off: nobody finds your page. Your name stays on what you have written."
        for name in LEVELS:
            what = LABELS[name.removesuffix("_shown_to")]
            self.fields[name] = forms.TypedChoiceField(
                coerce=int,
                choices=ShownTo.choices,
                initial=getattr(self.instance, name),
                label=what if name.removesuffix("_shown_to") in PROFILE_ACTIONS else f"Who sees this: {what.lower()}",
                help_text=HINTS.get(name.removesuffix("_shown_to"), "")
                if name.removesuffix("_shown_to") in PROFILE_ACTIONS
                else "",
            )

    def rows(self) -> list[Row]:
        """Fields in the order of the page, each with its level."""
        rows = []
        for name in PROFILE_FIELDS:
            field = self["picture_file"] if name == "picture" else self[name]
            rows.append(Row(self[f"{name}_shown_to"], field))
        return rows

    def actions(self) -> list[Row]:
        """Who may write, and who may be introduced."""
        return [Row(self[f"{name}_shown_to"]) for name in PROFILE_ACTIONS]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError("Please give the name by which others may know you.")
        return name

    def clean_picture_file(self) -> bytes | None:
        upload = self.cleaned_data.get("picture_file")
        return checked_picture(upload) if upload else None

    @transaction.atomic
    def save_for(self, user: User) -> MemberProfile:
        """Save the profile and its picture, and keep the account's name the same as the profile's."""
        profile = self.save()
        first_name, _, last_name = profile.name.rpartition(" ")
        user.first_name, user.last_name = (first_name or last_name)[:150], (last_name if first_name else "")[:150]
        user.save(update_fields=["first_name", "last_name"])
        if self.cleaned_data["picture_file"]:
            profiles.set_picture(profile, self.cleaned_data["picture_file"])
        elif self.cleaned_data["remove_picture"]:
            profiles.remove_picture(profile)
        return profile
