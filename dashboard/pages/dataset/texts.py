"""The texts of the Dataset page."""

LEAD = "The imported data set: its classes, its faces, and what is wrong with some."

FER2013_LEAD = "FER2013: its classes, faces and faults. Training is train and val; test is PublicTest and PrivateTest."

WITHOUT_IMAGES = " The figures are those of FERscope's list of the images. The images themselves are not imported."


def noun(count: int, singular: str) -> str:
    """Return the noun as it stands after the count: "image" for 1, otherwise "images"."""
    return singular if count == 1 else f"{singular}s"


def counted(count: int, singular: str) -> str:
    """Return a count with its noun, such as "1 image" or "1,516 groups"."""
    return f"{count:,} {noun(count, singular)}"


def lead(is_fer2013: bool, has_images: bool) -> str:
    """Return the introduction of the page as HTML."""
    return (FER2013_LEAD if is_fer2013 else LEAD) + ("" if has_images else WITHOUT_IMAGES)
