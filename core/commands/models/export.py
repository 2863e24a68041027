"""Export a network to an ONNX file, which runs without torch and FERscope, and compare its output with torch's.

The input is `faces`, (batch, 48, 48) uint8. The output is `probabilities`, (batch, 7) float32. The file includes
preprocessing, temperature and, if the model uses it, the mean of the predictions for a face and its mirror image. Its
metadata has `card` (JSON), `classes` (JSON, in the order of the output) and `input` (a description). Exporting needs
the packages in requirements-export.txt.
"""

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a model of the cnn family, such as cnn-seed")
    parser.add_argument("--format", default="onnx", metavar="NAME", help="file format (default and only choice: onnx)")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="output file (default: MODEL.onnx in the current folder)"
    )


def run(options: argparse.Namespace) -> int:
    from core.exchange.onnx_out import TOLERANCE, export_model

    file = options.output or Path(f"{options.model}.{options.format}")
    difference = export_model(options.model, options.format, file)
    print(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB, with the classes and the model's card in its metadata. "
        f"Its probabilities differ from torch's by at most {difference:.1e} (allowed: {TOLERANCE:.0e})."
    )
    return 0
