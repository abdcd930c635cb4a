"""What the templates show of a page: rows for lists, the margin of facts, who is named, what belongs beside it.

Everything here is for one viewer: people come as `members.rules.shown` lets them be seen, pages only
as `visible_to` lets through. Templates get these values and run no query of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import slugify

from hub.accounts.rules import Viewer
from hub.editorial.enums import BylineRole
from hub.kernel.freshness import Freshness, freshness
from hub.members.models import MemberProfile
from hub.members.rules import ShownProfile, shown
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.taxonomy.models import Topic
from hub.taxonomy.pairs import Pair, first_pair

if TYPE_CHECKING:
    from hub.editorial.models import Byline, KnowledgePage

PAGE_SIZE = 20
KIND_OF_MODEL = {"sessionpage": "session", "seriespage": "series", "practicepage": "practice", "reportpage": "report"}
ROLE_WORDS = {BylineRole.AUTHOR: "", BylineRole.HOST: "host", BylineRole.GUEST: "guest", BylineRole.EDITOR: "editor"}


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """What `components/row.html` shows."""

    title: str
    url: str
    kind: str = ""
    gist: str = ""
    pair: Pair | None = None
    freshness: Freshness | None = None
    facts: Sequence[str] = ()
    past: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named on a page, as far as the viewer may know them."""

    name: str
    role: str
    role_word: str = ""
    organisation: str | None = None
    url: str | None = None
    initials: str = "–"
    function: Any = None
    industry: Any = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a text; a heading has an anchor to link to."""

    block: Any
    anchor: str = ""


def people(profile_ids: Iterable[int | None], viewer: Viewer) -> dict[int, ShownProfile]:
    """The people with these ids as `viewer` may see them, in one query. Their topics are not read."""
    wanted = {pk for pk in profile_ids if pk}
    if not wanted:
        return {}
    found = MemberProfile.objects.filter(pk__in=wanted).select_related("function", "industry", "picture")
    found = found.prefetch_related(Prefetch("topics", queryset=Topic.objects.none()))  # none: no query
    return {profile.pk: shown(profile, viewer) for profile in found}


def with_verifier(pages: Any) -> Any:
    """Pages for a list, with what `row` needs of the person who verified them and of their pair."""
    paths = [f"verified_by__{name}" for name in ("function", "industry", "picture")]
    nothing = Prefetch("verified_by__topics", queryset=Topic.objects.none())
    return pages.select_related(*paths).prefetch_related("functions", "industries", nothing)


def row(page: KnowledgePage, request: HttpRequest, *, kind: str = "", facts: Sequence[str] = ()) -> Row:
    """`page` in a list; it comes from `with_verifier`."""
    verifier = shown(page.verified_by, request.user).name if page.verified_by else None
    return Row(
        title=page.title,
        url=page.get_url(request) or "",
        kind=kind,
        gist=page.gist,
        pair=first_pair(page.functions.all(), page.industries.all()),
        freshness=freshness(page.verified_on, page.verify_by, today=timezone.localdate(), verified_by=verifier),
        facts=facts,
    )


def listed(pages: Any, request: HttpRequest) -> ListPage[Any]:
    """The page of a list that the address asks for; a number beyond the end gives the last one."""
    return Paginator(pages, PAGE_SIZE).get_page(request.GET.get("page"))


def crumbs(page: BasePage, request: HttpRequest) -> list[Link]:
    """The sections above `page`, from the one below the front page down."""
    above = page.get_ancestors().filter(depth__gt=2, live=True).order_by("depth")
    return [Link(section.title, section.get_url(request) or "") for section in above]


def named(bylines: Sequence[Byline], known: dict[int, ShownProfile]) -> list[Named]:
    """Those named on a page, in its order; then, without a name, the members whom the viewer may not know."""
    found, unknown = [], Counter[str]()
    for byline in bylines:
        word = ROLE_WORDS[BylineRole(byline.role)]
        person = known.get(byline.person_id) if byline.person_id else None
        if person is not None and person.name is None:
            unknown[byline.role] += 1
        elif person is not None:
            found.append(
                Named(
                    name=person.name or "",
                    role=byline.role,
                    role_word=word,
                    organisation=person.organisation,
                    url=person.url,
                    initials=person.initials,
                    function=person.function,
                    industry=person.industry,
                )
            )
        elif byline.external_name:
            words = byline.external_name.split()
            initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "–"
            organisation = byline.external_organisation or None
            found.append(Named(byline.external_name, byline.role, word, organisation, initials=initials))
    for role, count in unknown.items():
        name = "A member" if count == 1 else f"{count} members"
        found.append(Named(name, role, ROLE_WORDS[BylineRole(role)], is_known=False))
    return found


def related(page: BasePage, request: HttpRequest) -> list[Row]:
    """The pages its editors put beside it, in their order, without those the viewer may not see."""
    wanted = [link.target_id for link in page.related_links.all()]
    if not wanted:
        return []
    found = {
        target.pk: target
        for target in BasePage.objects.visible_to(request.user).filter(pk__in=wanted).specific()
        if target.pk != page.pk
    }
    return [brief(found[pk], request) for pk in wanted if pk in found]


def written_by(profile: MemberProfile, viewer: Viewer) -> list[Any]:
    """The pages `profile` wrote or edited that `viewer` may see, the newest first.

    Who hosted or was a guest is not told here: whether it may be known is the session's own rule.
    """
    mine = BasePage.objects.visible_to(viewer).filter(
        bylines__person=profile, bylines__role__in=[BylineRole.AUTHOR, BylineRole.EDITOR]
    )
    return list(mine.distinct().order_by("-first_published_at", "-pk")[:PAGE_SIZE].specific())


def brief(page: Any, request: HttpRequest) -> Row:
    """Any page in a short list of mixed kinds, without what would cost a query for each."""
    today: date = timezone.localdate()
    return Row(
        title=page.title,
        url=page.get_url(request) or "",
        kind=KIND_OF_MODEL.get(page._meta.model_name, "page"),
        gist=getattr(page, "gist", ""),
        freshness=freshness(getattr(page, "verified_on", None), getattr(page, "verify_by", None), today=today),
    )


def detail(page: KnowledgePage, request: HttpRequest, *, hide_roles: Iterable[str] = ()) -> dict[str, Any]:
    """What every page of knowledge shows around its text. Bylines of `hide_roles` are left out whole."""
    hidden = set(hide_roles)
    bylines = [byline for byline in page.bylines.all() if byline.role not in hidden]
    known = people([*(byline.person_id for byline in bylines), page.verified_by_id], request.user)
    verifier = known.get(page.verified_by_id) if page.verified_by_id else None
    above = crumbs(page, request)
    home = above[0].url if above else ""

    def links(name: str, terms: Iterable[Any]) -> list[Link]:
        return [Link(term.name, f"{home}?{name}={term.slug}") for term in terms]

    functions, industries = list(page.functions.all()), list(page.industries.all())
    return {
        "crumbs": above,
        "people": named(bylines, known),
        "pair": first_pair(functions, industries),
        "topic_links": links("topic", page.topics.all()),
        "function_links": links("function", functions),
        "industry_links": links("industry", industries),
        "freshness": freshness(
            page.verified_on,
            page.verify_by,
            today=timezone.localdate(),
            verified_by=verifier.name if verifier else None,
        ),
        "verifier": verifier if verifier and verifier.name else None,
        "related": related(page, request),
        "is_public": page.effective_audience == Audience.PUBLIC,
    }


def parts(stream: Any, taken: set[str] | None = None) -> list[Part]:
    """The blocks of a text; each heading with an anchor that no other heading on the page has."""
    taken = set() if taken is None else taken
    found = []
    for block in stream:
        anchor = ""
        if block.block_type == "heading":
            stem = slugify(block.value["text"]) or "section"
            anchor, number = stem, 1
            while anchor in taken:
                number += 1
                anchor = f"{stem}-{number}"
            taken.add(anchor)
        found.append(Part(block, anchor))
    return found


def contents(text: Iterable[Part]) -> list[Link]:
    """The sections of a text, for its table of contents."""
    return [
        Link(part.block.value["text"], f"#{part.anchor}")
        for part in text
        if part.anchor and part.block.value["level"] == "h2"
    ]


def minutes(stream: Any) -> int:
    """How long a text takes to read, at 220 words a minute."""
    words = sum(len(str(block.block.get_searchable_content(block.value)).split()) for block in stream)
    return max(1, round(words / 220))
