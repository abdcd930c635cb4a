"""Is the page tree what it should be? treebeard's own checks, and the two things it does not look at."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.models import PageViewRestriction

from hub.pages import audiences
from hub.pages.models import BasePage

TREEBEARD = ("bad_alpha", "bad_path", "orphans", "wrong_depth", "wrong_numchild")


def problems() -> dict[str, list[int]]:
    """The pages that are wrong, by what is wrong with them; every list is empty in a sound tree.

    `wrong_url_path`: not the parent's address with the own slug after it (a race between two moves
    leaves that, and `fixtree` does not see it). `wrong_effective_audience`: not the strictest of the
    page's own audience, its parent's, and the view restrictions on it.
    """
    found = {name: list(pks) for name, pks in zip(TREEBEARD, BasePage.find_problems(), strict=True)}
    found["wrong_url_path"], found["wrong_effective_audience"] = [], []
    restricted = {
        restriction.page_id: int(audiences.of_restriction(restriction))
        for restriction in PageViewRestriction.objects.prefetch_related("groups").order_by("pk")
    }
    above: dict[str, tuple[str, int]] = {}
    for pk, path, depth, slug, url_path, own, stored in _rows():
        parent_address, parent_audience = above.get(path[: -BasePage.steplen], ("", 0))
        address = "/" if depth == 1 else f"{parent_address}{slug}/"
        audience = max(own, parent_audience, restricted.get(pk, 0))
        if url_path != address:
            found["wrong_url_path"].append(pk)
        if stored != audience:
            found["wrong_effective_audience"].append(pk)
        above[path] = (address, audience)
    return found


def _rows() -> QuerySet[BasePage, tuple[int, str, int, str, str, int, int]]:
    columns = ("pk", "path", "depth", "slug", "url_path", "audience", "effective_audience")
    return BasePage.objects.order_by("path").values_list(*columns)
