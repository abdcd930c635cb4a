"""Words about pages: who may read one, and which seats people hold on one."""

from django.db import models


class Audience(models.IntegerChoices):
    """Who may read a page. The numbers are those of `accounts.enums.Role`: a role reads its own level and below."""

    PUBLIC = 0, "Everybody"
    MEMBERS = 10, "Members"
    LEADERS = 20, "Member-leaders"
    STAFF = 30, "Staff"


class PageSeatRole(models.TextChoices):
    """What a person's seat on one page lets them do there."""

    CO_AUTHOR = "co_author", "Co-author"
    REVIEWER = "reviewer", "Reviewer"
