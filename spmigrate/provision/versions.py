"""A template as one document that outlives its files: with what it inherits, and the vocabulary that it names."""

import hashlib
import json
from dataclasses import dataclass

from spmigrate.formats.yaml import Source
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Organisation, Template
from spmigrate.provision.merge import chain


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A version of a template and everything that it rests on, as JSON."""

    template: str
    version: int
    document: str

    @property
    def digest(self) -> str:
        """The same for the same content, however its files are laid out."""
        return hashlib.sha256(self.document.encode()).hexdigest()


def version_of(catalogue: Catalogue, name: str) -> TemplateVersion:
    """The present version of a template. Raises KeyError when there is none of this name."""
    template = catalogue.by_name[name]
    document = {
        "organisation": catalogue.organisation.words.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "templates": [
            each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in chain(name, catalogue.by_name)
        ],
    }
    return TemplateVersion(name, template.version, json.dumps(document, sort_keys=True, ensure_ascii=False))


def catalogue_of(document: str) -> Catalogue:
    """The catalogue that a version was part of: its own templates and vocabulary, no sites."""
    found = json.loads(document)
    source = Source("", "a version that was applied")
    organisation = Organisation.model_validate_json(json.dumps(found["organisation"]))
    templates = [Template.model_validate_json(json.dumps(each)) for each in found["templates"]]
    return Catalogue.of(Written(organisation, source), (Written(each, source) for each in templates), ())
