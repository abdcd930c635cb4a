"""Who may see a picture or download a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.media import registry
from hub.pages.models import BasePage

if TYPE_CHECKING:
    from hub.media.models import HubDocument, HubImage


def may_see(item: HubImage | HubDocument, viewer: Viewer) -> bool:
    """Whether `viewer` may open the file: somebody may who edits, uploaded it, or can see where it is used.

    A file that nothing shows is for staff, its uploader and editors only. A person's own picture is
    for whom that person shows it to, and for nobody else.
    """
    verdict = registry.personal_verdict(item, viewer)
    if verdict is not None:
        return verdict
    if role_of(viewer) >= Role.STAFF:
        return True
    if viewer is not None and viewer.is_authenticated:
        if item.uploaded_by_user_id == viewer.pk:
            return True
        if viewer.has_perm("wagtailadmin.access_admin") and _used_on_editable_page(item, viewer):
            return True
    return _used_on_visible_page(item, viewer) or registry.shown_elsewhere(item, viewer)


def _pages_using(item: HubImage | HubDocument) -> list[str]:
    return list(
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(item),
            to_object_id=str(item.pk),
            base_content_type=ContentType.objects.get_for_model(BasePage),
        ).values_list("object_id", flat=True)
    )


def _used_on_visible_page(item: HubImage | HubDocument, viewer: Viewer) -> bool:
    pks = _pages_using(item)
    return bool(pks) and BasePage.objects.visible_to(viewer).filter(pk__in=pks).exists()


def _used_on_editable_page(item: HubImage | HubDocument, viewer: Viewer) -> bool:
    pks = _pages_using(item)
    if not pks:
        return False
    return any(page.permissions_for_user(viewer).can_edit() for page in BasePage.objects.filter(pk__in=pks[:20]))
