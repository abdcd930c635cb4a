"""What the editor keeps, by what it is about."""

from hub.editorial.models.external import ExternalRemark, ExternalReview
from hub.editorial.models.leading import SectionLeadership
from hub.editorial.models.pages import Byline, KnowledgePage, RelatedPage
from hub.editorial.models.texts import KeptText, Look, Milestone
from hub.editorial.models.upkeep import Correction, PageUpkeep, UpkeepTask
from hub.editorial.models.votes import ReviewClaim, ReviewVote
from hub.editorial.reviews import PeerReviewState, PeerReviewTask

__all__ = [
    "Byline",
    "Correction",
    "ExternalRemark",
    "ExternalReview",
    "KeptText",
    "KnowledgePage",
    "Look",
    "Milestone",
    "PageUpkeep",
    "PeerReviewState",
    "PeerReviewTask",
    "RelatedPage",
    "ReviewClaim",
    "ReviewVote",
    "SectionLeadership",
    "UpkeepTask",
]
