"""An existing site as files of the language: a template of its own and a site file that plan to nothing."""

from spmigrate.provision.export.exported import Exported, export
from spmigrate.provision.export.words import Left

__all__ = ["Exported", "Left", "export"]
