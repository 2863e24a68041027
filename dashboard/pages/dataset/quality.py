"""Images with quality issues: copies, leaks, label conflicts, blanks."""

import pandas as pd
import streamlit as st

from core.data.issues import ISSUES
from dashboard import keys
from dashboard.components import displays, downloads, layout, pickers
from dashboard.pages.dataset.gallery import ISSUES_LIST, show_images


def show_issues(manifest: pd.DataFrame) -> None:
    """Show how many images have each issue, and the images with the chosen one."""
    layout.subheader("Quality", "Only pixel-identical images count as copies. Choose an issue to see its images.")
    rows_by_issue = {name: issue.rows(manifest) for name, issue in ISSUES.items()}
    for column, (name, rows) in zip(layout.columns(len(rows_by_issue), per_row=4), rows_by_issue.items(), strict=True):
        column.metric(ISSUES[name].title, f"{len(rows):,}", help=ISSUES[name].meaning, border=True)
    by_title = {issue.title: name for name, issue in ISSUES.items()}
    chosen = by_title[pickers.segmented_control("Issue", list(by_title), keys.ISSUE, ISSUES["leaks"].title)]
    st.caption(ISSUES[chosen].meaning)
    rows = rows_by_issue[chosen]
    if rows.empty:
        st.info("There are no such images in this data set.", icon=":material/check:")
        return
    columns = ["image_id", "usage", "split", "true_label", "duplicate_group"]
    downloads.csv_button(rows[columns], chosen, "The whole list as CSV")
    show_images(displays.paginate(rows, per_page=24), rows["image_id"], ISSUES_LIST)
