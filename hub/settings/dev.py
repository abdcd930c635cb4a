"""Settings for a look at the hub on one's own machine (`make demo`) and for work on it."""

import os

os.environ.setdefault("HUB_BASE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("HUB_ADMIN_MFA", "false")
os.environ.setdefault("SECRET_KEY", "for-development-only-" + "never-serve-a-real-hub-with-this-key")

from hub.settings.production import *
from hub.settings.production import DATA_DIR, env

DEBUG = env.bool("DEBUG", True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
# Background work is done at once, so that one process is a whole hub.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
