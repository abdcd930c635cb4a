"""Every weight of the ranking that is the hub's own, with its reason. The engine's are in
`search/backends/whoosh/scoring.py`; together they are everything that decides an order.

None was fitted to a collection: they are bounds, chosen so that each rule helps only where the words leave it open.
"""

from __future__ import annotations

#: Up to so many words a question means all of them: what has all comes before what has some.
ALL_WORDS_FIRST_UP_TO = 4
#: How much more having all the words counts, where the engine does not put that first by itself.
#: More than any number of the other words in a title can count: PostgreSQL gives a title ten times the text.
ALL_WORDS_BOOST = 100.0

#: What a synonym counts of the word itself: enough to be found, too little to stand before it.
SYNONYM_SHARE = 0.4
#: What a name or title spelt nearly so counts: it is a guess, and stays below everything that was typed.
NEAR_SHARE = 0.05

#: The best hits, in the order of the engine, among which freshness and verification may change places:
#: three pages, further than nearly anybody looks. What comes later keeps its place.
LOOKED_OVER = 30
#: What is dated today may count this much more; half of it after `FRESH_FOR`, a quarter after twice as long.
FRESHNESS = 0.04
FRESH_FOR_DAYS = 730
#: Verified and within its time.
VERIFIED = 0.03
#: Somebody promised to look again and did not. All three together span a tenth: what matches better by more
#: than that is never overtaken.
OVERDUE = -0.03
#: Somebody who knows said that it does not hold any more. It stays findable, below what is about as good a match.
OBSOLETE = -0.5

#: What a match in each column counts when the database has to answer: roughly as the index does, where the
#: title, being short, and being looked at twice, counts most.
COLUMNS = {"title": 3.0, "keywords": 2.0, "people_text": 2.0, "summary": 1.5, "text": 1.0}
#: More than all the words in all the columns can count, up to `ALL_WORDS_FIRST_UP_TO` of them.
ALL_WORDS_IN_DATABASE = 100.0
