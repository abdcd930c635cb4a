"""Who may see a picture or download a document.

One rule, by use: a file is for those who read a *field* of a page that shows it. Pages say who reads
them; a field that not all of those read (the notes of a private session) is registered with its own
rule (`registry.register_field`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from hub.accounts.enums import Role
from hub.accounts.rules import Viewer, role_of
from hub.kernel import prepared
from hub.media import registry
from hub.pages.enums import Audience
from hub.pages.models import BasePage

if TYPE_CHECKING:
    from hub.media.models import HubDocument, HubImage

MOST_TRIED = 20  # pages of which one is looked for that the person may edit


@dataclass(frozen=True, slots=True)
class Use:
    """A field of a live page that shows a file."""

    page: BasePage
    field: str

    def is_for(self, viewer: Viewer) -> bool:
        """Whether `viewer` reads this field."""
        return self.page.is_visible_to(viewer) and self._rule_allows(viewer)

    def is_for_all_readers(self) -> bool:
        """Whether everybody who may read the page reads this field."""
        return self._rule_allows(None)

    def _rule_allows(self, viewer: Viewer) -> bool:
        rule = registry.field_rule(self.page.specific_class, self.field)
        return rule is None or rule(self.page.specific, viewer)


def may_see(item: HubImage | HubDocument, viewer: Viewer) -> bool:
    """Whether `viewer` may open the file: somebody may who edits, uploaded it, or can see where it is used.

    A file that nothing shows is for staff, its uploader and editors only. A person's own picture is
    for whom that person shows it to, and for nobody else.
    """
    return bool(visible_among([item], viewer))


def visible_among(items: Iterable[Any], viewer: Viewer) -> set[int]:
    """The primary keys of those `items`, all pictures or all documents, whose file `viewer` may open."""
    allowed: set[int] = set()
    doubtful = []
    for item in items:
        verdict = registry.personal_verdict(item, viewer)
        if verdict or (verdict is None and _looks_after(item, viewer)):
            allowed.add(item.pk)
        elif verdict is None:
            doubtful.append(item)
    uses = uses_of(doubtful, viewer=viewer)
    for item in doubtful:
        if (
            any(use.is_for(viewer) for use in uses[item.pk])
            or registry.shown_elsewhere(item, viewer)
            or _used_on_editable_page(item, viewer)
        ):
            allowed.add(item.pk)
    return allowed


_EVERYBODY = object()


def uses_of(items: Iterable[Any], *, viewer: Any = _EVERYBODY) -> dict[int, list[Use]]:
    """The fields of live pages that show each of `items`, all of one model; `viewer` narrows the pages. Two queries."""
    items = list(items)
    found: dict[int, list[Use]] = {item.pk: [] for item in items}
    if not items:
        return found
    model, role = type(items[0]), None if viewer is _EVERYBODY else int(role_of(viewer))

    def references(*pks: str) -> Any:
        return _references(model, pks).order_by().values_list("to_object_id", "object_id", "model_path")

    def pages(*pks: int) -> Any:
        live = BasePage.objects.live().filter(pk__in=pks).order_by()
        return live if role is None else live.filter(effective_audience__lte=role)

    rows = prepared.rows(("references", model), references, *map(str, prepared.padded(found)))
    keys = prepared.padded({int(page_pk) for _, page_pk, _ in rows})
    by_pk = {page.pk: page for page in prepared.rows(("users", role), pages, *keys)} if keys else {}
    for pk, page_pk, model_path in sorted(rows):
        page = by_pk.get(int(page_pk))
        use = Use(page, model_path.partition(".")[0]) if page is not None else None
        if use is not None and use not in found[int(pk)]:
            found[int(pk)].append(use)
    return found


def readers_of(uses: Iterable[Use]) -> tuple[Audience, list[BasePage]]:
    """The widest audience that may open a document with these `uses`, and the pages all of them may read it on.

    A document that no page shows to all its readers is for staff, who look after it. Its uploader, the
    editors of a draft, and those who sat at a private table may open it as well; they are no audience.
    """
    pages = {use.page.pk: use.page for use in uses if use.is_for_all_readers()}.values()
    widest = min((page.effective_audience for page in pages), default=Audience.STAFF)
    return Audience(widest), [page for page in pages if page.effective_audience == widest]


def _looks_after(item: Any, viewer: Viewer) -> bool:
    if role_of(viewer) >= Role.STAFF:
        return True
    return viewer is not None and viewer.is_authenticated and item.uploaded_by_user_id == viewer.pk


def _references(model: type, pks: Iterable[int | str]) -> Any:
    return ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id__in=[str(pk) for pk in pks],
        base_content_type=ContentType.objects.get_for_model(BasePage),
    )


def _used_on_editable_page(item: HubImage | HubDocument, viewer: Any) -> bool:
    if viewer is None or not viewer.is_authenticated or not viewer.has_perm("wagtailadmin.access_admin"):
        return False
    pks = list(_references(type(item), [item.pk]).values_list("object_id", flat=True).distinct()[:MOST_TRIED])
    return any(page.permissions_for_user(viewer).can_edit() for page in BasePage.objects.filter(pk__in=pks))
