"""A community with a secret planted in every place that somebody must not see.

A secret is one made-up word. It is one word on purpose: stemming, tokenising, escaping and
truncating leave it recognisable, so finding it in an answer is proof, whatever the surface is.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.http import QueryDict
from django.utils import timezone
from PIL import Image

from hub.accounts.enums import Role
from hub.editorial.models import Byline, RelatedPage
from hub.media.domain import reading
from hub.media.models import HubDocument, HubImage
from hub.members.enums import PROFILE_FIELDS, ShownTo
from hub.members.models import MemberProfile
from hub.notifications import registry
from hub.notifications.domain import alerts, news
from hub.notifications.models import Notification
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import BasePage, PageSeat
from hub.practices.domain import proposals, suggestions, use_records
from hub.practices.enums import Outcome
from hub.practices.models import EditSuggestion, PracticePage
from roundtables.enums import Answer, AttributionMode, SeatState, TakeawayState
from roundtables.models import Commitment, FollowUp, Question, SessionPage, SessionSeat, SharedNotes, Takeaway
from search.domain import saved as saving
from search.models import SavedSearch, Told
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
)

ALPHABET = "bcdfghjklmnpqrstvwz"


@dataclass
class Secret:
    """A planted word, where it was planted, and who may read it on the site."""

    word: str
    place: str
    readers: frozenset[str]
    is_term: bool = False  # a vocabulary's word: public by itself, secret only as a value of this person


@dataclass
class World:
    """The planted community: its viewers by name, its secrets, and its things by kind."""

    viewers: dict[str, Any] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    pages: list[BasePage] = field(default_factory=list)
    profiles: list[MemberProfile] = field(default_factory=list)
    held: BasePage | None = None
    image: HubImage | None = None
    document: HubDocument | None = None
    documents: list[HubDocument] = field(default_factory=list)
    news: list[Notification] = field(default_factory=list)
    edits: list[EditSuggestion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def plant(self, place: str, *readers: str, is_term: bool = False) -> str:
        """A new secret word that only `readers` may come across."""
        number, letters = len(self.secrets), ""
        for _ in range(3):
            number, rest = divmod(number, len(ALPHABET))
            letters += ALPHABET[rest] * 3  # three slips apart: the search, which forgives two, takes none for another
        word = f"zyx{letters}qua"
        self.secrets.append(Secret(word, place, frozenset(readers), is_term))
        return word

    def forbidden(self, viewer: str) -> list[Secret]:
        """The secrets that `viewer` must never come across."""
        return [secret for secret in self.secrets if viewer not in secret.readers]


READERS_OF = {
    Audience.PUBLIC: ("visitor", "applicant", "member", "leader", "seat_holder", "staff"),
    Audience.MEMBERS: ("member", "leader", "seat_holder", "staff"),
    Audience.LEADERS: ("leader", "seat_holder", "staff"),
    Audience.STAFF: ("staff",),
}
FACTORIES = (
    ("practice", PracticePageFactory, ("problem", "context", "what_we_did", "what_it_needs", "what_came_of_it")),
    ("session", SessionPageFactory, ("body", "notes")),
    ("series", SeriesPageFactory, ("body",)),
    ("report", ReportPageFactory, ("body",)),
    ("page", StandardPageFactory, ("body",)),
)


def build() -> World:
    """Plant the whole community. Every audience, every page type, every profile field and level."""
    world = World()
    world.viewers = {
        "visitor": None,
        "applicant": UserFactory(email="applicant@example.org"),
        "member": MemberProfileFactory(user__email="m@example.org", name="Mona Member").user,
        "leader": MemberProfileFactory(
            user=UserFactory(email="l@example.org", role=Role.LEADER), name="Lea Leader"
        ).user,
        "seat_holder": MemberProfileFactory(
            user=UserFactory(email="h@example.org", role=Role.LEADER), name="Hal Holder"
        ).user,
        "staff": MemberProfileFactory(user=UserFactory(email="s@example.org", role=Role.STAFF), name="Sten Staff").user,
    }
    _plant_profiles(world)
    for audience in Audience:
        for kind, factory, texts in FACTORIES:
            _plant_page(world, kind, factory, texts, audience=audience, live=True)
    for kind, factory, texts in FACTORIES:
        _plant_page(world, kind, factory, texts, audience=Audience.PUBLIC, live=False)
    _plant_newer_draft(world)
    _plant_below_a_strict_section(world)
    _plant_chatham_house(world)
    _plant_waiting_list(world)
    _plant_files(world)
    _plant_documents(world)
    _plant_held_page(world)
    _plant_contributions(world)
    _plant_corrections(world)
    _plant_tables(world)
    _plant_takeaways(world)
    _plant_links(world)
    _plant_saved_searches(world)
    return world


def _text(word: str) -> list[tuple[str, Any]]:
    return [("text", f"<p>Said so: {word}.</p>")]


def _plant_page(
    world: World, kind: str, factory: Any, texts: tuple[str, ...], *, audience: Audience, live: bool
) -> BasePage:
    readers = READERS_OF[audience] if live else ()
    where = f"{audience.label} {kind}" + ("" if live else " draft")

    def secret(what: str) -> str:
        return world.plant(f"{what} of {where}", *readers)

    fields: dict[str, Any] = {name: _text(secret(name)) for name in texts}
    if kind == "session":
        fields["location"] = secret("location")
        fields["organiser"] = secret("organiser")
        # The link to join is for those who are going, whatever the audience of the page.
        fields["join_url"] = f"https://example.org/{world.plant(f'join_url of {where}')}"
        fields["recording_url"] = f"https://example.org/{secret('recording_url')}"
    if kind == "report":
        fields["method"] = secret("method")
    page = factory(
        title=f"Title {secret('title')}",
        gist=secret("gist"),
        slug=secret("slug"),
        seo_title=secret("seo_title"),
        search_description=secret("search_description"),
        audience=audience,
        live=live,
        **fields,
    )
    page.bylines = [Byline(external_name=secret("byline"), external_organisation=secret("byline employer"))]
    revision = page.save_revision()
    if live:
        revision.publish()
    world.pages.append(page)
    return page


def _plant_newer_draft(world: World) -> None:
    page = PracticePageFactory(title="Published calmly")
    page.title = world.plant("title of a newer draft")
    page.gist = world.plant("gist of a newer draft")
    page.save_revision()
    world.pages.append(page)


def _plant_below_a_strict_section(world: World) -> None:
    section = StandardPageFactory(title="Section", slug="strict-section", audience=Audience.STAFF)
    page = StandardPageFactory(
        title=world.plant("public page below a staff section", "staff"), slug="below-strict", parent=section
    )
    world.pages += [section, page]


def _plant_chatham_house(world: World) -> None:
    """A past session whose speakers only those who were there may connect with it."""
    speaker = world.plant("Chatham House speaker")
    employer = world.plant("Chatham House employer")
    past = timezone.now() - timedelta(days=30)
    session = SessionPageFactory(
        title="What nobody reports",
        slug="what-nobody-reports",
        attribution_mode=AttributionMode.CHATHAM_HOUSE,
        starts_at=past,
        ends_at=past + timedelta(hours=1),
    )
    session.bylines = [Byline(external_name=speaker, external_organisation=employer, role="guest")]
    session.save_revision().publish()
    shown = MemberProfileFactory(
        name=world.plant("hidden seat under Chatham House"), slug="hidden-seat", is_listed=False
    )
    SessionSeat.objects.create(session=session, profile=shown, state=SeatState.GOING, attended=True)
    world.pages.append(session)


def _plant_takeaways(world: World) -> None:
    """What sessions came to, for their readers; what is being checked, and what people will try, for those there."""
    past = timezone.now() - timedelta(days=5)
    modes = [(audience, AttributionMode.OPEN) for audience in Audience] + [(Audience.PUBLIC, AttributionMode.PRIVATE)]
    for audience, mode in modes:
        where = f"{audience.label} {mode} session"
        closed = mode == AttributionMode.PRIVATE
        session = SessionPageFactory(
            title="A table that was held", slug=f"held-{audience.name.lower()}-{mode}", audience=audience,
            attribution_mode=mode, starts_at=past, ends_at=past + timedelta(hours=1),
        )  # fmt: skip
        profile = MemberProfileFactory(name="Tess Table", slug=uuid.uuid4().hex, is_listed=False)
        SessionSeat.objects.create(session=session, profile=profile)
        readers = () if closed else READERS_OF[audience]
        keepers = () if closed else ("staff",)
        words = {what: world.plant(f"{what} of a takeaway of a {where}", *readers) for what in ("statement", "detail")}
        Takeaway.objects.create(
            session=session, state=TakeawayState.PUBLISHED, published_at=past, present=7, confirmed=6, **words
        )  # fmt: skip
        week = timezone.now() + timedelta(days=7)
        checked = Takeaway.objects.create(
            session=session, state=TakeawayState.CHECKING, check_until=week,
            statement=world.plant(f"takeaway that is being checked, of a {where}", *keepers),
        )  # fmt: skip
        checked.answers.create(
            profile=profile, version=1, answer=Answer.OBJECTS,
            text=world.plant(f"objection to a takeaway of a {where}", *keepers),
        )  # fmt: skip
        for shared in (True, False):
            words = world.plant(f"commitment at a {where}, shared: {shared}")
            Commitment.objects.create(
                session=session, profile=profile, text=words, due_on=week.date(), is_shared=shared
            )
        FollowUp.objects.create(session=session, topic=world.plant(f"topic after a {where}", *keepers))
        world.pages.append(session)


def _plant_waiting_list(world: World) -> None:
    session = SessionPageFactory(title="A full table", slug="a-full-table", capacity=1)
    for state in (SeatState.GOING, SeatState.WAITLISTED, SeatState.CANCELLED):
        profile = MemberProfileFactory(
            name=world.plant(f"person {state.label} who did not agree to be shown"),
            slug=f"quiet-{state}",
            is_listed=False,
        )
        SessionSeat.objects.create(session=session, profile=profile, state=state)
    world.pages.append(session)


def _plant_profiles(world: World) -> None:
    """One person per field and level; the value of that one field is the secret."""
    for level in ShownTo:
        readers = {
            ShownTo.PUBLIC: READERS_OF[Audience.PUBLIC],
            ShownTo.MEMBERS: READERS_OF[Audience.MEMBERS],
        }.get(level, ())
        for name in PROFILE_FIELDS:
            if name in ("picture", "time_zone"):
                continue  # a picture is a file, checked by address; a zone is a common word
            word = world.plant(
                f"profile {name} shown to {level.label}", *readers, is_term=name in ("function", "industry", "topics")
            )
            values: dict[str, Any] = {f"{name}_shown_to": level, "name_shown_to": ShownTo.PUBLIC}
            if name == "name":
                values["name_shown_to"] = level
            profile = MemberProfileFactory(
                slug=f"person-{name.replace('_', '-')}-{level.name.lower().replace('_', '-')}",
                **{"name": f"Per {name} {level.name}", **_profile_value(name, word), **values},
            )
            if name == "topics":
                profile.topics.add(TopicFactory(name=word, slug=f"topic-{word}"))
            profile.save()
            world.profiles.append(profile)
    unlisted = MemberProfileFactory(
        name=world.plant("unlisted person"), slug="unlisted-person", is_listed=False, name_shown_to=ShownTo.PUBLIC
    )
    world.profiles.append(unlisted)
    for user in world.viewers.values():
        if user is not None:
            user.last_name = ""
            user.save()
    for profile in MemberProfile.objects.filter(slug__startswith="person-").select_related("user"):
        profile.user.email = f"{world.plant('e-mail address of a member')}@example.org"
        profile.user.save()


def _profile_value(name: str, word: str) -> dict[str, Any]:
    if name == "function":
        return {"function": FunctionFactory(name=word, slug=f"function-{word}")}
    if name == "industry":
        return {"industry": IndustryFactory(name=word, slug=f"industry-{word}")}
    if name == "website":
        return {"website": f"https://example.org/{word}"}
    if name == "topics":
        return {}
    return {name: word}


def _plant_files(world: World) -> None:
    """A picture and a document that only a staff page shows."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "#2b3f94").save(buffer, "PNG")
    buffer.seek(0)
    world.image = HubImage.objects.create(
        title=world.plant("title of a staff picture", "staff"), file=ImageFile(buffer, name="picture.png")
    )
    world.document = _document(world, "staff document", "staff")
    page = StandardPageFactory(title="Staff files", slug="staff-files", audience=Audience.STAFF, image=world.image)
    page.body = [("text", f'<p><a linktype="document" id="{world.document.pk}">Paper</a></p>')]
    page.save_revision().publish()
    world.pages.append(page)


