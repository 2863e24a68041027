"""Remove a guest: predictions or a model of others that were added with `add`. Other models are never removed."""

import argparse

from core.exceptions import InputError
from core.models.folders import guest_folder_names, model_names
from core.models.store import remove_guest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the guest")


def run(options: argparse.Namespace) -> int:
    if options.name in model_names() and options.name not in guest_folder_names():
        raise InputError(f"{options.name} is one of FERscope's models, not a guest; only guests can be removed.")
    remove_guest(options.name)
    print(f"{options.name} was removed.")
    return 0
