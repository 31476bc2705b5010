"""Loading: files, folders and standard input to cleaned articles.

The way of a page of text: `decode` (bytes to text), `characters` (what cannot be seen goes), `lines` (paragraphs, and
what each line looks like), `stories` (where one story ends), `clean` (one story to an article).
"""

from index.failure import Failure
from index.load.files import read
from index.load.stdin import read_text

__all__ = ["Failure", "read", "read_text"]
