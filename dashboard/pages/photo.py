"""The faces of photos: found, cut out, and read by the chosen models."""

from dashboard import components, photo_panel

components.page_header(
    "Photo", "Upload photos or take a snapshot: every face is found, cut out, and read by the models you choose."
)
photo_panel.notice()
components.model_faults_notice()

detector, models = photo_panel.choose()
photos = photo_panel.pick()
drawn = photo_panel.choose_labels(models)

shown = {photo.name: photo_panel.show(photo, detector, models, drawn) for photo in photos}
photo_panel.download_numbers({name: reading for name, reading in shown.items() if reading})
