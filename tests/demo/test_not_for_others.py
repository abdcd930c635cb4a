"""Logins whose password everybody knows never get into a hub that is served to others."""

import pytest
from django.core.management import CommandError, call_command

from hub.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("options", [[], ["--logins"]])
def test_the_demo_is_not_loaded_into_a_hub_for_others(settings, options):
    settings.HUB_BASE_URL = "https://hub.example.org"
    with pytest.raises(CommandError, match="a hub of its own"):
        call_command("load_demo", *options)
    assert not User.objects.exists()
