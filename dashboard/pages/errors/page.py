"""Show test images that one or both of two models get wrong, or right: filtered, ranked, and each with its own view."""

from dashboard.components import layout, notices
from dashboard.pages.errors import listing

layout.page_header(
    "Errors", "Who gets which test image wrong. Press a face to ask why, to find others like it, to mark it."
)
notices.model_faults_notice()
listing.show()
