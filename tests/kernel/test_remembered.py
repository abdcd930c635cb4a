"""A piece is remembered by what its values say: never for values that a template draws otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

from hub.kernel import remembered
from hub.kernel.remembered import NoKey, key_of

TEMPLATES = Path(settings.BASE_DIR) / "templates"


@dataclass
class Named:
    name: Any


def test_values_that_look_different_have_different_keys() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    different = [
        "<b>a</b>",
        mark_safe("<b>a</b>"),
        1,
        True,
        1.0,
        "1",
        None,
        "",
        [1],
        (1,),
        Named("a"),
        Named(mark_safe("a")),
        {"a": 1},
        {"a": True},
        noon,
        noon.astimezone(timezone(timedelta(hours=2))),
    ]
    for one, other in combinations(different, 2):
        assert key_of(one) != key_of(other), (one, other)
    assert key_of([Named("a"), {"b": 1.5}]) == key_of([Named("a"), {"b": 1.5}])


def test_other_objects_have_no_key() -> None:
    with pytest.raises(NoKey):
        key_of(object())


def test_safe_html_never_stands_for_text_that_is_not() -> None:
    template = engines["django"].from_string(
        '{% load piece_tags %}{% piece "components/fact.html" with label="x" values=values %}'
    )
    assert "<i>a</i>" in template.render({"values": [mark_safe("<i>a</i>")]})
    assert "&lt;i&gt;a&lt;/i&gt;" in template.render({"values": ["<i>a</i>"]})


def test_it_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 10)
    monkeypatch.setattr(remembered, "_young", {})
    monkeypatch.setattr(remembered, "_old", {})
    drawn: list[int] = []

    def draw(number: int) -> SafeString:
        drawn.append(number)
        return SafeString(number)

    for number in range(100):
        remembered.remembered(number, lambda number=number: draw(number))  # type: ignore[misc]
    assert len(remembered._young) + len(remembered._old) <= 20
    remembered.remembered(99, lambda: draw(99))
    assert drawn.count(99) == 1


def _pieces() -> set[str]:
    """The components drawn as pieces, and those inside them."""
    found: set[str] = set()
    waiting = {name for path in TEMPLATES.rglob("*.html") for name in _named(path.read_text(), "piece")}
    while waiting:
        name = waiting.pop()
        found.add(name)
        text = (TEMPLATES / name).read_text()
        waiting |= (_named(text, "piece") | _named(text, "include")) - found
    return found


def _named(text: str, tag: str) -> set[str]:
    return {part.split('"')[1] for part in text.split("{% " + tag + ' "')[1:] for part in ['"' + part]}


def test_pieces_depend_on_their_values_alone() -> None:
    pieces = _pieces()
    assert "components/seat_table.html" in pieces
    for name in pieces:
        text = (TEMPLATES / name).read_text()
        for word in ("csrf_token", "request", "plain_date", "{% now", "{% picture", "{% querystring", "user."):
            assert word not in text, f"{name} is drawn as a piece, but depends on {word}"
