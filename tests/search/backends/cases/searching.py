"""What is found, in which order, and what it costs."""

from datetime import date

from django.db.models import F
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from modelsearch.backends.base import FilterError, FilterFieldError
from modelsearch.query import MATCH_ALL, Fuzzy, Not, Phrase, PlainText
from modelsearch.test.testapp import models

from search.backends.whoosh import analysis
from search.backends.whoosh.extras import highlight
from tests.search.backends.cases.base import WithBackend

HOSTILE = [
    "", " ", "\0", "\0\0budget\0", "*", "?", "**", "a*", "*:*", "title:", 'title:"', '"', "'", '"""', "(((", ")))",
    "AND", "OR NOT", "AND OR NOT", "-", "+", "--budget", "^2", "budget^", "~", "budget~9", "[a TO", "{a TO b}", "\\",
    "\\x00", "%s", "%", "<script>alert(1)</script>", "'; DROP TABLE x; --", "{{ 7*7 }}", "\ud800", "a" * 10_000,
    "a " * 5_000, " ".join(f"word{n}" for n in range(2_000)), "*" * 10_000, "🙂🙃", "👩‍👩‍👧‍👦", "\u202e", "\ufeff",
    "ﬁ", "İ", "ß", "日本語", "中", "ภาษาไทย", "हिन्दी", "العربية", "עברית", "한국어", "Ελληνικά", "русский", "တ",
    "\u0301", "e\u0301", "½", "\x1f", "\x1e=", "=", "+-", "9" * 400, "R.R.", "c++", "don't", "½⅓", "\r\n\t",
]  # fmt: skip


class Ranking(WithBackend, TestCase):
    def test_a_query_of_stop_words_alone_is_looked_up_as_it_stands(self):
        self.book("What we did")
        self.book("Budget")
        self.assertEqual(self.titles("what we did"), ["What we did"])
        self.assertEqual(self.titles("what we did", operator="and"), ["What we did"])
        self.assertEqual(self.titles("what did", fields=["title"]), ["What we did"])
        self.assertEqual(self.titles(Phrase("we did")), ["What we did"])

    def test_stop_words_do_not_narrow_a_query_down(self):
        self.book("Annual budget")
        self.assertEqual(self.titles("the budget of the year", operator="or"), ["Annual budget"])
        self.assertEqual(self.titles("the annual budget", operator="and"), ["Annual budget"])

    def test_documents_with_all_words_come_first(self):
        self.book("Harvest", "harvest harvest harvest harvest harvest")
        self.book("Notes", "the rota " + "words to make it long " * 30 + " harvest")
        self.book("Rota", "rota rota rota rota")
        self.assertEqual(self.titles("harvest rota")[0], "Notes")

    def test_the_word_as_typed_comes_before_its_relatives(self):
        self.book("Meeting")
        self.book("Meetings")
        self.assertEqual(self.titles("meetings"), ["Meetings", "Meeting"])
        self.assertEqual(self.titles("meeting"), ["Meeting", "Meetings"])

    def test_the_word_itself_comes_before_similar_ones(self):
        self.book("Marta Kowalska")
        self.book("Maria Kowalska")
        self.assertEqual(self.titles(Fuzzy("maria"))[0], "Maria Kowalska")
        self.assertCountEqual(self.titles(Fuzzy("maria")), ["Maria Kowalska", "Marta Kowalska"])

    def test_case_accents_and_width_make_no_difference(self):
        self.book("Crème brûlée im Café")
        for query in ("creme", "CAFE", "brulee", "Ｃａｆｅ", "cafe\u0301"):
            self.assertEqual(len(self.titles(query)), 1, query)

    def test_scripts_without_spaces_are_found_in_the_middle(self):
        self.book("東京都市計画")
        self.assertEqual(self.titles("都市"), ["東京都市計画"])

    def test_no_phrase_runs_from_one_field_into_the_next(self):
        self.book("Open house", "budget meeting")
        self.assertEqual(self.titles(Phrase("house budget")), [])
        self.assertEqual(self.titles(Phrase("budget meeting")), ["Open house"])
        self.assertEqual(self.titles(Phrase("budget meeting"), fields=["title"]), [])

    def test_scores_are_the_order(self):
        for number in range(5):
            self.book(f"Rota {number}", "rota " * number)
        results = self.backend.search("rota", models.Book).annotate_score("score")
        scores = [book.score for book in results]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertGreater(scores[0], scores[-1])

    def test_autocomplete_narrows_with_every_word(self):
        self.book("Annual budget")
        self.book("Annual report")
        found = [book.title for book in self.backend.autocomplete("ann bud", models.Book)]
        self.assertEqual(found, ["Annual budget"])


