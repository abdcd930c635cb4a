"""Looking after one's own profile, and pictures."""

import time
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hub.accounts.models import User
from hub.media.models import HubImage
from hub.media.rules import may_see
from hub.members.domain.roles import sync_roles
from hub.members.enums import PROFILE_ACTIONS, PROFILE_FIELDS, ShownTo
from hub.members.models import MemberProfile
from hub.members.pictures import PICTURES
from tests.factories import MemberProfileFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

HERE = "/my-hub/profile/"


@pytest.fixture(autouse=True)
def no_renditions_of_other_tests():
    """Wagtail remembers renditions in the cache, by numbers that every test begins anew."""
    cache.clear()


def answers(person, **changes):
    """What the form posts when nothing is changed, and the changes."""
    data = {f"{name}_shown_to": getattr(person, f"{name}_shown_to") for name in (*PROFILE_FIELDS, *PROFILE_ACTIONS)}
    data |= {
        name: getattr(person, name) for name in ("name", "organisation", "job_title", "bio", "time_zone", "website")
    }
    data |= {"function": person.function_id or "", "industry": person.industry_id or "", "is_listed": "on"}
    return data | changes


def picture(size=(400, 300), kind="JPEG", exif=None, name="me.jpg"):
    out = BytesIO()
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, (200, 30, 60))
    image.save(out, kind, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def mine(client, member):
    client.force_login(member)
    return member.profile


def test_strangers_are_asked_to_log_in(client):
    assert client.get(HERE)["Location"] == f"/accounts/login/?next={HERE}"


def test_an_account_without_a_profile_gets_one(client):
    user = UserFactory(first_name="Nia", last_name="New")
    client.force_login(user)
    assert client.get(HERE).status_code == 200
    profile = MemberProfile.objects.get(user=user)
    assert (profile.name, profile.slug, profile.is_listed) == ("Nia New", "nia-new", False)  # a visitor is not listed


def test_values_and_levels_are_saved(client, mine):
    topic = TopicFactory()
    data = answers(mine, bio="I ask questions.", bio_shown_to=ShownTo.ONLY_ME, name="Mona  Newname", topics=[topic.pk],
                   name_shown_to=ShownTo.PUBLIC, website="example.org", time_zone="Europe/Lisbon")  # fmt: skip
    response = client.post(HERE, data, follow=True)
    assert "Your profile is saved." in response.content.decode()
    mine.refresh_from_db()
    assert (mine.name, mine.bio, mine.website, mine.time_zone) == (
        "Mona Newname", "I ask questions.", "https://example.org", "Europe/Lisbon",
    )  # fmt: skip
    assert (mine.bio_shown_to, mine.name_shown_to) == (ShownTo.ONLY_ME, ShownTo.PUBLIC)
    assert list(mine.topics.all()) == [topic]
    mine.user.refresh_from_db()
    assert mine.user.get_full_name() == "Mona Newname"


def test_every_field_has_its_choice_of_who_sees_it(client, mine):
    html = client.get(HERE).content.decode()
    for name in (*PROFILE_FIELDS, *PROFILE_ACTIONS):
        assert f'name="{name}_shown_to"' in html and f'for="id_{name}_shown_to"' in html, name


def test_what_was_typed_is_kept_when_something_is_wrong(client, mine):
    html = client.post(HERE, answers(mine, name="  ", bio="Keep me.", website="javascript:alert(1)")).content.decode()
    assert "Not saved yet" in html and "Keep me." in html
    assert "This is not the address of a website" in html
    mine.refresh_from_db()
    assert mine.name == "Mona Member" and mine.website == ""


@pytest.mark.parametrize(
    "nonsense",
    [
        {"time_zone": "Mars/Olympus"},
        {"bio_shown_to": 7},
        {"bio_shown_to": "x"},
        {"function": 99999},
        {"topics": [99999]},
    ],
)
def test_nonsense_is_refused(client, mine, nonsense):
    assert "Not saved yet" in client.post(HERE, answers(mine, **nonsense)).content.decode()


def test_nobody_writes_into_what_is_not_theirs(client, mine):
    other = MemberProfileFactory(name="Other")
    client.post(HERE, answers(mine, user=other.user.pk, slug="stolen", id=other.pk, external_id="x", pk=other.pk))
    other.refresh_from_db()
    mine.refresh_from_db()
    assert other.name == "Other" and mine.slug == "mona-member" and mine.external_id == ""


# --- pictures


def test_a_picture_is_turned_upright_scaled_and_stripped(client, mine):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010E] = "canary description"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    client.post(HERE, answers(mine, picture_file=picture((1600, 1200), exif=exif)))
    mine.refresh_from_db()
    assert mine.picture.title == "Profile picture" and mine.picture.collection.name == PICTURES
    assert "me" not in mine.picture.filename.removesuffix(".jpg").split("-")
    with mine.picture.file.open("rb") as handle:
        raw = handle.read()
    kept = Image.open(BytesIO(raw))
    assert kept.format == "JPEG" and kept.size == (750, 1000)
    assert not dict(kept.getexif()) and b"canary" not in raw and b"Exif" not in raw


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (lambda: SimpleUploadedFile("me.jpg", b"not a picture at all"), "could not be read as a picture"),
        (lambda: SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "could not be read"),
        (lambda: picture(kind="GIF"), "could not be read as a picture"),
        (lambda: picture((50, 50)), "smaller than 120 pixels"),
        (lambda: picture((6100, 130)), "wider or higher than 6000 pixels"),
        (lambda: SimpleUploadedFile("me.jpg", b"x" * (5 * 1024 * 1024 + 1)), "larger than 5 MB"),
        (lambda: SimpleUploadedFile("me.png", picture(kind="PNG").read()[:200]), "could not be read as a picture"),
    ],
)
def test_what_is_no_good_as_a_picture_is_refused_with_a_next_step(client, mine, upload, sentence):
    html = client.post(HERE, answers(mine, picture_file=upload())).content.decode()
    assert sentence in html and "Not saved yet" in html
    mine.refresh_from_db()
    assert mine.picture is None


