"""The canary: planted secrets, every viewer, every address. Nothing leaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from hub.editorial.models import Correction, ExternalReview
from hub.media.models import HubRendition
from hub.notifications.domain.digests import send_digests
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.practices.models import PracticePage
from roundtables.domain import feeds
from roundtables.models import Commitment, Takeaway
from search.domain import queue
from tests.canary import surfaces
from tests.canary import world as planted
from tests.canary.world import Secret, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VIEWERS = ("visitor", "applicant", "member", "leader", "seat_holder", "staff")


def addresses() -> Iterator[tuple[str, str]]:
    """Every (URL name, pattern) of the hub."""

    def walk(resolver: Any, namespace: str, prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern, inner, prefix + str(pattern.pattern))
            else:
                yield f"{namespace}{pattern.name or ''}", prefix + str(pattern.pattern)

    return walk(get_resolver(), "", "")


def test_no_address_is_unknown():
    """A new URL has to say how the canary walks it."""
    unknown = [
        (name, pattern)
        for name, pattern in addresses()
        if not pattern.lstrip("^").startswith((surfaces.EDITOR_PATH, "_util/login/"))
        and not name.startswith(surfaces.OWN_ACCOUNT_PREFIXES)
        and name not in surfaces.WALKED
        and name not in surfaces.EXEMPT
    ]
    assert unknown == []


@pytest.fixture
def world(db) -> World:
    planted_world = planted.build()
    queue.drain()
    assert queue.lag() == 0
    return planted_world


def client_of(world: World, viewer: str) -> Client:
    client = Client(raise_request_exception=True)
    user = world.viewers[viewer]
    if user is not None:
        client.force_login(type(user).objects.get(pk=user.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


def found(secrets: list[Secret], response: Any) -> list[str]:
    """The places of those secrets that stand in the answer, headers included."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode("utf-8", "replace").replace("\r\n ", "")  # a calendar file is folded, in the middle of words
    text += str(dict(response.headers))
    return [secret.place for secret in secrets if secret.word in text]


def site_addresses(world: World) -> list[tuple[str, str]]:
    """(URL name, address) for every walked surface, filled from the world."""
    pages = [BasePage.objects.get(pk=page.pk).get_url() or f"/practices/{page.slug}/" for page in world.pages]
    words = [secret.word for secret in world.secrets if secret.place.startswith(("profile", "unlisted", "e-mail"))]
    fillings = {
        "{page}": pages,
        "{keep}": [f"/my-hub/upkeep/{page.pk}/" for page in world.pages],
        "{correction}": [correction.get_absolute_url() for correction in Correction.objects.all()],
        "{close}": [f"/search/close/{page.pk}/" for page in world.pages],
        "{takeaway}": [one.get_absolute_url() for one in Takeaway.objects.all()],
        "{close_takeaway}": [f"/search/close/takeaway/{one.pk}/" for one in Takeaway.objects.all()],
        "{commitment}": [one.get_absolute_url() for one in Commitment.objects.all()],
        "{after}": [
            reverse("roundtables:takeaway_desk", args=[pk])
            for pk in Takeaway.objects.values_list("session", flat=True).distinct()
        ],
        "{close_person}": [f"/search/close/person/{profile.pk}/" for profile in world.profiles],
        "{proposal}": [f"/practices/propose/{page.pk}/" for page in world.pages],
        "{suggest}": [f"/practices/{page.pk}/suggest/" for page in world.pages],
        "{month}": sorted(
            {f"/roundtables/calendar/?month={timezone.now() + timedelta(days=n):%Y-%m}" for n in (-30, -3, 7)}
        ),
        "{session_file}": [f"/roundtables/{page.pk}.ics" for page in world.pages],
        "{tried}": [f"/practices/{page.pk}/tried/" for page in world.pages],
        "{edit}": [edit.get_absolute_url() for edit in world.edits],
        "{ask}": [f"/sessions/{page.pk}/ask/" for page in world.pages],
        "{run}": [f"/sessions/{page.pk}/run/" for page in world.pages],
        "{notes}": [f"/sessions/{page.pk}/notes/" for page in world.pages],
        "{question}": [f"/questions/{question.pk}/" for question in world.questions],
        "{profile}": [f"/people/{profile.slug}/" for profile in world.profiles],
        "{filtered}": [f"/practices/?topic=topic-{word}" for word in words[:3]],
        "{picture}": [rendition.url for rendition in HubRendition.objects.all()] + ["/pictures/1/abc/"],
        "{document}": [document.url for document in world.documents],
        "{news}": [news.url for news in world.news if "/news/" in news.url],
        "{opened}": [news.get_absolute_url() for news in world.news],
    }
    found_addresses = []
    for name, templates in surfaces.WALKED.items():
        for template in templates:
            hole = next((key for key in fillings if key in template), None)
            if "{word}" in template:
                found_addresses += [(name, template.replace("{word}", quote(word))) for word in words]
            elif hole:
                found_addresses += [(name, template.replace(hole, filling)) for filling in fillings[hole]]
            else:
                found_addresses.append((name, template))
    return found_addresses


