"""Mark images: the label is wrong, there is no face, several labels are right. List, export and import such marks.

Marks are kept in the data folder, for each data set apart, and pages show them too. docs/marks.md describes them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.arguments import print_note
from core.commands.options import output_file
from core.files import json_line
from core.review.marks import KINDS
from core.runtime.streams import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.review.marks import Mark


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _configure_changes(actions)
    listing = actions.add_parser("list", help="print all marks of the data set in use")
    listing.add_argument("--kind", choices=KINDS, help="print only marks of this kind")
    listing.add_argument("--json", action="store_true", help="print JSON: a list of marks; label is null without one")
    listing.set_defaults(act=_list)
    for action, act, text in (
        ("export", _export, "write all marks of the data set in use to a CSV file"),
        ("import", _import, "add the marks in such a CSV file, all or none; they replace those of the same kind"),
    ):
        files = actions.add_parser(action, help=text, description=text)
        files.add_argument("file", type=Path, metavar="FILE", help="the CSV file")
        files.set_defaults(act=act)


def _configure_changes(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions that change the marks of one image."""
    image_help = "for example test/angry/PrivateTest_10131363"
    adding = actions.add_parser("add", help="mark an image; a mark of the same kind is replaced")
    adding.add_argument("image_id", type=str.strip, metavar="IMAGE_ID", help=image_help)
    adding.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
    adding.add_argument("--label", metavar="LABEL", help="for wrong-label: the right label")
    adding.add_argument("--note", metavar="TEXT", default="", help="a remark of at most 500 characters")
    adding.set_defaults(act=_add)
    removing = actions.add_parser("remove", help="remove the marks of an image")
    removing.add_argument("image_id", type=str.strip, metavar="IMAGE_ID", help=image_help)
    removing.add_argument(
        "kind", metavar="KIND", nargs="?", choices=KINDS, help="remove only this mark (default: all of the image)"
    )
    removing.set_defaults(act=_remove)


def run(options: argparse.Namespace) -> int:
    code: int = options.act(options)
    return code


def _add(options: argparse.Namespace) -> int:
    from core.review import store
    from core.review.data_set import data_set_name, true_labels
    from core.review.marks import Mark, checked, now

    mark = checked(Mark(options.image_id, options.kind, options.label, options.note, now()), true_labels())
    store.add(data_set_name(), [mark], _note)
    print(printable(f"{mark.image_id} is marked: {mark.kind}{f', right label {mark.label}' if mark.label else ''}."))
    return 0


def _remove(options: argparse.Namespace) -> int:
    from core.exceptions import InputError, shortened
    from core.review import store
    from core.review.data_set import data_set_name, true_labels
    from core.review.marks import unknown_image

    known = true_labels()
    if options.image_id not in known:
        raise unknown_image(options.image_id, known)
    removed = store.remove(data_set_name(), options.image_id, options.kind, _note)
    if not removed:
        which = f"no mark {options.kind}" if options.kind else "no mark"
        raise InputError(f"{shortened(options.image_id)} has {which}; `marks list` prints all marks.")
    print(printable(f"{options.image_id} is no longer marked: {', '.join(sorted(removed))}."))
    return 0


def _list(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    found = [mark for mark in _marks() if options.kind in (None, mark.kind)]
    if options.json:
        print(json_line([asdict(mark) for mark in found]))
    elif found:
        _print_marks(found)
    else:
        print("There are no marks of this kind." if options.kind else "There are no marks of this data set yet.")
    return 0


def _print_marks(marks: Sequence[Mark]) -> None:
    from core.commands.tables import print_table

    rows = [(mark.image_id, mark.kind, mark.label or "", mark.note.replace("\n", " "), mark.time) for mark in marks]
    print_table(("image", "mark", "right label", "note", "time (UTC)"), rows, simple=True)


def _export(options: argparse.Namespace) -> int:
    from core.csv_out import csv_bytes
    from core.files import replace_file
    from core.review.csv_file import table
    from core.review.data_set import data_set_name

    file = output_file(options.file, "marks.csv")
    marks = _marks()
    replace_file(file, csv_bytes(table(data_set_name(), marks)))
    print(printable(f"{options.file}: {_count(len(marks))}."))
    return 0


def _import(options: argparse.Namespace) -> int:
    from core.files import read_regular_file
    from core.review import store
    from core.review.csv_file import MOST_BYTES, read
    from core.review.data_set import data_set_name, true_labels

    data_set = data_set_name()
    marks = read(read_regular_file(options.file, MOST_BYTES), data_set, true_labels())
    before = {mark.key: mark for mark in store.marks(data_set, _note)}
    store.add(data_set, marks, _note)
    new = sum(mark.key not in before for mark in marks)
    changed = sum(before.get(mark.key, mark) != mark for mark in marks)
    print(printable(f"{options.file}: {_count(len(marks))}, {new:,} of them new, {changed:,} changed."))
    return 0


def _marks() -> tuple[Mark, ...]:
    from core.review import store
    from core.review.data_set import data_set_name

    return store.marks(data_set_name(), _note)


def _count(number: int) -> str:
    return "1 mark" if number == 1 else f"{number:,} marks"


def _note(text: str) -> None:
    print_note(f"Note: {text}")
