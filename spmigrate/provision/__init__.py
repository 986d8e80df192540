"""Sites from templates: the language, what a site lacks, and bringing it there."""

from spmigrate.provision.destinations import destinations, units

__all__ = ["destinations", "units"]
