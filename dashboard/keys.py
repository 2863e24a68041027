"""Keys of the app: the query parameters of addresses, and the names in the session state.

Query parameters must not change, so that saved links keep working.
"""

# Query parameters. Each is also the key of the widget that shows it.
MODEL_A, MODEL_B = "a", "b"
MODELS = "models"
SLICE = "slice"
TRUE_LABEL, PREDICTED_LABEL, WHOSE_LABEL = "true", "predicted", "by"
WHO_IS_WRONG, ORDER, PAGE_NUMBER, PAGE_SIZE = "who", "order", "page", "n"
CELLS = "cells"
PAIRS_OF = "pairs"
VIEW, CURVES_OF = "view", "curves"
"""Which figures the Compare page shows below the matrices, and the emotion of its curves."""
CLASS_METRIC = "figure"  # not "metric", because saved links contain "figure"
CORRUPTION = "corruption"
GALLERY_KIND = "fault"  # saved links contain "fault"
TAB, SPLIT, EMOTION = "tab", "split", "emotion"
GALLERY_ORDER, GALLERY_SIZE = "sorted", "size"
CLASS_FACES = "faces"
SAMPLE_DRAW = "draw"
"""The number of the draw of random images in the gallery, their seed."""
CLEAN_DROP, CLEAN_BELOW = "drop", "below"
"""What a clean list leaves out, as in the command, and the limit of its doubt scores."""
PHOTO_SOURCE = "source"
SORT = "sort"
IMAGE = "image"
"""The face whose own view is open."""
KIND = "kind"
"""Whether the Photo & video page reads photos or a film."""

# Widgets and charts whose values are not kept in the address.
DETECTOR, PHOTO_DETECTOR, FILM_DETECTOR, MIRROR = "detector", "photo-detector", "film-detector", "mirror"
GET_YUNET = "get-yunet"
CHART_MODEL, CHART_FACE = "course-model", "course-face"
LIVE_PANEL, ROUND_MATRICES = "live-panel", "round-matrices"
BALANCE = "balance"
MODELS_SECTION, ALL_HYPERPARAMETERS, TRAIN_CURVES = "models-section", "all-hyperparameters", "train-curves"
UPLOAD, UPLOADS, SNAPSHOT = "upload", "uploads", "snapshot"
ALL_MODELS = "all-models"
WAYS_IN, OTHER_PAGES = "ways-in", "other-pages"
LIVE_CHART, FRAME_PNG = "course", "moment-png"
ROUND_START, ROUND_SKIP, ROUND_EXPRESSION, ROUND_REPEAT = "round-start", "round-skip", "round-again", "round-redo"
ROUND_PNG = "round-png"
PHOTO_FACE, PHOTO_WHY, PHOTO_SIMILAR, PHOTO_FIND = "photo-face", "photo-why", "photo-similar", "photo-find"
FILM_UPLOAD, FILM_FACE, FILM_MODEL = "film-upload", "film-face", "film-model"
DRAWN_MODEL, CHOSEN_PHOTO, CLEAR_PHOTOS, WHOLE_PHOTO = "drawn-model", "chosen-photo", "clear-photos", "whole"
READ_FILM, READ_EXAMPLE, CANCEL_FILM, CLEAR_FILM = "read-film", "read-example", "cancel-film", "clear-film"

GUEST_FORM, GUEST_UPLOAD, GUEST_NAME, GUEST_ORDER, GUEST_CLASSES = (
    "guest-form",
    "guest-upload",
    "guest-name",
    "guest-order",
    "guest-classes",
)
GUEST_LAYOUT, GUEST_CHANNELS, GUEST_SCALE, GUEST_MEAN, GUEST_STD = (
    "guest-layout",
    "guest-channels",
    "guest-scale",
    "guest-mean",
    "guest-std",
)
GUEST_ADD, GUEST_TAKE, GUEST_AS_IT_IS, GUEST_REMOVE = "guest-add", "guest-take", "guest-as-it-is", "guest-remove"
GUEST_CLASS_ORDER, GUEST_RESULT = "guest-class-order", "guest-result"
GUEST_FOR_VISIT = "guest-for-visit"

COMPARE_BAR, SWAP, REPORT = "compare-bar", "swap", "report"
OUTCOMES, CELL_BUTTONS = "outcomes", "cell-buttons"
CELL_TRUE, CELL_PREDICTED, CELL_SIDE = "cell-true", "cell-predicted", "cell-side"
CELL_PANEL, OPEN_CELL = "cell-panel", "open-cell"

