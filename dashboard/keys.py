"""Keys of the app: the query parameters of addresses, and the names in the session state.

Query parameters must not change, so that saved links keep working.
"""

# Query parameters. Each is also the key of the widget that shows it.
MODEL_A, MODEL_B = "a", "b"
MODELS = "models"
SLICE = "slice"
TRUE_LABEL, PREDICTED_LABEL, WHOSE_LABEL = "true", "predicted", "by"
WHO_IS_WRONG, ORDER, PAGE_NUMBER = "who", "order", "page"
CELLS = "cells"
CLASS_METRIC = "figure"  # not "metric", because saved links contain "figure"
CORRUPTION = "corruption"
ISSUE = "fault"  # not "issue", because saved links contain "fault"
PHOTO_SOURCE = "source"
KIND = "kind"
"""Whether the Photo & video page reads photos or a film."""

# Widgets and charts whose values are not kept in the address.
DETECTOR, PHOTO_DETECTOR, FILM_DETECTOR, MIRROR = "detector", "photo-detector", "film-detector", "mirror"
GET_YUNET = "get-yunet"
CHART_MODEL = "course-model"
BALANCE, EMOTION = "balance", "emotion"
UPLOAD, UPLOADS, SNAPSHOT = "upload", "uploads", "snapshot"
ALL_MODELS = "all-models"
LIVE_CHART, FRAME_PNG = "course", "moment-png"
ROUND_START, ROUND_SKIP, ROUND_EXPRESSION, ROUND_REPEAT = "round-start", "round-skip", "round-again", "round-redo"
ROUND_PNG = "round-png"
FILM_UPLOAD, FILM_FACE, FILM_MODEL = "film-upload", "film-face", "film-model"
READ_FILM, READ_EXAMPLE, CANCEL_FILM, CLEAR_FILM = "read-film", "read-example", "cancel-film", "clear-film"

# Other values in the session state.
VISIT, VISITED_PAGE = "visit", "visited_page"
LISTED = "listed"
"""Hash of the list of images that the page number belongs to."""
AGREED = "agreed"
"""Whether the visitor has agreed to the use of the camera."""
CONNECTION = "connection"
"""The latest state of the camera's connection, and the time at which that state began."""
LIVE_SESSION = "live-session"
FILM = "film"
"""The visitor's film and its results, with the visit in which it was started."""
NEW_DETECTOR = "new-detector"
"""The detector that was just downloaded, to be chosen at the next run."""
TURN = "turn"
"""The turn of a photo, in degrees clockwise, that the visitor has chosen."""
SAMPLE_DRAW = "draw"
"""How many times new sample images were drawn."""
SKIP_BAD, ALLOW_MISSING, CLASSES = "skip-bad", "allow-missing", "classes"
"""The options of an import."""
IMPORT_REPORT = "import-report"
"""The report on the visitor's latest import of a data set."""


def per_visit(key: str, visit: int) -> str:
    """Return a key that changes at each visit to a page, so that the widget starts with its default value."""
    return f"{key}-{visit}"


def per_item(key: str, item: str) -> str:
    """Return a key for one of several similar widgets, for example one per photo or model."""
    return f"{key}-{item}"
