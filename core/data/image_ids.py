"""The ids of images: what to say about one that no image has."""

from collections.abc import Iterable

from core.exceptions import shortened


def suggestion(image_id: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown id: an image of the same name or number, or what ids look like.

    Upper and lower case, suffixes, spaces and backslashes make no difference.
    """
    ids = list(known)
    name = image_id.replace("\\", "/").rpartition("/")[2].partition(".")[0].strip().lower()
    same = [other for other in ids if other.rpartition("/")[2].lower() == name]
    number = name.rpartition("_")[2]
    similar = same or [other for other in ids if number and other.endswith(f"_{number}")]
    if similar:
        return f"did you mean {shortened(similar[0])}?"
    return f"ids look like {shortened(ids[0])}." if ids else "the data set has no images."
