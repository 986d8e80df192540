"""The engine: what is claimed, what is in hand, what comes back, and whether it goes on."""

from spmigrate.migrate.engine.course import Course
from spmigrate.migrate.engine.ending import Cancelled, Stopped
from spmigrate.migrate.engine.run import Report, Routes, Run, Terms

__all__ = ["Cancelled", "Course", "Report", "Routes", "Run", "Stopped", "Terms"]
