"""Measure the recall, false detections and CPU time of detectors on synthetic images with known boxes.

FER2013's test faces (if the data set is imported) and a portrait are pasted onto images without people. There are seven
standard conditions: faces are plain, small, turned, dark, lit from one side, several per image, or cut by the image's
border. Their images together are the condition "all". There are four hard conditions: faces are rolled (rotated by 20
to 60 degrees), partly covered, in a crowd of ten, or tiny (24 pixels). Their images together are "hard".

The results compare detectors with each other. They do not predict how well a detector works on real photos.
"""

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING

from core.commands.arguments import usable
from core.commands.options import positive_int, random_seed
from core.files import json_line

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

PORTRAIT_EVERY = 10
"""If a data set is imported, the portrait replaces every tenth face."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "detectors",
        nargs="*",
        metavar="DETECTOR",
        help="names in core/vision/detectors (default: all that can be used)",
    )
    parser.add_argument(
        "--pictures", type=positive_int, default=60, metavar="N", help="images per condition (default: 60)"
    )
    parser.add_argument(
        "--seed",
        type=random_seed,
        default=0,
        metavar="N",
        help="random seed for the faces and their positions (default: 0)",
    )
    parser.add_argument(
        "--part",
        choices=("measure", "tune"),
        default="measure",
        help="measure: test faces (default); tune: val faces on other backgrounds, used to choose detectors' settings",
    )
    parser.add_argument(
        "--votes",
        type=positive_int,
        nargs="+",
        metavar="N",
        help="minimum number of votes for a face, for haar-multi detectors, which are measured with each N in turn "
        "(default: the detectors' own settings)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON: one object per detector and condition")


def run(options: argparse.Namespace) -> int:
    import pandas as pd

    from core.benchmarks.composites import backgrounds, composites
    from core.benchmarks.detection import measure, measure_votes
    from core.runtime.progress_bar import progress_bar
    from core.vision.detectors import detector_names, make_detector
    from core.vision.detectors.haar_multi import MultiHaarDetector

    names = options.detectors or detector_names()
    detectors = usable(names, make_detector)
    exit_code = int(len(detectors) < len(set(names)))
    faces = _faces_of_part(options.part, options.seed)
    images = composites(faces, backgrounds(options.part), options.pictures, options.seed)
    tables = []
    with progress_bar() as on_progress:
        for name, detector in detectors.items():
            if options.votes and isinstance(detector, MultiHaarDetector):
                by_votes = measure_votes(detector, options.votes, images, partial(on_progress, name))
                tables += [table.assign(detector=f"{name}, {votes} votes") for votes, table in by_votes.items()]
            else:
                tables.append(measure(detector, images, partial(on_progress, name)).assign(detector=name))
    result = pd.concat(tables, ignore_index=True)
    if options.json:
        print(json_line(json.loads(result.round(6).to_json(orient="records"))))
        return exit_code
    pasted = "the portrait" if len(faces) == 1 else "faces of FER2013 and the portrait"
    print(f"{len(images):,} synthetic images with {pasted}. Recall per condition.")
    print('"all": the standard conditions together. "hard": the hard conditions together.')
    print(_recall_table(result).to_string())
    return exit_code


def _recall_table(result: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row per detector.

    It has the recall per condition, the overall recall with its interval, the false detections, and the CPU time per
    image as a multiple of that of `haar`. The CPU time is left out if `haar` was not measured.
    """
    order = {"detector": result["detector"].unique(), "condition": result["condition"].unique()}
    recalls = result.pivot_table(index="detector", columns="condition", values="recall")
    shown = recalls.reindex(index=order["detector"], columns=order["condition"]).map("{:.1%}".format)
    overall = result[result["condition"] == "all"].set_index("detector")
    hard = result[result["condition"] == "hard"].set_index("detector")
    shown["95 % interval of all"] = [
        f"{low:.1%} to {high:.1%}" for low, high in zip(overall["low"], overall["high"], strict=True)
    ]
    shown["false detections in all"] = overall["false_detections"]
    shown["false detections in hard"] = hard["false_detections"]
    if "haar" in overall.index:
        shown["CPU / haar"] = (overall["cpu_ms"] / overall["cpu_ms"]["haar"]).map("{:.2f}".format)
    return shown.rename_axis(index=None, columns=None)


def _faces_of_part(part: str, seed: int) -> "list[NDArray[np.uint8]]":
    """Return square gray faces in random order: test faces for `measure`, val faces for `tune`.

    The portrait replaces some of them. Without an imported data set, return only the portrait.
    """
    import numpy as np

    from core.benchmarks.composites import portrait
    from core.classifiers.base import labelled_faces
    from core.data.store import current_import

    data = current_import()
    if data is None:
        return [portrait()]
    imported = labelled_faces(data.manifest(), data.faces(), "test" if part == "measure" else "val").faces
    # The data set is usually sorted by emotion, so the first faces would all be angry.
    shuffled = np.random.default_rng(seed).permutation(imported)
    faces = list(shuffled[shuffled.std(axis=(1, 2)) > 0])  # without blank images
    faces[::PORTRAIT_EVERY] = [portrait()] * len(faces[::PORTRAIT_EVERY])
    return faces
