"""The archive: a library's articles in one file, to be kept or carried elsewhere.

It is JSON lines under gzip: a head, articles in the order of their ids, each followed by its passages where vectors are
included, then the places where articles were read, and an end with the SHA-256 of all before it. So it is written and
read in one stream, tells whether it is whole, and holds neither paths to unpack nor code to run. `zcat FILE | head`
shows what is in it.
"""

from index.archive.file import Archive, write
from index.archive.records import Head, Place, Record, Vector

__all__ = ["Archive", "Head", "Place", "Record", "Vector", "write"]
