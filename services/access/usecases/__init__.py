"""What access does: decides, keeps the register, and examines decisions."""

from services.access.usecases.callers import Callers
from services.access.usecases.decisions import Access, Today
from services.access.usecases.examinations import Examinations
from services.access.usecases.register import Register

__all__ = ["Access", "Callers", "Examinations", "Register", "Today"]
