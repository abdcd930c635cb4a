"""The page every page type descends from, and the seats people hold on single pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import AbstractPage, DefaultBasePageMixin, PageManager, PageViewRestriction, TaskState
from wagtail.models.pages import AbstractPageMeta
from wagtail.query import PageQuerySet
from wagtail.search import index

from hub.accounts.rules import Viewer, role_of
from hub.kernel import prepared
from hub.kernel.indexes import AddressIndex
from hub.pages import audiences, registry, routing
from hub.pages.enums import Audience, PageSeatRole

if TYPE_CHECKING:
    from hub.pages.policies import PageSeatPermissionTester


def _stored_audience(pk: int) -> Any:
    return BasePage.objects.filter(pk=pk).values_list("audience", "effective_audience")


class BasePageQuerySet(PageQuerySet):
    def visible_to(self, viewer: Viewer) -> BasePageQuerySet:
        """Live pages whose audience includes `viewer` (see `BasePage.effective_audience`)."""
        return self.live().filter(effective_audience__lte=role_of(viewer))


BasePageManager = PageManager.from_queryset(BasePageQuerySet)


class BasePage(DefaultBasePageMixin, AbstractPage):
    """A page of the hub, with its audience.

    `audience` is what its editors chose. `effective_audience` is what is enforced: the strictest of
    the page's own choice, those of all sections above it, and Wagtail's own view restrictions on any
    of them. It is kept right in the transaction of every save, move and restriction.
    """

    audience = models.PositiveSmallIntegerField(
        "who may read it",
        choices=Audience.choices,
        default=Audience.PUBLIC,
        help_text="A section that is stricter than a page in it decides for the page.",
    )
    effective_audience = models.PositiveSmallIntegerField(
        choices=Audience.choices, default=Audience.PUBLIC, editable=False, db_index=True
    )
    source_path = models.CharField(
        max_length=500, blank=True, editable=False, help_text="The imported file, relative to its archive."
    )

    objects = BasePageManager()

    search_fields = (
        AbstractPage.search_fields + DefaultBasePageMixin.search_fields + [index.FilterField("effective_audience")]
    )
    promote_panels = DefaultBasePageMixin.promote_panels
    served_with: tuple[str, ...] = ()  # relations that are read together with the page when it is served
    private_page_options: list[str] = []  # one rule, one control: the audience field

    class Meta(AbstractPageMeta):
        indexes = [AddressIndex(fields=["url_path"], name="pages_by_address")]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the page; in the same transaction its own and its descendants' audience is made right."""
        with transaction.atomic():
            before = self.effective_audience
            own, stored = None, None
            if self.pk and not self._state.adding:
                own, stored = next(iter(prepared.rows("stored audience", _stored_audience, self.pk)), (None, None))
            if "audience" in (kwargs.get("update_fields") or ["audience"]):
                own = None  # else a draft is saved, and what it chooses counts when it is published
            self.effective_audience = audiences.of_page(self, own)
            if kwargs.get("update_fields") is not None and self.effective_audience != before:
                kwargs["update_fields"] = {*kwargs["update_fields"], "effective_audience"}
            with registry.saving(self.pk):
                result = super().save(*args, **kwargs)
            if stored is not None and stored != self.effective_audience:
                audiences.settle_below(self)
            registry.page_saved(self, kwargs.get("update_fields"))
        return result

    def _update_descendant_url_paths(self, old_url_path: str, new_url_path: str) -> None:
        """Wagtail's bulk update of the addresses below a moved or renamed page; whoever keeps addresses is told."""
        super()._update_descendant_url_paths(old_url_path, new_url_path)
        registry.subtree_changed(self.path)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the text as a draft. A text that was handed in for review, is live, or is to stay, is never overwritten.

        Autosave writes into the revision it made before. What a reviewer was asked about, or a reader
        reads, has to stay what it was, so the next save makes a revision of its own.
        """
        overwritten = kwargs.get("overwrite_revision")
        if overwritten is not None and (
            overwritten.pk == self.live_revision_id
            or TaskState.objects.filter(revision_id=overwritten.pk).exists()
            or registry.stays_as_it_is(overwritten, kwargs.get("user"))
        ):
            kwargs["overwrite_revision"] = None
        return super().save_revision(*args, **kwargs)

    @staticmethod
    def route_for_request(request: Any, path: str) -> Any:
        """The page at `path`, found by its address instead of by a walk down the tree (`hub.pages.routing`)."""
        return routing.route_for_request(BasePage.objects, request, path)

    def get_view_restrictions(self) -> Any:
        """None, ever: `effective_audience` already says what Wagtail's view restrictions ask for.

        Wagtail would look for them with two queries each time a page is served.
        """
        restrictions = PageViewRestriction.objects.none()
        restrictions._result_cache = []  # known: Django would build the query to find out
        return restrictions

    def is_visible_to(self, viewer: Viewer) -> bool:
        """Whether `viewer` may read this page on the site (drafts are read in the editor only)."""
        return bool(self.live) and self.effective_audience <= role_of(viewer)

    def get_admin_display_title(self) -> str:
        """The title in lists of the editor: of a live page the published one, which everybody it is for may know."""
        return self.title if self.live else str(super().get_admin_display_title())

    def permissions_for_user(self, user: Any) -> PageSeatPermissionTester:
        """What `user` may do with this page in the editor, page seats included."""
        from hub.pages.policies import PageSeatPermissionTester  # policies need the models

        return PageSeatPermissionTester(user, self)


class PageInvitationQuerySet(models.QuerySet):
    def open(self) -> PageInvitationQuerySet:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, expires_at__gt=timezone.now())


class PageSeatQuerySet(models.QuerySet):
    def over(self) -> PageSeatQuerySet:
        """Seats whose time has passed."""
        return self.filter(expires_at__lte=timezone.now())


class HeldSeats(models.Manager.from_queryset(PageSeatQuerySet)):  # type: ignore[misc]
    """Seats that count. The default, so that a seat whose time has passed opens nothing anywhere."""

    def get_queryset(self) -> PageSeatQuerySet:
        return super().get_queryset().filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))  # type: ignore[no-any-return]


class PageSeat(models.Model):
    """A named person's seat on exactly one page. Not part of a revision: it counts, and ends, at once.

    `objects` and `page.page_seats` know only seats that count. Those whose time has passed are in
    `ever`, until `end_seats` has told of it and taken them away.
    """

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="page_seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="page_seats")
    role = models.CharField(max_length=12, choices=PageSeatRole.choices)
    may_invite = models.BooleanField("may ask others to take a seat", default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("ends", null=True, blank=True, db_index=True)

    objects = HeldSeats()
    ever = PageSeatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_seat_per_person_and_page")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.page}"


class PageInvitation(models.Model):
    """Somebody was asked, by e-mail, to take a seat on one page. Only a fingerprint of the link's secret is kept."""

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="page_invitations")
    email = models.EmailField("e-mail address")
    invitee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+",
        help_text="Set when a member was invited by name: then the address is not shown to anybody.",
    )  # fmt: skip
    role = models.CharField(max_length=12, choices=PageSeatRole.choices)
    may_invite = models.BooleanField("may ask others to take a seat", default=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    seat_expires_at = models.DateTimeField("the seat ends", null=True, blank=True)

    objects = PageInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.email}, asked to be {self.get_role_display()} of {self.page}"
