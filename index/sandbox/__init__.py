"""Reading files that may be hostile: in child processes that hold nothing of ours and may be killed at any moment.

The parent (`pool`, `reader`) sends paths and takes articles, one JSON line each; the child (`child`) is limited in time
and memory by the operating system (`limits`), so that whatever a parser does to it costs one file, never the run.
"""

from index.sandbox.limits import Limits
from index.sandbox.pool import read_in_order

__all__ = ["Limits", "read_in_order"]
