"""Another clock for a process whose PYTHONPATH leads here: it is read when Python starts.

SKEW_SECONDS is how far its clock is ahead, MIDNIGHT the instant at which a day ends in its Belgium.
"""

import os
from datetime import datetime, timedelta, timezone

from services.kit import clock

skew = timedelta(seconds=float(os.environ.get("SKEW_SECONDS") or 0))
now = clock.utc_now
clock.utc_now = lambda: now() + skew

if os.environ.get("MIDNIGHT"):
    at = datetime.fromisoformat(os.environ["MIDNIGHT"])
    ahead = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    # So that it is midnight there, and the day begins that is already in the rest of the world.
    clock._BELGIUM = timezone(-ahead if ahead < timedelta(hours=12) else timedelta(days=1) - ahead)
