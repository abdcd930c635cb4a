"""Everything a hub keeps lies in its data folder: two hubs with two folders never meet."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest

from tests.settings.processes import PRODUCTION, REPO, run

# Prints every file path that the settings hold, with the name of its setting.
PATHS = """
import json
from pathlib import Path
from django.conf import settings

def walk(name, value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(f"{name}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from walk(name, inner)
    elif isinstance(value, Path) or (isinstance(value, str) and value.startswith("/") and len(Path(value).parts) > 3):
        yield name, str(value)

print(json.dumps([pair for name in dir(settings) if name.isupper() for pair in walk(name, getattr(settings, name))]))
"""
CODE = {"BASE_DIR", "TEMPLATES.DIRS", "STATICFILES_DIRS"}  # what a hub reads and never writes


@pytest.mark.parametrize("module", ["hub.settings.production", "hub.settings.dev"])
def test_every_path_lies_in_the_folder(tmp_path, module):
    environment = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": module}
    kept = {}
    for folder in (tmp_path / "one", tmp_path / "two"):
        found = json.loads(run("-c", PATHS, **environment, HUB_DATA_DIR=str(folder)).stdout)
        kept[folder] = {name: Path(path) for name, path in found if name not in CODE}
        assert all(path == folder or folder in path.parents for path in kept[folder].values()), kept[folder]
    one, two = kept.values()
    assert {"DATABASES.default.NAME", "MEDIA_ROOT", "STATIC_ROOT", "EMAIL_FILE_PATH"} <= set(one) == set(two)
    assert not set(one.values()) & set(two.values())


def test_without_a_folder_it_is_var(tmp_path):
    found = json.loads(run("-c", PATHS, **PRODUCTION).stdout)
    assert dict(found)["MEDIA_ROOT"] == str(REPO / "var" / "media")


def test_the_suite_writes_into_a_folder_of_this_process(settings):
    folder = Path(settings.DATA_DIR)
    assert folder.name.startswith("hub-test-")
    assert Path(tempfile.gettempdir()) in folder.parents
    assert os.environ["HUB_DATA_DIR"] == str(folder) or folder.samefile(os.environ["HUB_DATA_DIR"])


def test_a_word_in_one_hub_is_unknown_in_the_other(tmp_path):
    """The same on real databases: what one writes, the other does not have."""
    write = "import django; django.setup(); from django.db import connection as c; c.cursor().execute({!r})"
    one, two = ({**PRODUCTION, "HUB_DATA_DIR": str(tmp_path / name)} for name in ("one", "two"))
    assert run("-c", write.format("CREATE TABLE linden (leaf text)"), **one).returncode == 0
    assert run("-c", write.format("SELECT leaf FROM linden"), **one).returncode == 0
    assert "no such table: linden" in run("-c", write.format("SELECT leaf FROM linden"), **two).stderr
