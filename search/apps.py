from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from hub.media.models import DocumentText, HubDocument
        from hub.taxonomy.models import Topic
        from search import receivers, registry
        from search.domain.files import file_documents
        from search.domain.vocabularies import topic_documents

        receivers.connect()
        receivers.take_over_from_modelsearch()
        registry.register(Topic, topic_documents)
        registry.register(HubDocument, file_documents, parts=[(DocumentText, "document")])
