"""Train a model on the imported data set, as a recipe describes, and write it to models/.

To resume a stopped run from its last checkpoint, give the same command again. Several processes or machines can train
one network together: `torchrun --standalone --nproc-per-node 2 -m core train RECIPE`.
"""

import argparse
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any

from core.exceptions import InputError, shortened, unknown_name


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recipe", nargs="?", metavar="RECIPE", help="a name in core/training/recipes.py, such as cnn-seed"
    )
    parser.add_argument(
        "--order", action="store_true", help="only print the names of all recipes, each after the models that it needs"
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
    from core.training.recipes import RECIPES, training_order
    from core.training.train import train

    if options.order:
        print("\n".join(training_order()))
        return 0
    if options.recipe is None:
        raise InputError(f"name a recipe to train; choose from {', '.join(RECIPES)}.")
    if options.recipe not in RECIPES:
        raise unknown_name("recipe", options.recipe, RECIPES)
    recipe = RECIPES[options.recipe]
    recipe = recipe._replace(config=apply_assignments(recipe.config, options.set))
    if options.set and not options.name:
        raise InputError("a changed recipe makes another model; name it with --as NAME.")
    name = options.name or options.recipe
    with process_group() as processes, training_bar(name, shown=processes.writes) as on_progress:
        card = train(name, options.recipe, recipe, on_progress, processes)
    if card is None:
        return 0
    scores = card.score("test")
    result = (
        f"accuracy {scores.accuracy:.2%} on {scores.n:,} test images, macro-F1 {scores.macro_f1:.3f}"
        if scores.n
        else "no test images to evaluate it on"
    )
    print(
        f"models/{name}: {result}, {card.size_bytes / 1e6:.1f} MB, {card.ms_per_face or 0:.2f} ms per face, "
        f"{card.seconds or 0:.0f} s of training."
    )
    return 0


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
