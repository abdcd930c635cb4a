"""What a text refers to, and which of it its writer may not know.

A page's number in a link, a picture's in a block: whoever can type a form by hand can type any
number, and the editor would answer with a title. So a writer may refer to what they may see, and to
what the text referred to before they came.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Q
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex

from hub.media.models import HubDocument, HubImage
from hub.pages.models import BasePage
from hub.pages.policies import pages_known_to

Reference = tuple[type, str]


def in_text(page: BasePage) -> set[Reference]:
    """Every page, picture and document that `page`, as it lies in memory, refers to: (model, primary key)."""
    models = {ContentType.objects.get_for_model(model).pk: model for model in (BasePage, HubImage, HubDocument)}
    return {
        (models[content_type], str(pk))
        for content_type, pk, _model_path, _content_path in ReferenceIndex._extract_references_from_object(page)
        if content_type in models
    }


def unknown_to(user: Any, references: set[Reference]) -> set[Reference]:
    """Those of `references` that `user` may not know of."""
    known = {
        BasePage: pages_known_to(user),
        HubImage: media_known_to(user, HubImage.objects.all()),
        HubDocument: media_known_to(user, HubDocument.objects.all()),
    }
    unknown: set[Reference] = set()
    for model, queryset in known.items():
        wanted = {pk for kind, pk in references if kind is model}
        if wanted:
            found = {str(pk) for pk in queryset.filter(pk__in=wanted).values_list("pk", flat=True)}
            unknown |= {(model, pk) for pk in wanted - found}
    return unknown


def media_known_to(user: Any, media: Any) -> Any:
    """Of `media` (pictures or documents), what `user` uploaded, and what is on pages they may know."""
    pages = pages_known_to(user).annotate(key=Cast("pk", CharField())).values("key")
    used = (
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(media.model),
            base_content_type=ContentType.objects.get_for_model(BasePage),
            object_id__in=pages,
        )
        .annotate(medium_id=Cast("to_object_id", BigIntegerField()))
        .values("medium_id")
    )
    # On plain fields only: the chooser searches in what this gives.
    return media.filter(Q(uploaded_by_user=user.pk) | Q(pk__in=used))