def test_the_old_picture_goes_when_a_new_one_comes_or_it_is_taken_away(client, mine):
    client.post(HERE, answers(mine, picture_file=picture()))
    client.post(HERE, answers(mine, picture_file=picture(kind="PNG", name="me.png")))
    assert HubImage.objects.count() == 1
    client.post(HERE, answers(mine, remove_picture="on"))
    assert HubImage.objects.count() == 0


def test_a_picture_from_the_library_stays_in_the_library(client, mine):
    library = HubImage.objects.create(title="Group photo", file=picture())
    mine.picture = library
    mine.save()
    client.post(HERE, answers(mine, remove_picture="on"))
    assert HubImage.objects.filter(pk=library.pk).exists()


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        (ShownTo.PUBLIC, {"visitor", "member", "leader", "staff", "owner"}),
        (ShownTo.MEMBERS, {"member", "leader", "staff", "owner"}),
        (ShownTo.CONNECTED, {"owner"}),
        (ShownTo.ONLY_ME, {"owner"}),
    ],
)
def test_a_picture_is_served_exactly_to_those_who_may_see_it(client, member, leader, staff, level, seen_by):
    owner = MemberProfileFactory(name="Owner")
    client.force_login(owner.user)
    client.post(HERE, answers(owner, picture_file=picture(), picture_shown_to=level, name_shown_to=ShownTo.PUBLIC))
    owner.refresh_from_db()
    url = owner.picture.get_rendition("fill-240x240").url
    found = set()
    for name, user in (
        ("visitor", None),
        ("member", member),
        ("leader", leader),
        ("staff", staff),
        ("owner", owner.user),
    ):
        browser = type(client)()
        if user:
            browser.force_login(user)
        response = browser.get(url)
        if response.status_code == 200:
            found.add(name)
            assert "private" in response["Cache-Control"]
            b"".join(response.streaming_content)
        assert (url in browser.get(f"/people/{owner.slug}/").content.decode()) == (name in seen_by)
    assert found == seen_by


def test_the_library_of_the_editor_does_not_hold_peoples_own_pictures(client, staff):
    owner = MemberProfileFactory(name="Owner")
    client.force_login(owner.user)
    client.post(HERE, answers(owner, picture_file=picture(), picture_shown_to=ShownTo.ONLY_ME))
    owner.refresh_from_db()
    HubImage.objects.create(title="Library picture", file=picture())
    for user in (staff, UserFactory(is_superuser=True)):
        client.force_login(user)
        for path in ("/admin/images/", "/admin/images/chooser/", "/admin/images/chooser/results/"):
            html = client.get(path).content.decode()
            assert "Library picture" in html and "Profile picture" not in html.replace("Profile pictures", ""), path
        for path in ("", "usage/", "delete/"):
            response = client.get(f"/admin/images/{path}{owner.picture.pk}/")
            assert response.status_code in (302, 403, 404), path
        assert client.get(f"/admin/images/chooser/{owner.picture.pk}/").status_code != 200


def test_whoever_renames_collections_does_not_open_peoples_own_pictures(client, staff):
    sync_roles()
    owner = MemberProfileFactory(name="Owner")
    client.force_login(owner.user)
    client.post(HERE, answers(owner, picture_file=picture(), picture_shown_to=ShownTo.ONLY_ME))
    owner.refresh_from_db()
    kept = owner.picture.collection
    client.force_login(staff)
    assert client.post(f"/admin/collections/{kept.pk}/", {"name": "Old uploads", "parent": 1}).status_code == 302
    image = HubImage.objects.get(pk=owner.picture_id)
    assert not may_see(image, User.objects.get(pk=staff.pk))
    assert "Profile picture" not in client.get("/admin/images/").content.decode().replace("Profile pictures", "")


def test_time_zones_are_quick_to_list():
    from hub.members.forms import time_zones

    started = time.perf_counter()
    worlds = dict(time_zones())
    assert time.perf_counter() - started < 1
    assert ("Europe/Lisbon", "Lisbon") in worlds["Europe"]
