"""The verbs of `python -m core`: one module each, one line each in `COMMANDS`.

A module's docstring is its help; `configure(parser)` adds its arguments, `run(options)` does the work and returns
the exit code. Heavy imports stand inside `run`, so that light verbs answer in a second. What several verbs share is in
`options`.
"""

from types import ModuleType

from core.commands.data import import_, manifest
from core.commands.faces import predict
from core.commands.measure import bench, detection, framing, robustness, steadiness
from core.commands.models import calibrate, evaluate, export, models, train

COMMANDS: dict[str, ModuleType] = {
    "import": import_,
    "manifest": manifest,
    "models": models,
    "train": train,
    "calibrate": calibrate,
    "evaluate": evaluate,
    "robustness": robustness,
    "steadiness": steadiness,
    "framing": framing,
    "detection": detection,
    "predict": predict,
    "bench": bench,
    "export": export,
}
