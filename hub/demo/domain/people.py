"""The demo community's vocabularies, members and logins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group

from hub.accounts.enums import Role
from hub.accounts.models import Application, User
from hub.demo.domain import content
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.taxonomy.models import Function, Industry, Topic, TopicSynonym

PASSWORD = "linden-table"  # noqa: S105 - a demo's password is meant to be known; the command prints it
ROLES = {"member": Role.MEMBER, "leader": Role.LEADER, "staff": Role.STAFF}
SHOWN_TO = {level.name.lower(): level for level in ShownTo}


@dataclass(frozen=True)
class Login:
    """An account somebody can try the hub with."""

    role: Role
    email: str
    name: str


def load_vocabularies() -> None:
    """Functions, industries and topics with their synonyms; what exists is left as it is."""
    for row in content.rows("functions.yaml"):
        Function.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"], "initial": row["initial"]})
    for row in content.rows("industries.yaml"):
        Industry.objects.get_or_create(
            slug=row["slug"], defaults={"name": row["name"], "colour_slot": row["colour_slot"]}
        )
    parents = {}
    for row in content.rows("topics.yaml"):
        topic, created = Topic.objects.get_or_create(
            slug=row["slug"], defaults={"name": row["name"], "description": row.get("description", "")}
        )
        if created:
            for name in row.get("synonyms", []):
                TopicSynonym.objects.get_or_create(name=name, defaults={"topic": topic})
            if row.get("parent"):
                parents[topic.pk] = row["parent"]
    for pk, slug in parents.items():
        Topic.objects.filter(pk=pk).update(parent=Topic.objects.get(slug=slug))


def load_people() -> int:
    """Members with accounts, and unclaimed profiles; returns how many are new."""
    groups = {role: Group.objects.get_or_create(name=role.group_name)[0] for role in ROLES.values()}
    functions = {item.slug: item for item in Function.objects.all()}
    industries = {item.slug: item for item in Industry.objects.all()}
    topics = {item.slug: item for item in Topic.objects.all()}
    known = set(MemberProfile.objects.values_list("slug", flat=True))
    created = 0
    for row in content.rows("people.yaml"):
        if row["slug"] in known:
            continue
        user = None
        if row.get("claimed", True):
            user = _account(row)
            user.groups.add(groups[ROLES[row.get("role", "member")]])
        profile = MemberProfile.objects.create(
            user=user,
            slug=row["slug"],
            name=row["name"],
            organisation=row.get("organisation", ""),
            job_title=row.get("job_title", ""),
            function=functions[row["function"]],
            industry=industries[row["industry"]],
            bio=row.get("bio", "").strip(),
            time_zone=row.get("time_zone", "Europe/London"),
            website=row.get("website", ""),
            **{f"{name}_shown_to": SHOWN_TO[level] for name, level in row.get("shown_to", {}).items()},
        )
        profile.topics.set([topics[slug] for slug in row.get("topics", [])])
        profile.save()  # once more with its topics, so that the search entry has them
        created += 1
    return created


def load_applications() -> None:
    """People who have applied and wait for a decision."""
    for row in content.rows("applications.yaml"):
        Application.objects.get_or_create(
            email=row["email"],
            defaults={key: row[key] for key in ("name", "organisation", "function", "industry", "reason")},
        )


def create_logins() -> list[Login]:
    """Give the demo password to one account of each role; returns them, the lowest role first."""
    logins = []
    for row in content.rows("people.yaml"):
        if not row.get("login"):
            continue
        user = User.objects.get(email=row["email"])
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save()
        logins.append(Login(ROLES[row.get("role", "member")], user.email, row["name"]))
    return sorted(logins, key=lambda login: (login.role, login.email))


def _account(row: dict[str, Any]) -> User:
    first, _, last = row["name"].partition(" ")
    user, _ = User.objects.get_or_create(email=row["email"], defaults={"first_name": first, "last_name": last})
    if not user.password:
        user.set_unusable_password()
        user.save()
    return user
