"""Files that become topics and people."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from hub.archive.domain import vocabulary
from hub.archive.domain.content import compose, shortened
from hub.archive.domain.layouts import Layout
from hub.archive.domain.links import Addresses
from hub.archive.domain.pages import Written
from hub.archive.domain.problems import Remark, SourceError
from hub.archive.domain.records import Record, name_of, slug_of
from hub.archive.domain.vocabulary import Vocabulary
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.taxonomy.models import Topic, TopicSynonym

_LONGEST_BIO = 4000


def write_topic(record: Record, topic: Topic | None, *, words: Vocabulary) -> Written:
    """A topic as its file describes it. A name that staff gave an existing topic is not taken from it."""
    if not record.title:
        raise SourceError("The topic has no name. Give the file a title, then run the import again.")
    name, slug = record.title[:120], record.slug[:120].strip("-")
    found = topic or vocabulary.find_topic(slug, name)
    is_new = found is None
    if found is None:
        found = Topic(name=vocabulary.free_topic_name(name), slug=slug)
    elif topic is not None or found.name == vocabulary.titled(found.slug):
        taken = Topic.objects.filter(name__iexact=name).exclude(pk=found.pk).exists()
        found.name = found.name if taken else name
    description = record.values.get("description", "")
    if is_new or topic is not None or not found.description:
        found.description = description
    found.source_path = record.path[:500]
    parent = record.values.get("parent", "")
    if parent and slug_of(parent) != slug:
        found.parent = words.topic(parent)
    _clean(found)
    found.save()
    for synonym in filter(None, record.values.get("synonyms", "").split("\n")):
        if not TopicSynonym.objects.filter(name__iexact=synonym).exists():
            TopicSynonym.objects.create(topic=found, name=synonym[:120])
    return Written(found)


def write_person(
    record: Record, person: MemberProfile | None, *, layout: Layout, audience: Audience, words: Vocabulary
) -> Written:
    """A person as their file describes them. Whoever has claimed the profile speaks for themselves from then on."""
    key = record.values.get("key") or name_of(record.path)
    name = record.values.get("name") or record.title
    if not name:
        raise SourceError("The person has no name. Add one, then run the import again.")
    found = person or vocabulary.find_person(key)
    if found is not None and found.user_id is not None:
        return Written(found, remarks=[Remark("This person has claimed the profile; it stays as they want it.")])
    if found is None:
        found = vocabulary.open_profile(key=key, name=name, audience=audience, slug=record.slug)
    found.name = name[:160]
    found.external_id, found.source_path = key[:200], record.path[:500]
    found.organisation = record.values.get("organisation", "")[:200]
    found.job_title = _unlike(record.values.get("job_title", ""), name)[:160]
    found.bio = shortened(_bio(record, layout), _LONGEST_BIO)
    website = record.values.get("website", "")
    found.website = website if re.match(r"https?://[^\s/]+\S*$", website) and len(website) <= 200 else ""
    vocabulary.show(found, audience)
    found.is_listed = found.is_listed and not record.expired and not record.draft
    _clean(found)
    found.save()
    topics = [topic for word in record.topics if (topic := words.topic(word)) is not None]
    if topics:
        found.topics.set(topics)
    return Written(found)


def _bio(record: Record, layout: Layout) -> str:
    """The text of a person's file as plain paragraphs: a profile holds no markup."""
    own = record.values.get("bio", "")
    blocks = compose(record, layout, Addresses().linker(record.path)).body if record.body.strip() else []
    paragraphs = [own] if own else []
    for kind, value in blocks:
        text = value if kind == "text" else value.get("text", "") if isinstance(value, dict) else ""
        for part in re.split(r"</p>|</li>|<br/>", str(text)):
            if (words := vocabulary.plain_words(part)) and words not in paragraphs:
                paragraphs.append(words)
    return "\n\n".join(paragraphs)


def _unlike(words: str, name: str) -> str:
    return "" if words.casefold() == name.casefold() else words


def _clean(thing: Topic | MemberProfile) -> None:
    try:
        thing.full_clean(validate_unique=True)
    except ValidationError as error:
        raise SourceError(" ".join(error.messages)) from None
