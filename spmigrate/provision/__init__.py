"""Sites from templates: the language, what a site lacks, and bringing it there."""

from spmigrate.provision.destinations import destinations, template_versions, units

__all__ = ["destinations", "template_versions", "units"]
