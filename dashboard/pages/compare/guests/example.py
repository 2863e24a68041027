"""What a table of predictions looks like, and an example to fill in."""

import pandas as pd
import streamlit as st

from core.emotions import CSV_EMOTIONS, EMOTIONS, PROBABILITY_COLUMNS
from core.exchange.guests.guest import RowOrder
from core.exchange.guests.image_rows import possible_orders
from dashboard import resources
from dashboard.components import downloads, html_table
from dashboard.plain_text import escape_html

SHOWN_ROWS = 3

HOW_HTML = (
    "<ul>"
    "<li>Probabilities, logits or percentages in seven columns, or one column with the predicted labels.</li>"
    "<li>With image ids, the rows can have any order. Give all {images:,} test images, all of PublicTest or all of "
    "PrivateTest.</li>"
    "<li>Without ids, the rows have the order of the example: {order}.</li>"
    "<li>Columns without names of emotions are {folder}. If another order, such as that of fer2013.csv ({csv}), makes "
    "far more predictions right, it is proposed.</li>"
    "</ul>"
)

ORDERS_HTML = {
    "imagefolder": "by folder, then by file name, as Keras' <code>flow_from_directory</code> (without shuffling) and "
    "torchvision's <code>ImageFolder</code> read the folder test. Other orders are found among the options",
    "csv-test": "that of the test images in fer2013.csv",
}
"""Row order of the example -> what it is."""


def show() -> None:
    """Show, folded, what is taken, and a button that saves a table with the right image ids."""
    order, table = example()
    rows = table.head(SHOWN_ROWS).round(3).astype(str)
    how = HOW_HTML.format(
        images=len(table), order=ORDERS_HTML[order], folder=", ".join(EMOTIONS), csv=", ".join(CSV_EMOTIONS)
    )
    st.html(html_table.folded(escape_html("What the table looks like"), html_table.as_html(rows) + how))
    downloads.csv_button(
        lambda: example()[1], "my-predictions", "Example to fill in (CSV)", icon=":material/table:", type="tertiary"
    )


def example() -> tuple[RowOrder, pd.DataFrame]:
    """Return a row for each test image of the data set in use, with equal probabilities, in the usual row order."""
    manifest = resources.data.manifest()
    test_images = int((manifest["split"] == "test").sum())
    order, positions = next(iter(possible_orders(test_images, manifest).items()))
    table = pd.DataFrame({"image_id": manifest["image_id"].iloc[positions].to_numpy()})
    return order, table.assign(**dict.fromkeys(PROBABILITY_COLUMNS, round(1 / len(EMOTIONS), 6)))
