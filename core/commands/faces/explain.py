"""Explain a prediction: which pixels of a face speak for a label, and which against it.

The face is an image of the imported data set or the largest face of a file. The predicted label is explained and, for
an image of the data set, the true label. Networks of the cnn family are explained by integrated gradients, all others
by occlusion. `--method contributions` is only for trees on hand-made features. docs/explanations.md describes the
methods.

With --deletion, the explanations of test images are measured: the fifth of the pixels that speaks most for each
predicted label is removed. The accuracy then falls further than if equally many pixels are removed at random.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.commands.faces.one_face import FACE_HELP, OneFace, read_face
from core.commands.options import classifier_and_faces, output_file, positive_int
from core.commands.tables import print_table
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.files import json_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.classifiers.calibrated import Calibrated
    from core.evaluation.attribution.explanation import Explanation

DEFAULT_MODEL = "cnn"

FILL_WORDS = {"mean": "face's mean gray level", "blur": "blurred face"}

JSON_HELP = (
    "print JSON: the labels, with the region of the 3x3 grid that speaks most for and against each; with --deletion, "
    "accuracies 0..1"
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("face", nargs="?", metavar="FILE|IMAGE_ID", help=FACE_HELP)
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="NAME", help=f"a model (default: {DEFAULT_MODEL})")
    parser.add_argument("--label", metavar="NAME", help="explain this label instead of the predicted and the true one")
    parser.add_argument("--method", metavar="NAME", help="default: the best method that suits the model")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the face and its maps to a PNG file")
    parser.add_argument("--deletion", action="store_true", help="measure the explanations of images of the data set")
    parser.add_argument("--faces", type=positive_int, metavar="N", help="for --deletion: random images (default: 500)")
    parser.add_argument("--fill", metavar="NAME", help="for --deletion: mean (default) or blur, in removed pixels")
    parser.add_argument(
        "--split", choices=("test", "val"), help="for --deletion: val to choose between methods (default: test)"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.evaluation.attribution.methods import check_names

    _check_combination(options)
    check_names([options.label] if options.label is not None else [], options.method)
    if options.deletion:
        return _measure_deletion(options)
    return _explain(options)


def _check_combination(options: argparse.Namespace) -> None:
    """Raise InputError for options that do not belong together."""
    of_one_face = {"FILE|IMAGE_ID": options.face, "--label": options.label, "--output": options.output}
    of_deletion = {"--faces": options.faces, "--fill": options.fill, "--split": options.split}
    unfit = [name for name, value in (of_one_face if options.deletion else of_deletion).items() if value is not None]
    if unfit:
        raise InputError(f"{unfit[0]} can only be used {'without' if options.deletion else 'with'} --deletion.")
    if not options.deletion and options.face is None:
        raise InputError("no face is given; name an image file or an image of the data set, or add --deletion.")
    if options.output and options.output.suffix.lower() != ".png":
        raise InputError(f"{shortened(options.output, 120)} is no name for the picture; let it end in .png.")


def _explain(options: argparse.Namespace) -> int:
    from core.classifiers.loading import load_classifier
    from core.evaluation.attribution.methods import explain

    file = output_file(options.output, "why.png") if options.output else None
    classifier = load_classifier(options.model)
    face = read_face(options.face)
    probabilities = _probabilities(classifier, face.face)
    predicted = _predicted(probabilities)
    labels = (options.label,) if options.label else tuple(dict.fromkeys([predicted, face.true_label or predicted]))
    explanations = explain(classifier, face.face, labels, options.method)
    if file:
        _write_picture(file, face, explanations, predicted)
    if options.json:
        print(json_line(_as_json(options.model, face, probabilities, explanations)))
    else:
        _print(options.model, face, probabilities, explanations)
    if file:
        print_note(f"Wrote {shortened(options.output, 120)}")
    return 0


def _probabilities(classifier: Calibrated, face: NDArray[np.uint8]) -> dict[str, float]:
    return dict(zip(EMOTIONS, map(float, classifier.predict_proba(face[None])[0]), strict=True))


def _predicted(probabilities: dict[str, float]) -> str:
    """Return the label with the largest probability."""
    return max(probabilities, key=lambda label: probabilities[label])


def _as_json(
    model: str, face: OneFace, probabilities: dict[str, float], explanations: Sequence[Explanation]
) -> dict[str, Any]:
    from core.evaluation.attribution.regions import strongest

    predicted = _predicted(probabilities)
    sides = [(explanation, *strongest(explanation.values)) for explanation in explanations]
    return {
        "image_id": face.image_id,
        "true_label": face.true_label,
        "model": model,
        "method": explanations[0].method,
        "predicted_label": predicted,
        "confidence": probabilities[predicted],
        "labels": [
            {
                "label": explanation.label,
                "probability": probabilities[explanation.label],
                "for": support._asdict(),
                "against": opposition._asdict(),
            }
            for explanation, support, opposition in sides
        ],
    }


def _print(model: str, face: OneFace, probabilities: dict[str, float], explanations: Sequence[Explanation]) -> None:
    from core.evaluation.attribution.methods import METHODS
    from core.evaluation.attribution.regions import strongest

    predicted = _predicted(probabilities)
    truth = f"; the true label is {face.true_label}" if face.true_label else ""
    print(f"{model} predicts {predicted} ({probabilities[predicted]:.1%}){truth}.")
    method = METHODS[explanations[0].method]
    print(f"{method.title}: {method.description}")
    rows = []
    for explanation in explanations:
        sides = strongest(explanation.values)
        cells = (f"{side.region} ({side.share:.0%})" if side.region else "nothing" for side in sides)
        rows.append([explanation.label, f"{probabilities[explanation.label]:.1%}", *cells])
    print_table(("label", "probability", "most for it", "most against it"), rows, simple=True)
    print("Of all that speaks for a label, or against it, this share lies in the strongest region of a 3x3 grid.")


def _write_picture(path: Path, face: OneFace, explanations: Sequence[Explanation], predicted: str) -> None:
    from core.commands.faces.explanation_picture import draw
    from core.files import replace_file
    from core.vision.images import encode_png

    replace_file(path, encode_png(draw(face, explanations, predicted)))


def _measure_deletion(options: argparse.Namespace) -> int:
    from core.benchmarks.deletion import CELL, measure
    from core.evaluation.attribution.fills import FILLS
    from core.exceptions import unknown_name
    from core.runtime.progress_bar import progress_bar

    fill = options.fill or "mean"
    if fill not in FILLS:
        raise unknown_name("fill", fill, FILLS)
    options.limit, options.split = options.faces or 500, options.split or "test"
    classifier, data = classifier_and_faces(options)
    with progress_bar() as on_progress:
        stage = f"Explain {options.model}"
        result = measure(options.model, classifier, data, fill, options.method, partial(on_progress, stage))
    if options.json:
        print(json_line(asdict(result)))
        return 0
    print_table(
        ("removed", "accuracy"),
        (
            ("nothing", f"{result.accuracy.all:.1%}"),
            (f"{result.share:.0%} at random", f"{result.accuracy.random:.1%}"),
            (f"{result.share:.0%} by {result.method}", f"{result.accuracy.attribution:.1%}"),
        ),
        title=f"{options.model}: {result.faces:,} {options.split} images",
        numbers_from=1,
    )
    print(f"Squares of {CELL}x{CELL} pixels were removed: filled with the {FILL_WORDS[fill]}.")
    return 0
