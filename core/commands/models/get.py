"""Download the model file of a face detector that FERscope does not ship, and check it.

The only NAME is yunet: YuNet, from OpenCV's model zoo (MIT licence). Its file goes to models/detectors/, which git
ignores. From then on, yunet is the default detector. Proxy variables, such as https_proxy, are obeyed.
"""

import argparse
from functools import partial

from core.exceptions import unknown_name
from core.files import json_line

NAMES = ("yunet",)
"""The detectors whose file can be downloaded."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="yunet")
    parser.add_argument(
        "--from",
        dest="source",
        metavar="URL|FILE",
        help="take the file from this address, or from a file that you downloaded in a browser",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print JSON; `downloaded` is false if the file was there already or is a copy of FILE",
    )


def run(options: argparse.Namespace) -> int:
    if options.name not in NAMES:
        raise unknown_name("detector file", options.name, NAMES)
    from core.runtime.progress_bar import progress_bar
    from core.vision.detectors import yunet_file

    was_there = yunet_file.verified_file() is not None
    is_local = options.source is not None and not yunet_file.is_url(options.source)
    with progress_bar() as on_progress:
        if options.source is None:
            path = yunet_file.download(partial(on_progress, "Download YuNet"))
        else:
            path = yunet_file.install_from(options.source, partial(on_progress, "Install YuNet"))
    if options.json:
        report = {
            "name": options.name,
            "path": str(path),
            "bytes": yunet_file.SIZE,
            "sha256": yunet_file.SHA256,
            "license": yunet_file.LICENSE_ID,
            "downloaded": not was_there and not is_local,
        }
        print(json_line(report))
    else:
        happened = "was there already" if was_there else "was copied" if is_local else "was downloaded"
        print(
            f"{path} {happened}: {yunet_file.SIZE:,} bytes with the right SHA-256. {yunet_file.LICENSE} yunet is the "
            "default detector from now on."
        )
    return 0
