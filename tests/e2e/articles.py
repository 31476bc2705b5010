"""Articles for the browser tests."""

from index.article import Article

MEETING = Article(
    title="Naqvi and envoy meet again as border fighting goes on",
    text="""\
• Second conversation in two days
• Both sides report drones

ISLAMABAD: Pakistan reported more drones over its eastern cities on Friday and called on other governments to urge \
India to hold back, while schools near the border stayed shut for a third day and hospitals put off operations that \
could wait.

Officials in Lahore said that sirens had sounded four times during the night. Shops in the old town opened late, and \
bakers sold out of bread before nine. Buses to the border villages turned round at the canal, where soldiers checked \
papers and sent families back.

Air traffic was stopped twice. The airport said that 41 flights had been moved to other cities and that passengers \
should telephone before they set out. A cargo aircraft with medical supplies was let through at noon, after two hours \
on the ground in Karachi.

Markets fell. The index in Karachi lost 2.7 percent before trading was halted, and the rupee weakened a little. \
Traders said that they were waiting for the weekend, when talks by telephone between several capitals were expected \
to go on.

The interior minister, Mohsin Naqvi, met Natalie Baker, the chargé d’affaires of the United States, in Islamabad on \
Friday, 9 May 2025. They had already spoken two days earlier. Naqvi told her that the drones had been aimed at \
civilians, state media said.

A political counselor, Zack Harkinrider, sat in. The American side said afterwards only that it wanted both countries \
to step back, and that it would go on speaking to each of them.

In the evening the lights went out in parts of Sialkot. The power company blamed a fallen line, not the fighting, and \
said that crews were on their way. By midnight all but two districts had electricity again.
""".strip(),
    source="Border Gazette (test)",
    url="https://gazette.example/meeting",
    author="Rana Tariq",
    published="2025-05-09",
    place="ISLAMABAD",
    language="en",
)

HARBOUR = Article(
    title="Old lighthouse at Tern Point to be lit again after restoration",
    text="""\
TERN POINT: The lighthouse that has stood dark over the harbour since 1998 will be lit again in June, the town council \
said on Monday after the last of the new lenses had been fitted.

The restoration took three years and cost 1.2 million crowns, of which the fishermen’s association paid a third. Its \
chair, Odile Marsh, said that nobody needed the light to find the way home any more, but that everybody had missed it.

The lamp now uses less electricity than a kettle. It can be seen from 18 miles in clear weather.
""".strip(),
    source="Harbour Echo (test)",
    url="javascript:window.hacked=1",
    published="2025-04-28",
    place="TERN POINT",
    language="en",
)

HOSTILE = Article(
    title="<script>window.hacked=1</script> & <img src=x onerror=window.hacked=1> in a headline",
    text="""\
A web page that <b>prints</b> its own markup, {{value}} and ${value} included, was mended on Tuesday.

Its makers said: “</p></article><script>window.hacked=1</script> is nothing that a reader should ever see run.”
""".strip(),
    source="<img src=https://elsewhere.example/x.png onerror=window.hacked=1>",
    published="2025-05-10",
)

ARTICLES = (MEETING, HARBOUR, HOSTILE)
