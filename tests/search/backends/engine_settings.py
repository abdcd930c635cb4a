"""Settings for the tests of the Whoosh backend: modelsearch's test app, and nothing of the hub."""

import os
import tempfile
from pathlib import Path

os.environ.pop("DATABASE_URL", None)  # the suite's own; these tests stand on a SQLite file

from modelsearch.test.settings import INSTALLED_APPS, TEMPLATES  # noqa: F401

SECRET_KEY = "for-the-tests-of-the-search-engine-only"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
FIXTURE_DIRS = [Path(__file__).parents[4] / "shared" / "data" / "modelsearch-suite"]
MODELSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "search.backends.whoosh",
        # Processes that the tests start are told the folder of the test that starts them.
        "PATH": os.environ.get("ENGINE_TEST_PATH") or tempfile.mkdtemp(prefix="engine-"),
        "LOCK_TIMEOUT": 20,
        # Nothing is indexed behind a test's back.
        "AUTO_UPDATE": False,
    }
}
ROOT_URLCONF = "modelsearch.test.urls"
SILENCED_SYSTEM_CHECKS = ["admin.E403", "admin.E406", "admin.E408", "admin.E409", "admin.E410"]
