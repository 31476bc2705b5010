"""Fetching articles from the web, without being sent where nobody outside may go.

`address` (what may be asked for), `networks` (where it may lie), `connecting` (to the address that was checked and no
other), `client` (one page, its redirects and limits), `robots`, `web` (pages, feeds and sitemaps to articles).
"""

from index.fetch.client import Client, FetchLimits
from index.fetch.web import read_web

__all__ = ["Client", "FetchLimits", "read_web"]
