"""Print the results of `bench`, as tables and sentences."""

from typing import Any

from core.commands.tables import print_table


def print_stages(results: dict[str, Any], batch_size: int) -> None:
    """Print the times of the stages for a photo, and of predictions in batches."""
    print_table(
        ("stage", "median ms", "95th percentile ms"),
        [(stage, f"{times['median_ms']:.2f}", f"{times['p95_ms']:.2f}") for stage, times in results["stages"].items()],
        title=f"One photo, one thread, {results['rounds']} rounds",
        numbers_from=1,
    )
    print(f"{results['images_per_s']:.1f} images per second")
    for name, ms in results["batch_ms_per_face"].items():
        print(f"{name}, in batches of {batch_size} faces: {ms:.2f} ms per face")


def print_video(results: dict[str, Any]) -> None:
    """Print the times of webcam frames."""
    kinds = {"steady": "only follow faces", "search": "search for faces"}
    print_table(
        ("models", "detector", "frames that", "number", "median ms", "95th percentile ms", "median ms per stage"),
        [
            (" + ".join(row["models"]), row["detector"], description, *_video_cells(row[kind]))
            for row in results.values()
            for kind, description in kinds.items()
            if kind in row
        ],
        title="Frames of 640 x 480 with one face, one thread",
        numbers_from=3,
    )
    for row in results.values():
        print(f"{row['detector']} found exactly one face in {row['one_face_found']} of {row['frames']} frames.")
        if row["resident_mb"]:
            print("Memory in MB after 500 frames and at the end: {:.1f}, {:.1f}.".format(*row["resident_mb"]))


def print_film(results: dict[str, Any]) -> None:
    """Print the speed of reading a film."""
    print_table(
        ("what is read", "frames per second", "share of webcam frames"),
        [
            (way, f"{speed:.1f}", f"{results['share_of_webcam'][way]:.2f}")
            for way, speed in results["frames_per_s"].items()
        ],
        title=f"{results['frames']:,} frames of 640 x 480 with one face, {' + '.join(results['models'])}, "
        f"{results['detector']}",
        numbers_from=1,
    )


def _video_cells(times: dict[str, Any]) -> tuple[str, ...]:
    stages = ", ".join(f"{stage} {ms:.1f}" for stage, ms in times["stages_ms"].items())
    return f"{times['frames']}", f"{times['median_ms']:.1f}", f"{times['p95_ms']:.1f}", stages


def print_cards(results: dict[str, Any]) -> None:
    """Print the time of every model."""
    for name, ms in results["ms_per_face"].items():
        print(f"{name}: {ms:.2f} ms per face")


def print_training(results: dict[str, Any]) -> None:
    """Print the speed of training, and of computing features."""
    print_table(
        ("images per second", "notebook project", "FERscope", "ratio", "smallest to largest ratio"),
        [(f"{name} images", *_training_cells(row)) for name, row in results["training"].items()],
        title=f"Training the network of {results['recipe']}",
        numbers_from=1,
    )
    print(
        f"{results['weights']:,} weights, batches of {results['batch_size']}, {results['faces']} faces, "
        f"{results['repeats']} runs per method, {results['device']}, {results['threads']} threads. FERscope: "
        f"{results['precision']}, channels last. Notebook project: float32, channels first."
    )
    for name, speed in results["features_images_per_s"].items():
        print(f"Computing the features of {name}: {speed:,.0f} images per second")


def _training_cells(row: dict[str, Any]) -> tuple[str, ...]:
    low, high = row["ratio_range"]
    speeds = f"{row['seed_images_per_s']:,.0f}", f"{row['images_per_s']:,.0f}"
    return *speeds, f"{row['ratio']:.2f}", f"{low:.2f} to {high:.2f}"
