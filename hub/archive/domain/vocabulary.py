"""Topics and people an archive names: found, or made."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from hub.archive.domain.links import plain
from hub.archive.domain.records import slug_of
from hub.editorial.enums import BylineRole
from hub.editorial.models import Byline
from hub.members.domain.profiles import free_slug
from hub.members.enums import PROFILE_FIELDS, ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.taxonomy.models import Topic, TopicSynonym

_KEY = re.compile(r"[\w.-]+")
_SMALL = {"a", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"}
# What an archive says of people is shown to those the archive is shown to. Profiles know no level for leaders or
# staff alone; then it is shown to nobody until the person or staff decides.
_SHOWN = {
    Audience.PUBLIC: ShownTo.PUBLIC,
    Audience.MEMBERS: ShownTo.MEMBERS,
    Audience.LEADERS: ShownTo.ONLY_ME,
    Audience.STAFF: ShownTo.ONLY_ME,
}


@dataclass
class Vocabulary:
    """The topics and people met so far in one run. `forget` after anything was rolled back."""

    audience: Audience
    topics: dict[str, Topic] = field(default_factory=dict)
    people: dict[str, MemberProfile | None] = field(default_factory=dict)

    def forget(self) -> None:
        self.topics.clear()
        self.people.clear()

    def topic(self, word: str) -> Topic | None:
        """The topic `word` means: by slug, name or synonym, whatever its case; a new one if nobody has it."""
        slug = slug_of(word)[:120].strip("-")
        if not slug:
            return None
        if slug not in self.topics:
            self.topics[slug] = find_topic(slug, word) or Topic.objects.create(
                name=free_topic_name(titled(word)), slug=slug
            )
        return self.topics[slug]

    def bylines(self, names: list[tuple[str, BylineRole]]) -> list[Byline]:
        """Bylines for authors of an archive, once each: people for keys, plain names for names."""
        found: list[Byline] = []
        seen: set[object] = set()
        for name, role in names:
            person = self.person(name) if is_key(name) else None
            line = Byline(person=person, role=role) if person else Byline(external_name=name[:160], role=role)
            mark = person.pk if person else name.casefold()
            if mark not in seen:
                seen.add(mark)
                line.sort_order = len(found)
                found.append(line)
        return found

    def person(self, key: str) -> MemberProfile | None:
        """The person of this key in the archive's list of people; an unclaimed profile if the list lacks them."""
        folded = key.casefold()
        if folded not in self.people:
            self.people[folded] = find_person(key) or open_profile(
                key=key, name=titled(key.replace("_", " "), every_word=True), audience=self.audience
            )
        return self.people[folded]


def is_key(name: str) -> bool:
    """Whether an author is given by key (jane-doe, jdoe) and not by name (Jane Doe, Plato)."""
    return bool(_KEY.fullmatch(name)) and (name == name.lower() or "-" in name or "_" in name)


def find_topic(slug: str, name: str) -> Topic | None:
    """The topic the community already has under this slug, name or synonym."""
    found = Topic.objects.filter(Q(slug__iexact=slug) | Q(name__iexact=name.strip())).order_by("pk").first()
    if found is None:
        synonym = TopicSynonym.objects.filter(name__iexact=name.strip()).select_related("topic").first()
        found = synonym.topic if synonym else None
    return found


def free_topic_name(name: str) -> str:
    """`name`, or the name with a number if another topic has it."""
    base, number = name[:112], 1
    candidate = base
    while Topic.objects.annotate(folded=Lower("name")).filter(folded=candidate.lower()).exists():
        number += 1
        candidate = f"{base} ({number})"
    return candidate


def find_person(key: str) -> MemberProfile | None:
    """The profile an archive's key stands for. Only imported people: a member may have the same name by chance."""
    imported = MemberProfile.objects.exclude(external_id="").order_by("pk")
    return imported.filter(external_id__iexact=key).first() or imported.filter(slug__iexact=key).first()


def open_profile(*, key: str, name: str, audience: Audience, slug: str = "") -> MemberProfile:
    """An unclaimed profile for somebody known from an archive only."""
    profile = MemberProfile(name=name[:160], external_id=key[:200])
    profile.slug = free_slug(slug or name or key)
    show(profile, audience)
    profile.save()
    return profile


def show(profile: MemberProfile, audience: Audience) -> None:
    """Show what the archive says of a person to the archive's readers; nobody can write to somebody not here."""
    for name in PROFILE_FIELDS:
        setattr(profile, f"{name}_shown_to", _SHOWN[audience])
    profile.message_shown_to = profile.introduction_shown_to = ShownTo.ONLY_ME
    profile.is_listed = audience <= Audience.MEMBERS


def titled(words: str, *, every_word: bool = False) -> str:
    """A name for people to read, from a key: “plain-language” is “Plain Language”, “jane-doe” is “Jane Doe”."""
    if words != words.lower() and "-" not in words:
        return words.strip()
    parts = [part for part in re.split(r"[-_\s]+", plain(words)) if part]
    return " ".join(
        part if part in _SMALL and number and not every_word else part[:1].upper() + part[1:]
        for number, part in enumerate(parts)
    )


def plain_words(markup: str) -> str:
    """The words of a piece of stored rich text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())
