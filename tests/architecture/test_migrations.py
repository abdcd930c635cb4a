"""Migrations describe tables, all of them and nothing but them."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import is_ours, migrations, our_apps, relative

# What a StreamField writes when its blocks are frozen into a migration.
BLOCKS = re.compile(r"block_lookup|wagtail(\.\w+)*\.blocks|hub\.editorial\.blocks|\w+Block\(")


@pytest.mark.django_db
def test_models_and_migrations_are_in_step(capsys):
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(f"A model changed without a migration:\n{capsys.readouterr().out}")


@pytest.mark.parametrize("path", migrations(), ids=relative)
def test_no_block_definitions(path):
    """Blocks are code: frozen into migrations they grow without end and break when a block is renamed."""
    assert BLOCKS.findall(path.read_text()) == []


def test_block_definitions_would_be_seen():
    assert BLOCKS.search('field=wagtail.fields.StreamField([("text", 0)], block_lookup={0: ("x.TextBlock", (), {})})')
    assert not BLOCKS.search('field=hub.editorial.fields.BodyField(blank=True, help_text="Blocks of text")')


@pytest.mark.django_db
def test_one_line_of_migrations_per_app():
    assert MigrationLoader(connection).detect_conflicts() == {}


def test_every_app_with_models_has_migrations():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    without = [config.label for config in our_apps() if list(config.get_models()) and not _has(loader, config.label)]
    assert without == []


def test_migrations_depend_on_ours_by_name_that_exists():
    loader = MigrationLoader(None)
    for (label, name), migration in loader.disk_migrations.items():
        if is_ours(type(migration).__module__):
            for dependency in migration.dependencies:
                if len(dependency) == 2 and dependency[1] not in ("__first__", "__latest__"):
                    assert dependency in loader.graph.nodes or dependency in loader.disk_migrations, (label, name)


def _has(loader, label):
    return any(app == label for app, _ in loader.disk_migrations)
