"""Reading and writing of models/<name>/, the folder of a trained model."""
