"""What in a note looks as if it were about a person: numbers, addresses and names that notes are no place for. Pure.

A hint, never a proof: it says what it looks like and does not repeat it, so that it spreads no further.
"""

import re
from collections.abc import Iterator

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_INSURANCE = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\d-])(?:\+44 ?(?:\(0\))?|0)(?:\d[ -]?){9,10}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_BIRTH = re.compile(r"\b(?:d\.?o\.?b\b|born\b|date of birth\b|birthday\b)", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Cllr|Sir|Dame|Rev|Prof)\b\.? ?[A-Z][a-z]+")
_INITIALS = re.compile(r"\b(?:child|client|patient|pupil|case|service user)\s+[A-Z]{1,3}\b(?!\w)")
_WEIGHTS = range(10, 1, -1)


def looks_like(text: str) -> Iterator[str]:
    """What kinds of personal details `text` seems to hold."""
    numbers = [re.sub(r"\D", "", found) for found in _TEN_DIGITS.findall(text)]
    if any(map(_is_health_number, numbers)):
        yield "an NHS number"
    if _INSURANCE.search(text):
        yield "a National Insurance number"
    if _ADDRESS.search(text):
        yield "an e-mail address"
    if any(re.sub(r"\D", "", found[0]) not in numbers for found in _PHONE.finditer(text)):
        yield "a telephone number"
    if _POSTCODE.search(text):
        yield "a postcode"
    if _BIRTH.search(text):
        yield "a date of birth"
    if _TITLED.search(text) or _INITIALS.search(text):
        yield "somebody's name"


def _is_health_number(digits: str) -> bool:
    """Ten digits whose last one checks the others, as the NHS gives them out (modulus 11)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    check = (11 - total % 11) % 11
    return check < 10 and int(digits[9]) == check and len(set(digits)) > 1
