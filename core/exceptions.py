"""The exception for input that cannot be used."""

from collections.abc import Iterable


class InputError(Exception):
    """Raised if a user's input cannot be used. The message is a sentence that says what to do about it.

    The command line prints the message and exits with 1. Pages show it in an error box. Any other exception is a bug
    in FERscope and keeps its traceback.
    """


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """Return the error for an unknown name: `unknown model 'cn-seed'; choose from cnn-seed, ...`."""
    return InputError(f"unknown {kind} '{name}'; choose from {', '.join(known)}.")
