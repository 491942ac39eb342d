"""Words of the trail that who records and who reads must have in common."""

NOTHING_CHANGED = "NOTHING_CHANGED"
"""Why an act that was let through left everything as it was: what was asked stood so already."""
