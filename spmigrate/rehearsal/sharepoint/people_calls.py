"""Everything at the root of ``_api`` that is about people: principals, profiles, following, the picker, sharing."""

from __future__ import annotations

from spmigrate.rehearsal.sharepoint.people_picker import PeoplePickerCalls
from spmigrate.rehearsal.sharepoint.profile_calls import ProfileCalls
from spmigrate.rehearsal.sharepoint.sharing_calls import SharingCalls
from spmigrate.rehearsal.sharepoint.social import SocialCalls
from spmigrate.rehearsal.sharepoint.utilities import UtilityCalls


class PeopleCalls(UtilityCalls, PeoplePickerCalls, ProfileCalls, SocialCalls, SharingCalls):
    """The static methods and services about people."""
