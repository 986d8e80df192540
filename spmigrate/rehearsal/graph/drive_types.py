"""Types that only files and folders have."""

from __future__ import annotations

from spmigrate.rehearsal.graph.types import define_type

THUMBNAIL_SET = define_type("thumbnailSet", "large medium small source")
ANALYTICS = define_type("itemAnalytics", "allTime lastSevenDays", "itemActivityStats")
INTERVAL = define_type(
    "itemActivityStat",
    "access create delete edit endDateTime incompleteData isTrending move startDateTime",
    "activities",
)
