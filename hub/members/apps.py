from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "hub.members"
    label = "members"
    verbose_name = "Members"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from hub.media import registry as media
        from hub.media.models import HubImage
        from hub.members import pictures, receivers  # noqa: F401
        from hub.members.documents import person_documents
        from hub.members.domain.catalogue import place_of
        from hub.members.models import MemberProfile
        from hub.taxonomy import registry as vocabularies
        from search import registry as search
        from search.models import Entry

        media.register(pictures.shows)
        media.register_personal(pictures.is_personal, pictures.shows)
        register_permission_policy(HubImage, pictures.library_policy(), exact_class=True)
        search.register(MemberProfile, person_documents, relations=("topics",))
        search.register_places(place_of)
        vocabularies.leave_out(Entry)
