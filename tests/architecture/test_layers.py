"""Apps know only the apps below them, in imports and in what their models and blocks point to."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from wagtail.blocks import ChooserBlock
from wagtail.fields import StreamField

from tests.architecture.source import REPO, height, is_ours, our_apps, our_models


def test_imports_keep_the_contracts():
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    run = subprocess.run(linter, cwd=REPO, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("config", our_apps(), ids=lambda config: config.label)
def test_every_app_has_a_place_in_the_layers(config):
    height(config.name)


def test_every_model_of_ours_belongs_to_an_app_with_a_place():
    strays = [model for model in apps.get_models() if is_ours(model.__module__) and not is_ours(_app_of(model))]
    assert strays == []


def test_relations_point_down():
    wrong = []
    for model in our_models():
        options = model._meta
        for field in [*options.local_fields, *options.local_many_to_many, *options.private_fields]:
            if field.related_model is not None and not isinstance(field, GenericForeignKey):
                wrong += _too_high(_app_of(model), field.related_model, f"{options.label}.{field.name}")
    assert wrong == []


def test_blocks_choose_only_from_below():
    wrong = []
    for model in our_models():
        for field in model._meta.local_fields:
            if isinstance(field, StreamField):
                for block in _blocks_in(field.stream_block):
                    if isinstance(block, ChooserBlock):
                        wrong += _too_high(_app_of(model), block.model_class, f"{field}: {block.name}")
    assert wrong == []


def test_the_relations_are_really_looked_at():
    seen = {(model._meta.label, field.name) for model in our_models() for field in model._meta.local_fields}
    assert ("pages.PageSeat", "user") in seen
    assert _too_high("hub.accounts", apps.get_model("members.MemberProfile"), "accounts.User.profile")
    assert _too_high("hub.media", apps.get_model("taxonomy.Topic"), "media.HubImage.topic")
    assert not _too_high("hub.members", apps.get_model("taxonomy.Topic"), "members.MemberProfile.topics")


def _app_of(model):
    return apps.get_app_config(model._meta.app_label).name


def _too_high(app, target, what):
    """One complaint if `target` is ours and not of `app` itself or a layer below it."""
    if isinstance(target, str):  # an unresolved name
        return [f"{what} points to {target}, which does not exist"]
    target_app = _app_of(target)
    if not is_ours(target_app) or target_app == app or height(target_app) < height(app):
        return []
    return [f"{what} points up to {target._meta.label}"]


def _blocks_in(block, seen=None):
    """Every block nested in `block`, each once."""
    seen = set() if seen is None else seen
    if id(block) in seen:
        return
    seen.add(id(block))
    yield block
    children = list(getattr(block, "child_blocks", {}).values())
    if hasattr(block, "child_block"):
        children.append(block.child_block)
    for child in children:
        yield from _blocks_in(child, seen)
