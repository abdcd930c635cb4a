"""Settings of the test suite: the real database and the real index, in folders of their own."""

import atexit
import os
import shutil
import tempfile

os.environ["HUB_DATA_DIR"] = tempfile.mkdtemp(prefix="hub-test-")
atexit.register(shutil.rmtree, os.environ["HUB_DATA_DIR"], ignore_errors=True)
# Where a person's own hub lives is no place for tests: the suite has addresses of its own.
os.environ["DATABASE_URL"] = os.environ.get("HUB_TEST_DATABASE_URL", "")
os.environ["SEARCH_URL"] = os.environ.get("HUB_TEST_SEARCH_URL", "")
os.environ.setdefault("HUB_BASE_URL", "http://testserver")
os.environ.setdefault("SECRET_KEY", "the-test-suite-has-a-long-enough-key-of-its-own-0123456789")
os.environ.setdefault("HUB_ADMIN_MFA", "false")

from hub.settings.production import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
LOGGING["root"]["level"] = "WARNING"
