"""Download FER2013 from Kaggle with the kagglehub package."""

from pathlib import Path

from core.exceptions import InputError

KAGGLE_NAME = "msambare/fer2013"
KAGGLE_PAGE = f"https://www.kaggle.com/datasets/{KAGGLE_NAME}"

MANUAL_DOWNLOAD = f"Or download archive.zip from {KAGGLE_PAGE} yourself and import that file."


def download_kaggle() -> Path:
    """Download the data set, unless it is in kagglehub's cache, and return its folder. Raises InputError on failure."""
    try:
        import kagglehub
        from kagglehub import exceptions
    except ImportError as error:
        raise InputError(
            f"The package kagglehub is missing; install it with `pip install kagglehub`. {MANUAL_DOWNLOAD}"
        ) from error
    refusals = (exceptions.UnauthenticatedError, exceptions.CredentialError, exceptions.KaggleApiHTTPError)
    try:
        return Path(kagglehub.dataset_download(KAGGLE_NAME))
    except refusals as error:
        raise InputError(
            f"Kaggle refused the download ({error}). Set up your Kaggle API token as described at "
            f"https://github.com/Kaggle/kagglehub#authenticate. {MANUAL_DOWNLOAD}"
        ) from error
    except (OSError, exceptions.BackendError, exceptions.DataCorruptionError, exceptions.NotFoundError) as error:
        raise InputError(
            f"Kaggle could not be reached ({error}); check the network and try again. {MANUAL_DOWNLOAD}"
        ) from error
