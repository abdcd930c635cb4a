"""Short signatures for picture addresses."""

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "hub.media.rendition"
LENGTH = 20  # hexadecimal digits: 80 bits, far more than can be tried


def sign(rendition_id: int) -> str:
    """The signature for the rendition with this id."""
    return salted_hmac(SALT, str(rendition_id), algorithm="sha256").hexdigest()[:LENGTH]


def is_signed(rendition_id: int, signature: str) -> bool:
    """Whether `signature` is the one `sign` gives."""
    return constant_time_compare(signature, sign(rendition_id))
