"""robots.txt: what a host does not want read by programs that follow links (RFC 9309)."""

from urllib.robotparser import RobotFileParser

from index.errors import UnreadableError
from index.fetch.address import WebAddress
from index.fetch.client import AGENT, Client, StatusError

_LONGEST = 512_000  # bytes, as much as the RFC asks to be read


class Robots:
    """The rules of the hosts met so far."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[str, RobotFileParser] = {}

    def check(self, address: WebAddress) -> None:
        """Pass an address that may be fetched.

        Raises:
            UnreadableError: The host asks not to, or cannot be asked.
        """
        rules = self._rules.get(address.origin)
        if rules is None:
            rules = self._rules[address.origin] = self._load(address)
        if not rules.can_fetch(AGENT, str(address)):
            raise UnreadableError(
                "is not to be read by programs, says its host's robots.txt (or cannot say): "
                "open it yourself, save it and add that, or give this very address"
            )

    def _load(self, address: WebAddress) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            text = self._client.text(self._client.address("/robots.txt", address), _LONGEST)
            rules.parse(text.decode("utf-8", "replace").splitlines())
        except UnreadableError as error:
            missing = isinstance(error, StatusError) and error.status < 500  # then all is allowed
            rules.parse([] if missing else ["User-agent: *", "Disallow: /"])
        return rules
