"""Modules are short, have real names, and hold nothing of the machine they were written on."""

from __future__ import annotations

import ast
import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from tests.architecture.source import REPO, modules, relative, tracked_files

LINES = 400  # or at the second concept, whichever comes first
NAMELESS = {"base", "common", "core", "helpers", "misc", "shared", "util", "utils"}
BANNED = {
    ("wagtail.models", "Page"): "the base page is hub.pages.models.BasePage",
    ("wagtail.models.pages", "Page"): "the base page is hub.pages.models.BasePage",
    ("django.contrib.auth.models", "User"): "the user is hub.accounts.models.User",
    ("wagtail.images.models", "Rendition"): "renditions are hub.media.models.HubRendition",
}
# Put together here so that this file does not find itself.
MACHINE = re.compile("|".join(("/" + r"work/(main|shared)", "/" + "root/", "/" + "tmp/w/", "py" + "env")))
REGISTRIES = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + "js", r"deb\." + "debian")))
BINARY = {".avif", ".gif", ".gz", ".ico", ".jpeg", ".jpg", ".pdf", ".png", ".webp", ".woff2"}


def test_modules_are_short():
    long = {relative(path): n for path in modules() if (n := len(path.read_text().splitlines())) > LINES}
    assert long == {}, f"Longer than {LINES} lines: split at the second concept."


def test_modules_have_names():
    parts = {relative(path): {*path.relative_to(REPO).with_suffix("").parts} & NAMELESS for path in modules()}
    assert {path: names for path, names in parts.items() if names} == {}


@pytest.mark.parametrize("folder", ["hub", "roundtables", "research", "search", "tests", "benchmarks"])
def test_banned_imports(folder):
    found = []
    for path in modules(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    reason = BANNED.get((node.module, alias.name))
                    if reason:
                        found.append(f"{relative(path)}:{node.lineno}: {reason}")
    assert found == []


def test_only_the_backend_knows_whoosh():
    """One adapter package, so that another engine, or a fork of this one, can take its place."""
    found = []
    for path in modules():
        if not relative(path).startswith("search/backends/"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                found += [f"{relative(path)}:{node.lineno}" for name in names if name.split(".")[0] == "whoosh"]
    assert found == []


def test_public_classes_and_functions_of_the_domain_say_what_they_mean():
    """One line on what it means in the field, for everything that domain, rules and models offer."""
    silent = []
    for path in modules():
        if {"domain", "rules", "rules.py", "enums.py"} & set(path.parts):
            for node in ast.parse(path.read_text()).body:
                public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
                if public and not ast.get_docstring(node):
                    silent.append(f"{relative(path)}:{node.lineno}: {node.name}")
    assert silent == []


def test_folders_of_tests_are_packages():
    """Two test modules of one name in folders that are no packages would hide each other."""
    folders = {path.parent for path in (REPO / "tests").rglob("test_*.py")}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_nothing_of_the_machine_is_committed():
    found = []
    for path in tracked_files():
        if path.suffix not in BINARY:
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
                if MACHINE.search(line) or REGISTRIES.search(line):
                    found.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_wagtails_own_apis_and_sitemap_are_not_mounted():
    """They do not know audiences (docs/deviations.md)."""
    forbidden = ("wagtail.api", "wagtail.contrib.sitemaps", "wagtail.contrib.styleguide", "wagtail.contrib.modeladmin")
    assert [app for app in settings.INSTALLED_APPS if app.startswith(forbidden)] == []
    mounted = [view.__module__ for view in _views(get_resolver()) if not view.__module__.startswith("wagtail.admin")]
    assert [module for module in mounted if module.startswith(forbidden)] == []


def _views(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern)
        else:
            callback = pattern.callback
            yield getattr(callback, "view_class", getattr(callback, "cls", callback))
