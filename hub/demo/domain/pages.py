"""The demo community's pages: practices, series, sessions with their tables, reports, plain pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.models import Workflow
from wagtail.rich_text import RichText

from hub.demo import papers, pictures
from hub.demo.domain import content
from hub.demo.domain.content import ContentFile
from hub.editorial.enums import BylineRole
from hub.editorial.markdown import blocks
from hub.editorial.models import Byline, KnowledgePage, RelatedPage
from hub.home.models import HomePage, StandardPage
from hub.media.models import HubDocument, HubImage
from hub.members.models import MemberProfile
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import BasePage, PageSeat
from hub.practices.models import SECTIONS, PracticePage, PracticesIndexPage
from hub.taxonomy.models import Function, Industry, Topic
from research.models import ReportPage, ResearchIndexPage
from roundtables.domain import invitations
from roundtables.domain.planning import plan_all
from roundtables.enums import SeatRole, SeatState
from roundtables.models import Question, QuestionVote, RoundtablesIndexPage, SeriesPage, SessionPage, SessionSeat
from roundtables.rules import answer_by

PREFIX = "demo/"
Fill = Callable[[Any, ContentFile, date], None]


def load(today: date, tell: Callable[[str], None] = lambda text: None) -> int:
    """Create every page that is not there yet; returns how many. `tell` hears about each page."""
    before = BasePage.objects.count()
    kinds: Iterable[tuple[str, Any, type[BasePage], Fill]] = (
        ("pages", StandardPage, HomePage, _fill_body),
        ("practices", PracticePage, PracticesIndexPage, _fill_practice),
        ("reports", ReportPage, ResearchIndexPage, _fill_report),
        ("series", SeriesPage, RoundtablesIndexPage, _fill_series),
        ("sessions", SessionPage, RoundtablesIndexPage, _fill_session),
    )
    for folder, model, parent_model, fill in kinds:
        for source in content.files(folder):
            if not BasePage.objects.filter(source_path=PREFIX + source.path).exists():
                tell(source.text("title"))
                _create(source, model, parent_model, fill, today)
    _relate()
    _attach_papers()
    plan_all()
    return BasePage.objects.count() - before


def _create(source: ContentFile, model: Any, parent_model: type[BasePage], fill: Fill, today: date) -> None:
    page = model(
        title=source.text("title"),
        slug=source.slug,
        gist=source.text("gist"),
        audience=Audience[source.text("audience", "public").upper()],
        source_path=PREFIX + source.path,
        verified_on=content.day(source.text("verified_on"), today),
        verify_by=content.day(source.text("verify_by"), today),
        verified_by=_person(source.text("verified_by")),
        live=False,
    )
    fill(page, source, today)
    bylines = _bylines(source)
    page.owner = next((line.person.user for line in bylines if line.person and line.person.user), None)
    parent = _parent(source, parent_model)
    parent.add_child(instance=page)
    page.bylines = bylines
    for field, vocabulary in (("topics", Topic), ("functions", Function), ("industries", Industry)):
        getattr(page, field).set(vocabulary._default_manager.filter(slug__in=source.items(field)))
    if isinstance(page, (SessionPage, ReportPage)) or source.text("picture"):
        page.image = _picture(page)
    published = content.day(source.text("published"), today)
    if published:
        page.first_published_at = datetime.combine(published, datetime.min.time(), timezone.get_current_timezone())
    revision = page.save_revision(user=page.owner)
    state = source.text("state", "published")
    if state == "published":
        revision.publish()
    if isinstance(page, SessionPage):
        _seat(page, source, today)
        _ask(page, source)
        _invite(page, source)
    else:
        _page_seats(page, source)
    if state == "in_review":
        workflow = page.get_workflow() or Workflow.objects.active().first()
        if workflow is not None:
            workflow.start(page, page.owner)


def _fill_body(page: Any, source: ContentFile, today: date) -> None:
    page.body = _blocks(source.body)


def _fill_practice(page: PracticePage, source: ContentFile, today: date) -> None:
    sections = source.sections()
    for name, heading in SECTIONS:
        setattr(page, name, _blocks(sections.get(heading.lower(), "")))


def _fill_report(page: ReportPage, source: ContentFile, today: date) -> None:
    _fill_body(page, source, today)
    page.method = source.text("method")
    page.published_on = content.day(source.text("published_on"), today)


def _fill_series(page: SeriesPage, source: ContentFile, today: date) -> None:
    """Some series meet by a rule; their sessions are planned as everybody's are."""
    _fill_body(page, source, today)
    page.rule = source.text("rule")
    page.starts_on = content.day(source.text("starts_on"), today)
    page.start_time = time.fromisoformat(source.text("start_time")) if page.rule else None
    page.time_zone = source.text("time_zone", page.time_zone)
    page.minutes = int(source.text("minutes", "90"))
    page.capacity = int(source.text("capacity", "12"))
    page.publishes_sessions = bool(page.rule)


