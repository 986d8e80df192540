"""Graph's status and word for what content refuses."""

from __future__ import annotations

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.graph.call import GraphError

_WORDS = {
    "nameAlreadyExists": (409, "nameAlreadyExists"),
    "invalidName": (400, "invalidRequest"),
    "pathTooLong": (400, "pathIsTooLong"),
    "resourceLocked": (423, "resourceLocked"),
    "itemNotFound": (404, "itemNotFound"),
    "notAFolder": (400, "invalidRequest"),
    "cannotMoveIntoItself": (400, "invalidRequest"),
    "siteLocked": (423, "resourceLocked"),
    "quotaLimitReached": (507, "quotaLimitReached"),
    "invalidDate": (400, "invalidRequest"),
    "tooManyDrafts": (400, "invalidRequest"),
    "tooManyItems": (400, "invalidRequest"),
    "invalidRequest": (400, "invalidRequest"),
    # rclone reads 400 as "not permitted by the organisation"; an older report has 403 (onedrive-api-docs#413).
    "sharingDisabled": (400, "invalidRequest"),
}


def translate(refusal: Refusal) -> GraphError:
    """The Graph error for a refusal."""
    status, word = _WORDS[refusal.code]
    return GraphError(status, word, refusal.message)
