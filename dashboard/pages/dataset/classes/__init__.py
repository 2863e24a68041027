"""The classes: how many images they have, how their faces look, and how light differs."""

from dashboard import resources
from dashboard.components import displays
from dashboard.pages.dataset.classes import faces, light, numbers


def show() -> None:
    """Show the classes of the data set in use."""
    manifest = resources.data.manifest()
    numbers.show(manifest)
    if resources.data.is_fer2013():
        faces.show()
    displays.show_when_seen("Brightness, contrast and sharpness", lambda: light.show(manifest))
