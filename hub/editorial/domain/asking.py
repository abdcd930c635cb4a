"""What happens when somebody is asked to take part in a page, said before it does."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial.domain import external, seats
from hub.kernel.dates import in_words
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage

EXTERNAL = "external"  # not a seat: a link to one text

DOES = {
    PageSeatRole.CO_AUTHOR: "Co-authors change the text, remark on it, hand it in, and never approve it.",
    PageSeatRole.REVIEWER: "Reviewers read the text and remark on it now, and decide on it once it is in review.",
}


@dataclass(frozen=True)
class Whom:
    """Somebody to be asked: a member, known by name, or whoever reads an e-mail address."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_member(self) -> bool:
        """Chosen by name. Then the address is nobody's business but the hub's."""
        return bool(self.name)


def forecast(*, page: BasePage, whom: Whom, role: str, asker: User) -> list[str]:
    """What will happen when `asker` sends this. Whether an address has an account is for staff to know."""
    if role == EXTERNAL:
        return _of_a_link(page, whom, asker)
    until = in_words(timezone.localdate() + seats.OPEN_FOR, timezone.localdate())
    if whom.is_member or (role_of(asker) >= Role.STAFF and _account_of(whom)):
        told = f"{whom} has an account. They find the question among their news, and in their mail."
        takes = "They take the seat by following the link, which opens this page and no other."
    else:
        told = f"{whom} gets a mail. It names neither the page nor what is in it."
        takes = (
            "Whoever has an account with this address takes the seat by following the link. Anybody else "
            "is told how to apply for membership first; staff decide about that."
        )
    return [told, takes, DOES[PageSeatRole(role)], f"The question stands until {until}, or until you withdraw it."]


def _of_a_link(page: BasePage, whom: Whom, asker: User) -> list[str]:
    said = [f"{whom} gets a mail with a link. It needs no account, and opens one text: this page as it is saved now."]
    said.append("They see it as its readers will, can remark on it, and ask for changes once it is in review.")
    if reason := external.why_not_let_approve(page, page.latest_revision, asker):
        said.append(reason)
    said.append(
        "When you go on writing, they are told that a newer draft exists, and can decide on the old one no more."
    )
    if page.current_workflow_state is None:
        said.append(
            "The page is not in review. Handing it in makes a new text: ask them after that, if they shall decide."
        )
    if role_of(asker) >= Role.STAFF and _account_of(whom):
        said.append("This address is that of an account: a reviewer’s seat would let them remark in the text itself.")
    return said


def _account_of(whom: Whom) -> bool:
    return User.objects.filter(email=User.objects.normalize_email(whom.email), is_active=True).exists()
