"""Tells people what members contributed. Each person once, never whoever did it, and nobody what they may not see."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.editorial.domain.people import name_for, seat_holders
from hub.notifications.domain.news import tell, unique_people
from hub.notifications.enums import Needs
from hub.pages.enums import PageSeatRole
from hub.practices import kinds, rules
from hub.practices.models import EditSuggestion, PracticePage, UseRecord


def writers_of(page: PracticePage) -> list[User]:
    """Those who write a practice: whoever brought it, if they still may, and its co-authors."""
    people: list[User] = [page.owner] if page.owner else []
    people += seat_holders(page, PageSeatRole.CO_AUTHOR)
    return [user for user in unique_people(people) if rules.may_write(page, user)]


def deciders_of(page: PracticePage) -> list[User]:
    """Those who are asked about an edit of a practice: its writers; if there are none, the staff."""
    office = Q(groups__name=Role.STAFF.group_name) | Q(is_superuser=True)
    return writers_of(page) or list(User.objects.filter(is_active=True).filter(office).distinct())


def edit_suggested(suggestion: EditSuggestion) -> None:
    """Somebody suggests an edit; whoever decides about it is asked."""
    page, actor = suggestion.practice, suggestion.proposed_by
    for user in unique_people(deciders_of(page), without=actor):
        text = f"{name_for(actor, user)} suggests an edit of “{page.title}”"
        place = suggestion.get_absolute_url()
        tell(user, kind=kinds.EDIT_SUGGESTED, text=text, url=place, detail=suggestion.note, page=page, needs=Needs.OPEN)


def edit_answered(suggestion: EditSuggestion, sentence: str) -> None:
    """What became of an edit; `sentence` has {title}, maybe {actor}. Without the title, if it is hidden by now."""
    user, page = suggestion.proposed_by, suggestion.practice
    if not user.is_active or user == suggestion.decided_by:
        return
    seen = page.is_visible_to(user)
    text = sentence.replace("{title}", f"“{page.title}”" if seen else "a practice")
    text = text.replace("{actor}", name_for(suggestion.decided_by, user))
    url = suggestion.get_absolute_url() if seen else reverse("my_hub")
    tell(user, kind=kinds.EDIT_ANSWERED, text=text, url=url, detail=suggestion.answer, page=page if seen else None)


def tried(record: UseRecord) -> None:
    """Somebody signed what came of a practice with them. An unsigned record is told to nobody: it is only a number."""
    if not record.is_signed:
        return
    page, actor = record.practice, record.profile.user
    for user in unique_people(writers_of(page), without=actor):
        text = f"{name_for(actor, user)} tried “{page.title}”: {record.get_outcome_display().lower()}"
        url = reverse("practices:tried", args=[page.pk])
        tell(user, kind=kinds.TRIED, text=text, url=url, detail=record.adapted, page=page)
