"""Files that only say where their text is now lead nobody to what is not for them."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from hub.home.models import StandardPage
from hub.pages.enums import Audience
from tests.archive.test_import import imported, note
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("section", "led"), [(Audience.PUBLIC, True), (Audience.MEMBERS, False)])
def test_a_signpost_leads_only_to_pages_that_are_for_all(archive, section, led):
    StandardPageFactory(title="Inside", slug="inside", audience=section)
    folder = archive({"a.md": note("A", aliases="[/old/a/]"), "e.md": note("E", redirectto="/old/a/")})
    imported(folder, "pages", "--under", "inside")
    assert StandardPage.objects.get(title="A").live
    assert Redirect.objects.exists() is led
