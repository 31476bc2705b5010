"""Who may do what on a running server: keys and their scopes, logins, rates, and how much may wait."""

from assistant.access.exposure import require_safe_address
from assistant.access.guard import Guard
from assistant.access.keys import KeyStore

__all__ = ["Guard", "KeyStore", "require_safe_address"]
