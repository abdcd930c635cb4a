"""A person with a word of their own in every field, so that a leak can be named."""

from hub.members.enums import PROFILE_ACTIONS, PROFILE_FIELDS, ShownTo
from tests.factories import FunctionFactory, IndustryFactory, MemberProfileFactory, TopicFactory

WORDS = {
    "name": "Canaryname Xylo",
    "organisation": "Canaryorganisation",
    "job_title": "Canaryjobtitle",
    "function": "Canaryfunction",
    "industry": "Canaryindustry",
    "bio": "Canarybio is what I write.",
    "topics": "Canarytopics",
    "time_zone": "Pacific/Kiritimati",
    "website": "https://canarywebsite.example/",
}
TRACES = {**WORDS, "time_zone": "Kiritimati", "website": "canarywebsite", "bio": "Canarybio", "name": "Canaryname"}


def canary(**levels):
    """A canary; `name=ShownTo.ONLY_ME` and so on set the levels (members otherwise)."""
    shown_to = {f"{name}_shown_to": levels.pop(name, ShownTo.MEMBERS) for name in (*PROFILE_FIELDS, *PROFILE_ACTIONS)}
    plain = {name: WORDS[name] for name in ("name", "organisation", "job_title", "bio", "time_zone", "website")}
    person = MemberProfileFactory(
        **plain, slug="canaryname-xylo", **shown_to, **levels,
        function=FunctionFactory(name=WORDS["function"]), industry=IndustryFactory(name=WORDS["industry"]),
    )  # fmt: skip
    person.topics.set([TopicFactory(name=WORDS["topics"])])
    return person


def traces(text):
    """The fields whose word is in `text`."""
    return {name for name, word in TRACES.items() if word.lower() in text.lower()}
