"""Tests of the search engines. They run with an app of modelsearch's own, in processes of their own."""
