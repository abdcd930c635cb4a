"""Finding people in the directory, by values the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from hub.accounts.rules import Viewer
from hub.members.models import MemberProfile
from hub.members.rules import common_level
from hub.taxonomy.models import Function, Industry, Topic

FACETS = {"function": Function, "industry": Industry, "topic": Topic}
LABELS = {"function": "Function", "industry": "Industry", "topic": "Can be asked about"}
LONGEST_QUERY = 100


@dataclass(frozen=True)
class Option:
    """A value to narrow down to; `count` is how many people are found with it."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One way to narrow the directory down, as `components/facets.html` shows it."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Chosen:
    """A value the directory is narrowed down to, with the address of the list without it."""

    label: str
    url: str


def _field(facet: str) -> str:
    return "topics" if facet == "topic" else facet


class DirectoryFilter:
    """What somebody asked the directory for.

    Every condition carries the level of the field it reads, so a hidden value is neither matched, nor
    counted, nor to be guessed by narrowing down.
    """

    def __init__(self, params: QueryDict, viewer: Viewer) -> None:
        self.params = params
        self.viewer = viewer
        self.level = common_level(viewer)
        self.query = " ".join(params.get("q", "").split())[:LONGEST_QUERY].replace("\x00", "")
        self.selected = {name: list(dict.fromkeys(filter(None, params.getlist(name))))[:20] for name in FACETS}
        self.selected["topic"] = Topic.objects.current_slugs(self.selected["topic"])

    def people(self) -> QuerySet[MemberProfile]:
        """The people found, by name."""
        return self._narrowed(*FACETS).for_display().order_by("name", "pk")

    def _narrowed(self, *facets: str) -> Any:
        people = MemberProfile.objects.listed_to(self.viewer)
        if self.query:
            for word in self.query.split():
                people = people.filter(
                    Q(name__icontains=word) | Q(organisation_shown_to__lte=self.level, organisation__icontains=word)
                )
        for name in facets:
            if self.selected[name]:
                field = _field(name)
                matching = {f"{field}_shown_to__lte": self.level, f"{field}__slug__in": self.selected[name]}
                # topics: a subquery, so that a person with two of the topics is found once
                people = people.filter(pk__in=MemberProfile.objects.filter(**matching).values("pk"))
        return people

    def facets(self) -> list[Facet]:
        """The ways to narrow down, each counted over the people the other ways leave."""
        return [self._facet(name) for name in FACETS]

    def _facet(self, name: str) -> Facet:
        field = _field(name)
        rows = (
            self._narrowed(*(other for other in FACETS if other != name))
            .filter(**{f"{field}_shown_to__lte": self.level, f"{field}__isnull": False})
            .order_by(f"{field}__name")
            .values_list(f"{field}__slug", f"{field}__name")
            .annotate(people=Count("pk", distinct=True))
        )
        selected = self.selected[name]
        options = [Option(slug, label, people, slug in selected) for slug, label, people in rows]
        return Facet(name, LABELS[name], options)

    def chosen(self, facets: list[Facet]) -> list[Chosen]:
        """What the list is narrowed down to. A value nobody visible has is not named."""
        return [
            Chosen(option.label, self._url_without(facet.name, option.value))
            for facet in facets
            for option in facet.options
            if option.selected
        ]

    def _url_without(self, name: str, value: str) -> str:
        params = self.params.copy()
        params.pop("page", None)
        params.setlist(name, [slug for slug in self.selected[name] if slug != value])
        return f"?{params.urlencode()}"
