"""Readers of models of others, by the ending of the file."""

from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestFile, ModelReader
from core.exchange.guests.readers import catboost_file, onnx_file, torch_file

READERS: dict[str, ModelReader] = {
    ".onnx": onnx_file.READER,
    ".cbm": catboost_file.READER,
    **dict.fromkeys((".pth", ".pt", ".bin", ".safetensors"), torch_file.READER),
}
"""Ending of a file -> its reader."""

CONVERTERS: dict[str, str] = {
    **dict.fromkeys((".h5", ".keras", ".hdf5"), "python -m tf2onnx.convert --saved-model FOLDER --output net.onnx"),
    ".pb": "python -m tf2onnx.convert --saved-model FOLDER --output net.onnx",
    ".tflite": "python -m tf2onnx.convert --tflite net.tflite --output net.onnx",
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib"),
        "skl2onnx.to_onnx(model, pixels[:1].astype('float32'), options={'zipmap': False})",
    ),
}
"""Ending of a file that is not read -> how to make an ONNX file of the same model."""


def reader_for(file: GuestFile) -> ModelReader:
    """Return the reader of a file; raises InputError for a format that is not read, with what to do."""
    if reader := READERS.get(file.ending):
        return reader
    name = shortened(file.name, 40)
    if converter := CONVERTERS.get(file.ending):
        if file.ending in (".h5", ".keras", ".hdf5"):
            converter = f"model.export('FOLDER') in Keras, then {converter}"
        raise InputError(f"{name} cannot be read; make an ONNX file of it: {converter}.")
    raise InputError(
        f"{name} cannot be read; use predictions (.csv, .tsv, .parquet) or a model ({', '.join(READERS)})."
    )
