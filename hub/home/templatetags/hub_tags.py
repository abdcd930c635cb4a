"""Small helpers of the templates. They format; they run no query and decide nothing about visibility."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import Filter
from wagtail.images.shortcuts import get_renditions_or_not_found

from hub.kernel.dates import in_words
from hub.media.models import HubImage
from hub.taxonomy.pairs import Pair, pair_of

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """A drawing of the sprite, silent to screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" icon--{size}" if size else "",
        static("img/icons.svg"),
        name,
    )


STYLESHEETS = [
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components/masthead.css",
    "css/components/controls.css",
    "css/components/marks.css",
    "css/components/rows.css",
    "css/components/seat-table.css",
    "css/components/calendar.css",
    "css/components/reading.css",
    "css/components/search.css",
    "css/components/people.css",
    "css/components/notices.css",
    "css/components/propose.css",
    "css/components/session-room.css",
    "css/components/takeaways.css",
]  # in the order of the cascade


@register.simple_tag
@cache
def stylesheets() -> SafeString:
    """Every style sheet of the site. Where they lie never changes while a process runs."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(path),) for path in STYLESHEETS))


@register.simple_tag
def picture(image: HubImage, spec: str) -> Any:
    """The picture in the size and format that `spec` says, such as "width-1216|format-webp".

    What Wagtail's own tag gives, which reads its `spec` anew for each picture it shows, and writes what it
    found in the cache back into it.
    """
    (rendition,) = get_renditions_or_not_found(image, [_filter(spec)]).values()
    return rendition


@cache
def _filter(spec: str) -> Filter:
    return Filter(spec=spec)


@register.simple_tag
def absolute(path: str) -> str:
    """The full address of a path of this hub, for cards, feeds and canonical links."""
    return path if path.startswith(("http://", "https://")) else f"{settings.HUB_BASE_URL}{path}"


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """The numbers to show under a list: the ends, the ones around the current page, and gaps."""
    paginator = page.paginator
    return list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def section(path: str) -> str:
    """The first part of a path: which word of the masthead the page belongs to."""
    return path.strip("/").partition("/")[0]


@register.filter
def plain_date(value: date | datetime | None) -> str:
    """“12 November”, with the year only if it is another one."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return in_words(value, timezone.localdate())


@register.filter
def counted(number: int, words: str) -> str:
    """`{{ 3|counted:"seat,seats" }}` is “3 seats”."""
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.filter
def initials(name: str | None) -> str:
    """Two letters that stand for a person; a dash for nobody."""
    words = (name or "").split()
    if not words:
        return "–"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def as_pair(person: Any) -> Pair | None:
    """The function × industry of a person, as far as they are shown."""
    return pair_of(person.function, person.industry)


@register.filter
def city(zone: str) -> str:
    """“Europe/Lisbon” is “Lisbon”."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def host(url: str) -> str:
    """The site a link leads to, so that nobody is surprised: “https://www.example.org/a” is “example.org”."""
    return url.partition("://")[2].partition("/")[0].removeprefix("www.") or url


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control in the hub's dress; label, help and error are the component's."""
    plain = field.widget_type in {"checkbox", "radioselect", "checkboxselectmultiple", "clearablefile", "file"}
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={} if plain else {"class": f"input {own}".strip()})
