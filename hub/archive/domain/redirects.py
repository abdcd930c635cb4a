"""Old addresses of an archive lead to what its files have become."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wagtail.contrib.redirects.models import Redirect

_LONGEST = 255


@dataclass
class Redirects:
    """Redirects waiting to be written: old path → page, or address elsewhere. Written in batches; what exists stays."""

    waiting: dict[str, int | str] = field(default_factory=dict)

    def to_page(self, old: str, page: int) -> None:
        self._add(old, page)

    def elsewhere(self, old: str, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and len(url) <= _LONGEST:
            self._add(old, url)

    def _add(self, old: str, target: int | str) -> None:
        path = Redirect.normalise_path(old)
        if path and path != "/" and len(path) <= _LONGEST:
            self.waiting.setdefault(path, target)

    def take(self, other: Redirects) -> None:
        for path, target in other.waiting.items():
            self.waiting.setdefault(path, target)

    def write(self) -> int:
        """Write what waits, and return how many were new. One query to look, one to write."""
        existing = Redirect.objects.filter(old_path__in=list(self.waiting)).values_list("old_path", flat=True)
        known = set(existing)
        fresh = [
            Redirect(
                old_path=path,
                redirect_page_id=target if isinstance(target, int) else None,
                redirect_link=target if isinstance(target, str) else "",
                automatically_created=True,
            )
            for path, target in self.waiting.items()
            if path not in known
        ]
        Redirect.objects.bulk_create(fresh)
        self.waiting.clear()
        return len(fresh)
