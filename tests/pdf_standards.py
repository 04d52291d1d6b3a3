"""Whether a PDF meets both standards, by a validator with one known error less.

A compressed stream may end in any byte. Ends it in a carriage return, then the line
feed before ``endstream`` makes the validator count one byte too few, about once in 256
streams. What it says of lengths is therefore checked here, byte by byte.
"""

from __future__ import annotations

import re

import page as page_validation

_LENGTH = "PDFA2A-STREAM-LENGTH-001"
_STREAM = re.compile(rb"/Length (\d+)[^>]*?>>\s*stream\r?\n")


def standard_failures(report: bytes) -> list[str]:
    """What PDF/UA-1 and PDF/A-2a find wrong, empty where nothing is."""
    profiles = page_validation.ValidationProfile
    found = [
        str(failure)
        for profile in (profiles.PDF_UA_1, profiles.PDF_A_2A)
        for failure in page_validation.validate_pdf_bytes(
            report, profile=profile
        ).failures
    ]
    wrong = wrong_lengths(report)
    return [each for each in found if _LENGTH not in each or wrong]


def wrong_lengths(report: bytes) -> list[int]:
    """Places of streams that are longer or shorter than they say."""
    return [
        found.start()
        for found in _STREAM.finditer(report)
        if not re.match(rb"\r?\n?endstream", report[found.end() + int(found[1]) :][:12])
    ]
