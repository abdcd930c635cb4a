"""What readers would miss or mind in a text, told to those who write it while there is time.

None of it stops anybody: a draft may lack anything, and whoever hands a text in may know better. The
checks read what the writers typed, and the names that every member may look up. They never say who
took part in a session: whoever can type names could ask them one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from wagtail.rich_text import RichText

from hub.editorial.enums import SPEAKERS, PeopleShown, QuotedAs
from hub.editorial.models import KnowledgePage
from hub.editorial.passages import Passage, passages
from hub.editorial.registry import Remark, checks_for
from hub.editorial.wording import likely_names, names_in, unexplained
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile

MOST_ABBREVIATIONS = 5
_FILE_NAME = re.compile(r"\.(?:avif|gif|heic|jpe?g|png|svg|webp)$|^\w+_\w*$|^(?:dsc|img)[\s_-]?\d+", re.IGNORECASE)
_BOLD_LINE = re.compile(r"<p[^>]*>\s*<b>(?:(?!</b>).)*</b>\s*</p>", re.DOTALL)


def remarks_on(page: Any) -> list[Remark]:
    """Everything there is to say about `page` as it lies in memory, in the order in which it is read."""
    if not isinstance(page, KnowledgePage):
        return []
    read = list(passages(page))
    found = [
        *_missing(page),
        *_pictures(page, read),
        *_headings(page, read),
        *_names(page, read),
        *_consent(read),
        *_abbreviations(page, read),
    ]
    for check in checks_for(page):
        found += check(page)
    return list(dict.fromkeys(found))


def _missing(page: KnowledgePage) -> Iterator[Remark]:
    if not page.gist.strip():
        yield Remark(
            "missing", "There is no gist. Lists and results show it: say in one paragraph what to take away.", "gist"
        )
    for name in page.parts_expected():
        if not getattr(page, name):
            field = page._meta.get_field(name)
            label = str(field.verbose_name)
            yield Remark("missing", f"“{label[:1].upper()}{label[1:]}” is empty. {field.help_text}".strip(), name)
    if not page.topics.all():
        yield Remark("missing", "It has no topic. Choose one, so that people who look there find it.", "topics")
    if not page.functions.all() or not page.industries.all():
        name = "industries" if page.functions.all() else "functions"
        yield Remark("missing", "Say for which function and industry it is; that is how people meet here.", name)


def _pictures(page: KnowledgePage, read: list[Passage]) -> Iterator[Remark]:
    image = getattr(page, "image", None)
    if image is not None and not (image.description or "").strip():
        yield Remark(
            "alt", "The picture above the text has no description. Write one where the picture is kept, or it says "
            "nothing to people who do not see it.", "image",
        )  # fmt: skip
    for passage in _blocks(read, "image"):
        if not passage.value.get("image") or passage.value.get("decorative"):
            continue
        alt = (passage.value.get("alt") or "").strip()
        if not alt:
            yield Remark(
                "alt", "A picture says nothing to people who do not see it. Say what it shows, or tick that it only "
                "decorates.", passage.path,
            )  # fmt: skip
        elif _FILE_NAME.search(alt):
            yield Remark("alt", f"“{alt}” is the name of a file. Say what the picture shows.", passage.path)


def _headings(page: KnowledgePage, read: list[Passage]) -> Iterator[Remark]:
    above: dict[str, int] = {}
    for passage in read:
        if passage.kind == "heading" and not passage.part:
            level = int(str(passage.value.get("level") or "h2")[1:])
            before = above.get(passage.field, page.text_begins_below)
            text = passage.value.get("text") or "A heading"
            if level > before + 1:
                yield Remark(
                    "headings", f"“{text}” skips a level. Make it a larger heading, so that those who jump from "
                    "heading to heading do not look for the one between.", passage.path,
                )  # fmt: skip
            above[passage.field] = max(level, page.text_begins_below)
        elif isinstance(passage.value, RichText) and _BOLD_LINE.search(passage.value.source or ""):
            yield Remark(
                "headings", "A line stands in bold by itself. If it is a heading, make it one: only then can people "
                "jump to it.", passage.path,
            )  # fmt: skip


def _names(page: KnowledgePage, read: list[Passage]) -> Iterator[Remark]:
    if not page.withholds_names:
        return
    for passage in _blocks(read, "quote"):
        if passage.value.get("mode", QuotedAs.NAMED) == QuotedAs.NAMED and passage.value.get("attribution"):
            yield Remark(
                "names", "The name below this quotation is not shown: nobody is named here. Describe the speaker "
                "instead, without name and employer.", passage.path,
            )  # fmt: skip
    places = [(name, getattr(page, name) or "") for name in ("title", "gist")]
    places += [(passage.path, passage.words) for passage in read if passage.part != "attribution" and passage.words]
    hidden = _speakers_and_employers(page) | _members_among(likely_names(text for _, text in places))
    for path, text in places:
        for name in names_in(text, sorted(hidden)):
            yield Remark(
                "names", f"“{name}” stands in the text, and under this session’s rule neither speakers nor employers "
                "are named. Say “a participant”, or “an organisation”.", path,
            )  # fmt: skip


def _speakers_and_employers(page: KnowledgePage) -> set[str]:
    """Whom the byline names as host or guest, and where they come from: its writers typed it themselves."""
    found: set[str] = set()
    for byline in page.bylines.all():
        if byline.role in SPEAKERS:
            found |= {byline.external_name, byline.external_organisation}
            if byline.person is not None:
                found.add(byline.person.name)
    return {name for name in found if name}


def _members_among(names: set[str]) -> set[str]:
    """Those of `names` that every member may look up in the directory, whether or not they took part."""
    if not names:
        return set()
    listed = MemberProfile.objects.filter(is_listed=True, name_shown_to__lte=ShownTo.MEMBERS, name__in=names)
    return set(listed.values_list("name", flat=True))


def _consent(read: list[Passage]) -> Iterator[Remark]:
    for passage in read:
        if passage.part:
            continue
        value = passage.value
        if passage.kind == "quote" and value.get("mode", QuotedAs.NAMED) == QuotedAs.NAMED:
            if value.get("attribution") and not value.get("consent"):
                yield Remark(
                    "consent", f"{value['attribution']} is quoted by name. Ask whether they agree and tick it, or "
                    "describe them instead.", passage.path,
                )  # fmt: skip
        elif passage.kind == "video" and not value.get("consent"):
            yield Remark(
                "consent", "A recording: ask those who can be seen or heard whether they agree, and tick it.",
                passage.path,
            )  # fmt: skip
        elif passage.kind == "image" and value.get("image") and not value.get("decorative"):
            yield from _people_shown(value.get("people"), passage.path)


def _people_shown(people: str | None, path: str) -> Iterator[Remark]:
    if not people:
        yield Remark("consent", "Say whether people can be recognised in the picture, and whether they agreed.", path)
    elif people == PeopleShown.NOT_ASKED:
        yield Remark("consent", "People in the picture were not asked yet. Ask them, or choose another picture.", path)


def _abbreviations(page: KnowledgePage, read: list[Passage]) -> Iterator[Remark]:
    places = [("title", page.title or ""), ("gist", page.gist or "")]
    places += [
        (passage.path, passage.words)
        for passage in read
        if passage.words and passage.kind != "code" and passage.part not in {"url", "mode", "level", "kind", "language"}
    ]
    found = unexplained(text for _, text in places)
    for word, number in list(found.items())[:MOST_ABBREVIATIONS]:
        yield Remark(
            "abbreviations", f"What is {word}? Write it out where it stands first: “… ({word})”.", places[number][0]
        )


def _blocks(read: Iterable[Passage], kind: str) -> Iterator[Passage]:
    return (passage for passage in read if passage.kind == kind and not passage.part)
