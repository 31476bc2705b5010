"""Loading: files, folders and standard input to cleaned articles.

The way of a page of text: `decode` (bytes to text), `characters` (what cannot be seen goes), `lines` (paragraphs, and
what each line looks like), `stories` (where one story ends), `clean` (one story to an article). Documents come to its
lines by `documents`, PDF by `layout` before that. A record, whose fields say what is what (`newsml`, `nitf`, `ninjs`,
`json_ld`, `feeds`, `csv_articles`), goes past all this to `records`. `formats` has the table of all.
"""

from index.failure import Failure
from index.load.files import read
from index.load.stdin import read_text

__all__ = ["Failure", "read", "read_text"]
