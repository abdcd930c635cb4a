"""How well the search ranks, on a collection with judged questions, beside other engines in the same run.

`python benchmarks/search_relevance.py --collection DIR [--engine NAME …] [--json] [--record]`;
benchmarks/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.search_hub import (
    HUB_ENGINES,
    RESULTS,
    Item,
    Unavailable,
    database_for,
    fill,
    in_a_process,
    machine,
    set_up,
    settle,
)

#: How far down a ranking is looked at, by every engine.
DEPTH = 1_000

Rankings = dict[str, list[str]]


class Collection(NamedTuple):
    """Documents as (id, title, body), questions by id, and how relevant each judged document is to a question."""

    documents: list[tuple[str, str, str]]
    questions: dict[str, str]
    judgements: dict[str, dict[str, float]]


def load(folder: Path) -> Collection:
    """Reads docs.jsonl, queries.jsonl and qrels.tsv (question, document, grade)."""

    def rows(name: str) -> list[dict[str, Any]]:
        with (folder / name).open(encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]

    documents = [
        (str(row["id"]), str(row.get("title") or ""), str(row.get("body") or row.get("text") or ""))
        for row in rows("docs.jsonl")
    ]
    questions = {str(row["id"]): str(row["text"]) for row in rows("queries.jsonl")}
    judgements: dict[str, dict[str, float]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) < 3 or not re.fullmatch(r"-?\d+(\.\d+)?", columns[-1].strip()):
            continue  # a header
        judgements.setdefault(columns[0].strip(), {})[columns[-2].strip()] = float(columns[-1])
    return Collection(documents, questions, judgements)


# Measures, as trec_eval has them


def measures(rankings: Rankings, collection: Collection) -> dict[str, float]:
    """nDCG@10, MAP and recall@100, each the mean over the questions that have a relevant document."""
    sums = {"ndcg@10": 0.0, "map": 0.0, "recall@100": 0.0}
    judged = 0
    for question in collection.questions:
        gains = {document: gain for document, gain in collection.judgements.get(question, {}).items() if gain > 0}
        if not gains:
            continue
        judged += 1
        found = rankings.get(question, [])[:DEPTH]
        ideal = _discounted(sorted(gains.values(), reverse=True))
        sums["ndcg@10"] += _discounted([gains.get(document, 0.0) for document in found]) / ideal
        hits, precision = 0, 0.0
        for place, document in enumerate(found, start=1):
            if document in gains:
                hits += 1
                precision += hits / place
        sums["map"] += precision / len(gains)
        sums["recall@100"] += sum(document in gains for document in found[:100]) / len(gains)
    return {name: round(value / (judged or 1), 4) for name, value in sums.items()}


def _discounted(gains: list[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains[:10], start=1))


# Engines


def ask_hub(collection: Collection) -> Rankings:
    """What the hub's own `find()` answers: the catalogue, the query and the engine of the settings."""
    from search.domain.query import find

    pks = fill(Item(title=title, text=body) for _, title, body in collection.documents)
    settle()
    names = {pk: name for pk, (name, _, _) in zip(pks, collection.documents, strict=True)}
    found = {}
    for question, text in collection.questions.items():
        answer = find(text, per_page=DEPTH)
        if answer.from_database:
            raise Unavailable("the index did not answer")
        found[question] = [names[hit.entry.pk] for hit in answer.hits]
    return found


def ask_bm25s(collection: Collection) -> Rankings:
    """bm25s as it comes (Lucene's BM25, k1 1.5, b 0.75), with its English stop words and the Snowball stemmer."""
    import bm25s
    from whoosh.lang import stemmer_for_language

    stem = stemmer_for_language("en")  # the algorithm of PyStemmer's "english", which bm25s recommends

    def tokens(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=lambda words: list(map(stem, words)), show_progress=False)

    engine = bm25s.BM25()
    engine.index(tokens([f"{title} {body}" for _, title, body in collection.documents]), show_progress=False)
    size = min(DEPTH, len(collection.documents))
    found, scores = engine.retrieve(tokens(list(collection.questions.values())), k=size, show_progress=False)
    return {
        question: [collection.documents[place][0] for place, score in zip(places, row, strict=True) if score > 0]
        for question, places, row in zip(collection.questions, found, scores, strict=True)
    }


def ask_tantivy(collection: Collection) -> Rankings:
    """Tantivy's BM25 over one field, with its English stop words and stemmer; any of the words."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="english")
    builder.add_unsigned_field("place", stored=True)
    index = tantivy.Index(builder.build())
    analyser = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
    index.register_tokenizer("english", analyser)
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    for place, (_, title, body) in enumerate(collection.documents):
        writer.add_document(tantivy.Document(place=place, text=f"{title} {body}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    found = {}
    for question, text in collection.questions.items():
        # Words only: every sign would be an operator.
        asked = index.parse_query(" ".join(re.findall(r"\w+", text.lower())), ["text"])
        hits = searcher.search(asked, DEPTH).hits
        places = [searcher.doc(address)["place"][0] for _, address in hits]
        found[question] = [collection.documents[place][0] for place in places]
    return found


OTHERS: dict[str, Callable[[Collection], Rankings]] = {"bm25s": ask_bm25s, "tantivy": ask_tantivy}
ENGINES = ["whoosh", *OTHERS, "modelsearch_sqlite", "modelsearch_postgresql"]


def rankings_of(engine: str, folder: Path, collection: Collection) -> Rankings:
    """What an engine finds for every question; those of the hub run in a process of their own."""
    if engine in OTHERS:
        return OTHERS[engine](collection)
    with database_for(engine) as url:
        answered = in_a_process(__file__, "--collection", str(folder), "--only", engine, "--database", url)
    return dict(json.loads(answered))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--collection", type=Path, required=True, help="a folder with docs, queries and qrels")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one; may be repeated")
    parser.add_argument("--json", action="store_true", help="the last line is the result as JSON")
    parser.add_argument("--record", action="store_true", help="also write it to benchmarks/results/")
    parser.add_argument("--only", choices=list(HUB_ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.collection.resolve()
    collection = load(folder)
    if options.only:
        set_up(options.only, options.database)
        print(json.dumps(ask_hub(collection)))
        return 0
    result: dict[str, Any] = {"collection": folder.name, "engines": {}}
    skipped: dict[str, str] = {}
    print(f"{folder.name}: {len(collection.documents)} documents, {len(collection.questions)} questions\n")
    print(f"{'engine':<24} {'nDCG@10':>8} {'MAP':>8} {'R@100':>8}")
    for engine in options.engine or ENGINES:
        try:
            found = measures(rankings_of(engine, folder, collection), collection)
        except Unavailable as error:
            skipped[engine] = str(error)
            print(f"{engine:<24} skipped: {error}")
            continue
        result["engines"][engine] = found
        print(f"{engine:<24} {found['ndcg@10']:>8.4f} {found['map']:>8.4f} {found['recall@100']:>8.4f}", flush=True)
    result |= {"skipped": skipped, "machine": machine()}
    if options.record:
        path = RESULTS / f"search_relevance_{folder.name}.json"
        path.write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    return int("whoosh" in skipped)


if __name__ == "__main__":
    sys.exit(main())