def _fill_session(page: SessionPage, source: ContentFile, today: date) -> None:
    before, _, notes = source.body.partition(content.NOTES_MARK)
    page.body = _blocks(before.strip())
    page.notes = _blocks(notes.strip())
    page.time_zone = source.text("time_zone", "Europe/London")
    page.starts_at = content.moment(source.text("starts"), today, page.time_zone)
    page.ends_at = page.starts_at + timedelta(minutes=int(source.text("minutes", "90")))
    page.format = source.text("format", page.format)
    page.place = source.text("place", page.place)
    page.location = source.text("location")
    page.join_url = source.text("join_url")
    page.organiser = source.text("organiser")
    page.capacity = int(source.text("capacity", "12"))
    page.kept_seats = int(source.text("kept_seats", "0"))
    page.kept_until = content.day(source.text("kept_until"), today)
    page.attribution_mode = source.text("attribution_mode", page.attribution_mode)
    page.agenda = [
        ("item", {"led_by": "", "text": "", **row, "minutes": int(row["minutes"])}) for row in source.items("agenda")
    ]


def _blocks(markdown: str) -> list[tuple[str, Any]]:
    return blocks.levelled(blocks.convert(markdown, resolve=_as_written).blocks)


def _as_written(address: str) -> str | None:
    """Links of the content lead where they say."""
    return address


def _parent(source: ContentFile, parent_model: type[BasePage]) -> BasePage:
    series = source.text("series")
    if series:
        return SeriesPage.objects.get(slug=series)
    return parent_model.objects.get()


def _person(slug: str) -> MemberProfile | None:
    return MemberProfile.objects.filter(slug=slug).first() if slug else None


def _bylines(source: ContentFile) -> list[Byline]:
    lines: list[Byline] = []
    for key, role in (("authors", BylineRole.AUTHOR), ("hosts", BylineRole.HOST), ("guests", BylineRole.GUEST)):
        for item in source.items(key):
            outside = item.get("external", item) if isinstance(item, dict) else None
            lines.append(
                Byline(
                    role=role,
                    sort_order=len(lines),
                    person=None if outside else MemberProfile.objects.get(slug=item),
                    external_name=outside["name"] if outside else "",
                    external_organisation=outside.get("organisation", "") if outside else "",
                )
            )
    return lines


