"""The words a reader sees in a Markdown source and in blocks. Crude, and independent of the converter."""

import html
import re
from collections import Counter

_SHOWN = r'\b(?:title|label|text|caption|alt|cite|kicker)="([^"]*)"'


def of_source(markdown):
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.S)
    text = re.sub(r"\{\{[<%].*?[>%]\}\}", lambda tag: f" {' '.join(re.findall(_SHOWN, tag[0]))} ", text, flags=re.S)
    text = re.sub(r"^\s*\[[^\]]+\]:\s*\S+.*$", "", text, flags=re.M)  # where reference links lead
    text = re.sub(r"^[\s>]*(?:[-*+]\s+)*\d+[.)]\s", " ", text, flags=re.M)  # numbers of list items
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    text = re.sub(r"\]\[[^\]]*\]", "] ", text)
    text = re.sub(r"\{#[^}]*\}", "", text)
    text = re.sub(r"<(https?:[^>]*|[^>@ ]+@[^>]*)>", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", " ", text)
    text = re.sub(r"^\s*(```|~~~).*$", "", text, flags=re.M)
    return html.unescape(text).replace("\\", "")


def of_blocks(blocks):
    return " ".join(_of_value(block.value) for block in blocks)


def _of_value(value):
    if isinstance(value, dict):
        return " ".join(_of_value(item) for item in value.values())
    if isinstance(value, list):
        return " ".join(_of_value(item) for item in value)
    return html.unescape(re.sub(r"<[^>]+>", " ", value)) if isinstance(value, str) else ""


def missing(source, blocks):
    """Words of the source that the blocks lack, with how often."""
    shown = of_blocks(blocks)
    words = [Counter(re.findall(r"[^\W_]+", text)) for text in (of_source(source), shown)]
    joined = "".join(re.findall(r"[^\W_]+", shown))
    return {word: count for word, count in (words[0] - words[1]).items() if word not in joined}
