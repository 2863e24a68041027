"""Write a report on two models: one HTML file with verdict, tables, charts, the worst errors and the marks.

The file loads nothing from any network and needs no scripts, so it opens from a mail and prints on A4. The figures are
those of the command `compare`. The faces are those of the imported data set; without one, their ids are listed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from core.commands.models.compare import SLICE_HELP
from core.commands.options import output_file


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a folder in models/ or models/guests/, such as cnn-seed")
    parser.add_argument("b", metavar="B", help="the model to compare it with")
    parser.add_argument("--slice", default="test", metavar="NAMES", help=SLICE_HELP)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="HTML file to write; it is replaced if it exists",
    )


def run(options: argparse.Namespace) -> int:
    from core.evaluation.slices import parse_slice, slice_key
    from core.exchange.report.stored import stored_report
    from core.files import replace_file
    from core.runtime.streams import printable

    file = output_file(options.output, "report.html")
    content = stored_report(options.a, options.b, slice_key(parse_slice(options.slice)))
    replace_file(file, content)
    print(printable(f"{options.output}: {len(content) / 1e6:.1f} MB. It needs no network and no scripts."))
    return 0
