"""The pages of the app, in the order of the menu. A new page is a folder in `dashboard/pages/` and a line here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One entry of the menu; plain data, so that tests can go through all of them."""

    path: str
    """The page's script, relative to `dashboard/`."""
    title: str
    icon: str
    url_path: str
    """The page's address; also its name in `page(...)`. The first page answers at `/`."""

    @property
    def script(self) -> str:
        """The page's script as Streamlit wants it: relative to the folder of `streamlit_app.py`."""
        return f"dashboard/{self.path}"


PAGES = (
    Page("pages/overview/page.py", "Overview", ":material/home:", "overview"),
    Page("pages/dataset/page.py", "Dataset", ":material/grid_view:", "dataset"),
    Page("pages/models/page.py", "Models", ":material/description:", "models"),
    Page("pages/compare/page.py", "Compare", ":material/compare_arrows:", "compare"),
    Page("pages/errors/page.py", "Errors", ":material/rule:", "errors"),
    Page("pages/photo/page.py", "Photo", ":material/photo_camera:", "photo"),
    Page("pages/live/page.py", "Live", ":material/videocam:", "live"),
)


def page(url_path: str) -> Page:
    """The page with this address; KeyError for one that is not in `PAGES`."""
    return {entry.url_path: entry for entry in PAGES}[url_path]
