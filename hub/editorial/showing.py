"""What the templates show of a page: rows for lists, the margin of facts, who is named, what belongs beside it.

Everything here is for one viewer: people come as `members.rules.shown` lets them be seen, pages only
as `visible_to` lets through. Templates get these values and run no query of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import IntegerField, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import slugify

from hub.accounts.rules import Viewer, role_of
from hub.editorial import links
from hub.editorial.enums import BylineRole
from hub.editorial.models import Byline
from hub.editorial.standing import standing
from hub.editorial.ties import Ties, ties_of
from hub.kernel import prepared
from hub.kernel.freshness import Freshness, freshness
from hub.members import lines
from hub.members.lines import Line
from hub.members.models import MemberProfile
from hub.members.rules import ShownProfile, shown, shown_name
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.pages.routing import url_of
from hub.taxonomy.pairs import Pair, first_pair
from search.models import Entry
from search.registry import source_of

if TYPE_CHECKING:
    from hub.editorial.models import KnowledgePage

PAGE_SIZE = 20
_TAG = re.compile(r"<[^>]*>")
PAGES = source_of(BasePage)
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


def people(profile_ids: Iterable[int | None], viewer: Viewer, *, own: bool = False) -> dict[int, Line]:
    """The people with these ids, in one query; with `own` the viewer's own profile as well.

    For `members.rules.shown(…, brief=True)`.
    """
    pks = {pk for pk in profile_ids if pk}
    users = [viewer.pk] if own and viewer is not None and viewer.is_authenticated else []
    if not pks and not users:
        return {}

    def build(*keys: int) -> Any:
        wanted = Q(pk__in=keys[: len(pks)]) | Q(user_id__in=keys[len(pks) :])
        return MemberProfile.objects.filter(wanted).order_by().values_list(*lines.columns())

    found = map(lines.line, prepared.rows(("people", len(users)), build, *pks, *users))
    return {person.pk: person for person in found}


def with_verifier(pages: Any) -> Any:
    """Pages for a list, with the person who verified them. Their texts stay where they are."""
    return pages.select_related("verified_by").defer_streamfields()


def row(page: KnowledgePage, request: HttpRequest, ties: Ties, *, kind: str = "", facts: Sequence[str] = ()) -> Row:
    """`page` in a list; it comes from `with_verifier`, its ties from `pairs_of`."""
    verifier = shown_name(page.verified_by, request.user) if page.verified_by else None
    return Row(
        title=page.title,
        url=page.get_url(request) or "",
        kind=kind,
        gist=page.gist,
        pair=first_pair(ties.functions, ties.industries),
        freshness=freshness(
            page.verified_on,
            page.verify_by,
            today=timezone.localdate(),
            verified_by=verifier,
            obsolete_since=page.obsolete_since,
        ),
        facts=facts,
    )


class _Number(Subquery):
    """How many rows a query has, as a column of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def listed(
    pages: Any, request: HttpRequest, *, prepared_as: Hashable = None, values: Sequence[int | str] = ()
) -> ListPage[Any]:
    """The page of a list that the address asks for, in one query; a number beyond the end gives the last one.

    With `prepared_as`, `pages` makes the list from `values`, and the SQL of its first page is kept under
    that name (`hub.kernel.prepared`).
    """
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1

    def counted(every: Any) -> Any:
        return every.annotate(in_all=_Number(every.order_by().values("pk")))[(number - 1) * PAGE_SIZE :][:PAGE_SIZE]

    if prepared_as is not None and number == 1:
        found = prepared.rows(prepared_as, lambda *places: counted(pages(*places)), *values)
    else:
        pages = pages(*values) if prepared_as is not None else pages
        found = list(counted(pages))
    if not found and number > 1:
        return Paginator(pages, PAGE_SIZE).get_page(number)
    paginator = Paginator(pages, PAGE_SIZE)
    paginator.count = found[0].in_all if found else 0  # known: no query of its own
    return ListPage(found, number, paginator)


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


def written_by(profile: MemberProfile, viewer: Viewer) -> list[Any]:
    """The pages `profile` wrote or edited that `viewer` may see, the newest first.

    Who hosted or was a guest is not told here: whether it may be known is the session's own rule.
    """
    role = role_of(viewer)

    def build(person: int) -> Any:
        named_on = Byline.objects.filter(person_id=person, role__in=[BylineRole.AUTHOR, BylineRole.EDITOR])
        mine = BasePage.objects.live().filter(effective_audience__lte=role, pk__in=named_on.values("page"))
        return _with_catalogue(mine).order_by("-first_published_at", "-pk")[:PAGE_SIZE]

    return prepared.rows(("written by", role), build, profile.pk)


