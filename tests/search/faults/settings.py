# ruff: noqa: F403, F405
"""The hub as it runs, in the folder that HUB_DATA_DIR names: its database is a file, its queue of tasks real."""

from hub.settings.production import *

ALLOWED_HOSTS = ["testserver"]
SECURE_SSL_REDIRECT = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "CRITICAL"
