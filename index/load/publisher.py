"""Publishers' names, as they stand alone under a headline or behind a byline."""

import re

_WORD = r"[A-ZÀ-ÖØ-Þ][\w.’'-]*"
_PAPER = (
    r"(?:News|Times|Post|Herald|Courier|Mercury|Gazette|Tribune|Journal|Chronicle|Guardian|Telegraph|Observer|Standard"
    r"|Star|Mail|Press|Wire|Agency|Service|Bulletin|Record|Express|Globe|Echo|Examiner|Inquirer|Dispatch|Register"
    r"|Sentinel|Messenger|Argus|Newspaper|Today|Online|Reuters|AFP|AP|BBC|CNN|Bloomberg|Jazeera)"
)
_PUBLISHER = re.compile(
    rf"(?:{_WORD} ){{0,3}}{_PAPER}(?: (?:of|in|for)(?: the)?(?: {_WORD}){{1,3}})?(?: \([^()]{{2,60}}\))?"
)


def is_publisher(text: str) -> bool:
    """Tell whether a text can be a publisher's name: believe it only where one is expected."""
    return _PUBLISHER.fullmatch(text) is not None
