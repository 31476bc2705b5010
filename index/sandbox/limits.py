"""How much one item may cost: a file, an entry of an archive, or a line of JSON lines."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What reading may cost; what goes beyond is reported and the rest is read.

    Attributes:
        seconds: Time that one item may take. Below 10, so that with the start and the end of a child it is over in 10.
        memory: Address space of the child, in bytes: an upper bound of the memory it can ever touch.
        file_bytes: The longest file, entry of an archive, or line of JSON lines.
        archive_entries: How many entries an archive may have, those of archives within it included.
        archive_bytes: How many bytes an archive may unpack to in all.
        archive_ratio: How many times its packed size an entry, or an archive, may unpack to; text rarely reaches 20.
        archive_depth: How deep archives may lie in archives; 1 is an archive in an archive.
        deaths: How many children one file may kill; what is left of it is not read.
    """

    seconds: float = 8.0
    memory: int = 512 * MIB
    file_bytes: int = 50 * MIB
    archive_entries: int = 10_000
    archive_bytes: int = 2048 * MIB
    archive_ratio: int = 200
    archive_depth: int = 2
    deaths: int = 3

    @property
    def file_size(self) -> str:
        """`file_bytes` as a person reads it."""
        return size_in_words(self.file_bytes)


def size_in_words(size: int) -> str:
    """A number of bytes as a person reads it: `50 MiB`."""
    return f"{size / MIB:,.0f} MiB" if size >= MIB else f"{size:,} bytes"
