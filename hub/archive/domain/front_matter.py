"""Read one file of an archive: its front matter (YAML or TOML), its text, and where each line stood."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hub.archive.domain.problems import Remark, SourceError

LARGEST_FILE = 2_000_000  # bytes; a text of that size is no article, and would hold everybody else up
_OPENING = re.compile(r"[ \t\n]*(?P<fence>---|\+\+\+)[ \t]*\n")
_LOOKS_LIKE_A_KEY = re.compile(r"[ \t]*(#|[\w\"'-]+[\w \"'-]*[ \t]*[:=])")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass
class SourceFile:
    """One file as it was read. Values keep the text they had in the file; lines count from 1."""

    path: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    comments: str = ""
    repeated: dict[str, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def has_front_matter(self) -> bool:
        return bool(self.values)

    def line_of(self, key: str) -> int:
        """The line a key of the front matter stands on; the file's first line if it has no such key."""
        return self.lines.get(key, 1)


class _TextLoader(yaml.SafeLoader):
    """YAML in which every plain value stays the text its author typed.

    A postcode such as 01234, a slug such as 2020 or a date without a zone would otherwise come back
    as something nobody wrote. Only an explicit null is understood.
    """


_TextLoader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [pair for pair in resolvers if pair[0] == "tag:yaml.org,2002:null"])
}


def read(file: Path, root: Path) -> SourceFile:
    """Read `file` of the archive at `root`. Raises SourceError for what cannot be read as text."""
    path = file.relative_to(root).as_posix()
    data = file.read_bytes()
    if len(data) > LARGEST_FILE:
        raise SourceError(
            f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Split it, then run the import again."
        )
    return parse(decode(data), path=path)


def decode(data: bytes) -> str:
    """The text of a file's bytes, with unix line ends and without byte order mark."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            "The file is not UTF-8 text. Save it as UTF-8, then run the import again.", line=line
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, *, path: str) -> SourceFile:
    """Take a file's text apart into front matter and body."""
    source = SourceFile(path=path)
    if _UNPRINTABLE.search(text):
        place = _UNPRINTABLE.search(text)
        source.remarks.append(
            Remark("Control characters were left out.", text.count("\n", 0, place.start()) + 1 if place else 1)
        )
        text = _UNPRINTABLE.sub("", text)
    if path.endswith((".yml", ".yaml")):
        _take_yaml(source, text, first_line=1)
        source.body = str(source.values.get("body") or source.values.get("content") or "")
        return source
    opening = _OPENING.match(text)
    if opening is None:
        source.body = text
        return source
    fence = opening["fence"]
    first_line = text.count("\n", 0, opening.end()) + 1
    closing = re.compile(rf"^{re.escape(fence)}[ \t]*$" + (r"|^\.\.\.[ \t]*$" if fence == "---" else ""), re.M)
    end = closing.search(text, opening.end())
    inside = text[opening.end() : end.start() if end else len(text)]
    first_words = next((line for line in inside.split("\n") if line.strip()), "")
    if not _LOOKS_LIKE_A_KEY.match(first_words) and first_words:
        source.body = text  # a thematic break opens the text; there is no front matter
        return source
    if end is None:
        raise SourceError(
            f"The front matter that opens on line {first_line - 1} is never closed. "
            f"Put a line with {fence} after it, then run the import again.",
            line=first_line - 1,
        )
    if fence == "---":
        _take_yaml(source, inside, first_line=first_line)
    else:
        _take_toml(source, inside, first_line=first_line)
    source.body_line = text.count("\n", 0, end.end()) + 2
    source.body = text[end.end() + 1 :]
    return source


def _take_yaml(source: SourceFile, text: str, *, first_line: int) -> None:
    source.comments = "\n".join(line for line in text.split("\n") if line.lstrip().startswith("#"))
    try:
        node = yaml.compose(text, Loader=_TextLoader)
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            raise SourceError(
                "The front matter is no list of keys and values. Write one “key: value” a line.", line=first_line
            )
        reader = _NodeReader(first_line)
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            line = first_line + key_node.start_mark.line
            value = reader.read(value_node)
            if key in source.values:
                _note_repetition(source, key, value, line)
                if value in ("", None, [], {}):
                    continue
            source.values[key] = value
            source.lines.setdefault(key, line)
    except yaml.MarkedYAMLError as error:
        unfinished = "end of stream" in str(error.problem)  # then the mistake is where it began
        mark = (error.context_mark if unfinished else None) or error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        what = (error.problem or error.context or "it cannot be read").strip()
        raise SourceError(
            f"The front matter is not valid YAML: {what}. Correct this line, then run the import again.", line=line
        ) from None
    except yaml.YAMLError as error:
        raise SourceError(f"The front matter is not valid YAML: {error}", line=first_line) from None
    except RecursionError:
        raise SourceError("The front matter is nested too deeply to be read.", line=first_line) from None


def _note_repetition(source: SourceFile, key: str, value: Any, line: int) -> None:
    """Two values for one key: harmless if they agree or one is empty, otherwise whoever needs the key must ask."""
    earlier = source.values[key]
    source.remarks.append(Remark(f"“{key}” is given twice; the later value counts.", line))
    if value != earlier and value not in ("", None) and earlier not in ("", None):
        source.repeated[key] = line


class _NodeReader:
    """Turn YAML nodes into plain values: text, lists, dictionaries. Shared nodes are read once."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.done: dict[int, Any] = {}
        self.open: set[int] = set()

    def read(self, node: yaml.Node) -> Any:
        if id(node) in self.done:
            return self.done[id(node)]
        if id(node) in self.open:
            raise SourceError("The front matter contains itself.", line=self.first_line + node.start_mark.line)
        self.open.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            value: Any = "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        elif isinstance(node, yaml.SequenceNode):
            value = [self.read(item) for item in node.value]
        elif isinstance(node, yaml.MappingNode):
            value = {
                str(key.value) if isinstance(key, yaml.ScalarNode) else "": self.read(item) for key, item in node.value
            }
        else:  # pragma: no cover (YAML has no fourth kind)
            value = ""
        self.open.discard(id(node))
        self.done[id(node)] = value
        return value


def _take_toml(source: SourceFile, text: str, *, first_line: int) -> None:
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = first_line + (int(found[1]) - 1 if found else 0)
        raise SourceError(
            f"The front matter is not valid TOML: {error}. Correct it, then run the import again.", line=line
        ) from None
    source.values = {key: _as_typed(value) for key, value in values.items()}
    for number, words in enumerate(text.split("\n")):
        if key := re.match(r"[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=", words):
            source.lines.setdefault(key[1], first_line + number)


def _as_typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_typed(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
