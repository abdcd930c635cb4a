# ruff: noqa: E501
"""A thousand hostile or odd questions: an answer or a clear message, never an error, nothing of it unescaped."""

import io
import random
import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from search.domain import queue
from tests.factories import MemberProfileFactory, PracticePageFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SLOWEST = 5.0  # seconds of CPU for one page; a page of results takes some twenty milliseconds

SCRIPTS = [
    "heron", "цапля", "ερωδιός", "アオサギ", "青鹭", "왜가리", "नीला बगुला", "مالك الحزين", "אנפה", "นกกระสา", "ძერა", "ձկնկուլ",
    "ሽመላ", "ខ្លុក", "ཀྲུང་ཀྲུང", "ᚠᚢᚦ", "𐎀𐎁", "𝔥𝔢𝔯𝔬𝔫", "ｈｅｒｏｎ", "ŀĳǆ", "İstanbul ısı", "Straße", "ﬁsh", "Ǆ", "Å",
]  # fmt: skip
ODD = [
    "", " ", "\t\n\r\v\f", "\0", "he\0ron", "\x01\x02\x1b[31m", "\x7f", "\u200b\u200d\ufeff", "\u202eheron\u202c", "\u2028\u2029",
    "h" + "\u0301" * 500, "e\u0301", "\u0301", "👩‍👩‍👧‍👦", "🏳️‍🌈 heron", "🦩" * 300, "\ud800", "heron \udfff", "\ufffe\uffff", "\U0010ffff",
    '"', '"heron', 'heron"', '""', '"" ""', '"heron" "', '"heron crane', "“heron”", "„heron“", "«heron»", "'heron'", "'", "`",
    "*", "?", "her*", "*ron", "h?ron", "**", "heron~", "heron~2", "heron^5", "[a TO z]", "{a TO z}", "[* TO *]", "..", "...",
    "AND", "OR", "NOT", "heron AND", "AND heron", "NOT heron", "NOT NOT", "heron OR OR crane", "(", ")", "((((", "(heron", "-heron",
    "--", "+heron", "+-+-", "&&", "||", "!", "heron && crane", "title:heron", "scope:staff", "scope:*", "is_deleted:true", "_id:1",
    "*:*", ":", "::", "text:", "/heron/", "/(a+)+$/", "(a|a)*b", "^heron$", "\\", "\\\\", "\\\"", "\\u0000", "%00", "%", "%s%s%n", "_",
    "' OR 1=1 --", "'; DROP TABLE search_entry; --", "1) UNION SELECT password FROM accounts_user", "x' AND sleep(9)--", "$where",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "</textarea><b>", "{{ 7*7 }}", "{% load x %}",
    "javascript:alert(1)", "&lt;b&gt;", "&#0;", "<mark>", "<!--", "]]>", "${jndi:ldap://x}", "../../etc/passwd", "http://[::1", "//",
    "the", "the and of a", "to be or not to be", "a", "I", ".", ",", ";", "!?", "—", "…", "----", "#", "@", "0", "-1", "1e999", "9" * 400,
    "0x7fffffffffffffff", "18446744073709551616", "NaN", "null", "None", "undefined", "true", "١٢٣", "Ⅷ", "½", "3.14159", "1,000,000",
    "heron " * 2000, "h" * 10_000, "heron-" * 1500, "(" * 10_000, '"' * 10_000, "* " * 5000, "\u0301" * 10_000, "é" * 10_000, "鹭" * 10_000,
    "heron\ncrane", "heron\r\nSet-Cookie: x=1", "ß" * 300, "İ" * 300, "ﷺ" * 300, "a\u0300" * 2000,
]  # fmt: skip
PIECES = [
    '"',
    "*",
    "(",
    ")",
    ":",
    " AND ",
    " OR ",
    " NOT ",
    "~",
    "^",
    "\\",
    "<",
    ">",
    "&",
    "'",
    "\0",
    "\u202e",
    "\u0301",
    "🦩",
    "%",
    " ",
]
NAMES = ["q", "kind", "topic", "function", "industry", "year", "sort", "page", "like", "exact"]


def questions(number=1000):
    """The odd ones, then as many made of pieces of them, the same in every run."""
    chance, found = random.Random(3), [*SCRIPTS, *ODD]
    while len(found) < number:
        words = [chance.choice(SCRIPTS + PIECES + ODD)[:80] for _ in range(chance.randint(1, 6))]
        found.append(chance.choice(["", " ", chance.choice(PIECES)]).join(words))
    return found


@pytest.fixture
def herons():
    topic = TopicFactory(name="Heron")
    for script in SCRIPTS:
        PracticePageFactory(
            title=f"{script} <b>heron</b> & crane", gist=f'{script} "quoted" <i>', many={"topics": [topic]}
        )
    MemberProfileFactory(name="Heron <script>alert(1)</script> Example", slug="heron-example")
    assert not queue.drain().error


def utf8(text):
    """As it can arrive: half a surrogate pair can only be sent as the bytes that would encode it."""
    return text.encode("utf-8", "surrogatepass")


def get(client, url, **parameters):
    from urllib.parse import urlencode

    started = time.process_time()
    response = client.get(f"{url}?{urlencode({name: utf8(value) for name, value in parameters.items()})}")
    spent = time.process_time() - started
    assert response.status_code in (200, 400), (response.status_code, parameters)
    body = response.content.decode()
    assert response.status_code == 200 or "</" in body
    for unescaped in ("<script>alert", "<svg onload", "<img src=x", "<b>heron", "</textarea><b>"):
        assert unescaped not in body, (unescaped, parameters)
    assert "Set-Cookie" not in response.headers or "x=1" not in response.headers["Set-Cookie"]
    return spent


def p99(spent):
    return sorted(spent)[int(len(spent) * 0.99)]


def test_a_thousand_questions_on_the_page_of_results(client, herons):
    spent = [get(client, reverse("search:results"), q=question) for question in questions()]
    print(
        f"results: p50 {sorted(spent)[500] * 1000:.0f} ms, p99 {p99(spent) * 1000:.0f} ms, most {max(spent) * 1000:.0f} ms"
    )
    assert max(spent) < SLOWEST


def test_a_thousand_beginnings_while_typing(client, herons):
    spent = [get(client, reverse("search:suggest"), q=question) for question in questions()]
    print(
        f"suggest: p50 {sorted(spent)[500] * 1000:.0f} ms, p99 {p99(spent) * 1000:.0f} ms, most {max(spent) * 1000:.0f} ms"
    )
    assert max(spent) < SLOWEST


def test_odd_choices_pages_and_orders(client, herons):
    for value in questions(250):
        for name in NAMES[1:]:
            if random.Random(name + repr(value)).random() < 0.25:
                assert get(client, reverse("search:results"), **{"q": "heron", name: value}) < SLOWEST
    for value in ("0", "-1", "999999", "1000000", "9" * 300, "1.5", "٣", "last", "²"):
        assert get(client, reverse("search:results"), q="heron", page=value) < SLOWEST


@pytest.mark.parametrize("every", [7])
def test_on_the_command_line(herons, every):
    for question in questions()[::every]:
        try:
            call_command("search", "--", question, stdout=io.StringIO())
            call_command("search", "--json", "--", question, stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"))
        except CommandError as error:
            assert str(error)
