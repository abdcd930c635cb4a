"""What happens in a review besides what Wagtail has signals for. Sent inside the transaction."""

from django.dispatch import Signal

vote_cast = Signal()  # state, vote, standing: a vote that did not end the review
handed_over = Signal()  # state, user, to, note: somebody asks somebody else to review in their place