def brief(page: Any, request: HttpRequest) -> Row:
    """Any page in a short list of mixed kinds, without what would cost a query for each."""
    today: date = timezone.localdate()
    return Row(
        title=page.title,
        url=page.get_url(request) or "",
        kind=KIND_OF_MODEL.get(page._meta.model_name, "page"),
        gist=getattr(page, "gist", ""),
        freshness=freshness(
            getattr(page, "verified_on", None),
            getattr(page, "verify_by", None),
            today=today,
            obsolete_since=getattr(page, "obsolete_since", None),
        ),
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the text of one page, for one viewer. `own` is the viewer's profile."""

    ties: Ties
    profiles: dict[int, Line]
    crumbs: list[Link]
    related: list[Row]
    own: Line | None = None


def surroundings(page: KnowledgePage, request: HttpRequest, *, own: bool = False) -> Surroundings:
    """Terms and names, the people behind them, the pages above and beside: three queries. Its links are resolved."""
    links.resolve(page, request.user)
    ties = ties_of(page, is_preview=getattr(request, "is_preview", False))
    profiles = people([*(byline.person_id for byline in ties.bylines), page.verified_by_id], request.user, own=own)
    above, beside = _neighbours(page, ties.related, request)
    me = request.user.pk if own else None
    mine = next((profile for profile in profiles.values() if me and profile.user_id == me), None)
    return Surroundings(ties, profiles, above, beside, mine)


def _neighbours(page: BasePage, wanted: Sequence[int], request: HttpRequest) -> tuple[list[Link], list[Row]]:
    """The sections above `page`, from the one below the front page down, and the pages its editors put beside it.

    Those keep the order of the editors, without those the viewer may not see. What they say of
    themselves comes from the catalogue.
    """
    paths = [page.path[: depth * page.steplen] for depth in range(3, page.depth)]
    role = role_of(request.user)

    def build(*keys: Any) -> Any:
        here = BasePage.objects.live().filter(effective_audience__lte=role, path__in=keys[: len(paths)]).order_by()
        if wanted:
            here |= BasePage.objects.live().filter(effective_audience__lte=role, pk__in=keys[len(paths) :])
            here = _with_catalogue(here)
        columns = ["path", "pk", "title", "url_path"]  # plain values: a row of a page costs more than its query
        return here.values_list(*columns, *(["content_type_id", "gist", "verify_by", "facts"] if wanted else []))

    here = prepared.rows(("neighbours", len(paths), role), build, *paths, *wanted) if paths or wanted else []
    by_path = {one[0]: one for one in here}
    by_pk = {one[1]: one for one in here if one[1] != page.pk}
    return (
        [Link(by_path[path][2], url_of(by_path[path][3], request)) for path in paths if path in by_path],
        [_beside(request, *by_pk[pk][2:]) for pk in wanted if pk in by_pk],
    )


def _with_catalogue(pages: Any) -> Any:
    """Pages of any types with what the catalogue says of them: the pages themselves would be a query for each type."""
    entry = Entry.objects.filter(source_model=PAGES, source_id=OuterRef("pk"), is_deleted=False).order_by("pk")
    said = {"gist": "summary", "verify_by": "verify_by", "facts": "facts"}
    return pages.annotate(**{name: Subquery(entry.values(column)[:1]) for name, column in said.items()})


def _beside(
    request: HttpRequest, title: str, url_path: str, type_id: int, gist: str | None, verify_by: date | None, facts: Any
) -> Row:
    said = {
        name: date.fromisoformat(day) for name in ("verified_on", "obsolete_since") if (day := (facts or {}).get(name))
    }
    return Row(
        title=title,
        url=url_of(url_path, request),
        kind=KIND_OF_MODEL.get(ContentType.objects.get_for_id(type_id).model, "page"),
        gist=gist or "",
        freshness=freshness(
            said.get("verified_on"),
            verify_by,
            today=timezone.localdate(),
            obsolete_since=said.get("obsolete_since"),
        ),
    )


def detail(
    page: KnowledgePage, request: HttpRequest, *, around: Surroundings | None = None, hide_roles: Iterable[str] = ()
) -> dict[str, Any]:
    """What every page of knowledge shows around its text. Bylines of `hide_roles` are left out whole."""
    around = around or surroundings(page, request)
    ties, hidden = around.ties, set(hide_roles)
    known = {pk: shown(profile, request.user, brief=True) for pk, profile in around.profiles.items()}
    verifier = known.get(page.verified_by_id) if page.verified_by_id else None
    home = around.crumbs[0].url if around.crumbs else ""

    mark = freshness(
        page.verified_on,
        page.verify_by,
        today=timezone.localdate(),
        verified_by=verifier.name if verifier else None,
        obsolete_since=page.obsolete_since,
    )

    def to_lists(name: str, terms: Iterable[Any]) -> list[Link]:
        return [Link(term.name, f"{home}?{name}={term.slug}") for term in terms]

    return {
        "crumbs": around.crumbs,
        "people": named([byline for byline in ties.bylines if byline.role not in hidden], known),
        "pair": first_pair(ties.functions, ties.industries),
        "topic_links": to_lists("topic", ties.topics),
        "function_links": to_lists("function", ties.functions),
        "industry_links": to_lists("industry", ties.industries),
        "freshness": mark,
        "standing": standing(page, request, mark),
        "verifier": verifier if verifier and verifier.name else None,
        "related": around.related,
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
    return max(1, round(sum(_words(block["value"]) for block in stream.raw_data) / 220))


def _words(value: Any) -> int:
    """How many words stand in the stored value of a block, its few settings and keys among them."""
    if isinstance(value, str):
        return len(_TAG.sub(" ", value).split())
    if isinstance(value, dict):
        value = value.values()
    return sum(map(_words, value)) if isinstance(value, Iterable) else 0