class Filters(WithBackend, TestCase):
    def setUp(self):
        super().setUp()
        self.ann, self.bob = (models.Author.objects.create(name=name) for name in ("Ann", "Bob"))
        self.books = [
            models.Book.objects.create(
                title=f"Rota {number}", number_of_pages=number, publication_date=date(2000 + number, 1, 1)
            )
            for number in range(30)
        ]
        for number, book in enumerate(self.books):
            book.authors.set([self.ann, self.bob] if number % 3 == 0 else [self.ann] if number % 3 == 1 else [])
        self.backend.add_bulk(models.Book, self.books)

    def test_counting_and_faceting_ask_the_database_nothing(self):
        few = models.Book.objects.filter(number_of_pages__gte=10, number_of_pages__lt=20)
        with self.assertNumQueries(0):
            results = self.backend.search("rota", few)
            self.assertEqual(results.count(), 10)
            self.assertEqual(results[4:].count(), 6)
            self.assertEqual(results.facet("authors"), {self.ann.pk: 7, self.bob.pk: 3, None: 3})

    def test_a_page_costs_one_query(self):
        with self.assertNumQueries(1):
            self.assertEqual(len(self.backend.search("rota", models.Book)[5:15]), 10)

    def test_lookups(self):
        books = models.Book.objects
        for queryset, expected in [
            (books.filter(number_of_pages=7), [7]),
            (books.filter(number_of_pages__in=[3, 4, 99]), [3, 4]),
            (books.filter(number_of_pages__in=[]), []),
            (books.filter(number_of_pages__range=(3, 5)), [3, 4, 5]),
            (books.exclude(number_of_pages__gt=1), [0, 1]),
            (books.filter(title__startswith="Rota 2", number_of_pages__lt=22), [2, 20, 21]),
            (books.filter(title__endswith="9"), [9, 19, 29]),
            (books.filter(title__icontains="OTA 1", number_of_pages__lte=10), [1, 10]),
            (books.filter(title__iexact="rota 4"), [4]),
            (books.filter(title__regex=r" 1\d$", number_of_pages__lt=12), [10, 11]),
            (books.filter(publication_date=date(2003, 1, 1)), [3]),
            (books.filter(publication_date__year__lte=2001), [0, 1]),
            (books.filter(authors=self.bob, number_of_pages__lt=7), [0, 3, 6]),
            (books.filter(authors__in=[self.bob.pk], number_of_pages__lt=4), [0, 3]),
            (books.filter(authors__isnull=True, number_of_pages__lt=6), [2, 5]),
            (books.filter(authors=self.ann).filter(authors=self.bob, number_of_pages__lt=4), [0, 3]),
        ]:
            with self.subTest(str(queryset.query.where)):
                results = self.backend.search("rota", queryset)
                self.assertEqual(sorted(int(book.title.split()[1]) for book in results), expected)
                with self.assertNumQueries(0):
                    self.assertEqual(self.backend.search("rota", queryset).count(), len(expected))

    def test_conditions_on_one_related_object_are_about_the_same_object(self):
        self.backend.add(self.ann)
        both = models.Author.objects.filter(books__number_of_pages=1, books__publication_date=date(2001, 1, 1))
        neither = models.Author.objects.filter(books__number_of_pages=1, books__publication_date=date(2003, 1, 1))
        apart = models.Author.objects.filter(books__number_of_pages=1).filter(books__publication_date=date(2003, 1, 1))
        self.assertEqual(
            [self.backend.search("ann", queryset).count() for queryset in (both, neither, apart)], [1, 0, 1]
        )

    def test_the_key_of_a_child_model_is_a_filter_too(self):
        novels = [
            models.Novel.objects.create(title="Rota", publication_date=date(2020, 1, 1), number_of_pages=1)
            for _ in range(3)
        ]
        self.backend.add_bulk(models.Novel, novels)
        self.assertEqual(self.backend.search("rota", models.Novel.objects.filter(pk=novels[1].pk)).count(), 1)
        self.assertEqual(self.backend.search("rota", models.Novel).count(), 3)

    def test_order(self):
        undated = models.Author.objects.create(name="Rota Ann")
        young = models.Author.objects.create(name="Rota Bea", date_of_birth=date(2000, 1, 1))
        old = models.Author.objects.create(name="Rota Cid", date_of_birth=date(1900, 1, 1))
        self.backend.add_bulk(models.Author, [undated, young, old])
        for order, expected in (("date_of_birth", [old, young, undated]), ("-date_of_birth", [young, old, undated])):
            authors = models.Author.objects.order_by(order)
            self.assertEqual(list(self.backend.search("rota", authors, order_by_relevance=False)), expected)
        by_expression = models.Book.objects.order_by(F("number_of_pages").desc())
        results = self.backend.search("rota", by_expression, order_by_relevance=False)[:2]
        self.assertEqual([book.number_of_pages for book in results], [29, 28])

    def test_what_cannot_be_answered_is_refused(self):
        with self.assertRaises(FilterFieldError):
            self.backend.search("rota", models.Book.objects.filter(summary="x"))
        with self.assertRaises(FilterError):
            self.backend.search("rota", models.Book.objects.filter(publication_date__month=1))
        with self.assertRaises(FilterError):
            self.backend.search("rota", models.Book.objects.filter(number_of_pages=F("id"))).count()

    def test_what_was_hidden_in_the_database_only_is_not_shown(self):
        models.Book.objects.filter(pk=self.books[0].pk).update(number_of_pages=500)
        self.assertNotIn("Rota 0", self.titles("rota", models.Book.objects.filter(number_of_pages__lt=5)))

    def test_not_and_everything_keep_to_the_filters(self):
        few = models.Book.objects.filter(number_of_pages__lt=3)
        self.assertEqual(self.backend.search(MATCH_ALL, few).count(), 3)
        self.assertEqual(self.backend.search(Not(PlainText("1")), few).count(), 2)


