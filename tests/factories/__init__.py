"""Objects for tests, as small as they can be and plainly fictional."""

from tests.factories.pages import (
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    StandardPageFactory,
)
from tests.factories.people import MemberProfileFactory, SessionSeatFactory, UserFactory
from tests.factories.vocabularies import FunctionFactory, IndustryFactory, TopicFactory

__all__ = [
    "FunctionFactory",
    "IndustryFactory",
    "MemberProfileFactory",
    "PracticePageFactory",
    "ReportPageFactory",
    "SeriesPageFactory",
    "SessionPageFactory",
    "SessionSeatFactory",
    "StandardPageFactory",
    "TopicFactory",
    "UserFactory",
]
