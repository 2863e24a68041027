"""Training with several processes: sharing of batches, and training with two processes started by torchrun."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from core import paths
from core.__main__ import main
from core.callbacks import no_progress
from core.exceptions import InputError
from core.models import folders, store
from core.runtime.distributed import PROCESS_LOST, Group
from core.training.recipes import RECIPES
from core.training.train import train
from tests.core.runtime import parallel_fit

TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
SMALL = ("--set", "blocks=[[4],[8]]", "--set", "hidden=0", "--set", "batch_size=8")


def environment() -> dict[str, str]:
    variables = {f"FERSCOPE_{name}": str(getattr(paths, f"{name}_DIR")) for name in ("DATA", "MODELS", "RUNS")}
    return {**os.environ, **variables, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(paths.ROOT)}


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*arguments],
        cwd=paths.ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for the end and return the exit code, stdout and stderr."""
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def workers_of(torchrun_pid: int) -> list[int]:
    """Return the process ids of torchrun's workers, in ascending order."""
    tasks = Path(f"/proc/{torchrun_pid}/task").glob("*/children")
    return sorted(int(child) for task in tasks for child in task.read_text().split())


def test_shares_of_a_batch_are_equal_and_disjoint_and_omit_the_remainder():
    batch = torch.arange(9)
    shares = [Group(rank, 2).share(batch).tolist() for rank in (0, 1)]
    assert shares == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert Group().share(batch) is batch


@pytest.mark.parametrize(("batch_size", "size"), [(128, 3), (2, 2)])
def test_batches_that_cannot_be_shared_equally_raise_an_error(batch_size, size):
    with pytest.raises(InputError, match=f"batches of {batch_size} images cannot be shared equally by {size}"):
        Group(0, size).check(batch_size)


def test_two_processes_end_with_equal_weights_and_agree_with_a_single_process(tmp_path):
    parallel_fit.main(tmp_path)
    code, _, err = wait_for(start(*TORCHRUN, "-m", "tests.core.runtime.parallel_fit", str(tmp_path)))
    assert code == 0, err
    # The files are named after the number of processes and the rank.
    single, first, second = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("1-0", "2-0", "2-1"))
    assert first["gradient"] == pytest.approx(single["gradient"], rel=1e-5)
    assert first["weights"] == pytest.approx(second["weights"], rel=1e-6)
    assert single["accuracy"] > 0.9
    # Accuracies differ a little, because batch statistics differ and val has only 112 images.
    assert first["accuracy"] == pytest.approx(single["accuracy"], abs=0.05)
    assert first["broadcast"] == second["broadcast"] == {"rank": 0}


def test_training_with_torchrun_writes_the_model_once(imported):
    code, out, err = wait_for(start(*TORCHRUN, "-m", "core", "train", "cnn-seed", "--as", "two", "--set", "epochs=[1]",
                                 "--set", "learning_rates=[0.01]", *SMALL))  # fmt: skip
    assert code == 0, err
    assert out.count("models/two:") == 1
    assert folders.model_names() == ["two"]
    history = store.read_history("two")
    assert len(history) == 1 and history["train_loss"].notna().all()
    assert not (paths.RUNS_DIR / "two").exists()


def test_catboost_refuses_several_processes(imported):
    with pytest.raises(InputError, match="catboost-seed can only be trained by one process, not 2"):
        train("catboost-seed", "catboost-seed", RECIPES["catboost-seed"], no_progress, Group(0, 2))
    assert folders.model_names() == []
    assert not (paths.RUNS_DIR / "catboost-seed").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the workers")
def test_a_killed_process_ends_training_with_a_message_and_the_run_can_be_resumed(imported, capsys):
    command = ("-m", "core", "train", "cnn-seed", "--as", "two", "--set", "epochs=[60]", "--set",
               "learning_rates=[0.01]", *SMALL)  # fmt: skip
    torchrun = start(*TORCHRUN, *command)
    checkpoint = paths.RUNS_DIR / "two" / "epoch-0003.json"
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < deadline and torchrun.poll() is None:
        time.sleep(0.02)
    os.kill(workers_of(torchrun.pid)[0], signal.SIGKILL)
    code, _, err = wait_for(torchrun)
    assert code != 0
    assert f"Error: {PROCESS_LOST}" in err
    assert err.count("Traceback (most recent call last)") == 1  # from torchrun itself
    assert folders.model_names() == []
    assert main(list(command[2:])) == 0  # resumes with one process
    err = capsys.readouterr().err
    first_epoch = int(next(line for line in err.splitlines() if "/60" in line).partition("/")[0])
    assert first_epoch > 3
    assert len(store.read_history("two")) == 60
