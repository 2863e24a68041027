"""The button that saves the comparison as a report, one HTML file."""

from collections.abc import Callable

from core.evaluation.two_models.figures import unpredicted
from core.review.marks import now
from dashboard import keys, resources
from dashboard.components import downloads
from dashboard.resources.stamps import fingerprint

HELP = (
    "One HTML file with all figures, charts, the worst errors and the marks. It needs no network and no scripts, and "
    "prints on A4."
)


def show(models: tuple[str, str], slice_name: str) -> None:
    """Show the button. The report is made when it is pressed."""
    downloads.button(
        "Save as report",
        _maker(models, slice_name),
        f"report-{models[0]}-{models[1]}.html",
        "text/html",
        keys.REPORT,
        icon=":material/summarize:",
        help=HELP,
    )


def _maker(models: tuple[str, str], slice_name: str) -> Callable[[], bytes]:
    """Return the function that makes the report. It runs outside the session, so all that it needs goes in with it."""
    cards, visiting = resources.models.cards(), resources.guests.of_visit()
    manifest, faces, stamp = resources.data.manifest(), resources.data.faces(), fingerprint()
    pairs, marks = resources.comparisons.rows(*models, slice_name), resources.review.marks()
    all_pairs = resources.predictions.pairs(*models)

    def make() -> bytes:
        from core.exchange.report import document, material, stored

        return document.report(
            material.Material(
                cards=(cards[models[0]], cards[models[1]]),
                slice_name=slice_name,
                pairs=pairs,
                unpredicted=unpredicted(manifest, all_pairs),
                faces_of=material.faces_in(faces, manifest),
                marks=marks,
                data=stored.data_facts(stamp, manifest),
                time=now(),
                of_visit=tuple(name for name in dict.fromkeys(models) if name in visiting),
            )
        )

    return make
