"""Cases that need the models of modelsearch's test app; `test_whoosh.py` runs them."""
