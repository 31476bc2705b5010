"""Which addresses of the internet are public, and so may be connected to."""

from ipaddress import IPv6Address, ip_address, ip_network

_NEVER = {  # not even where the settings name the host
    "169.254.0.0/16": "link-local, where clouds keep their metadata",
    "fe80::/10": "link-local",
    "100.100.100.200/32": "a cloud's metadata",  # Alibaba, amid shared addresses
    "192.0.0.0/24": "reserved",  # Oracle's metadata are in it
    "fd00:ec2::/32": "a cloud's metadata",  # Amazon, amid private addresses
    "fd20:ce::/32": "a cloud's metadata",  # Google
    "168.63.129.16/32": "a cloud's own service",  # Azure, amid public addresses
    "192.88.99.0/24": "a relay to IPv6",
    # In these an IPv4 address stands for the host, or for a relay: what is reached in the end, no check can know.
    "::ffff:0:0/96": "a translated IPv4 address",
    "::ffff:0:0:0/96": "a translated IPv4 address",
    "64:ff9b::/96": "a translated IPv4 address",
    "64:ff9b:1::/48": "a translated IPv4 address",
    "2001::/23": "a translated IPv4 address",  # Teredo, and protocols' own
    "2002::/16": "a translated IPv4 address",
}
_BY_NAME = {
    "127.0.0.0/8": "loopback",
    "::1/128": "loopback",
    "10.0.0.0/8": "private",
    "172.16.0.0/12": "private",
    "192.168.0.0/16": "private",
    "fc00::/7": "private",
    "100.64.0.0/10": "shared within a network",
}
_REFUSED = [(ip_network(network), what) for network, what in _NEVER.items()]
_PRIVATE = [(ip_network(network), what) for network, what in _BY_NAME.items()]
_UNICAST = ip_network("2000::/3")  # all of IPv6 that is routed
_ISATAP = (0x5EFE, 0x02005EFE)  # the third quarter of an IPv6 address whose last is an IPv4 one


def refusal(text: str, *, private_allowed: bool = False) -> str | None:
    """Say why an address must not be connected to.

    Args:
        text: An IPv4 or IPv6 address as a resolver gives it.
        private_allowed: Whether it may lie in a private network or on this machine, because the settings name its
            host. Metadata services, multicast and translated addresses are refused all the same.

    Returns:
        What it is, such as `private`; None for an address that may be connected to.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return "no address"
    if what := next((what for network, what in _REFUSED if address in network), None):
        return what
    if what := next((what for network, what in _PRIVATE if address in network), None):
        return None if private_allowed else what
    if isinstance(address, IPv6Address) and (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return "a translated IPv4 address"
    if address.is_multicast:
        return "multicast"
    routed = address.is_global and (not isinstance(address, IPv6Address) or address in _UNICAST)
    return None if routed else "reserved"