def _document(world: World, what: str, *readers: str) -> HubDocument:
    """A document with a secret title, file name and text that only `readers` may open."""
    made = HubDocument(title=f"Paper {world.plant(f'title of a {what}', *readers)}")
    text = f"Ledger {world.plant(f'text of a {what}', *readers)}"
    made.file.save(f"{world.plant(f'file name of a {what}', *readers)}.txt", ContentFile(text.encode()), save=False)
    made.save()
    reading.read(made)
    world.documents.append(made)
    return made


def _plant_documents(world: World) -> None:
    """On a page of every audience, in private notes, on a draft, on no page; a staff page shows all of them as well."""
    everywhere = []
    for audience in Audience:
        paper = _document(world, f"document on a page for {audience.label}", *READERS_OF[audience])
        everywhere.append(paper)
        world.pages.append(PracticePageFactory(title=f"Shows {audience.name}", audience=audience, problem=_link(paper)))
    paper = _document(world, "document in the notes of a private table", "staff")
    past = timezone.now() - timedelta(days=3)
    world.pages.append(
        SessionPageFactory(
            title="A table behind a door",
            attribution_mode=AttributionMode.PRIVATE,
            starts_at=past,
            ends_at=past + timedelta(hours=1),
            notes=_link(paper),
        )
    )
    draft = _document(world, "document on a draft", "staff")
    PracticePageFactory(title="Not there yet", live=False, problem=_link(draft))
    everywhere += [paper, draft, _document(world, "document on no page", "staff")]
    hidden = StandardPageFactory(
        title=world.plant("title of a staff page that shows all documents", "staff"),
        slug="all-documents",
        audience=Audience.STAFF,
        body=_link(*everywhere),
    )
    world.pages.append(hidden)


