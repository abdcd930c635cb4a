"""Alerts for saved searches, with real processes."""


def test_four_runs_at_once_tell_everybody_once(hub):
    assert hub("alerting", 0) == {"people": 30, "most": 1, "noted": 30, "mails": 30}


def test_a_killed_run_loses_nobody_and_tells_nobody_twice(hub):
    told = hub("alerting", 6)
    # The inbox is written with the marker. A kill between that commit and the next statement costs the mail alone.
    assert (told["people"], told["most"], told["noted"]) == (30, 1, 30)
    assert 24 <= told["mails"] <= 30
