"""Who can reach the server: it is not put before others without keys, unless somebody says so."""

from ipaddress import ip_address

from assistant.access.keys import KeyStore
from assistant.settings import Settings
from index.errors import SettingsError


def is_loopback(host: str) -> bool:
    """Whether an address is only reached from this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_safe_address(settings: Settings, keys: KeyStore) -> None:
    """Make sure that others only reach the server where they need a key.

    Raises:
        SettingsError: They would reach it without one, and the settings do not say that they may.
    """
    if is_loopback(settings.host) or settings.unprotected or keys.any():
        return
    raise SettingsError(
        f"The server would listen at {settings.host}, where others reach it, and no key would be needed. Make one: "
        "dateline key create NAME (from then on every request needs one); or, where all who reach it may do "
        "everything, set DATELINE_UNPROTECTED=true."
    )
