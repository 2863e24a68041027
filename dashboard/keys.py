"""The keys of the app: what is kept in a page's address, and what in a visitor's session.

Those of the address are a promise: links that people have saved must go on working.
"""

# Parameters of addresses; each is the key of the widget that shows it.
MODEL_A, MODEL_B = "a", "b"
MODELS = "models"
SLICE = "slice"
TRUE_LABEL, PREDICTED_LABEL, WHOSE_LABEL = "true", "predicted", "by"
WHO_IS_WRONG, ORDER, PAGE_NUMBER = "who", "order", "page"
CELLS, FIGURE = "cells", "figure"
CORRUPTION = "corruption"
ISSUE = "fault"
PHOTO_SOURCE = "source"

# Widgets that are the visitor's own affair.
DETECTOR, PHOTO_DETECTOR, MIRROR = "detector", "photo-detector", "mirror"
COURSE_MODEL = "course-model"
BALANCE, EMOTION = "balance", "emotion"
UPLOAD, UPLOADS, SNAPSHOT = "upload", "uploads", "snapshot"
ALL_MODELS = "all-models"
COURSE_CHART, MOMENT_PNG = "course", "moment-png"
ROUND_START, ROUND_SKIP, ROUND_AGAIN, ROUND_REDO = "round-start", "round-skip", "round-again", "round-redo"
ROUND_PNG = "round-png"

# What the app remembers of a session.
VISIT, VISITED_PAGE = "visit", "visited_page"
LISTED = "listed"
"""Which list of images the page number belongs to."""
AGREED = "agreed"
"""Whether the visitor has agreed to the camera."""
CONNECTION = "connection"
"""What the camera's connection was at last, and since when."""
LIVE_SESSION = "live-session"
SAMPLE_DRAW = "draw"
"""How many times the samples have been drawn anew."""
IMPORT_REPORT = "import-report"


def in_visit(key: str, visit: int) -> str:
    """A key that starts afresh at each visit of a page."""
    return f"{key}-{visit}"


def of(key: str, owner: str) -> str:
    """A key of one photo, model, camera or download."""
    return f"{key}-{owner}"
