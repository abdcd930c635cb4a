"""Markdown as the blocks of a page and back: for the importer and for the forms of the site."""
