"""Light modules do not import heavy libraries, and the limit of one thread also applies to later imports."""

import json
import os
import subprocess
import sys

import pytest

from core import paths
from core.runtime import threads

HEAVY = ("torch", "catboost", "av", "streamlit_webrtc", "onnxruntime", "statsmodels")


def run_python(code: str) -> str:
    """Run code in a new Python process, without variables that limit its threads, and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if name not in threads.VARIABLES}
    completed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=paths.ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return completed.stdout


@pytest.mark.parametrize(
    "modules",
    [
        "core.evaluation.comparison, core.evaluation.metrics, core.video.session_log, dashboard.components.face_cards",
        "core.models.store, core.classifiers.loading, core.training.recipes, core.evaluation.ensemble",
        "core.exchange.guests.adding, core.exchange.guests.readers, core.classifiers.families, core.evaluation.curves",
        "dashboard.resources, dashboard.startup, dashboard.pages.overview.tables, dashboard.pages.models.sections",
        "dashboard.pages.compare.words, dashboard.pages.errors.filter, dashboard.pages.dataset.charts",
    ],
)
def test_light_modules_import_no_heavy_libraries(modules: str) -> None:
    loaded = run_python(
        f"import sys, json, {modules}; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    assert json.loads(loaded) == []


def test_the_models_command_imports_neither_pandas_nor_heavy_libraries() -> None:
    code = (
        "import sys, json\n"
        "from core.__main__ import main\n"
        "main(['models', '--json'])\n"
        f"print(json.dumps([name for name in {('pandas', *HEAVY)} if name in sys.modules]))"
    )
    listed, loaded = run_python(code).splitlines()
    assert {row["name"] for row in json.loads(listed)} >= {"cnn", "catboost"}
    assert json.loads(loaded) == []


@pytest.mark.parametrize(
    "code",
    [
        "import core.exchange, core.exchange.report, core.exchange.figures, core.exchange.report.pairs",
        "from core.__main__ import main; main(['compare', 'cnn', 'catboost', '--json'])",
        "from core.__main__ import main; main(['models'])",
    ],
)
def test_only_what_draws_loads_plotly(code: str) -> None:
    assert run_python(f"{code}\nimport sys; print('plotly' in sys.modules)").splitlines()[-1] == "False"


def test_the_limit_of_one_thread_also_applies_to_libraries_imported_later() -> None:
    code = (
        "import json, sys\n"
        "from core.runtime.threads import use_one_thread\n"
        "use_one_thread()\n"
        "assert 'torch' not in sys.modules\n"
        "import numpy, torch, sklearn.cluster\n"
        "from threadpoolctl import threadpool_info\n"
        "print(json.dumps([torch.get_num_threads(), *(pool['num_threads'] for pool in threadpool_info())]))"
    )
    assert set(json.loads(run_python(code))) == {1}
