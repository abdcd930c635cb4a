"""`manage.py load_demo`: a believable, plainly fictional community to look around in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hub.accounts.models import User
from hub.demo.domain import pages, people, questions, takeaways
from hub.members.models import MemberProfile
from search.domain.queue import deferred_drain


class Command(BaseCommand):
    help = "Load the demo community and print one login per role. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="Only print the logins.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HUB_BASE_URL.startswith("https:"):
            raise CommandError(
                "The demo's logins, an administrator among them, have a password that everybody knows, and this hub "
                "is there for others. Load it into a hub of its own: another HUB_DATA_DIR, and an http HUB_BASE_URL."
            )
        if not options["logins"]:
            self._load()
        self._print_logins()

    def _load(self) -> None:
        call_command("sync_roles", verbosity=0)
        with deferred_drain():
            people.load_vocabularies()
            new_people = people.load_people()
            people.load_applications()
            new_pages = pages.load(timezone.localdate(), self._tell)
            questions.load_questions()
            takeaways.load_takeaways(timezone.localdate())
        self.stdout.write(
            f"{settings.HUB_NAME}: {MemberProfile.objects.count()} people ({new_people} new), {new_pages} new pages."
        )

    def _tell(self, title: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"  {title}")

    def _print_logins(self) -> None:
        logins = people.create_logins()
        if not User.objects.filter(is_superuser=True).exists():
            User.objects.create_superuser("admin@example.org", people.PASSWORD, first_name="Ada", last_name="Min")
        width = max((len(login.email) for login in logins), default=20)
        self.stdout.write("")
        self.stdout.write(f"  Hub      {settings.HUB_BASE_URL}/")
        self.stdout.write(f"  Editor   {settings.HUB_BASE_URL}/admin/")
        self.stdout.write(f"  Mail     {settings.EMAIL_FILE_PATH} (written to files here)")
        self.stdout.write("")
        self.stdout.write(f"  Logins, all with the password {people.PASSWORD}")
        for login in logins:
            self.stdout.write(f"    {login.role.label:<14} {login.email:<{width}}  {login.name}")
        self.stdout.write(f"    {'Administrator':<14} {'admin@example.org':<{width}}  may do everything")
        self.stdout.write("")
