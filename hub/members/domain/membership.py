"""Becoming a member."""

from __future__ import annotations

from django.db import transaction

from hub.accounts.domain import applications, people
from hub.accounts.enums import ApplicationState, Role
from hub.accounts.models import Application, User
from hub.members.domain import profiles
from hub.members.models import MemberProfile
from hub.taxonomy.models import Function, Industry


@transaction.atomic
def open_membership(
    *, email: str, name: str, role: Role = Role.MEMBER, organisation: str = "", password: str | None = None
) -> MemberProfile:
    """A new account with a role and a profile. Raises HubError if the address has an account."""
    name = name.strip() or email.partition("@")[0]  # without one, the editor would show the address to co-authors
    user = people.open_account(email=email, name=name, role=role, password=password)
    return profiles.open_profile(user, name=name, organisation=organisation)


@transaction.atomic
def accept_application(application: Application, *, by: User) -> MemberProfile:
    """Make the applicant a member.

    Side effects, in this order: account with the member's role, profile with what the application said
    (where function and industry are words of the vocabularies), the decision noted, and after commit a
    mail with the link to choose a password. Raises HubError if it is decided or the address has an account.
    """
    current = applications.lock_for_decision(application)
    profile = open_membership(email=current.email, name=current.name, organisation=current.organisation)
    profile.function = Function.objects.filter(name__iexact=current.function.strip()).first()
    profile.industry = Industry.objects.filter(name__iexact=current.industry.strip()).first()
    profile.job_title = "" if profile.function else current.function
    profile.save()
    applications.settle(current, state=ApplicationState.ACCEPTED, by=by, user=profile.user)
    people.invite(profile.user)  # type: ignore[arg-type]  # it was opened two steps ago
    return profile
