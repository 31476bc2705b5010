"""Errors whose message is what the user sees: each says what is wrong and what to do."""


class DatelineError(Exception):
    """The base of every error that the user can do something about."""


class UnreadableError(DatelineError):
    """A file, or an entry of one, that holds no article we can read."""


class SandboxError(DatelineError):
    """The process that reads files cannot be started."""


class LibraryBusyError(DatelineError):
    """Another process is writing to the library."""


class LibraryMismatchError(DatelineError):
    """The library was made with another embedding model or other splitting settings."""


class UnknownArticleError(DatelineError):
    """No article in the library has this id."""


class UnknownJobError(DatelineError):
    """No job has this id."""


class UnknownReportError(DatelineError):
    """No eval report has this id."""


class UnknownKeyError(DatelineError):
    """No API key has this id."""


class BusyError(DatelineError):
    """More is waiting than can be taken on."""


class ArchiveError(DatelineError):
    """An archive is damaged, says what cannot be, or cannot be written."""


class EmptyFolderError(DatelineError):
    """A folder to be mirrored is missing or empty, which may be a mistake that would cost every article."""


class ModelError(DatelineError):
    """An embedding or chat model cannot be loaded, or is not the one expected."""


class NothingIndexedError(DatelineError):
    """The library holds no article."""


class QuestionError(DatelineError):
    """The question cannot be asked as it stands."""


class SettingsError(DatelineError):
    """A setting is unknown or has a value that cannot be."""


class ClusterError(DatelineError):
    """A cluster of workers cannot be reached, or cannot do what it is asked."""


class ReadOnlyError(DatelineError):
    """The library lies where nothing can be written."""


class DiskError(DatelineError):
    """The disk is full, or does not take what is written."""


class BrokenIndexError(DatelineError):
    """An index is not whole; it can be made anew from the catalogue."""


class VectorServerError(DatelineError):
    """The Chroma server does not answer, or is not to be used."""


class VectorsGoneError(VectorServerError):
    """The Chroma server does not hold the library's vectors; they can be put there again."""
