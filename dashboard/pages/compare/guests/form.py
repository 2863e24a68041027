"""The form that takes a file, checks it, and adds it as a guest."""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.exchange.guests.guest import Guest, GuestFile, GuestOptions, Proposal
from dashboard import faults, keys, resources, switches, visits
from dashboard.components import wording
from dashboard.pages.compare.guests import example, options
from dashboard.plain_text import escape_markdown

LARGEST_MB = 400
"""Largest size of an upload, which is also the server's limit for all uploads."""

PREDICTIONS = "**Predictions** for FER2013's test images: CSV, TSV or parquet, with or without image ids."
MODELS = "Or a **model**: ONNX, CatBoost (.cbm), or PyTorch weights (.pth) of the notebook project's network."

KEPT = "It stays here, for everyone who opens this app, until it is removed."
FOR_THE_VISIT = "Only you see what you add, and it is gone when you close or reload this page."


SCROLL_TO_RESULT = (
    f"<script>document.querySelector('.st-key-{keys.GUEST_RESULT}')?.scrollIntoView({{block: 'nearest'}})</script>"
)
"""An error or a proposal may be below the window, in particular on a phone."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of the latest guest, as Markdown."""

    visit: int
    """The visit to the page in which it happened."""
    sentence: str
    details: str = ""


@dataclass(frozen=True, eq=False)
class Pending:
    """A guest that waits for the visitor's decision on a proposal."""

    upload: str
    """Identifies the upload, so that another one drops the proposal."""
    guest: Guest
    options: GuestOptions
    proposal: Proposal


def show() -> None:
    """Show the upload, and, when there is one, its name, its options and the button that adds it."""
    taken = (PREDICTIONS, "" if switches.predictions_only() else MODELS, FOR_THE_VISIT if switches.read_only() else "")
    st.markdown(" ".join(filter(None, taken)))
    upload = st.file_uploader(
        "File with predictions, or model", max_upload_size=LARGEST_MB, key=of_this_round(keys.GUEST_UPLOAD)
    )
    if upload is None:
        example.show()
        return
    file = GuestFile(upload.name, upload.getvalue())
    name = _choose_name(upload, file)
    chosen, only_visit = options.choose(file)
    pressed = st.button("Add and compare", key=keys.GUEST_ADD, type="primary", icon=":material/add:")
    with st.container(key=keys.GUEST_RESULT):
        if pressed:
            st.session_state.pop(keys.PROPOSED, None)
            with faults.show_input_errors():
                _read(upload, file, name, options.parsed(chosen), only_visit)
        pending = st.session_state.get(keys.PROPOSED)
        if pending is not None and pending.upload == upload.file_id and pending.guest.card.name == name:
            _show_proposal(pending, file, only_visit)
        if pressed:
            st.html(SCROLL_TO_RESULT, unsafe_allow_javascript=True)


def of_this_round(key: str) -> str:
    """Return a key that changes when a guest was added, so that the form starts closed and empty again."""
    return keys.per_item(key, str(st.session_state.get(keys.GUEST_ROUND, 0)))


def _choose_name(upload: UploadedFile, file: GuestFile) -> str:
    """Show the name, which starts as that of the file, or with a number if that is taken."""
    key = keys.per_item(keys.GUEST_NAME, upload.file_id)
    suggested = resources.guests.free_name(file)
    return st.text_input("Name in the lists of models", suggested, max_chars=60, key=key) or ""


def _read(upload: UploadedFile, file: GuestFile, name: str, chosen: GuestOptions, only_visit: bool) -> None:
    """Check the file, and add it unless another way to read it is better."""
    guest, proposal = _read_with_progress(file, name, chosen)
    if proposal is None:
        _add(guest, only_visit)
    else:
        st.session_state[keys.PROPOSED] = Pending(upload.file_id, guest, chosen, proposal)


def _read_with_progress(file: GuestFile, name: str, chosen: GuestOptions) -> tuple[Guest, Proposal | None]:
    place = st.empty()
    bar = place.progress(0.0, "Reading the file ...")

    def on_progress(stage: str, done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), f"{stage} ...")

    try:
        return resources.guests.read(file, name, chosen, on_progress)
    finally:
        place.empty()


def _show_proposal(pending: Pending, file: GuestFile, only_visit: bool) -> None:
    """Show a better way to read the file, with a button that takes it and one that does not."""
    from core.exchange.guests.proposals import describe

    proposal = pending.proposal
    st.warning(f"{escape_markdown(describe(proposal))} Nothing is added yet.", icon=":material/lightbulb:")
    with st.container(horizontal=True), faults.show_input_errors():
        if st.button(f"{_use(proposal)} ({wording.percent(proposal.accuracy)})", key=keys.GUEST_TAKE, type="primary"):
            better = replace(
                pending.options,
                order=proposal.order or pending.options.order,
                classes=proposal.classes or pending.options.classes,
                scale=proposal.scale or pending.options.scale,
            )
            guest, _ = _read_with_progress(file, pending.guest.card.name, better)
            _add(guest, only_visit)
        if st.button(f"Add as it is ({wording.percent(proposal.accuracy_now)})", key=keys.GUEST_AS_IT_IS):
            _add(pending.guest, only_visit)


def _use(proposal: Proposal) -> str:
    return "Use this scale" if proposal.order is None and proposal.classes is None else "Use this order"


def _add(guest: Guest, only_visit: bool) -> None:
    """Keep the guest, choose it as model B, and run the page again. The form is then closed and empty."""
    if only_visit:
        resources.guests.keep_for_visit(guest)
    else:
        resources.guests.keep(guest)
    st.session_state.pop(keys.PROPOSED, None)
    st.session_state[keys.NEW_GUEST] = guest.card.name
    sentence = f"**{escape_markdown(guest.card.name)}** is model B now."
    st.session_state[keys.GUEST_DONE] = Outcome(visits.visit(), sentence, added_text(guest, only_visit))
    st.session_state[keys.GUEST_ROUND] = st.session_state.get(keys.GUEST_ROUND, 0) + 1
    st.rerun()


def added_text(guest: Guest, only_visit: bool) -> str:
    """Return what was added, as Markdown: its accuracy, on how many images, and how long it is kept."""
    card, test = guest.card, guest.card.score("test")
    sentences = [
        f"It is right on {wording.percent(test.accuracy)} of {test.n:,} test images.",
        escape_markdown(guest.note),
        "" if card.has_probabilities else "It gives labels only, so nothing is known about its confidence.",
        FOR_THE_VISIT if only_visit else KEPT,
    ]
    return " ".join(filter(None, sentences))
