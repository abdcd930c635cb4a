"""Makes the papers of the demo community: a worksheet as PDF, a checklist for Word, a table, from plain text.

The text is a small part of Markdown: headings, paragraphs, and tables for Word.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator

from docx import Document

PAGE = (595, 842)  # A4, in points
MARGIN, LINE = 64, 18
LINES = (PAGE[1] - 2 * MARGIN) // LINE
WIDTH = 78  # characters of a line in 11 points


def make(text: str, form: str) -> bytes:
    """The paper with this text, as a file of the wanted form: pdf, docx or csv."""
    return _MAKERS[form](text)


def _csv(text: str) -> bytes:
    return text.encode()


def _docx(text: str) -> bytes:
    document = Document()
    document.core_properties.language = "en-GB"
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("# "):
            document.add_heading(paragraph[2:], 1)
        elif paragraph.startswith("|"):
            cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in paragraph.splitlines()]
            rows = [row for row in cells if any(set(cell) - set("-") for cell in row)]
            table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
            for line, row in enumerate(rows):
                for column, words in enumerate(row):
                    table.cell(line, column).text = words
        else:
            document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(text: str) -> bytes:
    """Pages of Helvetica, built by hand: two fonts, no pictures, nothing that would need a library."""
    lines = list(_lines(text))
    pages = [lines[start : start + LINES] for start in range(0, len(lines), LINES)]
    first = 5  # objects 1 to 4 are the catalogue, the list of pages and the fonts
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        shown = "".join(f"/{font} Tf ({_escaped(words)}) Tj T*\n" for font, words in page)
        stream = f"BT {LINE} TL {MARGIN} {PAGE[1] - MARGIN} Td\n{shown}ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents {first + 2 * number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream",
        ]
    return _file(objects)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("# "):
            yield "F2 15", paragraph[2:]
        else:
            yield from (("F1 11", line) for line in textwrap.wrap(paragraph, WIDTH))
        yield "F1 11", ""


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start, size = len(out), len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


_MAKERS: dict[str, Callable[[str], bytes]] = {"pdf": _pdf, "docx": _docx, "csv": _csv}
