from datetime import timedelta

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.members.models import MemberProfile
from roundtables.enums import SeatState
from roundtables.models import SessionSeat
from tests.factories.vocabularies import FunctionFactory, IndustryFactory


class UserFactory(factory.django.DjangoModelFactory):
    """An account; `role=Role.LEADER` puts it into the role's group."""

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Robin"
    last_name = factory.Sequence(lambda n: f"Example {n}")

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if create and extracted:
            self.groups.add(Group.objects.get_or_create(name=Role(extracted).group_name)[0])


class MemberProfileFactory(factory.django.DjangoModelFactory):
    """A member with an account, a function and an industry."""

    user = factory.SubFactory(UserFactory, role=Role.MEMBER)
    name = factory.Sequence(lambda n: f"Robin Example {n}")
    slug = factory.LazyAttribute(lambda profile: slugify(profile.name))
    organisation = "Example Trust"
    function = factory.SubFactory(FunctionFactory)
    industry = factory.SubFactory(IndustryFactory)

    class Meta:
        model = MemberProfile


class SessionSeatFactory(factory.django.DjangoModelFactory):
    """A seat; `state=SeatState.OFFERED` is held for another day."""

    profile = factory.SubFactory(MemberProfileFactory)
    offered_until = factory.LazyAttribute(
        lambda seat: timezone.now() + timedelta(days=1) if getattr(seat, "state", "") == SeatState.OFFERED else None
    )

    class Meta:
        model = SessionSeat
