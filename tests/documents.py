"""Documents of one story, made by what newsrooms make them with: for the tests of what reads them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from xml.sax.saxutils import escape

TITLE = "Bridge over Anse Sound to close for a week"
LEAD = "DHELM: The bridge will close to cars from Monday, the roads office said."
TAIL = "Boats pass as before, and cost 4 crowns."


def pdf(paragraphs: Sequence[str], *, size: tuple[int, int] = (300, 260), columns: int = 1, **info: Any) -> bytes:
    """A typeset PDF: a paragraph that begins with `# ` is a headline, a form feed a new page; each page is numbered."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph

    styles = getSampleStyleSheet()
    styles["Title"].alignment = 1

    def page_furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(30, size[1] - 15, "Eastmarch Courier")
        canvas.drawString(30, 20, "https://courier.example/bridge")
        canvas.drawRightString(size[0] - 30, 20, f"Page {document.page} of 9")

    width = (size[0] - 60) / columns
    frames = [Frame(30 + width * n, 40, width, size[1] - 80, leftPadding=4, rightPadding=4) for n in range(columns)]
    story = [
        PageBreak()
        if text == "\f"
        else Paragraph(escape(text.removeprefix("# ")), styles["Title" if text[:2] == "# " else "BodyText"])
        for text in paragraphs
    ]
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=size, **info)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=page_furniture)])
    document.build(story)
    return file.getvalue()


def docx() -> bytes:
    """A Word document of two pages, with a list, a table and what an editor deleted and put in."""
    import docx
    from docx.enum.text import WD_BREAK
    from docx.oxml import parse_xml

    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.category, about.language = "bridge.docx", "Jane Roe", "Transport", "en-GB"
    about.created = datetime(2025, 5, 9, 8, 30, tzinfo=UTC)
    document.add_paragraph(TITLE, style="Title")
    lead = document.add_paragraph("DHELM: The bridge will ")
    lead.add_run("close").bold = True
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for change in (
        "<w:del><w:r><w:delText>slowly</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t> to cars</w:t></w:r></w:ins>",
    ):
        lead._p.append(parse_xml(change.replace(">", f' xmlns:w="{word}">', 1)))
    lead.add_run(" from Monday, the roads office said.")
    document.add_paragraph("What to do", style="Heading 1")
    document.add_paragraph("Take the boat", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Monday", "12 boats"
    last = document.add_paragraph("Boats pass")
    last.add_run().add_break(WD_BREAK.PAGE)
    last.add_run("as before, and cost 4 crowns.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_CONTENT = f"""<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0"
 xmlns:style="{_OFFICE}:style:1.0" xmlns:table="{_OFFICE}:table:1.0" office:version="1.3">
<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/></office:automatic-styles>
<office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>slowly</text:p></text:deletion></text:changed-region>
</text:tracked-changes>
<text:p text:style-name="P1">{TITLE}</text:p>
<text:p>DHELM: The bridge will <text:span>close</text:span><text:s/>to cars from Monday, the roads office said.</text:p>
<text:h text:outline-level="1">What to do</text:h>
<text:list><text:list-item><text:p>Take the boat</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>Monday</text:p></table:table-cell>
<table:table-cell><text:p>12 boats</text:p></table:table-cell></table:table-row></table:table>
<text:p>Boats pass <text:soft-page-break/>as before, and cost 4 crowns.</text:p>
</office:text></office:body></office:document-content>"""
_META = f"""<office:document-meta xmlns:office="{_OFFICE}:office:1.0" xmlns:meta="{_OFFICE}:meta:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><meta:initial-creator>Jane Roe</meta:initial-creator>
<meta:creation-date>2025-05-09T10:30:00.123</meta:creation-date><dc:language>en-GB</dc:language>
</office:meta></office:document-meta>"""


def odt(content: str = _CONTENT) -> bytes:
    """The same as OpenDocument."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("meta.xml", _META)
    return file.getvalue()


RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times New Roman;}}
{\info{\title %b}{\author Jane Ro\'e9}{\creatim\yr2025\mo5\dy9\hr10\min30}}
\pard\b %b\b0\par
DHELM: The \u8220?old\u8221? bridge will close in \'e9t\'e9 to cars\line from Monday.\par
\par
%b\par}""" % (TITLE.encode(), TITLE.encode(), TAIL.encode())


def eml(plain: str | None = None, html: str | None = None, **headers: str) -> EmailMessage:
    """A message."""
    message = EmailMessage()
    usual = {"Subject": f"Fwd: {TITLE}", "From": "Eastmarch Agency <news@agency.example>",
             "Date": "Fri, 09 May 2025 10:30:00 +0200"}  # fmt: skip
    for name, value in (usual | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        (message.add_alternative if plain is not None else message.set_content)(html, subtype="html")
    return message


MHT = f"""From: <Saved by Blink>
Snapshot-Content-Location: https://agency.example/bridge
Subject: =?utf-8?Q?{TITLE.replace(" ", "=20")}?=
Date: Fri, 9 May 2031 10:30:00 +0200
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----B"

------B
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable
Content-Location: https://agency.example/bridge

<html lang=3D"en"><head><title>{TITLE}</title><meta property=3D"article:pub=
lished_time" content=3D"2025-05-09"></head><body><article><h1>{TITLE}</h1>
<p>{LEAD}</p><p>{TAIL}</p></article></body></html>

------B
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=

------B--
""".replace("\n", "\r\n").encode()
