"""Fixtures that every part of the suite uses: one person of each role, and a folder of its own per worker."""

import shutil
import uuid

import pytest

from hub.accounts.enums import Role
from tests.database import (  # noqa: F401
    django_db_modify_db_settings,
    django_db_setup,
    migrated_database,
)
from tests.factories import MemberProfileFactory, UserFactory


def pytest_collection_modifyitems(items):
    """Who works on a copy of the migrated database needs it made: pytest-django makes it for tests with its mark."""
    for item in items:
        if "migrated_database" in item.fixturenames:
            item.add_marker("django_db")


@pytest.fixture(autouse=True)
def own_index(settings):
    """A place for the search index that no other test has been; nothing is made there until something is indexed."""
    config = settings.WAGTAILSEARCH_BACKENDS["default"]
    if "PATH" in config:
        folder = settings.DATA_DIR / "indexes" / uuid.uuid4().hex
        settings.WAGTAILSEARCH_BACKENDS = {"default": {**config, "PATH": str(folder)}}
        settings.MODELSEARCH_BACKENDS = settings.WAGTAILSEARCH_BACKENDS
        yield folder
        shutil.rmtree(folder, ignore_errors=True)
    else:
        yield None


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
