"""Practices, and what members contribute to those of others."""

from hub.practices.models.contributions import EditSuggestion, UseRecord
from hub.practices.models.pages import SECTIONS, PracticePage, PracticesIndexPage

__all__ = ["SECTIONS", "EditSuggestion", "PracticePage", "PracticesIndexPage", "UseRecord"]
