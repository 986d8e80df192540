"""Every rule of the linter: its code, and what it says. Each finding names the rule that it breaks."""

from collections.abc import Mapping
from dataclasses import dataclass

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Written
from spmigrate.provision.language import Words

RULES: Mapping[str, str] = {
    "ORG-01": "A name stands once in its list; upper and lower case are the same.",
    "ORG-02": "A site column does not have the name of a column that SharePoint has already.",
    "ORG-03": "The names of site columns differ in more than punctuation.",
    "ORG-04": "A content type names site columns of this file.",
    "ORG-05": "A content type is based on Document, Item, Document Set or another content type of this file.",
    "ORG-06": "Nothing is based on itself, or part of itself, through others.",
    "ORG-07": "A content type does not have the name of one that every site has.",
    "ORG-08": "A Managed metadata column uses one of the term sets of this file.",
    "ORG-09": "A default fits the type of its column and is one of its choices.",
    "ORG-10": "A permission level does not have the name of one that every site has.",
    "ORG-11": "A permission level allows what the permissions page names.",
    "ORG-12": "A unit is part of a unit of this file, and of a tier of `tier labels`.",
    "ORG-13": "A champion has a branch and templates that exist.",
    "ORG-14": "A document template is a file of this folder, for documents whose content type is not the gallery's.",
    "TPL-01": "Two templates do not share a name.",
    "TPL-02": "A template extends one that exists.",
    "TPL-03": "A template does not extend itself, through others.",
    "TPL-04": "At most four templates extend each other in a row.",
    "TPL-05": "A name stands once in its list; upper and lower case are the same.",
    "TPL-06": "A site column is one of organisation.yaml's.",
    "TPL-07": "A content type is one of organisation.yaml's.",
    "TPL-08": "A brace in a text belongs to a question's place.",
    "TPL-09": "A question that is named is asked.",
    "TPL-10": "A question is used for what its answer is.",
    "TPL-11": "A person is a role id, an address or `group:` and a name.",
    "TPL-12": "No group of everyone is given access.",
    "TPL-13": "A group of Entra is one of organisation.yaml's.",
    "TPL-14": "What is removed is declared above.",
    "TPL-15": "Nothing is declared and removed in one place.",
    "TPL-16": "A link leads to a library, list or page that the site has.",
    "TPL-17": "A template with a kind says what its sites are made from, and their title.",
    "TPL-18": "A view shows, sorts, groups and filters by columns that its library has.",
    "TPL-19": "An address is not one where SharePoint keeps something of its own.",
    "TPL-20": "The address of one library is not the name or address of another.",
    "TPL-21": "A library whose name has no plain letters has an address.",
    "TPL-22": "A retention label is one of organisation.yaml's.",
    "TPL-23": "A sensitivity label is one of organisation.yaml's.",
    "TPL-24": "A theme is one of organisation.yaml's.",
    "TPL-25": "A permission level is SharePoint's or one of organisation.yaml's.",
    "TPL-26": "A feature is one that is known by its name.",
    "TPL-27": "Privacy and a team belong to a site with a Microsoft 365 group.",
    "TPL-28": "What is said of a hub is said of a site that is one, and a hub joins no other.",
    "TPL-29": "A default content type is one of its library's.",
    "TPL-30": "A file that is named is in this folder.",
    "TPL-31": "One page is the home page, and one view of a library opens first; its columns are said once.",
    "TPL-32": "A default value fits its column, and its library has the column.",
    "TPL-33": "A Lookup column is used where the list that it looks up is.",
    "TPL-34": "Something is given to a group of the site, a group of Entra or a person.",
    "TPL-35": "A warning about storage comes before its limit.",
    "TPL-36": "A folder's path has no characters that SharePoint refuses.",
    "TPL-37": "A question's default and choices are answers that it takes.",
    "TPL-38": "A site has at most 500 links in a menu, three levels deep.",
    "TPL-39": "A team has the title of its site: renaming one renames the other.",
    "TPL-40": "Access is restricted to ten groups of Entra at most, or to the Microsoft 365 group of the site.",
    "TPL-41": "Owners and Members of a Microsoft 365 group are people, not groups.",
    "TPL-42": "A file is put into a library that the site has.",
    "TPL-43": "Links of a footer are for everybody.",
    "SIT-01": "Two sites do not share an address.",
    "SIT-02": "A site's template exists, and makes sites.",
    "SIT-03": "An answer belongs to a question of the template.",
    "SIT-04": "Every question that is not optional is answered.",
    "SIT-05": "An answer is what its question asks for.",
    "SIT-06": "A hub that is joined, or lies above another, is a hub of this folder.",
    "SIT-07": "A business class and a marking are choices of their columns.",
    "SIT-08": "A site has a title.",
    "SIT-09": "A site has an owner.",
    "SIT-10": "A link is an address once the answers are filled in.",
    "SIT-11": "A unit is one of organisation.yaml's.",
    "SIT-12": "A list has no name twice once `for each` is written out.",
    "SIT-13": "Hubs stand at most three levels deep, and never in a ring.",
    "SIT-14": "An address is not one that SharePoint keeps for itself.",
    "SIT-15": "Owners and Members of a Microsoft 365 group are people once the answers are filled in.",
    "DES-01": "A content type has at most 20 required columns, and so has a library with all of its content types.",
    "DES-02": "Folders are at most three deep.",
    "DES-03": "A library has a retention label, once the organisation has any.",
    "DES-04": "A site has two owners at least.",
    "DES-05": "An address is short, and leaves 300 of 400 characters for folders and documents.",
    "DES-06": "An address has small letters.",
    "DES-07": "An address begins with the letter of its kind of site.",
    "DES-08": "A title has no word that never belongs in one.",
    "DES-09": "A site has a description.",
    "DES-10": "An address does not name a unit: units are reorganised, addresses stay.",
    "DES-11": "A reviewed exception has not expired.",
    "DES-12": "A menu has at most 100 links.",
}
"""By code: ORG and TPL and SIT are errors, DES is advice."""


@dataclass(frozen=True)
class Finding(Problem):
    """A problem, and the rule that says so."""

    rule: str = ""

    def __str__(self) -> str:
        return f"{super().__str__()} [{self.rule}]"


def broken(rule: str, written: Written[Words], place: Place, text: str, hint: str | None = None) -> Finding:
    """A finding at `file:line:column` of this place. Raises KeyError for a rule that is not in the table."""
    RULES[rule]
    return Finding(written.source.where(place), text, hint, rule)
