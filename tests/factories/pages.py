"""Pages below the index pages that the migrations create; live, with a revision, unless told otherwise."""

from datetime import timedelta

import factory
from django.utils import timezone

from hub.home.models import HomePage, StandardPage
from hub.pages.models import BasePage
from hub.practices.models import PracticePage, PracticesIndexPage
from research.models import ReportPage, ResearchIndexPage
from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage


class PageFactory(factory.django.DjangoModelFactory):
    """`parent=` chooses another parent; `live=False` makes a draft; `many=dict(topics=[…])` sets relations."""

    gist = "What a reader should take away."

    class Meta:
        abstract = True
        exclude = ("parent_model",)

    parent_model = None

    @classmethod
    def _create(cls, model_class, *args, parent=None, live=True, many=None, **fields):
        parent_model = cls._meta.declarations.get("parent_model") or fields.pop("parent_model", None)
        parent = BasePage.objects.get(pk=parent.pk) if parent is not None else parent_model.objects.first()
        page = model_class(live=False, **fields)
        parent.add_child(instance=page)
        for name, values in (many or {}).items():
            getattr(page, name).set(values)
        revision = page.save_revision(user=fields.get("owner"))
        if live:
            revision.publish()
            page = model_class.objects.get(pk=page.pk)
        return page


class PracticePageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Practice {n}")
    parent_model = PracticesIndexPage

    class Meta:
        model = PracticePage


class SeriesPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Series {n}")
    parent_model = RoundtablesIndexPage

    class Meta:
        model = SeriesPage


class SessionPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Session {n}")
    parent_model = RoundtablesIndexPage
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=1))
    capacity = 12

    class Meta:
        model = SessionPage


class ReportPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Report {n}")
    parent_model = ResearchIndexPage
    published_on = factory.LazyFunction(lambda: timezone.localdate())

    class Meta:
        model = ReportPage


class StandardPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Page {n}")
    parent_model = HomePage

    class Meta:
        model = StandardPage