def _seat(session: SessionPage, source: ContentFile, today: date) -> None:
    """Fill the table: the head first, then everybody in the order of the file."""
    roles = {slug: SeatRole.HOST for slug in source.items("hosts") if isinstance(slug, str)}
    roles |= {slug: SeatRole.GUEST for slug in source.items("guests") if isinstance(slug, str)}
    rows: list[dict[str, Any]] = [{"person": slug, "shown": True} for slug in roles]
    rows += [row for row in source.items("seats") if row["person"] not in roles]
    ended = session.ends_at is not None and session.ends_at < timezone.now()
    for row in rows:
        state = SeatState(row.get("state", SeatState.GOING))
        SessionSeat.objects.update_or_create(  # the head of a session to come sat down when it was published
            session=session,
            profile=MemberProfile.objects.get(slug=row["person"]),
            defaults={
                "state": state,
                "role": roles.get(row["person"], SeatRole.MEMBER),
                "is_shown": content.is_true(row.get("shown", False)),
                "attended": (state == SeatState.GOING) if ended else None,
                "offered_until": answer_by(session) if state == SeatState.OFFERED else None,
            },
        )


def _invite(session: SessionPage, source: ContentFile) -> None:
    """Whom the file says was asked to the table, by whom and why."""
    session = SessionPage.objects.get(pk=session.pk)  # as it was published, which is another object
    for row in source.items("invitations"):
        invited, inviter = (MemberProfile.objects.get(slug=row[key]) for key in ("person", "by"))
        invitations.invite(session, inviter, invited, why=row["why"])


def _ask(session: SessionPage, source: ContentFile) -> None:
    """Put the questions of the file to the table, with the votes of those it names."""
    for row in source.items("questions"):
        asker = MemberProfile.objects.get(slug=row["person"])
        question = Question.objects.create(
            session=session, asker=asker, text=row["text"], is_anonymous=content.is_true(row.get("anonymous", False))
        )
        voters = MemberProfile.objects.filter(slug__in=row.get("votes", []))
        QuestionVote.objects.bulk_create(QuestionVote(question=question, profile=voter) for voter in voters)


def _page_seats(page: KnowledgePage, source: ContentFile) -> None:
    for row in source.items("seats"):
        person = _person(row["person"])
        if person is not None and person.user is not None:
            PageSeat.objects.get_or_create(
                page_id=page.pk, user=person.user, defaults={"role": PageSeatRole(row["role"])}
            )


def _picture(page: KnowledgePage) -> HubImage:
    return HubImage.objects.create(
        title=page.title,
        description="A round table seen from above, drawn for this page.",
        file=ImageFile(io.BytesIO(pictures.draw(page.slug)), name=f"{page.slug}.png"),
    )


def _relate() -> None:
    """Put related pages beside each other, once all of them exist."""
    by_slug = {page.slug: page for page in BasePage.objects.filter(source_path__startswith=PREFIX)}
    for folder in ("practices", "reports", "sessions", "series", "pages"):
        for source in content.files(folder):
            page = by_slug.get(source.slug)
            targets = [by_slug[slug] for slug in source.items("related") if slug in by_slug]
            if page is None or not targets or RelatedPage.objects.filter(page_id=page.pk).exists():
                continue
            specific = page.specific
            specific.related_links = [
                RelatedPage(target=target, sort_order=number) for number, target in enumerate(targets)
            ]
            revision = specific.save_revision(user=specific.owner)
            if specific.live:
                revision.publish()


def _attach_papers() -> None:
    """Put worksheets and checklists on the pages they belong to, once those exist."""
    for source in content.files("papers"):
        title = source.text("title")
        found = BasePage.objects.filter(source_path__startswith=PREFIX, slug=source.text("page")).first()
        if found is None or HubDocument.objects.filter(title=title).exists():
            continue
        page, form = found.specific, source.text("format")
        paper = HubDocument(title=title, uploaded_by_user=page.owner)
        paper.file.save(f"{source.slug}.{form}", File(io.BytesIO(papers.make(source.body, form))), save=False)
        paper._set_document_file_metadata()
        paper.save()
        link = f'<p>To print: <a linktype="document" id="{paper.pk}">{title}</a> ({form.upper()}).</p>'
        getattr(page, source.text("field")).append(("text", RichText(link)))
        revision = page.save_revision(user=page.owner)
        if page.live:
            revision.publish()
