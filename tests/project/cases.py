"""Inputs that FERscope once got wrong. Every one has a test that is marked with its key: `@pytest.mark.case("d1")`.

`python -m pytest -m case` runs these tests. `test_cases.py` checks that every key is used.
"""

CASES = {
    # data sets
    "d1": "the archive with other file names",
    "d2": "the archive's images as PNG, enlarged and shrunk again, only some of them, or mixed with others",
    "d3": "the folders train and validation, without test",
    "d4": "the folders train, val and test",
    "d5": "other words for emotions, in one split only",
    "d6": "some images in formats other than JPEG and PNG",
    "d7": "a folder of an eighth emotion",
    "d8": "numbered folders, capitals, label before split, labels in file names",
    "d9": "more top folders, an archive in an archive or in a folder, other archive and file names",
    "d10": "a zip compressed by a method that Python lacks",
    "d11": "a CSV with a trailing comma, a repeated column, no header, or a first column of row numbers",
    "d12": "a CSV with other separators, encodings, capitals and words",
    "d13": "a CSV or device that would cost minutes or gigabytes",
    "d14": "folders that cannot be read, or that a server could not read afterwards",
    "d15": "a bad emotion in a row that may be skipped",
    # pictures
    "p1": "GIF, TIFF, AVIF and HEIC images",
    "p2": "photos turned by 90 or 180 degrees without an EXIF orientation",
    "p3": "a photo that is far too dark",
    "p4": "images that need much memory to decode",
    "p5": "odd file names",
    "p6": "names and texts that contain Markdown, HTML or LaTeX",
    "p7": "names that a spreadsheet would run as formulas",
    "p8": "a folder, or standard input, instead of an image file",
    # model folders
    "m1": "a card that is nested deeply, a folder, unreadable or huge",
    "m2": "cards with values of other types or out of range",
    "m3": "weights or temperatures that are not finite",
    "m4": "damaged weights with a matching hash",
    "m5": "predictions with missing columns, repeated images, or impossible values",
    "m6": "histories and measurements of another form",
    # commands and web
    "c1": "output to a closed pipe or a full disk",
    "c2": "a terminal that cannot show all characters",
    "c3": "Python without docstrings and asserts",
    "c4": "tables in a narrow pipe",
    "c5": "a refused recipe under a name that is used later",
    "c6": "requests with a foreign host name",
    "c7": "an unexpected error on a page",
    "c8": "the app under a base path",
    "c9": "a still picture in front of the camera",
    "c10": "a portrait camera",
}
