from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "hub.archive"
    label = "archive"
    verbose_name = "Archive"
