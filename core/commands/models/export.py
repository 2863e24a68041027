"""Write a network to one ONNX file that needs neither torch nor FERscope, and check it against torch.

Input `faces` (batch, 48, 48) uint8, output `probabilities` (batch, 7) float32: preprocessing, mirror averaging and
temperature are inside. The metadata has `card` (JSON), `classes` (JSON, in the order of the output) and `input`.
Needs requirements-export.txt.
"""

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a model of the cnn family, such as cnn-seed")
    parser.add_argument("--format", default="onnx", metavar="NAME", help="by default onnx, the only one so far")
    parser.add_argument("--output", type=Path, metavar="FILE", help="by default MODEL.onnx in this folder")


def run(options: argparse.Namespace) -> int:
    from core.exchange.onnx_out import TOLERANCE, export_model

    file = options.output or Path(f"{options.model}.{options.format}")
    difference = export_model(options.model, options.format, file)
    print(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB, classes and card in its metadata. "
        f"Largest difference of a probability from torch's: {difference:.1e} (let through: {TOLERANCE:.0e})."
    )
    return 0
