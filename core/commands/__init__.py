"""The commands of `python -m core`. Each command is a module that is registered in `COMMANDS`.

The docstring of the module is the help text. `configure(parser)` adds the arguments. `run(options)` does the work and
returns the exit code. Heavy libraries are imported inside functions, so that `python -m core models` takes less than a
second. The module `options` contains the options that several commands share.
"""

from types import ModuleType

from core.commands.data import audit, export_clean, import_, manifest
from core.commands.faces import explain, predict, similar, video
from core.commands.measure import bench, cleaning, detection, framing, limits, robustness, steadiness
from core.commands.models import add, calibrate, compare, evaluate, export, get, models, remove, report, train
from core.commands.review import cross_validate, doubts, marks

COMMANDS: dict[str, ModuleType] = {
    "import": import_,
    "manifest": manifest,
    "audit": audit,
    "export-clean": export_clean,
    "models": models,
    "train": train,
    "calibrate": calibrate,
    "evaluate": evaluate,
    "compare": compare,
    "report": report,
    "cleaning": cleaning,
    "robustness": robustness,
    "steadiness": steadiness,
    "framing": framing,
    "limits": limits,
    "detection": detection,
    "predict": predict,
    "explain": explain,
    "similar": similar,
    "video": video,
    "bench": bench,
    "export": export,
    "add": add,
    "remove": remove,
    "get": get,
    "marks": marks,
    "doubts": doubts,
    "cross-validate": cross_validate,
}
