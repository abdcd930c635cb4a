"""Fixtures that every part of the suite uses: one person of each role, and a folder of its own per worker."""

import pytest

from hub.accounts.enums import Role
from tests.factories import MemberProfileFactory, UserFactory


@pytest.fixture
def member(db):
    """A member with a profile."""
    return MemberProfileFactory(user__email="member@example.org", name="Mona Member").user


@pytest.fixture
def leader(db):
    """A member-leader with a profile."""
    return MemberProfileFactory(user=UserFactory(email="leader@example.org", role=Role.LEADER), name="Lea Leader").user


@pytest.fixture
def staff(db):
    """Somebody of the staff, with a profile."""
    return MemberProfileFactory(user=UserFactory(email="staff@example.org", role=Role.STAFF), name="Sten Staff").user
