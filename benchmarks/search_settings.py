"""The settings of the suite, with the queue of background work as in production: in the database, for a worker."""

from hub.settings.test import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
