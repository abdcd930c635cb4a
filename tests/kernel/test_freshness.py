from datetime import date

import pytest

from hub.kernel.freshness import freshness

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("verified_on", "verify_by", "state", "text"),
    [
        (date(2026, 11, 12), date(2027, 5, 12), "fresh", "Verified 12 November by Adaeze Obi"),
        (date(2025, 12, 1), None, "fresh", "Verified 1 December 2025 by Adaeze Obi"),
        (date(2026, 6, 15), date(2026, 12, 15), "ageing", "Verify by 15 December"),
        (None, date(2027, 6, 1), "ageing", "Verify by 1 June 2027"),
        (date(2024, 3, 9), None, "ageing", "Nobody has verified this since March 2024"),
        (date(2026, 3, 9), date(2026, 9, 9), "overdue", "Nobody has verified this since March"),
        (None, date(2026, 11, 23), "overdue", "Nobody has verified this yet"),
        (date(2026, 3, 9), TODAY, "ageing", "Verify by 24 November"),
    ],
)
def test_each_state_says_what_to_make_of_it(verified_on, verify_by, state, text):
    mark = freshness(verified_on, verify_by, today=TODAY, verified_by="Adaeze Obi")
    assert (mark.state, mark.text) == (state, text)


def test_without_dates_nothing_is_claimed():
    assert freshness(None, None, today=TODAY) is None


def test_a_name_the_viewer_may_not_know_is_left_out():
    assert freshness(date(2026, 11, 12), None, today=TODAY).text == "Verified 12 November"