def _link(*documents: HubDocument) -> list[tuple[str, str]]:
    return [("text", "".join(f'<p><a linktype="document" id="{one.pk}">Paper</a></p>' for one in documents))]


def _plant_held_page(world: World) -> None:
    """The one draft that the seat holder may read, in the editor only."""
    page = PracticePageFactory(title="Held page", slug="held-page", audience=Audience.LEADERS, live=False)
    PageSeat.objects.create(page_id=page.pk, user=world.viewers["seat_holder"], role=PageSeatRole.CO_AUTHOR)
    world.held = page
    world.pages.append(page)


def _plant_contributions(world: World) -> None:
    """A draft that somebody proposed, an edit they suggested, and what they said without their name."""
    person = MemberProfileFactory(name="Pia Proposer", slug="pia-proposer").user
    typed = {name: world.plant(f"{name} of a proposed draft") for name in ("title", "gist", "problem", "what_we_did")}
    world.pages.append(proposals.begin(user=person, key=uuid.uuid4(), typed=typed).page)
    # Who decides about an edit reads it beside the newest draft, which is no secret for them, as for the editor.
    practices = PracticePage.objects.live().filter(effective_audience=Audience.PUBLIC, has_unpublished_changes=False)
    for practice in practices[:2]:
        text = world.plant("text of a suggested edit", "staff")  # who answer where nobody writes the page
        note = world.plant("note of a suggested edit", "staff")
        edit = suggestions.suggest(practice, user=person, key=uuid.uuid4(), typed={"gist": text}, note=note)
        world.edits.append(edit)
        use_records.record(
            practice, user=person, outcome=Outcome.WORKED, adapted=world.plant("what an unsigned use record says")
        )
    hidden = MemberProfileFactory(name="Una Unnamed", slug="una-unnamed", name_shown_to=ShownTo.ONLY_ME).user
    said = world.plant("a use record signed with a name that is hidden")
    use_records.record(practices[0], user=hidden, outcome=Outcome.PARTLY, adapted=said, is_signed=True)


