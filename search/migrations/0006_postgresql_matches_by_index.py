"""The index that modelsearch's PostgreSQL backend asks for and Wagtail's migrations do not make.

A question is compared with `title || body`; the two indexes on `title` and on `body` cannot answer that,
so PostgreSQL reads every row. On other databases there is nothing to do.
"""

from django.db import migrations

NAME = "search_title_and_body"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        table = schema_editor.quote_name(apps.get_model("wagtailsearch", "IndexEntry")._meta.db_table)
        # An attempt that was broken off leaves an index that is never used, so begin again.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {NAME} ON {table} USING gin ((title || body))")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL builds it beside the running hub, which it does not do inside a transaction

    dependencies = [
        ("search", "0005_saved_searches"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(make, remove)]
