"""What the documents promise is there: links, commands, settings, targets."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from tests.architecture.source import REPO, relative

DOCUMENTS = sorted([*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md"), *(REPO / "benchmarks").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
SETTING = re.compile(r"""env\.[a-z_]+\(\s*"([A-Z_]+)\"""")


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(path):
    targets = LINK.findall(path.read_text())
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_commands_exist(path):
    assert set(COMMAND.findall(path.read_text())) - set(get_commands()) == set()


def test_targets_exist():
    targets = set(re.findall(r"^([a-z-]+)(?: [a-z -]+)?:", (REPO / "Makefile").read_text(), re.MULTILINE))
    for path in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z-]+)", path.read_text()))
        named |= set(re.findall(r"^make ([a-z-]+)", path.read_text(), re.MULTILINE))
        assert named - targets == set(), relative(path)


def test_help_names_every_target():
    makefile = (REPO / "Makefile").read_text()
    helped = set(re.findall(r'@echo "make ([a-z-]+)', makefile))
    assert helped == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help"}


def test_operations_describes_every_variable():
    settings = "".join(path.read_text() for path in (REPO / "hub" / "settings").glob("*.py"))
    described = (REPO / "docs" / "operations.md").read_text()
    read = {*SETTING.findall(settings), "DJANGO_SETTINGS_MODULE"}
    assert {name for name in read if f"| `{name}` |" not in described} == set()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", described, re.MULTILINE)) - read == set()


def test_changelog_has_the_version():
    import tomllib

    version = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]["version"]
    assert version in (REPO / "CHANGELOG.md").read_text()
