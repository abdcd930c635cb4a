"""What a viewer may know of a small world: the slow, plain truth.

Read from the rows of pages, restrictions, people and files one by one. Nothing here asks the catalogue, the index,
a page's effective audience, or any rule of the hub about who may see what.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.accounts.rules import role_of
from hub.editorial.models import Byline, RelatedPage
from hub.home.models import StandardPage
from hub.media.models import HubDocument
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.practices.models import PracticePage
from hub.taxonomy.models import Topic
from research.models import ReportPage

#: The kind of each type of page, and the field that holds its text.
PAGES = {StandardPage: ("page", "body"), PracticePage: ("practice", "problem"), ReportPage: ("report", "body")}
RESTRICTED_TO = {"login": Audience.MEMBERS, "groups": Audience.LEADERS, "password": Audience.STAFF}
FACETS = ("kind", "topic", "function", "industry", "year")
GROUPS = {"person": "People", "topic": "Topics"}
MOST_PAGES_OF_A_DOCUMENT = 3


@dataclass(frozen=True)
class Thing:
    """Something that a viewer may find, as they may read it."""

    source: str
    pk: int
    kind: str
    title: str
    summary: str
    text: str
    names: tuple[str, ...] = ()
    topic: frozenset[int] = frozenset()
    function: frozenset[int] = frozenset()
    industry: frozenset[int] = frozenset()
    year: int | None = None
    keywords: tuple[str, ...] = ()

    @property
    def words(self) -> set[str]:
        """Every word by which it is found."""
        return words_in(self.title, self.summary, self.text, *self.names, *self.keywords)

    @property
    def headings(self) -> set[str]:
        """The words of it that the database knows without reading long texts."""
        return words_in(self.title, self.summary, *self.names, *self.keywords)

    def values(self, facet: str) -> set[Any]:
        """What it counts for in a facet."""
        found = getattr(self, facet)
        return set(found) if isinstance(found, frozenset) else {found} - {None}

    def row(self, word: str) -> tuple[str, str, str]:
        """Kind, title and gist as a list of results shows them to who asked for `word`."""
        gist = self.summary
        if word not in words_in(self.summary) and word in words_in(self.text):
            gist = self.text
        return self.kind, marked(self.title, word), marked(gist, word)


def words_in(*texts: str) -> set[str]:
    """The words of some texts, small."""
    return set(re.findall(r"\w+", " ".join(texts).lower()))


def marked(text: str, beginning: str, *, whole: bool = True) -> str:
    """`text` as HTML with a word of it marked, or with what its words begin with."""
    end = r"\b" if whole else ""
    return re.sub(rf"\b({beginning}){end}", r"<mark>\1</mark>", escape(text), flags=re.IGNORECASE)


def strictest(page: BasePage) -> int:
    """The audience by a walk up the tree."""
    above = list(page.get_ancestors(inclusive=True))
    restrictions = PageViewRestriction.objects.filter(page_id__in=[one.pk for one in above])
    return max([one.audience for one in above] + [RESTRICTED_TO[one.restriction_type] for one in restrictions])


def reads(page: BasePage, viewer: Any) -> bool:
    """Whether `viewer` may read a page."""
    return page.live and strictest(page) <= role_of(viewer)


def knows(viewer: Any, shown_to: int) -> bool:
    """Whether `viewer` may know what somebody shows to so many. Nobody here is connected with anybody."""
    return shown_to <= (ShownTo.MEMBERS if role_of(viewer) >= Role.MEMBER else ShownTo.PUBLIC)


def things(viewer: Any, pages: Iterable[int]) -> list[Thing]:
    """Everything that `viewer` may find: of pages only these, and all people, files and topics."""
    return [*_pages(viewer, pages), *_people(viewer), *_files(viewer), *_topics()]


def _pages(viewer: Any, pks: Iterable[int]) -> Iterator[Thing]:
    for page in BasePage.objects.filter(pk__in=list(pks)).specific():
        if reads(page, viewer):
            kind, field = PAGES[type(page)]
            day = getattr(page, "published_on", None) or page.first_published_at
            bylines = Byline.objects.filter(page_id=page.pk).select_related("person")
            names = tuple(one.person.name for one in bylines if knows(viewer, one.person.name_shown_to))
            terms = {name: list(getattr(page, name).all()) for name in ("topics", "functions", "industries")}
            text = re.sub("<[^>]+>", "", "".join(str(block.value) for block in getattr(page, field)))
            yield Thing("pages.basepage", page.pk, kind, page.title, page.gist, text, names, **_terms(**terms),
                        year=day.year)  # fmt: skip


def _people(viewer: Any) -> Iterator[Thing]:
    for person in MemberProfile.objects.filter(is_listed=True, user__is_active=True):
        if not knows(viewer, person.name_shown_to):
            continue

        def said(name: str, nothing: Any = "", person: MemberProfile = person) -> Any:
            return getattr(person, name) if knows(viewer, getattr(person, f"{name}_shown_to")) else nothing

        topics = list(person.topics.all()) if knows(viewer, person.topics_shown_to) else []
        yield Thing(
            "members.memberprofile", person.pk, "person", person.name, said("bio"),
            " ".join(filter(None, map(said, ("job_title", "organisation", "bio")))),
            **_terms(topics, [said("function", None)], [said("industry", None)]),
        )  # fmt: skip


def _files(viewer: Any) -> Iterator[Thing]:
    for paper in HubDocument.objects.all():
        shown = [page for page in BasePage.objects.filter(live=True).specific() if f'id="{paper.pk}"' in _raw(page)]
        audience = min(map(strictest, shown), default=Audience.STAFF)
        if audience > role_of(viewer):
            continue
        named = sorted((page for page in shown if strictest(page) == audience), key=lambda page: (page.title, page.pk))
        terms: dict[str, list[Any]] = {
            name: [term for page in named[:MOST_PAGES_OF_A_DOCUMENT] for term in getattr(page, name).all()]
            for name in ("topics", "functions", "industries")
        }
        yield Thing(
            "media.hubdocument", paper.pk, "document", paper.title, paper.text.text, "", **_terms(**terms),
            year=paper.created_at.year,
        )  # fmt: skip


def _topics() -> Iterator[Thing]:
    for topic in Topic.objects.all():
        yield Thing("taxonomy.topic", topic.pk, "topic", topic.name, topic.description, "")


def _raw(page: Any) -> str:
    return str(getattr(page, PAGES[type(page)][1]).raw_data[:]) if type(page) in PAGES else ""


def _terms(topics: list[Any], functions: list[Any], industries: list[Any]) -> dict[str, Any]:
    """The terms of a thing, and the names by which they let it be found."""
    lists = {"topic": topics, "function": functions, "industry": industries}
    known = {facet: [term for term in terms if term is not None] for facet, terms in lists.items()}
    named = tuple(dict.fromkeys(term.name for terms in known.values() for term in terms))
    return {facet: frozenset(term.pk for term in terms) for facet, terms in known.items()} | {"keywords": named}


def matching(world: Iterable[Thing], word: str, choices: dict[str, set[Any]], *, but: str = "") -> list[Thing]:
    """The things that have the word and one of the choices of each facet, `but` one facet."""
    return [
        thing
        for thing in world
        if word in thing.words
        and all(thing.values(facet) & wanted for facet, wanted in choices.items() if facet != but)
    ]


def facets(world: Iterable[Thing], word: str, choices: dict[str, set[Any]]) -> dict[str, dict[Any, int]]:
    """How many things each further choice would leave."""
    world = list(world)
    return {
        facet: dict(
            Counter(value for thing in matching(world, word, choices, but=facet) for value in thing.values(facet))
        )
        for facet in FACETS
    }


def suggestions(world: Iterable[Thing], beginning: str) -> dict[str, set[str]]:
    """The titles with words that begin like that, marked, by the group in which they are suggested."""
    found: dict[str, set[str]] = {}
    for thing in world:
        if any(word.startswith(beginning) for word in words_in(thing.title)):
            found.setdefault(GROUPS.get(thing.kind, "Pages"), set()).add(marked(thing.title, beginning, whole=False))
    return found


def beside(page_id: int) -> set[int]:
    """The pages that editors put beside a page."""
    return set(RelatedPage.objects.filter(page_id=page_id).values_list("target_id", flat=True))
