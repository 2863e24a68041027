"""Make the report on two stored models, with the data set and the marks in use."""

import pandas as pd

from core.data.shipped import FER2013_FINGERPRINT, is_fer2013, load_manifest
from core.data.store import current_import
from core.exchange.report.document import report
from core.exchange.report.material import Material, faces_in
from core.exchange.report.pairs import read_pairs
from core.models.store import read_card
from core.review import store
from core.review.data_set import data_set_name
from core.review.marks import now


def stored_report(a: str, b: str, slice_name: str, time: str | None = None) -> bytes:
    """Return the report on models `a` and `b` as HTML. `time` is the time to write in it, by default the present.

    Raises InputError for an unknown model, and if the slice has no image that both have predicted.
    """
    cards = read_card(a), read_card(b)
    pairs, missing = read_pairs(cards, slice_name)
    current, manifest = current_import(), load_manifest()
    return report(
        Material(
            cards=cards,
            slice_name=slice_name,
            pairs=pairs,
            unpredicted=missing,
            faces_of=faces_in(current.faces() if current else None, manifest),
            marks=store.marks(data_set_name()),
            data=data_facts(current.fingerprint if current else None, manifest),
            time=time or now(),
        )
    )


def data_facts(fingerprint: str | None, manifest: pd.DataFrame) -> dict[str, str]:
    """Return facts about the data set with this manifest. The fingerprint is None if nothing is imported."""
    name = "FER2013" if is_fer2013(manifest) else "not FER2013"
    test = int((manifest["split"] == "test").sum())
    return {
        "Data set": f"{name}, {len(manifest):,} images, {test:,} of them test images",
        "Fingerprint of the data": fingerprint or f"{FER2013_FINGERPRINT} (shipped list, no images imported)",
    }
