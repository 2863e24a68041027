"""The exception for input that cannot be used."""

from collections.abc import Iterable


class InputError(Exception):
    """Raised if a user's input cannot be used. The message tells the user what to do.

    The command line prints the message and exits with 1. Pages show it in an error box. Errors of other types keep
    their traceback, because they are bugs. The exception is an OSError that names a file: the command line prints a
    message for it, without a traceback.
    """


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """Return the error for an unknown name: `unknown model 'cn-seed'; choose from cnn-seed, ...`."""
    return InputError(f"unknown {kind} '{name}'; choose from {', '.join(known)}.")
