from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    name = "hub.taxonomy"
    label = "taxonomy"
    verbose_name = "Vocabularies"
