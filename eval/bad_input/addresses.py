"""Addresses that must not be fetched, and the answers of resolvers that mean harm."""

from collections.abc import Sequence

_DIRECT = (
    # This machine, written in every way that some program understands.
    *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/"),
    *("http://0177.0.0.1/", "http://127.0.0.1./", "http://127.000.000.001/", "http://127.8.8.8/", "http://0.0.0.0/"),
    *("http://0/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://localhost/", "http://LOCALHOST./"),
    *("http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/"),
    *("http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::7f00:1]/"),
    *(
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[2a00::5efe:127.0.0.1]/",
        "http://[fe80::1%25lo]/",
    ),
    # Networks that are nobody's, or somebody else's.
    *("http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://198.18.0.1/"),
    *("http://192.0.2.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/"),
    *("http://[fc00::1]/", "http://[fe80::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://3232235777/"),
    # Clouds' metadata.
    *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/"),
    *("http://100.100.100.200/", "http://192.0.0.192/", "http://168.63.129.16/", "http://[fd20:ce::254]/"),
    *("http://2852039166/", "http://0xa9fea9fe/"),
    # Other schemes, ports and credentials, and what two readers of one address read differently.
    *("file:///etc/passwd", "file://localhost/etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/"),
    *(
        "data:text/html,<p>a</p>",
        "javascript:alert(1)",
        "dict://127.0.0.1:11211/",
        "ldap://127.0.0.1/",
        "jar:http://a!/",
    ),
    *("http:127.0.0.1", "http:///127.0.0.1/", "http://", "http://news.example:22/", "http://news.example:0/"),
    *("http://user:key@news.example/", "http://news.example@127.0.0.1/", "http://127.0.0.1\\@news.example/"),
    *("http://news.example#@127.0.0.1:99999/", "http://news.example\t.127.0.0.1/", "http://127.0.0.1%2f@a/"),
    *("http://news.example\r\nHost:127.0.0.1/", "http://-a.example/", f"http://{'a' * 64}.example/"),
)

ANSWERS: dict[str, Sequence[Sequence[str]]] = {
    "private.example": [["10.0.0.7"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "loopback.example": [["127.0.0.1"]],
    "six.example": [["::1"]],
    "mapped.example": [["::ffff:10.0.0.1"]],
    "translated.example": [["64:ff9b::a00:1"]],
    "mixed.example": [["93.184.216.34", "192.168.0.1"]],
    "mixed-six.example": [["2606:2800:220:1::1", "fd00::1"]],
    "link-local.example": [["fe80::1%eth0"]],
    "rebinding.example": [["127.0.0.1"], ["10.0.0.1"], ["93.184.216.34"]],
    "garbage.example": [["no address"]],
    "nowhere.example": [[]],
}
"""Hosts, with what a resolver says of each the first time, the second time, and so on; the last answer stays."""

HOSTILE = (*_DIRECT, *(f"http://{host}/" for host in ANSWERS))
"""Addresses that must be refused without a connection."""


class FakeResolver:
    """Answers as `ANSWERS` says, and as the system does for what is a number or `localhost`; counts what it is asked.

    Attributes:
        asked: The hosts it was asked for, in order.
    """

    def __init__(self, answers: dict[str, Sequence[Sequence[str]]] | None = None) -> None:
        self.asked: list[str] = []
        self._answers = ANSWERS | (answers or {})

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host.

        Raises:
            OSError: It is not known.
        """
        self.asked.append(host)
        if host == "localhost":
            return ["127.0.0.1", "::1"]
        if host not in self._answers:
            raise OSError("no such host")
        answers = self._answers[host]
        return answers[min(self.asked.count(host), len(answers)) - 1]
