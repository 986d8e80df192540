"""Errors of the libraries that a template declares: addresses that are taken, and lists that cannot be."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision import identity
from spmigrate.provision.catalogue import Written
from spmigrate.provision.language import Library, Template
from spmigrate.provision.lint_words import twice
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve import library_address
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, library_key, name_key

RESERVED = frozenset({
    "formservertemplates", "images", "iwconvertedforms", "lists", "m", "pages", "preservationholdlibrary",
    "publishingimages", "siteassets", "sitecollectiondocuments", "sitecollectionimages", "sitepages", "style library",
    "workflowtasks",
})  # fmt: skip
"""Addresses below a site where SharePoint puts, or would put, lists and folders of its own, in lower case."""


def library_problems(written: Written[Template], vocabulary: Vocabulary, whole: Template) -> Iterator[Problem]:
    """Every error in the libraries of a template; `whole` is the template with what it inherits."""
    libraries = written.words.libraries
    yield from twice(written, ("libraries",), [each.name for each in libraries])
    yield from _addresses(written, whole)
    for n, library in enumerate(libraries):
        yield from twice(written, ("libraries", n, "content types"), library.content_types)
        yield from twice(written, ("libraries", n, "columns shown"), library.columns_shown)
        yield from _columns_shown(written, vocabulary, n, library, whole)


def is_content_type(name: str, vocabulary: Vocabulary) -> bool:
    """Whether sites can have a content type of this name."""
    return name in identity.BUILT_IN_CONTENT_TYPES or name_key(name) in vocabulary.content_types


def _columns_shown(
    written: Written[Template], vocabulary: Vocabulary, n: int, library: Library, whole: Template
) -> Iterator[Problem]:
    merged = next((each for each in whole.libraries if name_key(each.name) == name_key(library.name)), library)
    held = [
        column.name
        for name in merged.content_types
        if is_content_type(name, vocabulary)
        for column in vocabulary.columns_of(name)
    ]
    known = {name_key(name) for name in held}
    for m, column in enumerate(library.columns_shown):
        if column not in BUILT_IN_COLUMNS and name_key(column) not in known:
            hint = suggestion(column, [*BUILT_IN_COLUMNS, *held])
            place = ("libraries", n, "columns shown", m)
            yield written.problem(place, f"no content type of '{library.name}' has a column '{column}'", hint)


def _addresses(written: Written[Template], whole: Template) -> Iterator[Problem]:
    first: dict[str, str] = {}
    names = {name_key(library.name): library.name for library in whole.libraries}
    for library in whole.libraries:
        address = library_address(library)
        if address.casefold() in RESERVED:
            text = f"'{address}' is where SharePoint keeps something of its own"
            yield written.problem(_place(written, library), text, "choose another address")
        namesake = names.get(name_key(address), library.name)
        if namesake != library.name:
            # A library is made under its address and named afterwards, and no two of a site have one name.
            text = f"the address of '{library.name}' is the name of the library '{namesake}'"
            yield written.problem(_place(written, library), text, "choose another address")
        other = first.setdefault(library_key(address), library.name)
        if other != library.name:
            yield written.problem(
                _place(written, library), f"'{library.name}' and '{other}' have one address: {address}"
            )
        elif not address:
            yield written.problem(
                _place(written, library), f"'{library.name}' needs an 'address': its name has no plain letters"
            )


def _place(written: Written[Template], library: Library) -> Place:
    own = [name_key(each.name) for each in written.words.libraries]
    key = name_key(library.name)
    return ("libraries", own.index(key)) if key in own else ("libraries",)
