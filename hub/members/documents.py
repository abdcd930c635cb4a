"""How a person reads in the search catalogue: as far as the reader may see them."""

from __future__ import annotations

from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.members.rules import ShownProfile, shown_at
from search.enums import Kind, Scope, Variant
from search.registry import Document


def person_documents(profile: MemberProfile) -> list[Document]:
    """One document for members and one for visitors; a single one where both may see the same.

    Nothing that is shown to connections only, or to nobody, is in either. The e-mail address never is.
    """
    if not profile.is_listed or (profile.user is not None and not profile.user.is_active):
        return []
    inner, outer = shown_at(profile, ShownTo.MEMBERS), shown_at(profile, ShownTo.PUBLIC)
    if inner.name is None:
        return []
    if outer.name is None:
        return [_document(profile, inner, scope=Scope.MEMBERS, variant=Variant.WHOLE)]
    if outer == inner:
        return [_document(profile, inner, scope=Scope.PUBLIC, variant=Variant.WHOLE)]
    return [
        _document(profile, outer, scope=Scope.VISITOR, variant=Variant.OUTER),
        _document(profile, inner, scope=Scope.MEMBERS, variant=Variant.INNER),
    ]


def _document(profile: MemberProfile, seen: ShownProfile, *, scope: str, variant: str) -> Document:
    facts = {"lines": [line for line in (seen.job_title, seen.organisation) if line]}
    if seen.function:
        facts["function"] = seen.function.pk
    if seen.industry:
        facts["industry"] = seen.industry.pk
    return Document(
        kind=Kind.PERSON,
        title=seen.name or "",
        url=seen.url or "",
        scope=scope,
        variant=variant,
        summary=_first_sentences(seen.bio or ""),
        text="\n".join(part for part in (seen.job_title, seen.organisation, seen.bio) if part),
        topics=seen.topics,
        functions=[seen.function] if seen.function else [],
        industries=[seen.industry] if seen.industry else [],
        people=[seen.name or ""],
        owner_id=profile.user_id,
        source=profile.source_path,
        facts=facts,
    )


def _first_sentences(text: str, length: int = 300) -> str:
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"