def _plant_corrections(world: World) -> None:
    """Pages whose earlier words are for fewer people than the page is now, and for no more than it is now."""
    for before, after in ((Audience.MEMBERS, Audience.PUBLIC), (Audience.PUBLIC, Audience.STAFF)):
        readers = READERS_OF[max(before, after)]
        page = PracticePageFactory(
            title=f"Corrected, {before.label}, then {after.label}",
            gist=world.plant("gist before a correction", *readers),
            problem=_text(world.plant("text before a correction", *readers)),
            audience=before,
        )
        page.bylines = [Byline(external_name=world.plant("byline before a correction", *readers))]
        page.save_revision().publish()
        page.bylines = []
        page.gist, page.problem, page.audience = "Right now.", [], after
        page.correction = world.plant("a correction", *readers)
        page.save_revision().publish()
        world.pages.append(page)
    speaker = world.plant("speaker of a session, before a correction")
    session = SessionPageFactory(
        title="Corrected session",
        slug="corrected-session",
        attribution_mode=AttributionMode.CHATHAM_HOUSE,
        body=[("quote", {"text": "We waited.", "attribution": speaker, "mode": "named"})],
        notes=_text(world.plant("notes of a session before a correction")),
    )
    session.save_revision().publish()
    session.body, session.notes, session.correction = [], [], "The day was wrong."
    session.save_revision().publish()
    world.pages.append(session)


