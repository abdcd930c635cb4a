"""A hub is empty but whole after `migrate`: a front page and its three sections."""

import uuid

from django.conf import settings
from django.db import migrations

SECTIONS = (
    ("roundtables", "RoundtablesIndexPage", "Roundtables", "Peers from different functions and industries solve a problem together."),
    ("practices", "PracticesIndexPage", "Practices", "What members' organisations do, told so that others can try it."),
    ("research", "ResearchIndexPage", "Research", "What the community has found out, and how it knows."),
)


def create_first_pages(apps, schema_editor):
    BasePage = apps.get_model("pages.BasePage")
    Locale = apps.get_model("wagtailcore.Locale")
    Site = apps.get_model("wagtailcore.Site")
    ContentType = apps.get_model("contenttypes.ContentType")

    def create(app, model, *, path, **fields):
        page_model = apps.get_model(app, model)
        content_type, _ = ContentType.objects.get_or_create(app_label=app, model=model.lower())
        return page_model.objects.create(
            path=path,
            depth=len(path) // 4,
            draft_title=fields["title"],
            translation_key=uuid.uuid4(),
            locale=locale,
            content_type=content_type,
            live=True,
            **fields,
        )

    locale = Locale.objects.first()
    root = BasePage.objects.get(depth=1)
    if root.numchild > 1:
        return  # somebody has built a site already
    BasePage.objects.filter(depth=2).delete()
    home = create(
        "home", "HomePage", path="00010001", title="Home", slug="home", url_path="/home/", numchild=len(SECTIONS),
        welcome="Leaders who solve it together",
        intro="A community whose members sit at one table, solve what they share, and keep what worked.",
    )  # fmt: skip
    for number, (app, model, title, intro) in enumerate(SECTIONS, start=1):
        create(
            app, model, path=f"00010001000{number}", title=title, slug=app, url_path=f"/home/{app}/",
            numchild=0, intro=intro, show_in_menus=True,
        )  # fmt: skip
    Site.objects.all().delete()
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page_id=home.pk, site_name=settings.HUB_NAME
    )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("roundtables", "0001_initial"),
        ("practices", "0001_initial"),
        ("research", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(create_first_pages, migrations.RunPython.noop)]
