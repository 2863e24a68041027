"""Keys of the app: the query parameters of addresses, and the names in the session state.

Query parameters must not change, so that saved links keep working.
"""

# Query parameters. Each is also the key of the widget that shows it.
MODEL_A, MODEL_B = "a", "b"
MODELS = "models"
SLICE = "slice"
TRUE_LABEL, PREDICTED_LABEL, WHOSE_LABEL = "true", "predicted", "by"
WHO_IS_WRONG, ORDER, PAGE_NUMBER = "who", "order", "page"
CELLS, FIGURE = "cells", "figure"
CORRUPTION = "corruption"
ISSUE = "fault"
PHOTO_SOURCE = "source"

# Widgets whose values are not kept in the address.
DETECTOR, PHOTO_DETECTOR, MIRROR = "detector", "photo-detector", "mirror"
CHART_MODEL = "course-model"
BALANCE, EMOTION = "balance", "emotion"
UPLOAD, UPLOADS, SNAPSHOT = "upload", "uploads", "snapshot"
ALL_MODELS = "all-models"
LIVE_CHART, FRAME_PNG = "course", "moment-png"
ROUND_START, ROUND_SKIP, ROUND_AGAIN, ROUND_REDO = "round-start", "round-skip", "round-again", "round-redo"
ROUND_PNG = "round-png"

# Other values in the session state.
VISIT, VISITED_PAGE = "visit", "visited_page"
LISTED = "listed"
"""The list of images that the page number belongs to."""
AGREED = "agreed"
"""Whether the visitor has agreed to the use of the camera."""
CONNECTION = "connection"
"""The latest state of the camera's connection, and the time of its last change."""
LIVE_SESSION = "live-session"
SAMPLE_DRAW = "draw"
"""How many times new sample images were drawn."""
IMPORT_REPORT = "import-report"


def per_visit(key: str, visit: int) -> str:
    """Return a key that is new at each visit of a page, so that its widget starts with its default."""
    return f"{key}-{visit}"


def per_item(key: str, item: str) -> str:
    """Return a key for one of several similar widgets, for example one per photo or model."""
    return f"{key}-{item}"
