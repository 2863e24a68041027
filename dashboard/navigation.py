"""The pages of the app, in menu order. To add a page, add a folder in `dashboard/pages/` and an entry here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One entry of the menu."""

    path: str
    """Path of the page's script, relative to `dashboard/`."""
    title: str
    icon: str
    url_path: str
    """Last part of the page's address. The function `page` finds a page by it. The first page is served at `/`."""

    @property
    def script(self) -> str:
        """Path of the page's script relative to the folder of `streamlit_app.py`, as Streamlit expects it."""
        return f"dashboard/{self.path}"

    @property
    def tab_title(self) -> str:
        """Title of the browser's tab."""
        return f"{self.title} · FERscope"


PAGES = (
    Page("pages/overview/page.py", "Overview", ":material/home:", "overview"),
    Page("pages/dataset/page.py", "Dataset", ":material/grid_view:", "dataset"),
    Page("pages/models/page.py", "Models", ":material/description:", "models"),
    Page("pages/compare/page.py", "Compare", ":material/compare_arrows:", "compare"),
    Page("pages/errors/page.py", "Errors", ":material/rule:", "errors"),
    Page("pages/photo/page.py", "Photo & video", ":material/photo_camera:", "photo"),
    Page("pages/live/page.py", "Live", ":material/videocam:", "live"),
)


def page(url_path: str) -> Page:
    """Return the page with this `url_path`. Raises KeyError if `PAGES` has no such page."""
    return {entry.url_path: entry for entry in PAGES}[url_path]