def test_the_site_tells_nobody_a_secret(world):
    world.image.get_rendition("width-20")
    leaks = []
    for viewer in VIEWERS:
        opened, leaked = walk_the_site(world, viewer)
        leaks += leaked
        assert opened > 60, "the walk must reach pages, or it proves nothing"
    assert leaks == []


def walk_the_site(world: World, viewer: str) -> tuple[int, list[tuple[str, str, str, str]]]:
    """How many addresses opened for `viewer`, and (viewer, URL name, address, place) of every leak."""
    client = client_of(world, viewer)
    leaks: list[tuple[str, str, str, str]] = []
    opened = 0
    for name, address in site_addresses(world):
        asked = [secret for secret in world.forbidden(viewer) if secret.word not in address and not secret.is_term]
        response = client.get(address)
        assert response.status_code < 500, address
        opened += response.status_code == 200
        leaks += [(viewer, name, address, place) for place in found(asked, response)]
    return opened, leaks


def test_what_a_viewer_may_read_is_there(world):
    """The other half: the same walk finds the secrets that are this viewer's to read."""
    for viewer in VIEWERS:
        check_what_a_viewer_may_read_is_there(world, viewer)


def check_what_a_viewer_may_read_is_there(world: World, viewer: str) -> None:
    client = client_of(world, viewer)
    expected = {
        secret.word: secret.place
        for secret in world.secrets
        if viewer in secret.readers
        and secret.place.startswith(("title of", "gist of"))
        and "staff p" not in secret.place
        and "document" not in secret.place
    }
    seen = ""
    for page in world.pages:
        url = BasePage.objects.get(pk=page.pk).get_url()
        response = client.get(url)
        if response.status_code == 200:
            seen += response.content.decode()
    assert [place for word, place in expected.items() if word not in seen] == []


def test_a_calendar_tells_its_owner_what_their_pages_do(world):
    """Whoever fetches the address of a member learns what that member may read, and not where they have no seat."""
    for viewer in ("member", "leader", "seat_holder", "staff"):
        _, token = feeds.make(world.viewers[viewer], name="Telephone", has_open_sessions=True)
        response = Client().get(f"/calendar/{token}.ics")
        assert response.status_code == 200
        assert found(world.forbidden(viewer), response) == []
        titles = [
            one for one in world.secrets if viewer in one.readers and re.match(r"title of .* session$", one.place)
        ]
        assert len(found(titles, response)) == len(titles) > 1
    with pytest.raises(feeds.FeedRefused):
        feeds.make(world.viewers["applicant"], name="Telephone")


