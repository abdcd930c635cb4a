"""Engines beside which ours is measured, each used directly and as well as we know how."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.search_hub import Item

SCOPES = ("public", "members")
PAGE = 10
#: The choices of a question of the kind "filter", and of "facets".
KIND, TOPIC = "practice", 1


class Fts5:
    """SQLite's FTS5 by hand: one table of text, one of facts, joined once; bm25 with the title at 1.5."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-fts5-"))
        self.db = sqlite3.connect(self.folder / "db.sqlite3", isolation_level=None)
        self.db.executescript(
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;
            CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT, scope TEXT, year INTEGER, title TEXT, summary TEXT);
            CREATE TABLE tag (entry INTEGER, facet TEXT, value INTEGER, PRIMARY KEY (entry, facet, value));
            CREATE VIRTUAL TABLE words USING fts5(title, text, tokenize='porter unicode61', prefix='2 3 4');
            """
        )

    def fill(self, items: Iterable[Item]) -> None:
        self.db.execute("BEGIN")
        for number, item in enumerate(items, start=1):
            self._put(number, item)
        self.db.execute("COMMIT")
        self.db.execute("INSERT INTO words(words) VALUES ('optimize')")

    def _put(self, number: int, item: Item) -> None:
        year = item.day.year if item.day else None
        self.db.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)",
                        (number, item.kind, item.scope, year, item.title, item.summary))  # fmt: skip
        self.db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        self.db.execute("INSERT INTO words(rowid, title, text) VALUES (?, ?, ?)",
                        (number, item.title, f"{item.summary} {item.text}"))  # fmt: skip
        tags = {"topic": item.topics, "function": item.functions, "industry": item.industries}
        self.db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?, ?)",
                            [(number, facet, value) for facet, values in tags.items() for value in values])  # fmt: skip

    def save(self, number: int, item: Item) -> None:
        """One document anew, on disk."""
        self.db.execute("BEGIN")
        self._put(number, item)
        self.db.execute("COMMIT")

    def ask(self, kind: str, text: str) -> None:
        """A page of ten and the number of matches; for "facets" the counts of five facets too."""
        words = text.split()
        if kind == "autocomplete":
            match = f"title : {words[0]}*"
        elif kind == "phrase":
            match = f'"{text}"'
        else:
            match = (" AND " if kind == "and" else " OR ").join(words)
        filters = {"kind": f"entry.kind = '{KIND}'", "topic": self._tagged("topic", TOPIC)}
        chosen = {"filter": ["kind"], "facets": ["kind", "topic"]}.get(kind, [])
        self._page(match, [filters[name] for name in chosen])
        if kind == "facets":
            for facet in ("kind", "year", "topic", "function", "industry"):
                self._count(match, [filters[name] for name in chosen if name != facet], facet)

    @staticmethod
    def _tagged(facet: str, value: int) -> str:
        return f"entry.id IN (SELECT entry FROM tag WHERE facet = '{facet}' AND value = {value})"

    @staticmethod
    def _from(filters: list[str]) -> str:
        conditions = ["words MATCH ?", f"entry.scope IN {SCOPES}", *filters]
        return f"FROM words JOIN entry ON entry.id = words.rowid WHERE {' AND '.join(conditions)}"

    def _page(self, match: str, filters: list[str]) -> None:
        self.db.execute(
            f"SELECT entry.id, entry.title, entry.summary, bm25(words, 1.5, 1.0) AS score {self._from(filters)} "
            f"ORDER BY score LIMIT {PAGE}",
            (match,),
        ).fetchall()
        self.db.execute(f"SELECT count(*) {self._from(filters)}", (match,)).fetchall()

    def _count(self, match: str, filters: list[str], facet: str) -> None:
        if facet in ("kind", "year"):
            self.db.execute(f"SELECT {facet}, count(*) {self._from(filters)} GROUP BY 1", (match,)).fetchall()
            return
        self.db.execute(
            f"SELECT value, count(*) FROM tag WHERE facet = '{facet}' "
            f"AND entry IN (SELECT entry.id {self._from(filters)}) GROUP BY 1",
            (match,),
        ).fetchall()

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())


class Tantivy:
    """Tantivy (Rust) through its Python package: one field of text, one of titles, facts as fast fields."""

    FACETS = ("kind", "year", "topic", "function", "industry")

    def __init__(self) -> None:
        import tantivy

        self.tantivy = tantivy
        self.folder = Path(tempfile.mkdtemp(prefix="bench-tantivy-"))
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
        builder.add_text_field("typed", tokenizer_name="default")
        builder.add_text_field("text", tokenizer_name="en_stem")
        for name in ("kind", "scope", "year", "topic", "function", "industry"):
            builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(self.folder))

    def fill(self, items: Iterable[Item]) -> None:
        writer = self.index.writer(heap_size=128_000_000, num_threads=1)
        for number, item in enumerate(items, start=1):
            writer.add_document(self._document(number, item))
        writer.commit()
        writer.wait_merging_threads()
        self._reopen()
        self.writer = self.index.writer(heap_size=50_000_000, num_threads=1)

    def _document(self, number: int, item: Item) -> Any:
        return self.tantivy.Document(
            id=str(number),
            title=item.title,
            typed=item.title,
            text=f"{item.title} {item.summary} {item.text}",
            kind=item.kind,
            scope=item.scope,
            year=[str(item.day.year)] if item.day else [],
            topic=list(map(str, item.topics)),
            function=list(map(str, item.functions)),
            industry=list(map(str, item.industries)),
        )

    def _reopen(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    def save(self, number: int, item: Item) -> None:
        """One document anew, on disk and found by the next question."""
        self.writer.delete_documents_by_term("id", str(number))
        self.writer.add_document(self._document(number, item))
        self.writer.commit()
        self._reopen()

    def _query(self, kind: str, text: str) -> Any:
        words = re.findall(r"\w+", text)
        if kind == "phrase":
            return self.index.parse_query(f'"{" ".join(words)}"', ["text"])
        joined = (" AND " if kind == "and" else " OR ").join(words)
        return self.index.parse_query(joined, ["text", "title"], field_boosts={"title": 0.5})

    def ask(self, kind: str, text: str) -> None:
        """A page of ten and the number of matches; for "facets" the counts of five facets too."""
        query, must = self.tantivy.Query, self.tantivy.Occur.Must
        if kind == "autocomplete":
            main = query.regex_query(self.schema, "typed", f"{text}.*")
        else:
            main = self._query(kind, text)
        base = [(must, main), (must, query.term_set_query(self.schema, "scope", list(SCOPES)))]
        filters = {
            "kind": (must, query.term_query(self.schema, "kind", KIND)),
            "topic": (must, query.term_query(self.schema, "topic", str(TOPIC))),
        }
        chosen = {"filter": ["kind"], "facets": ["kind", "topic"]}.get(kind, [])
        found = self.searcher.search(
            query.boolean_query(base + [filters[name] for name in chosen]), limit=PAGE, count=True
        )
        for _, address in found.hits:
            self.searcher.doc(address)
        if kind == "facets":
            for facet in self.FACETS:
                asked = query.boolean_query(base + [filters[name] for name in chosen if name != facet])
                self.searcher.aggregate(asked, {facet: {"terms": {"field": facet, "size": 1_000}}})

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())
