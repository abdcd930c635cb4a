from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hub.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from hub.accounts.enums import Role
        from hub.members.registry import grant
        from hub.notifications import kinds  # noqa: F401

        grant(Role.STAFF, "notifications.view_delivery", "notifications.change_delivery")
