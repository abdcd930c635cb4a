"""What the architecture tests look at: the tree of this repository, its apps, models and layers."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models import Model

REPO = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("hub", "roundtables", "research", "search")
TEMPLATES = REPO / "templates"


def relative(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def modules(*folders: str, migrations: bool = False) -> list[Path]:
    """Every Python file below these folders (by default the shipped packages)."""
    found = [path for folder in folders or PACKAGES for path in (REPO / folder).rglob("*.py")]
    return sorted(path for path in found if migrations or "migrations" not in path.parts)


def migrations() -> list[Path]:
    return sorted(
        path for path in modules(migrations=True) if path.parent.name == "migrations" and path.name[:4].isdigit()
    )


def templates() -> list[Path]:
    """Every HTML template of ours, in `templates/` and inside the packages."""
    inside = [path for package in PACKAGES for path in (REPO / package).rglob("templates/**/*.html")]
    return sorted([*TEMPLATES.rglob("*.html"), *inside])


@cache
def tracked_files() -> list[Path]:
    """The files that a clone holds."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, check=True, capture_output=True, text=True).stdout
    return [REPO / name for name in names.split("\0") if name and (REPO / name).is_file()]


@cache
def layers() -> list[set[str]]:
    """The packages of each layer, lowest first, as pyproject.toml has them for import-linter."""
    contracts = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    contract = next(contract for contract in contracts if contract["name"] == "Apps point downwards only")
    return [{name.strip() for name in layer.split("|")} for layer in reversed(contract["layers"])]


def height(package: str) -> int:
    """How many layers lie below `package`; raises LookupError if it has no place in them."""
    for number, layer in enumerate(layers()):
        if package in layer:
            return number
    raise LookupError(f"{package} has no place in the layers of pyproject.toml")


def our_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if is_ours(config.name)]


def our_models() -> Iterator[type[Model]]:
    """Every model of ours, the tables behind many-to-many fields included."""
    for config in our_apps():
        yield from config.get_models(include_auto_created=True)


def is_ours(dotted: str) -> bool:
    return dotted.split(".")[0] in PACKAGES
