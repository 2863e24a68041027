"""The config of a network and its training."""

from dataclasses import dataclass, field
from typing import Literal

from core.exceptions import InputError
from core.vision.crops import FACE_SIZE

Pooling = Literal["flatten", "average"]
Stem = Literal["pixels", "squares"]
Halving = Literal["max", "average"]


@dataclass(frozen=True)
class Augmentation:
    """Limits of the random changes to each face. The defaults change nothing."""

    flip: float = 0.0
    """Probability that a face is mirrored."""
    shift: float = 0.0
    """Largest shift on each axis, as a share of the side."""
    scale: float = 0.0
    """Largest change of size: 0.2 draws factors from 0.8 to 1.2."""
    rotation: float = 0.0
    """Largest rotation to either side, in degrees."""
    brightness: float = 0.0
    """Largest change of brightness, as a share of the gray range."""
    contrast: float = 0.0
    """Largest change of contrast: 0.2 draws factors from 0.8 to 1.2."""
    erasing: float = 0.0
    """Probability that a rectangle of 2 to 20 % of the face is painted over (Zhong et al. 2020, "Random Erasing")."""
    crop: int = 0
    """Side of the square that is cut out of the face, in pixels: its middle, moved by the shift. 0: the whole face."""


@dataclass(frozen=True)
class CnnConfig:
    """Hyperparameters of a network and its training. The defaults are those of the notebook project."""

    seed: int = 42
    """Random seed of the initial weights, the image order, dropout and augmentation."""
    start: str = ""
    """Model of the same architecture that gives the initial weights. If empty, they are random."""
    blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,))
    """Channels of the 3x3 convolutions. A pooling layer after each inner tuple halves the image."""
    halving: Halving = "max"
    """Kind of the pooling between blocks. An average changes less than a maximum if the crop of a face moves."""
    stem: Stem = "pixels"
    """Input of the first block: single pixels, or 2x2 squares of pixels as four channels at half the side."""
    residual: bool = False
    """Whether each pair of convolutions that keeps the width has a residual connection."""
    pooling: Pooling = "flatten"
    """Input of the head: all positions after a last pooling layer, or their average without that layer."""
    hidden: int = 256
    """Units of the hidden layer; 0 for a head of one linear layer."""
    dropout: float = 0.5
    """Share of units that are dropped before each linear layer."""
    epochs: tuple[int, ...] = (10, 5)
    """Number of epochs of each phase. Each phase starts with a new optimiser and a new schedule."""
    learning_rates: tuple[float, ...] = (1e-3, 1.5e-3)
    """Initial learning rate of each phase."""
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    """Kind of optimiser. `sgd` uses Nesterov momentum 0.9."""
    weight_decay: float = 0.0
    """Weight decay of the optimiser."""
    schedule: Literal["step", "cosine"] = "step"
    """`step` divides the rate by 10 every 5 epochs. `cosine` warms up for a twentieth of the phase, then falls to 0."""
    batch_size: int = 64
    """Images per gradient step."""
    label_smoothing: float = 0.0
    """Share of each target that is spread over all classes (Szegedy et al. 2016)."""
    weight_averaging: float = 0.0
    """Decay per step of the moving average of the weights. The average is validated and kept. 0: no average."""
    start_share: float = 0.0
    """Share of the `start` model's weights in the final weights. If training continues from a good model, the loss is
    flatter between both sets of weights than at either (Wortsman et al. 2022, "Robust fine-tuning")."""
    batch_statistics: Literal["moving", "clean"] = "moving"
    """Batch-normalisation statistics in a prediction. `moving`: the moving average over augmented and mixed batches.
    `clean`: the mean over the unchanged training faces (as Touvron et al. 2019 do for another image size)."""
    mixup: float = 0.0
    """Parameter of the Beta distribution from which mixup draws its share (Zhang et al. 2018). 0: no mixup."""
    sharpness: float = 0.0
    """Radius within which the worst point gives the gradient of a step (Foret et al. 2021). 0: the plain gradient."""
    class_weights: Literal["none", "balanced", "sampler"] = "none"
    """`balanced` weights losses by the inverse share of the class. `sampler` draws all classes equally often."""
    teachers: tuple[str, ...] = ()
    """Models of the cnn family whose mean probabilities are learnt (Hinton et al. 2015). They need `views`."""
    teacher_share: float = 0.0
    """Share of the teachers' probabilities in the target. The true label has the rest."""
    teacher_temperature: float = 1.0
    """Divisor of the teachers' logits. Below 1, their probabilities become sharper."""
    steady_targets: bool = False
    """Whether a face has the same target in all epochs: the teachers' mean over its views, with nothing erased. The
    student sees a new view each epoch, and learns to answer the same for each crop."""
    views: int = 0
    """Number of augmented copies of the data set that are used in turn; 0 for new ones each epoch. Every second copy
    mirrors the one before, so both use the same mean of the teachers. With steady targets: the number of copies that
    the teachers see."""
    fit_on: Literal["train", "train+val"] = "train"
    """Splits to train on. `train+val` leaves no images to choose the best epoch, so the last epoch is kept."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """Random changes to the training images."""
    mirror: bool = False
    """Whether a prediction is the mean over the face and its mirror image."""
    window: int = 48
    """Side of the central square that a prediction sees of a face, in pixels."""

    @property
    def total_epochs(self) -> int:
        return sum(self.epochs)


def check(config: CnnConfig) -> None:
    """Raise InputError if a value is out of range or contradicts another one."""
    if not config.epochs or min(config.epochs) < 1:
        raise InputError("epochs must be the length of each phase, at least 1, such as [20].")
    if len(config.learning_rates) < len(config.epochs):
        raise InputError(f"{len(config.epochs)} phases need as many learning_rates; give one per phase.")
    if not config.blocks or not all(block and min(block) > 0 for block in config.blocks):
        raise InputError("blocks must be lists of channels, such as [[16, 16], [32]].")
    if not 1 <= config.window <= FACE_SIZE or not 0 <= config.augmentation.crop <= FACE_SIZE:
        raise InputError(f"window and augmentation.crop must lie within the {FACE_SIZE} pixels of a face.")
    if config.start_share and not config.start:
        raise InputError("start_share needs a model whose weights it mixes in; name it with start.")
    is_whole = config.window == FACE_SIZE and config.augmentation.crop in (0, FACE_SIZE)
    if config.pooling == "flatten" and not is_whole:
        raise InputError(
            "a network whose pooling is flatten takes whole faces; leave window and augmentation.crop unset."
        )
