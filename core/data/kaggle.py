"""FER2013 from Kaggle, through its own client."""

from pathlib import Path

from core.exceptions import InputError

KAGGLE_NAME = "msambare/fer2013"
KAGGLE_PAGE = f"https://www.kaggle.com/datasets/{KAGGLE_NAME}"

BY_HAND = f"Or download archive.zip by hand from {KAGGLE_PAGE} and give its path."


def download_kaggle() -> Path:
    """Download the archive, or find it in kagglehub's cache -> its folder; InputError where that fails."""
    try:
        import kagglehub
        from kagglehub import exceptions
    except ImportError as error:
        raise InputError(
            f"The package kagglehub is missing; install it with `pip install kagglehub`. {BY_HAND}"
        ) from error
    refused = (exceptions.UnauthenticatedError, exceptions.CredentialError, exceptions.KaggleApiHTTPError)
    try:
        return Path(kagglehub.dataset_download(KAGGLE_NAME))
    except refused as error:
        raise InputError(
            f"Kaggle refused the download ({error}). Put an API token of your account where "
            f"https://github.com/Kaggle/kagglehub#authenticate says. {BY_HAND}"
        ) from error
    except (OSError, exceptions.BackendError, exceptions.DataCorruptionError, exceptions.NotFoundError) as error:
        raise InputError(
            f"Kaggle could not be reached ({error}); check the network and try again. {BY_HAND}"
        ) from error
