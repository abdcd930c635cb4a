"""Files for tests, built byte by byte or with the libraries that people's programs use."""

import io
import struct
import zipfile
import zlib

from docx import Document as WordFile
from pypdf import PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages, objects=(), catalog="", page_extra=""):
    """A PDF with one line of Helvetica on each of its `pages`; `objects` are further objects, as bytes."""
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    found = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for n, words in enumerate(pages):
        stream = words if isinstance(words, bytes) else f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1")
        found.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 {font} 0 R >> >> {page_extra} >>".encode()
        )
        found.append(stream if stream.startswith(b"<<") else stream_object(stream))
    found.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    return assembled([*found, *objects])


def stream_object(data, extra=""):
    return f"<< /Length {len(data)} {extra} >>\nstream\n".encode() + data + b"\nendstream"


def assembled(objects):
    """The objects with their table of places."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def locked_pdf(password, words="secret"):
    """A PDF that nobody reads without the password (or everybody, where it is empty)."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf(words)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb_pdf(megabytes=2000):
    """A PDF whose one page unpacks to two gigabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    return pdf(stream_object(packed, "/Filter /FlateDecode"))


def looping_pdf():
    """Pages that are their own children."""
    return assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 100000 >>"]
    )


def endless_pdf():
    """A page that draws a form which draws itself, many times over."""
    body = b"/X Do " * 30
    form = stream_object(body, "/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> >>")
    return pdf(body, objects=[form]).replace(b"/Resources << /Font", b"/Resources << /XObject << /X 6 0 R >> /Font")


def nested_pdf(depth=100_000):
    """An array in an array in an array."""
    return pdf("Nested", catalog="/Deep " + "[" * depth + "]" * depth)


def many_strokes(operators=3_000_000):
    """Content and filter of a page with millions of operators to draw."""
    return zlib.compress(b"BT /F1 1 Tf (a) Tj ET\n" * operators, 9), "/Filter /FlateDecode"


def slow_pdf():
    """One page that takes minutes."""
    return pdf(stream_object(*many_strokes()))


def docx(*paragraphs, table=(), language="en-GB"):
    """A Word file as Word writes it."""
    document = WordFile()
    document.core_properties.language = language
    for words in paragraphs:
        document.add_paragraph(words)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, words in enumerate(cells):
                grid.cell(row, column).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with(body, *, doctype="", extra=()):
    """A Word file with `body` as its XML, and further files beside it: `(name, bytes)`."""
    source = zipfile.ZipFile(io.BytesIO(docx("replaced")))
    root = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}{root}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, xml if item.filename == "word/document.xml" else source.read(item))
        for name, data in extra:
            target.writestr(name, data)
    return out.getvalue()


def paragraph(words):
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def bomb_docx(megabytes=1000):
    """A small Word file that unpacks to a gigabyte."""
    source = zipfile.ZipFile(io.BytesIO(docx("replaced")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            if item.filename != "word/document.xml":
                target.writestr(item.filename, source.read(item))
        with target.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>'.encode())
            filler = b"<w:p/>" * 160_000
            for _ in range(megabytes):
                part.write(filler)
            part.write(b"</w:body></w:document>")
    return out.getvalue()


def lying_bomb_docx(megabytes=1000):
    """The same, but its directory says that it is small."""
    data = bytearray(bomb_docx(megabytes))
    directory = data.rindex(b"PK\x01\x02")
    for place in range(directory + 1):
        if data[place : place + 4] == b"PK\x01\x02":
            name_length = struct.unpack_from("<H", data, place + 28)[0]
            if bytes(data[place + 46 : place + 46 + name_length]) == b"word/document.xml":
                struct.pack_into("<I", data, place + 24, 10_000)
    return bytes(data)


def nested_docx(depth=200_000):
    """A table in a table in a table."""
    return docx_with("<w:tbl>" * depth + "</w:tbl>" * depth)


LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)


def laughing_docx():
    """Entities made of entities, ten times ten times ten."""
    return docx_with(paragraph("begin &a11; end"), doctype=LAUGHS)


def prying_docx(address="file:///etc/passwd"):
    """An entity that is a file of the server."""
    return docx_with(paragraph("before &pry; after"), doctype=f'<!DOCTYPE x [<!ENTITY pry SYSTEM "{address}">]>')
