"""From a template, a site's answers and its exceptions to the wanted state of the site. Pure."""

from spmigrate.provision.resolve.answers import Answers, answered, fill, people
from spmigrate.provision.resolve.desired import DesiredSite, desired_site, plain_template, resolve
from spmigrate.provision.resolve.lists import library_address
from spmigrate.provision.resolve.vocabulary_parts import GROUP

__all__ = [
    "GROUP",
    "Answers",
    "DesiredSite",
    "answered",
    "desired_site",
    "fill",
    "library_address",
    "people",
    "plain_template",
    "resolve",
]
