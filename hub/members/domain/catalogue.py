"""People as they are found: one entry for each level of visibility that shows more."""

from __future__ import annotations

from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.members.rules import ShownProfile, shown_at
from search.enums import Kind, Scope, Variant
from search.registry import Document, register


def register_people() -> None:
    """Make profiles findable."""
    register(MemberProfile, person_documents, relations=["topics"])


def person_documents(profile: MemberProfile) -> list[Document]:
    """What visitors find of a person, and what members do; nothing of one who is in no list.

    The two never meet in one list: only visitors hold the visitor scope. Values that are for
    connections or for nobody are in neither, so no search, count or order can tell of them.
    """
    if not profile.is_listed:
        return []
    levels = ((Variant.OUTER, Scope.VISITOR, ShownTo.PUBLIC), (Variant.INNER, Scope.MEMBERS, ShownTo.MEMBERS))
    return [
        _document(profile, shown, variant=variant, scope=scope)
        for variant, scope, level in levels
        if (shown := shown_at(profile, level)).name
    ]


def name_for(profile: MemberProfile | None, level: ShownTo) -> str:
    """The person's name if people at `level` may know it, else nothing."""
    return profile.name if profile is not None and profile.name_shown_to <= level else ""


def _document(profile: MemberProfile, shown: ShownProfile, *, variant: str, scope: str) -> Document:
    lines = [value for value in (shown.job_title, shown.organisation) if value]
    return Document(
        kind=Kind.PERSON,
        variant=variant,
        scope=scope,
        title=shown.name or "",
        summary=shown.bio or "",
        text="\n".join(lines),
        url=profile.get_absolute_url(),
        topics=shown.topics,
        functions=[shown.function] if shown.function else [],
        industries=[shown.industry] if shown.industry else [],
        owner_id=profile.user_id,
        source=profile.source_path,
        facts={
            "lines": lines[1:] if shown.job_title else lines,
            "who": shown.job_title or "",
            "function": shown.function.pk if shown.function else None,
            "industry": shown.industry.pk if shown.industry else None,
        },
    )
