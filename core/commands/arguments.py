"""Parsers of arguments that come from shells, where names may begin with a dash or contain any character."""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from core.exceptions import InputError, shortened
from core.runtime.streams import printable

T = TypeVar("T")

DASH_HINT = "; see --help, and put -- before names that begin with a dash"

LONGEST_ERROR = 200
"""Largest number of characters of an argument error; the usage above it is printed in full."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are short and printable, whatever the arguments are."""

    hint: str = ""
    """What to do about an argument that looks like an option, but is none; empty if there is no such argument."""

    def error(self, message: str) -> NoReturn:
        super().error(f"{shortened(message, LONGEST_ERROR)}{self.hint}")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.hint = DASH_HINT if any(argument.startswith("-") for argument in unknown) else ""
            self.error(f"unknown arguments: {' '.join(unknown)}")
        return options


class CommandParser(Parser):
    """The parser of one command. It also takes existing files whose names begin with a dash, as `*.jpg` may yield."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        arguments: Sequence[str] = list(args or [])
        for argument in arguments:
            if not _is_possible(argument):
                self.error(f"no file or model can have the name {argument!r}")
        return super().parse_known_args([self._as_path(argument) for argument in arguments], namespace)

    def _as_path(self, argument: str) -> str:
        """Return `./-photo.jpg` for `-photo.jpg` if this is a file and no option or abbreviation of one."""
        name = argument.partition("=")[0]
        is_option = any(option.startswith(name) for option in self._option_string_actions)
        if is_option or not argument.startswith("-"):
            return argument
        if _exists(argument):
            return f"./{argument}"
        self.hint = "" if argument[1:].isdecimal() else DASH_HINT  # a negative number is no name
        return argument


def _is_possible(argument: str) -> bool:
    """Whether the operating system can have a file of this name."""
    try:
        return b"\0" not in os.fsencode(argument)
    except UnicodeEncodeError:
        return False


def _exists(name: str) -> bool:
    try:
        return os.path.lexists(name)
    except OSError:  # the name is too long
        return False


def help_text(module: ModuleType) -> str:
    """Return the docstring of a module. `python -OO` drops docstrings, so it is then read from the source."""
    return module.__doc__ or ast.get_docstring(ast.parse(inspect.getsource(module))) or ""


def usable(names: Iterable[str], use: Callable[[str], T]) -> dict[str, T]:
    """Return `use(name)` by name. Names that `use` refuses are left out, and printed on stderr with the reason.

    Raises the InputError of the first name if none is usable.
    """
    results: dict[str, T] = {}
    reasons: dict[str, InputError] = {}
    for name in dict.fromkeys(names):
        try:
            results[name] = use(name)
        except InputError as error:
            reasons[name] = error
    if not results and reasons:
        raise next(iter(reasons.values()))
    for reason in reasons.values():
        print_note(f"Left out: {reason}")
    return results


def print_note(text: str) -> None:
    """Print one line on stderr, because stdout is for results."""
    print(printable(text), file=sys.stderr)
