"""Who may read which page, through saves, moves and restrictions."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from hub.accounts.enums import Role
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from tests.factories import PracticePageFactory, StandardPageFactory, UserFactory

pytestmark = pytest.mark.django_db


def titles(viewer):
    return set(BasePage.objects.visible_to(viewer).filter(depth__gt=3).values_list("title", flat=True))


def test_each_role_sees_its_own_level_and_below(member, leader, staff):
    for audience in Audience:
        PracticePageFactory(title=audience.name, audience=audience)
    PracticePageFactory(title="draft", audience=Audience.PUBLIC, live=False)
    sees = {
        "visitor": ({"PUBLIC"}, AnonymousUser()),
        "nobody": ({"PUBLIC"}, None),
        "applicant": ({"PUBLIC"}, UserFactory()),
        "member": ({"PUBLIC", "MEMBERS"}, member),
        "leader": ({"PUBLIC", "MEMBERS", "LEADERS"}, leader),
        "staff": ({"PUBLIC", "MEMBERS", "LEADERS", "STAFF"}, staff),
        "closed account": ({"PUBLIC"}, UserFactory(role=Role.STAFF, is_active=False)),
        "administrator": ({"PUBLIC", "MEMBERS", "LEADERS", "STAFF"}, UserFactory(is_superuser=True)),
    }
    for who, (expected, viewer) in sees.items():
        assert titles(viewer) == expected, who


def test_a_stricter_section_decides_for_its_pages(member):
    section = StandardPageFactory(title="section")
    page = StandardPageFactory(title="page", parent=section)
    assert titles(None) == {"page"}
    section.refresh_from_db()
    section.audience = Audience.LEADERS
    section.save_revision().publish()
    assert titles(None) == set()
    assert titles(member) == set()
    page.refresh_from_db()
    assert page.audience == Audience.PUBLIC  # the page's own choice comes back with the section's
    section.audience = Audience.PUBLIC
    section.save_revision().publish()
    assert titles(None) == {"page"}


@pytest.mark.parametrize(("live", "draft"), [(Audience.MEMBERS, Audience.PUBLIC), (Audience.PUBLIC, Audience.STAFF)])
def test_the_audience_of_a_draft_counts_when_it_is_published(live, draft):
    page = PracticePageFactory(audience=live)
    page.audience = draft
    revision = page.save_revision()
    assert BasePage.objects.get(pk=page.pk).effective_audience == live
    revision.publish()
    assert BasePage.objects.get(pk=page.pk).effective_audience == draft


def test_moving_a_page_takes_on_the_new_sections_audience():
    secret, open_ = StandardPageFactory(title="secret", audience=Audience.STAFF), StandardPageFactory(title="open")
    page = StandardPageFactory(title="page", parent=open_)
    StandardPageFactory(title="below", parent=page)
    assert titles(None) == {"page", "below"}
    BasePage.objects.get(pk=page.pk).move(BasePage.objects.get(pk=secret.pk), pos="last-child")
    assert titles(None) == set()
    BasePage.objects.get(pk=page.pk).move(BasePage.objects.get(pk=open_.pk), pos="last-child")
    assert titles(None) == {"page", "below"}


@pytest.mark.parametrize(
    ("kind", "group", "expected"),
    [
        ("login", None, Audience.MEMBERS),
        ("groups", "Member-leaders", Audience.LEADERS),
        ("groups", "Book club", Audience.STAFF),
        ("password", None, Audience.STAFF),
    ],
)
def test_wagtails_own_restrictions_fold_into_the_one_rule(kind, group, expected):
    section = StandardPageFactory(title="section")
    page = StandardPageFactory(title="page", parent=section)
    restriction = PageViewRestriction.objects.create(page_id=section.pk, restriction_type=kind, password="x")
    if group:
        restriction.groups.add(Group.objects.get_or_create(name=group)[0])
    page.refresh_from_db()
    assert page.effective_audience == expected
    restriction.delete()
    page.refresh_from_db()
    assert page.effective_audience == Audience.PUBLIC


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_tree_and_any_changes_equal_a_walk_up_the_ancestors(db, data):
    """Property: after any order of saves and moves, the stored audience is what a walk up the tree gives."""
    from hub.home.models import HomePage, StandardPage

    home = HomePage.objects.get()
    for child in home.get_children().type(StandardPage):
        BasePage.objects.get(pk=child.pk).delete()
    pks = []
    for number in range(6):
        parent = data.draw(st.sampled_from([home.pk, *pks]))
        page = StandardPage(title=f"p{number}", audience=data.draw(st.sampled_from(Audience.values)))
        BasePage.objects.get(pk=parent).add_child(instance=page)
        pks.append(page.pk)
    for _ in range(5):
        page = BasePage.objects.get(pk=data.draw(st.sampled_from(pks)))
        if data.draw(st.booleans()):
            page.audience = data.draw(st.sampled_from(Audience.values))
            page.save()
        else:
            target = BasePage.objects.get(pk=data.draw(st.sampled_from([home.pk, *pks])))
            if target.pk != page.pk and not target.is_descendant_of(page):
                page.move(target, pos="last-child")
    for page in BasePage.objects.filter(pk__in=pks):
        assert page.effective_audience == max(p.audience for p in page.get_ancestors(inclusive=True))
