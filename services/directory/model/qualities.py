"""The quality codes that are valid in any sector."""

from typing import NewType

QualityCode = NewType("QualityCode", int)
"""In which quality (Dutch: hoedanigheid) somebody is known: 0 to 999, per sector."""

DEFINITIVE = QualityCode(0)
"""Registered for good, in no particular quality; valid in any sector."""
PROVISIONAL = QualityCode(902)
"""Registered before a file is opened; valid in any sector."""
REPLACED = QualityCode(999)
"""The number was replaced by another; valid in any sector."""
SPECIAL = frozenset({DEFINITIVE, PROVISIONAL, REPLACED})
