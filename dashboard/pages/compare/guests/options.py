"""The folded options of the form: those of `python -m core add` that suit the file."""

from collections.abc import Mapping

import streamlit as st

from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exchange.guests.guest import GuestFile, GuestOptions
from core.exchange.guests.options import parse_options
from core.exchange.guests.table_file import TABLE_ENDINGS
from dashboard import keys, switches

ONLY_VISIT = "Only for me, until I close or reload this page"
ONLY_VISIT_HELP = "Otherwise it stays here. Everyone who opens this app can use and remove it."

UNKNOWN = "as the file says, or the usual"

ORDERS = {
    "": "automatic: by image ids, otherwise sorted by folder and name",
    "imagefolder": "imagefolder: sorted by folder and name, as Keras and torchvision read",
    "csv-test": "csv-test: PublicTest and PrivateTest as in fer2013.csv",
    "csv-public": "csv-public: PublicTest as in fer2013.csv",
    "csv-private": "csv-private: PrivateTest as in fer2013.csv",
}
"""Row order -> its name in the list."""

OTHER_ORDER = "other"
CLASS_ORDERS = {
    "": "automatic: by their names, otherwise sorted by name",
    "folder": f"folder: {', '.join(EMOTIONS)}, as Keras and torchvision number them",
    "csv": f"csv: {', '.join(CSV_EMOTIONS)}, as in fer2013.csv",
    OTHER_ORDER: "another order",
}
"""Order of the classes -> its name in the list."""

LAYOUTS = {"": UNKNOWN, "nchw": "nchw: channels first", "nhwc": "nhwc: channels last"}
CHANNELS = {"": UNKNOWN, "1": "1: gray", "3": "3: the gray levels three times"}
SCALES = {"": UNKNOWN, "255": "255: gray levels become 0 to 1", "1": "1: gray levels stay 0 to 255"}


def choose(file: GuestFile) -> tuple[dict[str, str], bool]:
    """Show the options that suit the file. Return their texts, and whether the guest is only for this visit."""
    with st.expander("Change how the file is read", icon=":material/tune:"):
        chosen = _of_table() if file.ending in TABLE_ENDINGS else {}
        chosen["classes"] = _class_order()
        if file.ending not in TABLE_ENDINGS:
            chosen |= _of_model(file.ending)
    if switches.read_only():
        return chosen, True
    only_visit = st.checkbox(ONLY_VISIT, key=keys.GUEST_FOR_VISIT)
    st.caption(ONLY_VISIT_HELP)
    return chosen, only_visit


def _class_order() -> str:
    """Show the orders of classes, and a field for any other one. Return the value of --classes; may be empty."""
    order = _choice("Order of the classes", CLASS_ORDERS, keys.GUEST_CLASS_ORDER)
    if order != OTHER_ORDER:
        return order
    example = "happy,sad,angry,fear,disgust,surprise,neutral"
    return st.text_input("The seven emotions in their order", key=keys.GUEST_CLASSES, placeholder=example)


def _of_table() -> dict[str, str]:
    return {"order": _choice("Order of the rows", ORDERS, keys.GUEST_ORDER)}


def _of_model(ending: str) -> dict[str, str]:
    """Show the options of a model: the scale of ONNX and CatBoost, and the input of ONNX."""
    chosen = {}
    if ending in (".onnx", ".cbm"):
        chosen["scale"] = _choice("Gray levels are divided by", SCALES, keys.GUEST_SCALE)
    if ending == ".onnx":
        chosen["layout"] = _choice("Axes of the input", LAYOUTS, keys.GUEST_LAYOUT)
        chosen["channels"] = _choice("Channels", CHANNELS, keys.GUEST_CHANNELS)
        example = "one number, or one per channel"
        chosen["mean"] = st.text_input("Then subtracted: mean", key=keys.GUEST_MEAN, placeholder=example)
        chosen["std"] = st.text_input("Then divided by: std", key=keys.GUEST_STD, placeholder=example)
    return chosen


def _choice(label: str, choices: Mapping[str, str], key: str) -> str:
    return st.selectbox(label, list(choices), format_func=choices.__getitem__, key=key)


def parsed(chosen: Mapping[str, str]) -> GuestOptions:
    """Return the options. Raises InputError for a wrong text."""
    return parse_options(**chosen)
