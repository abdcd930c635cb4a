"""Where the links of an archive lead once its files are pages of the hub."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit

from hub.editorial.markdown.rich_text import Target

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_DOCUMENT = re.compile(r"(?:/?_?index)?\.(?:md|markdown|mdown|html?|yml|yaml)$", re.I)
_BLANKS = re.compile(r"[\x00-\x20\x7f\u00a0\u200b\ufeff]+")


def plain(path: str) -> str:
    """One spelling for a file's path and for an address: no slashes around it, no ending, lower case."""
    trimmed = _DOCUMENT.sub("", unquote(path).strip().strip("/")).strip("/").lower()
    return re.sub(r"(?:^|/)_?index$", "", trimmed)


@dataclass
class Addresses:
    """What is known about the places an archive's links may mean.

    `pages` maps a plain path or address to the page it has become, `planned` those that this run will still
    create. `host` and everything below belongs to the archive; other addresses are left alone.
    """

    source_url: str = ""
    pages: dict[str, int] = field(default_factory=dict)
    planned: set[str] = field(default_factory=set)
    stems: dict[str, set[str]] = field(default_factory=dict)

    def plan(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key:
                self.planned.add(key)
                self.stems.setdefault(key.rsplit("/", 1)[-1], set()).add(key)

    def learn(self, keys: Iterable[str], page: int) -> None:
        for key in keys:
            if key:
                self.pages[key] = page
                self.stems.setdefault(key.rsplit("/", 1)[-1], set()).add(key)

    def linker(self, path: str) -> Linker:
        """The links of one file."""
        return Linker(self, path)


@dataclass
class Linker:
    """Resolves the links of one file; remembers whether it met pages that are still to come."""

    addresses: Addresses
    path: str
    waiting: bool = False

    def __call__(self, href: str) -> Target:
        href = _BLANKS.sub("" if _SCHEME.match(_BLANKS.sub("", href)) else "%20", href.strip())
        if not href or href.startswith("#"):
            return None
        if href.startswith("//"):
            href = f"https:{href}"
        if _SCHEME.match(href):
            return self._elsewhere(href)
        return self._within(href)

    def _elsewhere(self, href: str) -> Target:
        scheme = href.split(":", 1)[0].lower()
        if scheme in ("mailto", "tel"):
            return _quoted(href)
        if scheme not in ("http", "https"):
            return None
        try:
            parts, home = urlsplit(href), urlsplit(self.addresses.source_url)
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return None
        if not host:
            return None
        if home.hostname and host == home.hostname.removeprefix("www.") and len(parts.path) > 1:
            base = plain(home.path)
            address = plain(parts.path)
            found = self._page([address.removeprefix(f"{base}/") if base else address])
            if found is not None:
                return found
        return _quoted(href)

    def _within(self, href: str) -> Target:
        path, _, rest = href.partition("#")
        path, question, query = path.partition("?")
        if not path:
            return None
        here = posixpath.dirname(self.path)
        relative = not path.startswith("/")
        full = posixpath.normpath(posixpath.join("/", here, path)) if relative else posixpath.normpath(path)
        keys = [plain(full), plain(path)]
        loose = bool(_DOCUMENT.search(path)) or relative
        found = self._page(keys, loose=loose)
        if found is not None:
            return found
        base = self.addresses.source_url
        if not base:
            return None
        if base.endswith("/") and relative:  # the archive's files themselves lie there
            target = urljoin(base, posixpath.join(here, path))
        else:
            target = urljoin(base, "/" + (_DOCUMENT.sub("/", full if relative else path).lstrip("/")))
        return _quoted(target + question + query + (f"#{rest}" if rest else ""))

    def _page(self, keys: list[str], *, loose: bool = False) -> int | None:
        if loose and keys:
            stem = keys[0].rsplit("/", 1)[-1]
            same = self.addresses.stems.get(stem, set())
            known = {self.addresses.pages[key] for key in same if key in self.addresses.pages}
            if len(known) == 1 and not (same & self.addresses.planned - self.addresses.pages.keys()):
                keys = [*keys, *(key for key in same if key in self.addresses.pages)]
            elif same and not known:
                self.waiting = True
        for key in keys:
            if key in self.addresses.pages:
                return self.addresses.pages[key]
        if any(key in self.addresses.planned for key in keys):
            self.waiting = True
        return None


def _quoted(href: str) -> str | None:
    safe = quote(href, safe=":/?#[]@!$&'()*+,;=%~-._")
    return safe if len(safe) <= 2000 else None
