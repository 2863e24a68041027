"""The filters of the Errors page: one line of small widgets that reads like a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.emotions import EMOTIONS
from core.evaluation import errors
from core.evaluation.errors import RANKINGS, WRONG_MODELS, Ranking, WrongModels
from core.evaluation.slices import SLICES, parse_slice
from dashboard import keys
from dashboard.components import pickers, slice_picker
from dashboard.components.addressed import warn_of_unknown

ANY = "any"

WORDS_AFTER = {"all": "right or wrong", "both_same": "and wrong"}
"""Key of `WRONG_MODELS` -> the word after it in the sentence, if that is not "wrong"."""

FOLD_HTML = '<label class="ferscope-unfold"><input type="checkbox" id="ferscope-unfold"> Change the filters</label>'
"""On a phone, the filters are folded away until this box is ticked. If this text changed, the tick would go."""


@dataclass(frozen=True)
class ErrorFilter:
    """The visitor's choices."""

    models: tuple[str, str]
    slice_name: str
    """One slice or a combination, see `core.evaluation.slices.parse_slice`."""
    true_label: str | None
    predicted_label: str | None
    model: str
    """The model that `predicted_label` refers to: "a" or "b".

    Images are ranked by this model's prediction if it is wrong, otherwise by the other model's prediction.
    """
    wrong_models: str
    """A key of `WRONG_MODELS`: which of the two models are wrong."""
    order: str
    """A key of `RANKINGS`."""

    def rows(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table of both models that match, in the chosen order."""
        found = errors.filter_errors(pairs, self.true_label, self.predicted_label, self.model, self.wrong_models)
        return errors.rank_errors(found, self.order, self.model)

    def sentence(self) -> str:
        """Return the choice in words, such as "only A wrong · without exact copies · true label fear"."""
        who = f"{WRONG_MODELS[self.wrong_models].title} {WORDS_AFTER.get(self.wrong_models, 'wrong')}"
        names = (SLICES[name] for name in parse_slice(self.slice_name) if name != "test")
        true = [f"true label {self.true_label}"] if self.true_label else []
        predicted = [f"predicted {self.predicted_label} by {self.model.upper()}"] if self.predicted_label else []
        slices = [entry.note or entry.title for entry in names]
        return " · ".join([who, *slices, *true, *predicted, RANKINGS[self.order].title])


def pick() -> ErrorFilter | None:
    """Show the bar with both models and the filters, and return the choices. Without models, return None.

    The choices are stored in the URL's query parameters. Invalid values there are ignored, with a warning.
    """
    with st.container(key=keys.ERRORS_BAR, gap="xxsmall"):
        pair = st.container(key=keys.ERRORS_MODELS, horizontal=True)
        bar = st.container(key=keys.ERRORS_FILTERS, horizontal=True, vertical_alignment="center")
    models = pickers.models_pair_picker((pair, pair))
    if models is None:
        return None
    bar.html(FOLD_HTML)
    who = _choose(
        bar, "Who is wrong", [entry.title for entry in WRONG_MODELS.values()], keys.WHO_IS_WRONG, _word_after()
    )
    slice_name = slice_picker.slice_picker(bar)
    true = _choose(bar, "true label", [ANY, *EMOTIONS], keys.TRUE_LABEL)
    predicted = _choose(bar, "predicted label", [ANY, *EMOTIONS], keys.PREDICTED_LABEL)
    model = _choose(bar, "by", ["A", "B"], keys.WHOSE_LABEL)
    order = _choose(bar, "Order", [ranking.title for ranking in RANKINGS.values()], keys.ORDER)
    return ErrorFilter(
        models,
        slice_name,
        None if true == ANY else true,
        None if predicted == ANY else predicted,
        model.lower(),
        _key_of_title(WRONG_MODELS, who),
        _key_of_title(RANKINGS, order),
    )


def _choose(bar: DeltaGenerator, name: str, options: Sequence[str], key: str, label: str | None = None) -> str:
    """Choose one of the options, by default the first. `label` is the word in the sentence, by default the name."""
    warn_of_unknown(key, f"a value of {name!r}", options)
    return bar.selectbox(label or name, options, key=key, bind="query-params", persist_state="session")


def _word_after() -> str:
    """Return the word after who is wrong, for the choice that the widget is about to show."""
    title = st.session_state.get(keys.WHO_IS_WRONG) or st.query_params.get(keys.WHO_IS_WRONG)
    key = next((name for name, entry in WRONG_MODELS.items() if entry.title == title), "any")
    return WORDS_AFTER.get(key, "wrong")


def _key_of_title(entries: Mapping[str, WrongModels] | Mapping[str, Ranking], title: str) -> str:
    return next(name for name, entry in entries.items() if entry.title == title)
