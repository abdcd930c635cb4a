from typing import Any

from django.apps import AppConfig, apps


class EditorialConfig(AppConfig):
    name = "hub.editorial"
    label = "editorial"
    verbose_name = "Editorial"

    def ready(self) -> None:
        from hub.accounts.enums import Role
        from hub.editorial import kinds  # noqa: F401
        from hub.editorial.domain.texts import is_to_stay
        from hub.editorial.forms import SeatPageForm
        from hub.editorial.receivers import take_over_wagtails_mail
        from hub.editorial.ties import pages_beside
        from hub.members.registry import grant
        from hub.pages.doors import open_door, opens_page
        from hub.pages.models import BasePage
        from hub.pages.registry import keep_text_if
        from search.registry import register_beside

        # On every page type, not on the base page: Wagtail sets its own form there, after us.
        for model in apps.get_models():
            if issubclass(model, BasePage) and model is not BasePage and "base_form_class" not in vars(model):
                model.base_form_class = SeatPageForm
        take_over_wagtails_mail()
        register_beside(pages_beside)
        grant(Role.STAFF, "editorial.view_pageupkeep", "editorial.change_pageupkeep")
        open_door("page_people", opens_page)
        open_door("page_checks", opens_page)
        open_door("page_milestones", opens_page)
        keep_text_if(is_to_stay)
        for chooser in ("wagtailimages_chooser", "wagtaildocs_chooser"):
            for view in ("choose", "choose_results", "create"):
                open_door(f"{chooser}:{view}")
            open_door(f"{chooser}:chosen", _knows_medium)
        open_door("wagtailimages_chooser:select_format", _knows_medium)


def _knows_medium(request: Any, kwargs: dict[str, Any]) -> bool:
    """The picture or document in the address is one that the person may know."""
    from hub.editorial import references
    from hub.media.models import HubDocument, HubImage

    model = HubDocument if request.resolver_match.view_name.startswith("wagtaildocs") else HubImage
    pk = str(kwargs.get("pk", kwargs.get("image_id", "")))
    return pk.isdigit() and references.media_known_to(request.user, model.objects.filter(pk=pk)).exists()