def _plant_links(world: World) -> None:
    """Pages that everybody reads lead to all the others, in the text and beside it."""
    linked = "".join(f'<p><a linktype="page" id="{page.pk}">There</a></p>' for page in world.pages)
    text = [("text", linked), ("notice", {"kind": "note", "text": linked})]
    others = list(world.pages)
    for kind, factory, texts in FACTORIES:
        page = factory(title=f"Leads everywhere {kind}", slug=f"leads-everywhere-{kind}", **dict.fromkeys(texts, text))
        page.related_links = [RelatedPage(target=other) for other in others]
        page.save_revision().publish()
        world.pages.append(page)


def _plant_tables(world: World) -> None:
    """What is asked at every session, before and after, under each rule; nobody of the viewers sits at one."""
    past = timezone.now() - timedelta(days=3)
    for mode in AttributionMode:
        for begins in (past, timezone.now() + timedelta(days=3)):
            over = begins == past
            where = f"{mode.label} session {'held' if over else 'to come'}"
            world.pages.append(
                SessionPageFactory(
                    title=f"A table, {where}",
                    attribution_mode=mode,
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=1),
                    agenda=[_stretch(world, mode, where, over=over)],
                )
            )
            _plant_questions(world, world.pages[-1], where, READERS_OF[Audience.MEMBERS])
    for page in SessionPage.objects.filter(live=True).exclude(effective_audience=Audience.PUBLIC):
        readers = READERS_OF[Audience(page.effective_audience)]
        _plant_questions(world, page, f"{Audience(page.effective_audience).label} session", readers)


def _stretch(world: World, mode: str, where: str, *, over: bool) -> tuple[str, dict[str, Any]]:
    """A stretch of an agenda, whose leader is announced, and under a rule forgotten with the end."""
    readers = () if over and mode != AttributionMode.OPEN else READERS_OF[Audience.PUBLIC]
    led_by = world.plant(f"who leads a stretch of a {where}", *readers)
    return "item", {"minutes": 20, "title": "One sentence each", "led_by": led_by, "text": ""}


def _plant_questions(world: World, session: Any, where: str, readers: tuple[str, ...]) -> None:
    """Shared notes, a question with and one without a name: for those at the table, and who runs an open one."""
    if session.attribution_mode == AttributionMode.PRIVATE and "held" in where:
        readers = ()
    runs = ("staff",) if session.attribution_mode == AttributionMode.OPEN else ()
    noted = world.plant(f"shared notes of a {where}", *runs)
    SharedNotes.objects.create(session=session, text=f"We said {noted}.", version=1)
    for is_anonymous in (False, True):
        name = world.plant(f"asker of a question at a {where}", *(() if is_anonymous else runs))
        asker = MemberProfileFactory(name=name, slug=f"asker-{len(world.secrets)}", is_listed=False)
        text = world.plant(f"question at a {where}", *readers)
        world.questions.append(
            Question.objects.create(session=session, asker=asker, text=text, is_anonymous=is_anonymous)
        )


def _plant_saved_searches(world: World) -> None:
    """Everybody with an account keeps a search for whatever is new, and one that says something about them.

    All of them are told what was new then, and each was told something by somebody.
    """
    for viewer, user in world.viewers.items():
        if user is None:
            continue
        for asked in ("title", world.plant(f"saved search of {viewer}: its question", viewer)):
            name = world.plant(f"saved search of {viewer}: its name", viewer)
            saving.save(user, QueryDict(urlencode({"q": asked})), name=name)
        words = {what: world.plant(f"news of {viewer}: its {what}", viewer) for what in ("text", "detail")}
        news.tell(user, kind=registry.kinds()[0], url="/my-hub/", **words)
    Told.objects.all().delete()
    SavedSearch.objects.update(looked_at=timezone.now() - timedelta(days=8))
    alerts.send_alerts()
    world.news = list(Notification.objects.order_by("pk"))