class Freshness(WithBackend, TestCase):
    def test_updates_and_deletions_are_seen_at_once(self):
        books = [self.book(f"Old title {number}") for number in range(5)]
        self.assertEqual(len(self.titles("old")), 5)
        books[1].title = "New title"
        books[1].save()
        self.backend.add(books[1])
        self.backend.delete(books[2])
        self.assertEqual(self.backend.search("old", models.Book).count(), 3)
        self.assertEqual(self.backend.search("title", models.Book).count(), 4)
        self.assertEqual(self.titles("new"), ["New title"])

    def test_many_small_commits_stay_few_segments_and_lose_nothing(self):
        books = [self.book(f"Rota {number}") for number in range(60)]
        for book in books[::2]:
            self.backend.delete(book)
        self.assertEqual(self.backend.search("rota", models.Book).count(), 30)
        status = self.backend.get_index_for_model(models.Book).status()
        self.assertEqual(status["documents"], 30)
        self.assertLess(status["segments"], 30)
        self.backend.compact()
        status = self.backend.get_index_for_model(models.Book).status()
        self.assertEqual((status["documents"], status["deleted"], status["segments"]), (30, 0, 1))
        self.assertEqual(self.backend.search("rota", models.Book).count(), 30)

    def test_everything_can_go(self):
        book = self.book("Rota")
        self.backend.delete(book)
        self.backend.compact()
        self.assertEqual(self.titles("rota"), [])
        self.book("Rota")
        self.assertEqual(self.titles("rota"), ["Rota"])


class Hostile(WithBackend, HypothesisTestCase):
    def ask_everything(self, text):
        # What no database would store need not be indexed; it is asked for all the same.
        self.book("Budget 日本語", text[:5_000].encode("utf-8", "ignore").decode())
        for query in (text, PlainText(text, operator="and"), Phrase(text), Fuzzy(text[:200]), Not(PlainText(text))):
            results = self.backend.search(query, models.Book)
            self.assertEqual(results.count(), len(list(results)))
        list(self.backend.search(text, models.Book, fields=["title"]))
        list(self.backend.autocomplete(text, models.Book))
        self.backend.suggest(text, models.Book)
        for part in (highlight(text, text), highlight("Budget <b>", text), highlight(text, "budget")):
            self.assertNotIn("<", part.replace("<mark>", "").replace("</mark>", ""))

    def test_listed(self):
        for text in HOSTILE:
            with self.subTest(text[:40]):
                self.ask_everything(text)

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=60))
    def test_anything(self, text):
        self.ask_everything(text)

    def test_the_number_of_terms_is_bounded(self):
        words = analysis.query_words(" ".join(f"w{n}" for n in range(3_000)))
        self.assertEqual(len(set(words)), analysis.MOST_QUERY_WORDS)


class Extras(WithBackend, TestCase):
    def test_marks_all_forms_of_the_words_and_escapes_the_rest(self):
        self.assertEqual(
            highlight("Meetings & <b>budgets</b>", "meeting budget"),
            "<mark>Meetings</mark> &amp; &lt;b&gt;<mark>budgets</mark>&lt;/b&gt;",
        )

    def test_shows_the_part_with_most_words(self):
        text = "rota " + "filler words " * 60 + "the budget of the harvest " + "more filler " * 60
        fragment = highlight(text, "budget harvest rota", length=100)
        self.assertIn("<mark>budget</mark> of the <mark>harvest</mark>", fragment)
        self.assertTrue(fragment.startswith("…") and fragment.endswith("…"))
        self.assertLess(len(fragment), 150)

    def test_without_a_match_shows_the_beginning(self):
        self.assertEqual(highlight("One two three", "nothing"), "One two three")
        self.assertTrue(highlight("word " * 100, "nothing", length=50).startswith("word word"))

    def test_suggests_known_words_for_unknown_ones(self):
        self.book("Volunteer rota", "harvest festival")
        self.assertEqual(self.backend.suggest("voluntear rota", models.Book), "volunteer rota")
        self.assertEqual(self.backend.suggest("“havrest”", models.Book), "“harvest”")
        self.assertIsNone(self.backend.suggest("volunteers", models.Book))
        self.assertIsNone(self.backend.suggest("zzzzzzzz", models.Book))

    def test_suggests_nothing_from_what_may_not_be_seen(self):
        self.book("Confidential", pages=900)
        self.book("Other")
        allowed = models.Book.objects.filter(number_of_pages__lt=500)
        self.assertEqual(self.backend.suggest("confidental", models.Book), "confidential")
        self.assertIsNone(self.backend.suggest("confidental", allowed))
