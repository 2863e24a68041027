"""The faces of photos: found, cut out, and read by the chosen models."""

from dashboard.components import layout, notices
from dashboard.pages.photo import choices, results

layout.page_header(
    "Photo", "Upload photos or take a snapshot: every face is found, cut out, and read by the models you choose."
)
choices.notice()
notices.model_faults_notice()

detector, models = choices.choose()
photos = choices.pick()
drawn = choices.choose_labels(models)

shown = {photo.name: results.show(photo, detector, models, drawn) for photo in photos}
results.download_numbers({name: reading for name, reading in shown.items() if reading})
