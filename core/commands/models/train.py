"""Train a model on the imported data set, as a recipe describes, and write it to models/.

With --data, it is trained on the train images of another data set, such as one that export-clean has written. If these
are images of the imported data set, they are evaluated on the val and test images of that one, otherwise on their own.

To resume a stopped run from its last checkpoint, give the same command again. Several processes or machines can train
one network together: `torchrun --standalone --nproc-per-node 2 -m core train RECIPE`.
"""

import argparse
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.exceptions import InputError, shortened, unknown_name

if TYPE_CHECKING:
    from core.data.store import Import
    from core.models.card import Card
    from core.training.recipes import Recipe


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recipe", nargs="?", metavar="RECIPE", help="a name in core/training/recipes.py, such as cnn-seed"
    )
    parser.add_argument(
        "--order", action="store_true", help="only print the names of all recipes, each after the models that it needs"
    )
    parser.add_argument(
        "--data",
        metavar="PATH",
        type=Path,
        help="train on the train images of this folder, zip or CSV, without importing it; needs --as",
    )
    parser.add_argument("--as", dest="name", metavar="NAME", help="name of the model (default: the recipe's name)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe, such as --set seed=7 or --set epochs=[20]; VALUE is JSON or plain text",
    )


def run(options: argparse.Namespace) -> int:
    from core.runtime.distributed import process_group
    from core.runtime.progress_bar import training_bar
    from core.training.checks import check_name
    from core.training.recipes import training_order
    from core.training.train import train

    if options.order:
        print("\n".join(training_order()))
        return 0
    recipe = _recipe(options)
    name = options.name or options.recipe
    check_name(name)
    with process_group() as processes:
        data = _data(options.data, processes.writes) if options.data else None
        with training_bar(name, shown=processes.writes) as on_progress:
            card = train(name, options.recipe, recipe, on_progress, processes, data)
    if card:
        print(_result(card))
    return 0


def _recipe(options: argparse.Namespace) -> "Recipe":
    """Return the chosen recipe with the changes of --set. Raises InputError if the model needs another name."""
    from core.training.recipes import RECIPES

    if options.recipe is None:
        raise InputError(f"name a recipe to train; choose from {', '.join(RECIPES)}.")
    if options.recipe not in RECIPES:
        raise unknown_name("recipe", options.recipe, RECIPES)
    recipe = RECIPES[options.recipe]
    recipe = recipe._replace(config=apply_assignments(recipe.config, options.set))
    if options.set and not options.name:
        raise InputError("a changed recipe makes another model; name it with --as NAME.")
    if options.data and options.name in (None, options.recipe):
        raise InputError("another data set makes another model; name it with --as NAME.")
    return recipe


def _result(card: "Card") -> str:
    """Return the result of a training as one line."""
    scores = card.score("test")
    result = (
        f"accuracy {scores.accuracy:.2%} on {scores.n:,} test images, macro-F1 {scores.macro_f1:.3f}"
        if scores.n
        else "no test images to evaluate it on"
    )
    return (
        f"models/{card.name}: {result}, {card.size_bytes / 1e6:.1f} MB, {card.ms_per_face or 0:.2f} ms per face, "
        f"{card.seconds or 0:.0f} s of training."
    )


def _data(path: Path, is_shown: bool) -> "Import":
    """Return the data set of --data, and print how it was understood if `is_shown`."""
    from core.callbacks import no_progress
    from core.runtime.progress_bar import progress_bar
    from core.training.training_data import training_data

    if not is_shown:
        return training_data(path, no_progress)[0]
    with progress_bar() as on_progress:
        data, sentence = training_data(path, on_progress)
    print_note(sentence)
    return data


def apply_assignments(config: Any, assignments: list[str]) -> Any:
    """Return a copy of the config with `FIELD=VALUE` assignments; raises InputError for an invalid field or value."""
    import json

    from core.models.typed_json import from_json

    known = [field.name for field in fields(config)]
    for assignment in assignments:
        field, _, text = assignment.partition("=")
        if field not in known:
            raise unknown_name("field", field, known)
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):  # RecursionError for thousands of brackets
            value = text  # plain text, without JSON's quotes
        try:
            parsed = from_json(type(config), {field: _merged(getattr(config, field), value)})
        except (TypeError, ValueError, OverflowError) as error:  # OverflowError for a whole number of 400 digits
            raise InputError(
                f"--set {shortened(assignment)} does not fit the recipe: {shortened(error, 150)}."
            ) from error
        config = replace(config, **{field: getattr(parsed, field)})
    return config


def _merged(before: Any, value: Any) -> Any:
    """Return `value`. If it is a dict for the nested config `before`, the fields that it omits keep their values."""
    if not (is_dataclass(before) and not isinstance(before, type) and isinstance(value, dict)):
        return value
    return {**asdict(before), **{name: _merged(getattr(before, name, None), part) for name, part in value.items()}}