FACE_SPLIT, FACE_VIEW, FACE_HEAD, FACE_BACK = "face-split", "face-view", "face-head", "face-back"
CELL_TILES, GALLERY_TILES = "cell-tiles", "gallery-tiles"
FACE_CLOSE, FACE_PREVIOUS, FACE_NEXT = "face-close", "face-previous", "face-next"
FACE_METHOD, FACE_TILES, FACE_FIND = "face-method", "face-tiles", "face-find"
FACE_MARK, FACE_MARKS, FACE_MARK_LIST = "face-mark", "face-marks", "face-mark-list"
FACE_NOTE, FACE_RIGHT_LABEL, FACE_UNDO = "face-note", "face-right-label", "face-undo"
FACE_MARK_LINKS, FACE_MARKS_CSV = "face-mark-links", "face-marks-csv"
FACE_WAIT, FACE_ROUND = "face-wait", "face-round"

ERRORS_BAR, ERRORS_MODELS, ERRORS_FILTERS, ERRORS_LINE = "errors-bar", "errors-models", "errors-filters", "errors-line"
COUNT_TILES, DATASET_TABS, DATASET_TAB = "count-tiles", "dataset-tabs", "dataset-tab"
GALLERY_BAR, GALLERY_LINE, GALLERY_MARKS_CSV = "gallery-bar", "gallery-line", "gallery-marks-csv"
DOUBTS_OF = "doubts"
DRAW_AGAIN, NEAR_SEARCH, NEAR_STOP = "draw-again", "near-search", "near-stop"
QUALITY_TABLE, DOUBT_TABLE, NEAR_WAIT, NEAR_ROUND = "quality-table", "doubt-table", "near-wait", "near-round"

CLEAN_RULE, CLEAN_RULES, CLEAN_READ = "clean-rule", "clean-rules", "clean-read"
CLEAN_CSV, CLEAN_ZIP, CLEAN_PREPARE, CLEAN_STOP = "clean-csv", "clean-zip", "clean-prepare", "clean-stop"
CLEAN_WAIT, CLEAN_ROUND = "clean-wait", "clean-round"

ERRORS_TILES, ERRORS_MARKS_CSV, ERRORS_MARKED = "errors-tiles", "errors-marks-csv", "errors-marked"

IMAGE_FORMAT = "image-format"
"""The format in which charts are saved."""

# Other values in the session state.
SEEN, WHEN_SEEN = "seen", "when-seen"
"""Whether a part of a page has been seen, and the button that stands for it before. visit.js looks for the second."""
PAGE_FRAME = "page-frame"
"""Container of the app's styles and of the script that runs at each visit."""
CHARTS_SHOWN = "charts-shown"
"""The latest visit to a page in which a chart was shown."""
VISIT, VISITED_PAGE = "visit", "visited_page"
CELL_CLICKED = "cell-clicked"
"""Set while the page runs because a cell or a pair was clicked, so that the faces of the cell come into view."""
LISTED = "listed"
"""Hash of the list of images that the page number belongs to."""
FOLLOWED = "followed"
"""The open face whose page of the list was last turned to."""
FACE_OF_LIST = "face-of-list"
"""The face of the list that was last shown in its own view."""
FACE_LAST_MARK, FACE_FAULT = "face-last-mark", "face-fault"
"""The change of a mark that can be undone (image, kind, the mark before it), and why the latest change failed."""
MARKS_OF_VISIT = "marks-of-visit"
"""The marks that were set or removed in this visit, where nothing can be stored."""
AGREED = "agreed"
"""Whether the visitor has agreed to the use of the camera."""
CONNECTION = "connection"
"""The latest state of the camera's connection, and the time at which that state began."""
LIVE_SESSION = "live-session"
FILM = "film"
"""The visitor's film and its results, with the visit in which it was started."""
NEW_DETECTOR = "new-detector"
"""The detector that was just downloaded, to be chosen at the next run."""
GUESTS_OF_VISIT = "guests-of-visit"
"""Name -> guest that only this session has."""
GUEST_ROUND = "guest-round"
"""How many times the visitor has added a guest."""
NEW_GUEST = "new-guest"
"""The guest that was just added, to be compared at the next run."""
GUEST_DONE, GUEST_SEEN = "guest-done", "guest-seen"
"""What became of the latest guest that was added or removed, and what was last shown as a toast."""
PROPOSED = "proposed"
"""A guest that waits for the visitor's decision on a proposal."""
PHOTO_ROUND = "photo-round"
"""How many times the visitor has cleared the photos."""
TURN = "turn"
"""The turn of a photo, in degrees clockwise, that the visitor has chosen."""
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
