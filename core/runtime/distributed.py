"""Training of one model with several processes, which torchrun starts on one or more machines."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from core.exceptions import InputError

if TYPE_CHECKING:
    from torch import Tensor, nn

T = TypeVar("T")

PROCESS_LOST = (
    "another process of this training run has ended, so this process ends too. Run the same command again to resume "
    "after the last finished epoch."
)


@dataclass(frozen=True)
class Group:
    """The processes that train one model. All draw the same batches; each trains on its share of every batch."""

    rank: int = 0
    """Number of this process, from 0. Only process 0 writes files and prints."""
    size: int = 1
    """Number of processes."""

    @property
    def writes(self) -> bool:
        """Whether this process writes files and prints."""
        return self.rank == 0

    def check(self, batch_size: int) -> None:
        """Raise InputError unless all processes get the same number of images of a batch, and at least two."""
        if batch_size % self.size or batch_size < 2 * self.size:
            raise InputError(
                f"batches of {batch_size} images cannot be shared equally by {self.size} processes with at least two "
                f"images each; change the number of processes (--nproc-per-node), or batch_size with --set."
            )

    def share(self, batch: Tensor) -> Tensor:
        """Return this process's part of a batch, (n, ...) -> (n // size, ...); a remainder is left out."""
        return batch[: len(batch) // self.size * self.size][self.rank :: self.size] if self.size > 1 else batch

    def synchronized(self, network: nn.Module) -> nn.Module:
        """Give all processes process 0's weights, and wrap the network.

        The wrapped network averages gradients over all processes (Li et al. 2020).
        """
        if self.size == 1:
            return network
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(network)

    def total(self, values: Tensor) -> Tensor:
        """Replace the values by their sums over all processes, in place, and return them."""
        if self.size > 1:
            from torch import distributed

            distributed.all_reduce(values)
        return values

    def broadcast(self, value: T) -> T:
        """Return the value of process 0 in every process."""
        if self.size == 1:
            return value
        from torch import distributed

        values: list[Any] = [value]
        distributed.broadcast_object_list(values)
        return values[0]  # type: ignore[no-any-return]


SINGLE_PROCESS = Group()


def has_several_processes() -> bool:
    """Return whether torchrun has started several processes, including this one."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@contextmanager
def process_group() -> Iterator[Group]:
    """Connect the processes that torchrun has started, through NCCL on GPUs, otherwise through gloo.

    Yields `SINGLE_PROCESS` if there is only one. Raises InputError if another process ends early. If torchrun notices
    that end first, it stops this process, which then prints the same message and exits.
    """
    if not has_several_processes():
        yield SINGLE_PROCESS
        return
    import torch
    from torch import distributed

    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    signal.signal(signal.SIGTERM, _exit_on_sigterm)  # torchrun sends it if another process has ended
    try:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        yield Group(distributed.get_rank(), distributed.get_world_size())
        gc.collect()  # frees wrapped networks: they keep the group's threads alive, which must end before exit
        distributed.destroy_process_group()
    except RuntimeError as error:
        if not _is_peer_failure(error):
            raise
        raise InputError(PROCESS_LOST) from error


def _exit_on_sigterm(_number: int, _frame: FrameType | None) -> None:
    # Exit at once: an exception raised here could appear anywhere, even while another one is handled.
    # A checkpoint that is being written does no harm, because incomplete checkpoints are ignored.
    os.write(2, f"Error: {PROCESS_LOST}\n".encode())
    os._exit(1)


def _is_peer_failure(error: RuntimeError) -> bool:
    from torch import distributed

    # In the backward pass, gloo's errors are plain RuntimeErrors. Their text contains the path of a gloo source file.
    return isinstance(error, distributed.DistError) or "gloo" in str(error)