def test_a_link_for_outside_tells_of_its_own_text(world):
    """Whoever reads one text from outside learns what stands in it, as a visitor would, and nothing else."""
    for page in world.pages:
        if page.latest_revision_id is None:
            page.save_revision()
        review = ExternalReview.objects.create(
            page=page, revision=BasePage.objects.get(pk=page.pk).latest_revision, email="out@example.org",
            name="Out Side", expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        response = Client().get(review.get_absolute_url())
        assert response.status_code == 200, page
        own = str(review.revision.content)
        shown = [secret for secret in world.forbidden("visitor") if secret.place in found([secret], response)]
        assert [secret.place for secret in shown if secret.word not in own] == []
        never = ("join_url", "Chatham House", "waiting", "did not agree")
        assert [secret.place for secret in shown if any(word in secret.place for word in never)] == []


def test_searching_for_a_secret_finds_nothing(world):
    """For every secret word: no result, no count, no facet, no suggestion, on the page and in the command."""
    for viewer in VIEWERS:
        check_searching_for_a_secret_finds_nothing(world, viewer)


def check_searching_for_a_secret_finds_nothing(world: World, viewer: str) -> None:
    client = client_of(world, viewer)
    empty = client.get("/search/", {"q": "zyxnothingqua"})
    assert empty.context["total"] == 0
    leaks = []
    for number, secret in enumerate(world.forbidden(viewer)):
        if secret.is_term:
            continue  # the words of the vocabularies are public; see the next test
        others = [other for other in world.forbidden(viewer) if other.word != secret.word and not other.is_term]
        # As it is asked; for some of them also as it may be put right, to a word that the viewer may know.
        response = client.get("/search/", {"q": secret.word, "exact": "1"})
        if response.context["total"] or list(response.context["results"]) or response.context["facets"]:
            leaks.append(secret.place)
        suggested = client.get("/search/suggest/", {"q": secret.word})
        leaks += found(others, response) + found(others, suggested)
        if number % 5 == 0:
            leaks += found(others, client.get("/search/", {"q": secret.word}))
        if suggested.context["groups"]:
            leaks.append(f"suggested: {secret.place}")
    assert leaks == []


def test_what_is_offered_while_typing_leaks_nothing(world):
    """Whoever types a hidden word into the form of a practice is offered nothing that has it."""
    for viewer in ("member", "leader", "seat_holder"):
        client, offered = client_of(world, viewer), 0
        for secret in world.forbidden(viewer)[::4]:
            others = [other for other in world.forbidden(viewer) if other.word != secret.word and not other.is_term]
            words = f"{secret.word} title said takes calmly published"
            answer = client.post("/practices/propose/similar/", {"title": words, "problem": words})
            cache.clear()  # the limit of how often one may ask
            offered += b"beside__item" in answer.content
            assert found(others, answer) == [], (viewer, secret.place)
            assert secret.word not in answer.content.decode(), (viewer, secret.place)
        assert offered, "something must be close to it, or this proves nothing"


def test_a_hidden_term_is_not_tied_to_its_person(world):
    """A function that a person hides neither filters to them, counts them, nor stands on their page."""
    for viewer in VIEWERS:
        check_a_hidden_term_is_not_tied_to_its_person(world, viewer)


def check_a_hidden_term_is_not_tied_to_its_person(world: World, viewer: str) -> None:
    client = client_of(world, viewer)
    leaks = []
    for secret in world.secrets:
        if not secret.is_term or viewer in secret.readers:
            continue
        axis = secret.place.split()[1]
        field = {"topics": "topic"}.get(axis, axis)
        for address in (
            f"/people/?{field}={field}-{secret.word}",
            f"/search/?kind=person&{field}={field}-{secret.word}",
        ):
            response = client.get(address)
            text = response.content.decode()
            if f"Per {axis}" in text:
                leaks.append((address, secret.place))
        directory = client.get("/people/").content.decode()
        if secret.word in directory:
            leaks.append(("/people/", secret.place))
        for profile in world.profiles:
            if secret.word in client.get(f"/people/{profile.slug}/").content.decode():
                leaks.append((profile.slug, secret.place))
    assert leaks == []


@pytest.mark.parametrize("viewer", ["visitor", "member", "staff"])
def test_the_search_command_keeps_the_same_rule(world, viewer, tmp_path):
    secrets = [secret for secret in world.forbidden(viewer) if not secret.is_term]
    batch = tmp_path / "queries.jsonl"
    batch.write_text("\n".join(json.dumps({"id": n, "text": s.word}) for n, s in enumerate(secrets)))
    out = StringIO()
    options: dict[str, Any] = {"batch": str(batch), "json": True, "stdout": out}
    if viewer != "visitor":
        options["email"] = world.viewers[viewer].email
    call_command("search", **options)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(answers) == len(secrets)
    assert [(secrets[a["id"]].place, a) for a in answers if a["total"] or a["results"]] == []


def mail_to(world: World) -> dict[str, str]:
    """All that was mailed to each viewer, in both forms."""
    sent: dict[str, str] = {}
    for message in mail.outbox:
        (viewer,) = (name for name, user in world.viewers.items() if user and [user.email] == message.to)
        forms = [message.body, *(body for body, _ in message.alternatives)]
        sent[viewer] = sent.get(viewer, "") + message.subject + "".join(forms) + str(message.extra_headers)
    return sent


def test_mail_and_the_list_behind_it_tell_nobody_a_secret(db, django_capture_on_commit_callbacks):
    """Of what was new for a saved search; of one half of it also after it was hidden from all but staff."""
    with django_capture_on_commit_callbacks() as waiting:
        world = planted.build()
    titles = [secret for secret in world.secrets if secret.place.startswith("title of")]
    hidden = [BasePage.objects.get(pk=page.pk) for page in world.pages[::2]]
    for page in hidden:
        page.audience = Audience.STAFF
        page.save()
    gone = {secret.word for secret in titles for page in hidden if secret.word in page.title}
    for callback in waiting:
        callback()
    with django_capture_on_commit_callbacks(execute=True):
        send_digests(timezone.now() + timedelta(days=8))
    sent, leaks = mail_to(world), []
    assert set(sent) == set(VIEWERS) - {"visitor"}
    for viewer, text in sent.items():
        listed = "".join(client_of(world, viewer).get(news.url, follow=True).content.decode() for news in world.news)
        forbidden = world.forbidden(viewer) + ([one for one in titles if one.word in gone] if viewer != "staff" else [])
        leaks += [(viewer, secret.place) for secret in forbidden if secret.word in text + listed]
        shown = {secret.word for secret in titles if viewer in secret.readers} - gone
        assert any(word in text for word in shown) and any(word in listed for word in shown), "there is news"
    assert leaks == []


def editor_addresses(world: World) -> list[str]:
    """Every address of the editor that a GET can open, with each planted page where it takes one."""
    sample = [str(page.pk) for page in world.pages if isinstance(page, PracticePage)]
    sample += [str(page.pk) for page in world.pages if page.slug in ("what-nobody-reports", "below-strict")]
    fillings = {
        "page_id": sample, "parent_page_id": sample[:6], "page_to_move_id": sample[:3], "destination_id": sample[:3],
        "pk": sample, "object_id": sample, "image_id": [str(world.image.pk)], "document_id": [str(world.document.pk)],
        "content_type_app_name": ["practices"], "content_type_model_name": ["practicepage"],
        "app_label": ["pages"], "model_name": ["basepage"], "page_type": ["practicepage"],
    }  # fmt: skip

    def walk(resolver: Any, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            elif isinstance(pattern, URLPattern) and route.startswith(surfaces.EDITOR_PATH):
                yield route

    found_addresses: list[str] = []
    for route in walk(get_resolver(), ""):
        if "(?" in route or "^" in route or "logout" in route:
            continue
        holes = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if not holes:
            found_addresses.append("/" + route)
            continue
        if any(hole not in fillings for hole in holes):
            continue
        for value in fillings[holes[0]]:
            address = "/" + route
            for hole in holes:
                filling = value if hole == holes[0] else fillings[hole][0]
                address = re.sub(rf"<(?:\w+:)?{hole}>", filling, address)
            found_addresses.append(address)
    found_addresses += [f"/admin/sessions/?sheet={sheet}&export=csv" for sheet in ("sessions", "mix")]
    words = ["zyx", *[secret.word for secret in world.secrets if "title of" in secret.place][::4]]
    for pattern in (
        "/admin/pages/search/?q={}", "/admin/choose-page/search/?q={}", "/admin/images/?q={}", "/admin/documents/?q={}",
        "/admin/images/chooser/results/?q={}", "/admin/documents/chooser/results/?q={}",
        "/admin/api/main/pages/?search={}",
    ):  # fmt: skip
        found_addresses += [pattern.format(word) for word in words]
    return found_addresses


def test_the_editor_tells_nobody_a_secret(world):
    """In the editor staff may read every page; nobody may read what a person hides from everybody."""
    for viewer in VIEWERS:
        check_the_editor_tells_nobody_a_secret(world, viewer)


def check_the_editor_tells_nobody_a_secret(world: World, viewer: str) -> None:
    client = client_of(world, viewer)
    client.raise_request_exception = False
    leaks, opened, broken = [], 0, []
    for address in editor_addresses(world):
        asked = [
            secret for secret in world.forbidden(viewer)
            if secret.word not in address
            and not secret.is_term
            and (viewer != "staff" or secret.place.startswith(("profile", "unlisted", "saved search", "news of")))
            and not (viewer == "staff" and secret.place.startswith("e-mail"))
        ]  # fmt: skip
        response = client.get(address)
        if response.status_code >= 500 and address not in surfaces.EDITOR_DRILLS:
            broken.append(address)
        opened += response.status_code == 200 and address not in surfaces.EDITOR_ASSETS
        leaks += [(address, place) for place in found(asked, response)]
    assert leaks == []
    assert broken == []
    if viewer in ("seat_holder", "staff"):
        assert opened > 20, "the walk must reach the editor, or it proves nothing"
    else:
        assert opened == 0, "only seat holders and staff may enter the editor"
