"""How the values of filter fields are written into the index, and read back for facets.

Every value becomes a text whose alphabetical order is the order of the values, so that equality is
one term, a range is a comparison of texts, and sorting needs nothing else.
"""

import datetime
import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

#: Terms that say whether a document has any value in a field, next to the values themselves.
PRESENT = "+"
ABSENT = "-"
#: Begins every term that is a value.
VALUE = "="
#: Between the values of one document in its column.
SEPARATOR = "\x1f"
#: A longer text is cut and given its fingerprint: equality stays exact, order and beginnings nearly.
LONGEST_TEXT = 1_000

_CONTROL = dict.fromkeys(range(32), " ")


def _encode_text(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        value = value.isoformat()
    text = str(value).encode("utf-8", "replace").decode("utf-8").translate(_CONTROL)
    if len(text) > LONGEST_TEXT:
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        text = f"{text[: LONGEST_TEXT - len(fingerprint)]}{fingerprint}"
    return text


def _encode_integer(value: Any) -> str:
    shifted = int(value) + 2**63
    return f"{min(max(shifted, 0), 2**64 - 1):016x}"


def _decode_integer(text: str) -> int:
    return int(text, 16) - 2**63


def _encode_float(value: Any) -> str:
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))
    # The sign bit of an IEEE number is the wrong way round for sorting, and negative ones run backwards.
    return f"{bits ^ (2**64 - 1) if bits >> 63 else bits ^ (1 << 63):016x}"


def _decode_float(text: str) -> float:
    bits = int(text, 16)
    bits = bits ^ (1 << 63) if bits >> 63 else bits ^ (2**64 - 1)
    (value,) = struct.unpack(">d", struct.pack(">Q", bits))
    return float(value)


def _encode_boolean(value: Any) -> str:
    return "1" if value and value not in ("0", "False", "false") else "0"


def _encode_date(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _encode_moment(value: Any) -> str:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time.min)
    if not isinstance(value, datetime.datetime):
        return str(value)
    if timezone.is_naive(value):
        value = timezone.make_aware(value)
    value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value.isoformat(timespec="microseconds")


def _decode_moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def _encode_time(value: Any) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime.time) else str(value)


_KINDS: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "text": (_encode_text, str),
    "integer": (_encode_integer, _decode_integer),
    "float": (_encode_float, _decode_float),
    "decimal": (_encode_float, lambda text: Decimal(repr(_decode_float(text)))),
    "duration": (_encode_float, lambda text: datetime.timedelta(seconds=_decode_float(text))),
    "boolean": (_encode_boolean, lambda text: text == "1"),
    "date": (_encode_date, datetime.date.fromisoformat),
    "moment": (_encode_moment, _decode_moment),
    "time": (_encode_time, datetime.time.fromisoformat),
    "uuid": (lambda value: str(UUID(str(value))), UUID),
}

_KIND_OF_TYPE = {
    "DecimalField": "decimal",
    "FloatField": "float",
    "DurationField": "duration",
    "BooleanField": "boolean",
    "NullBooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "moment",
    "TimeField": "time",
    "UUIDField": "uuid",
}


def kind_of(internal_type: str) -> str:
    """How values of a Django field with this internal type are written."""
    if internal_type in _KIND_OF_TYPE:
        return _KIND_OF_TYPE[internal_type]
    if internal_type.endswith(("IntegerField", "AutoField")):
        return "integer"
    return "text"


def encode(kind: str, value: Any) -> str:
    """The value as text that sorts as the value does."""
    if isinstance(value, models.Model):
        value = value.pk
    return _KINDS[kind][0](value)


def decode(kind: str, text: str) -> Any:
    """The value that was encoded."""
    return _KINDS[kind][1](text)


def single_values(value: Any) -> Iterator[Any]:
    """Whatever a search field gives, as the single values in it: relations give primary keys, nothing gives none."""
    if value is None:
        return
    if isinstance(value, models.Manager | models.QuerySet):
        yield from (item.pk for item in value.all())
    elif isinstance(value, models.Model):
        yield value.pk
    elif isinstance(value, dict):
        for item in value.values():
            yield from single_values(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from single_values(item)
    else:
        yield value


def encode_all(kind: str, value: Any) -> list[str]:
    """Every single value in what a filter field gives, encoded, in order and once."""
    return sorted({encode(kind, item) for item in single_values(value)})


def terms_of(encoded: Iterable[str]) -> list[str]:
    """The terms to index for these values."""
    found = [VALUE + value for value in encoded]
    return [*found, PRESENT] if found else [ABSENT]


def text_of(value: Any) -> list[str]:
    """The texts in what a search field gives."""
    return [text for item in single_values(value) if (text := str(item))]
