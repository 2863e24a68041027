"""The one exception that users see."""

from collections.abc import Iterable


class InputError(Exception):
    """What a user gave cannot be used. The message is a whole sentence that says what to do about it.

    The command line prints it and exits with 1; pages show it in an error box. Anything else that is raised
    is a fault of FERscope and keeps its traceback.
    """


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """The answer to a wrong name: `unknown model 'cn-seed'; choose from cnn-seed, ...`."""
    return InputError(f"unknown {kind} '{name}'; choose from {', '.join(known)}.")
