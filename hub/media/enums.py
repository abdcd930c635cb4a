"""Words about reading the files of documents."""

from django.db import models


class Reading(models.TextChoices):
    """How far the words of a document are known."""

    WAITING = "waiting", "Waits to be read"
    WHOLE = "whole", "Read"
    PART = "part", "Read in part"
    UNREAD = "unread", "Not read"


class Refusal(models.TextChoices):
    """Why a document's words are not known: a sentence for its editors, and what they can do."""

    NONE = "", "Nothing is wrong."
    KIND = "kind", "Words in files of this kind are not read: only those of PDF, Word (.docx), text, Markdown and CSV."
    MISSING = "missing", "The file is not there. Upload it again."
    EMPTY = "empty", "The file is empty. Upload it again."
    LARGE = "large", "The file is too large to be read. Upload a smaller one, or split it."
    MISMATCH = "mismatch", "The file is not what its name says. Save it again in the program it was made with."
    DAMAGED = "damaged", "The file is damaged, or made in a way we cannot read. Save it again as a PDF."
    LOCKED = "locked", "The file is protected with a password. Upload one without."
    WORDLESS = "wordless", "There are no words in it, only pictures of them, if any. Upload one with text recognised."
    UNPACKS = "unpacks", "It unpacks to far more than it seems to hold. Upload a smaller file."
    NESTED = "nested", "It is nested too deeply to be read. Save it again as a PDF."
    SLOW = "slow", "Reading it took too long and was stopped. Save it again as a PDF, or split it."
    MEMORY = "memory", "Reading it needs more memory than one file may have. Split it, or make its pictures smaller."
    CRASH = "crash", "Reading it came to a sudden end. Save it again as a PDF."
