"""The Photo page: detect faces in photos and predict their expressions."""

from dashboard.components import layout, notices
from dashboard.pages.photo import choices, results

layout.page_header(
    "Photo",
    "Upload photos or take a snapshot. A face detector finds the faces, and the models you choose predict the "
    "expression of each face. A label is marked uncertain if its probability is below the model's threshold, or if the "
    "face is too dark, too small or blurred.",
)
choices.show_notice()
notices.model_faults_notice()

detector, models = choices.choose_detector_and_models()
photos = choices.choose_photos()
drawn_model = choices.choose_model_to_draw(models)

readings = {photo.name: results.show(photo, detector, models, drawn_model) for photo in photos}
results.show_csv_button({name: reading for name, reading in readings.items() if reading})
