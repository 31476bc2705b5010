"""Slips of the finger: words that differ by one."""


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter dropped, added or changed, or by two neighbours that changed places.

    That is a distance of 1 (Damerau 1964). The first letter must be the same: it is hardly ever the one mistyped.
    """
    if one == other or not one or not other or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[1::-1] and len(one) > 1 and one[2:] == other[2:])
    )
