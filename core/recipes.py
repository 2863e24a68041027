"""The recipes: model name -> (family, config). A config's fields say what each hyperparameter means."""

from dataclasses import replace
from typing import Any, NamedTuple

from core.augment import Augmentation
from core.classifiers.catboost import CatBoostConfig
from core.classifiers.cnn_config import CnnConfig
from core.classifiers.embedding import EmbeddingTreesConfig
from core.classifiers.handmade import HandmadeTreesConfig


class Recipe(NamedTuple):
    family: str
    """A key of `CLASSIFIERS`."""
    config: Any
    """An instance of the family's `config_type`."""
    calibrated_by: str = ""
    """For a fit on train and val together: the model, fitted on train alone, whose calibration it takes over."""


AUGMENTATION = Augmentation(flip=0.5, shift=0.1, scale=0.15, rotation=12, brightness=0.15, contrast=0.3, erasing=0.4)
"""Of every network but the seed's."""

SEED_AUGMENTED = CnnConfig(
    epochs=(90,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.01,
    schedule="cosine",
    batch_size=128,
    weight_averaging=0.999,
    augmentation=AUGMENTATION,
)

TEACHER_1 = CnnConfig(
    seed=1,
    blocks=((48, 48, 48), (112, 112, 112), (224, 224, 224)),
    stem="squares",
    residual=True,
    pooling="average",
    hidden=0,
    dropout=0.3,
    epochs=(125,),
    learning_rates=(0.08,),
    optimiser="sgd",
    weight_decay=5e-4,
    schedule="cosine",
    batch_size=128,
    label_smoothing=0.1,
    weight_averaging=0.999,
    mixup=0.2,
    augmentation=replace(AUGMENTATION, crop=40),
    mirror=True,
)
"""A residual network at half the side: teacher of the network that ships."""

TEACHER_2 = CnnConfig(
    seed=2,
    blocks=((32, 32), (64, 64), (128, 128, 128), (256, 256)),
    pooling="average",
    hidden=0,
    dropout=0.3,
    epochs=(46,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    schedule="cosine",
    batch_size=128,
    label_smoothing=0.1,
    weight_averaging=0.998,
    mixup=0.1,
    augmentation=replace(AUGMENTATION, crop=40),
    mirror=True,
    window=44,
)
"""A plain network on single pixels."""

TEACHER_3 = replace(
    TEACHER_2,  # whose weights are its first ones, and whose answers on val give it its temperature
    seed=11,
    start="cnn-teacher-2",
    epochs=(44,),
    mixup=0.2,
    augmentation=replace(AUGMENTATION, crop=44),
    fit_on="train+val",
)
"""The second teacher goes on learning from the labels, with val added after every choice."""

STUDENT = replace(
    TEACHER_1,  # whose weights are its first ones
    seed=6,
    start="cnn-teacher-1",
    dropout=0.2,
    epochs=(80,),
    learning_rates=(1e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    label_smoothing=0.0,
    weight_averaging=0.998,
    teachers=("cnn-teacher-1", "cnn-teacher-2"),
    teacher_share=0.7,
    views=16,
    mirror=False,
    window=40,
)
"""Small, for video: the first teacher's network goes on learning, from both teachers' answers and from the labels."""

STUDENT_2 = CnnConfig(
    seed=8,
    blocks=((16, 32), (64, 64), (96, 96, 96), (192, 192, 192)),
    halving="average",
    residual=True,
    pooling="average",
    hidden=0,
    dropout=0.2,
    epochs=(120,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    schedule="cosine",
    batch_size=128,
    weight_averaging=0.999,
    mixup=0.2,
    teachers=("cnn-teacher-1", "cnn-teacher-2", "cnn-student"),
    teacher_share=0.7,
    steady_targets=True,
    views=6,
    augmentation=replace(AUGMENTATION, crop=40),
    window=40,
)
"""As much work a face as the first student's, but on single pixels; one target for all views of a face."""

STUDENT_3 = replace(
    STUDENT_2,  # whose weights are its first ones, and whose answers on val give it its temperature
    seed=9,
    start="cnn-student-2",
    epochs=(60,),
    learning_rates=(1e-3,),
    teachers=("cnn-teacher-1", "cnn-teacher-2", "cnn-student", "cnn-student-2"),
    fit_on="train+val",
)
"""The second student goes on learning, from its own answers too, with val added after every choice."""

STUDENT_4 = replace(
    STUDENT_3,
    seed=10,
    start="cnn-student-3",
    epochs=(90,),
    learning_rates=(2e-3,),
    teachers=(*STUDENT_3.teachers, "cnn-student-3"),
    augmentation=replace(AUGMENTATION, crop=44),
    window=44,
)
"""The third student once more from its own weights, from one more teacher, on a wider cut of the face."""

CNN = replace(
    STUDENT_4,
    seed=12,
    start="cnn-student-4",
    epochs=(80,),
    teachers=("cnn-teacher-1", "cnn-student", "cnn-teacher-2", "cnn-teacher-3", "cnn-student-3", "cnn-student-4"),
)
"""What ships: the fourth student once more, from two teachers of each of the three lines, which err apart."""

RECIPES: dict[str, Recipe] = {
    # The seed project's notebooks, with the choice of the weights moved from the test images to val.
    "cnn-seed": Recipe("cnn", CnnConfig()),
    "catboost-seed": Recipe("catboost", CatBoostConfig()),
    # The same trees on features that are made by hand: words of gradients and patches, and their discriminants.
    "catboost": Recipe("catboost-handmade", HandmadeTreesConfig()),
    # The same trees on what a network has learnt to see.
    "catboost-on-cnn": Recipe("catboost-embedding", EmbeddingTreesConfig()),
    # The seed's network, unchanged, trained long enough to profit from augmentation of all seven classes.
    "cnn-seed-augmented": Recipe("cnn", SEED_AUGMENTED),
    # The same once more with rare classes weighing as much as common ones: what they gain, and what the others pay.
    "cnn-seed-balanced": Recipe("cnn", replace(SEED_AUGMENTED, class_weights="balanced")),
    "cnn-teacher-1": Recipe("cnn", TEACHER_1),
    # A plain network on single pixels: the other teacher, so unlike the first one that the two err apart.
    "cnn-teacher-2": Recipe("cnn", TEACHER_2),
    # The plain one goes on learning, from the labels alone, with val added after every choice.
    "cnn-teacher-3": Recipe("cnn", TEACHER_3, calibrated_by="cnn-teacher-2"),
    "cnn-student": Recipe("cnn", STUDENT),
    "cnn-student-2": Recipe("cnn", STUDENT_2),
    "cnn-student-3": Recipe("cnn", STUDENT_3, calibrated_by="cnn-student-2"),
    "cnn-student-4": Recipe("cnn", STUDENT_4, calibrated_by="cnn-student-2"),
    "cnn": Recipe("cnn", CNN, calibrated_by="cnn-student-2"),
}
