"""What makes a network and its training."""

from dataclasses import dataclass, field
from typing import Literal

from core.exceptions import InputError
from core.vision.crops import FACE_SIZE

Pooling = Literal["flatten", "average"]
Stem = Literal["pixels", "squares"]
Halving = Literal["max", "average"]


@dataclass(frozen=True)
class Augmentation:
    """How far each face may be changed; the zeros of the default change nothing."""

    flip: float = 0.0
    """Probability of a mirror image."""
    shift: float = 0.0
    """Largest shift on each axis, as a share of the side."""
    scale: float = 0.0
    """Largest change of size: 0.2 draws factors from 0.8 to 1.2."""
    rotation: float = 0.0
    """Largest turn to either side, in degrees."""
    brightness: float = 0.0
    """Largest gray level added or taken, with the gray range as 1."""
    contrast: float = 0.0
    """Largest change of contrast: 0.2 draws factors from 0.8 to 1.2."""
    erasing: float = 0.0
    """Probability that a rectangle of 2 to 20 % of the face is painted over (Zhong et al. 2020, "Random Erasing")."""
    crop: int = 0
    """Side of the window, about the middle before the shift, that is cut out; 0 for the whole face."""


@dataclass(frozen=True)
class CnnConfig:
    """Everything that makes a network and its training; the defaults are the seed project's notebook."""

    seed: int = 42
    """Of the weights, the order of the images, dropout and augmentation."""
    start: str = ""
    """A model of the same shape whose weights are the first ones; random ones where it is empty."""
    blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,))
    """Channels of the 3x3 convolutions; a pooling after each inner tuple halves the picture."""
    halving: Halving = "max"
    """That pooling's kind: an average moves less than a maximum when the face is cut a little elsewhere."""
    stem: Stem = "pixels"
    """What the first block sees: single pixels, or 2x2 squares of them as four channels at half the side."""
    residual: bool = False
    """Whether each pair of convolutions that keeps the width is added to what went in."""
    pooling: Pooling = "flatten"
    """What leads from maps to the head: all positions after a last max-pooling, or their average without one."""
    hidden: int = 256
    """Units of the hidden layer; 0 for a head of one linear layer."""
    dropout: float = 0.5
    """Share of units dropped before each linear layer."""
    epochs: tuple[int, ...] = (10, 5)
    """Length of each phase; a phase starts with a new optimiser and a new schedule."""
    learning_rates: tuple[float, ...] = (1e-3, 1.5e-3)
    """First learning rate of each phase."""
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    """`sgd` is with Nesterov momentum 0.9."""
    weight_decay: float = 0.0
    """Of the optimiser."""
    schedule: Literal["step", "cosine"] = "step"
    """`step` divides by ten every 5 epochs; `cosine` warms up over a twentieth of the phase, then falls to zero."""
    batch_size: int = 64
    """Images a gradient step."""
    label_smoothing: float = 0.0
    """Share of each target spread over all classes (Szegedy et al. 2016)."""
    weight_averaging: float = 0.0
    """Decay a step of the moving average of the weights that is validated and kept; 0 for none."""
    start_share: float = 0.0
    """Share of the `start` model's weights in the last ones: between both ends of a fit that goes on from a good model
    lies a flatter place than either (Wortsman et al. 2022, "Robust fine-tuning")."""
    batch_statistics: Literal["moving", "clean"] = "moving"
    """What batch normalisation goes by in a prediction: the moving average over augmented and mixed batches, or, with
    `clean`, the mean over the training faces as a prediction sees them (as Touvron et al. 2019 do for another size)."""
    mixup: float = 0.0
    """Parameter of the Beta distribution of the shares in which two images are mixed (Zhang et al. 2018); 0: none."""
    sharpness: float = 0.0
    """How far away the worst point is sought whose gradient is followed (Foret et al. 2021); 0: where we stand."""
    class_weights: Literal["none", "balanced", "sampler"] = "none"
    """`balanced` weighs losses by the inverse share of the class; `sampler` draws the classes equally often."""
    teachers: tuple[str, ...] = ()
    """Models of the cnn family whose mean probabilities are learnt (Hinton et al. 2015); they need `views`."""
    teacher_share: float = 0.0
    """Share of the teachers in the target; the true label has the rest."""
    teacher_temperature: float = 1.0
    """Divisor of the teachers' logits; below 1 their answers are sharper."""
    steady_targets: bool = False
    """Whether a face has one target, the mean of what the teachers say of its views with nothing erased: the student
    learns to answer the same wherever the face is cut, and sees a new view each epoch."""
    views: int = 0
    """Number of augmented copies of the data set that are gone through in turn; 0 for new ones each epoch. Each second
    one is the mirror image of the one before, so that the teachers' mean over both serves twice. With steady targets:
    how many the teachers are asked about."""
    fit_on: Literal["train", "train+val"] = "train"
    """With `train+val` nothing is left to choose on: the weights of the last epoch are kept."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """Random changes to the training images."""
    mirror: bool = False
    """Whether a prediction is the mean over the face and its mirror image."""
    window: int = 48
    """Side of the middle square of a face that a prediction sees."""

    @property
    def total_epochs(self) -> int:
        return sum(self.epochs)


def check(config: CnnConfig) -> None:
    """Raises InputError for a config that contradicts itself: what the types of the fields do not say."""
    if not config.epochs or min(config.epochs) < 1:
        raise InputError("epochs must be the length of each phase, at least 1, such as [20].")
    if len(config.learning_rates) < len(config.epochs):
        raise InputError(f"{len(config.epochs)} phases need as many learning_rates; give one for each of epochs.")
    if not config.blocks or not all(block and min(block) > 0 for block in config.blocks):
        raise InputError("blocks must be lists of channels, such as [[16, 16], [32]].")
    if not 1 <= config.window <= FACE_SIZE or not 0 <= config.augmentation.crop <= FACE_SIZE:
        raise InputError(f"window and augmentation.crop must lie within the {FACE_SIZE} pixels of a face.")
    if config.start_share and not config.start:
        raise InputError("start_share is of a model's weights: name it with start.")
    is_whole = config.window == FACE_SIZE and config.augmentation.crop in (0, FACE_SIZE)
    if config.pooling == "flatten" and not is_whole:
        raise InputError("a network whose pooling is flatten takes whole faces; leave window and augmentation.crop.")
