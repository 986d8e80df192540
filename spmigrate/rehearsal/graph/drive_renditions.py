"""`content?format=pdf`: a file as a PDF. Nothing is drawn here: the page says which file it stands for."""

from __future__ import annotations

from spmigrate.rehearsal.graph.call import GraphError

# Microsoft, "Download a file in another format".
_CONVERTIBLE = frozenset({
    "csv", "doc", "docx", "odp", "ods", "odt", "pot", "potm", "potx", "pps", "ppsx", "ppsxm", "ppt", "pptm", "pptx",
    "rtf", "xls", "xlsx", "txt", "html", "md", "eml", "msg", "tif",
})  # fmt: skip


def require_conversion(name: str, form: str) -> None:
    """Refuse what the service does not convert (406), and forms other than PDF, which are not rehearsed (501)."""
    if form.lower() in ("html", "jpg", "glb"):
        raise GraphError(501, "notImplemented", f"Converting to {form} is not rehearsed.")
    if form.lower() != "pdf" or name.rpartition(".")[2].lower() not in _CONVERTIBLE:
        raise GraphError(406, "notSupported", "The file can't be converted to the requested format.")


def render_pdf(name: str) -> bytes:
    """A PDF of one page that says the name of the file."""
    text = "".join(each if " " <= each <= "~" and each not in "()\\\\" else "?" for each in name)
    drawn = f"BT /F1 14 Tf 72 760 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length " + str(len(drawn)).encode() + b" >>\nstream\n" + drawn + b"\nendstream",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n"
    return content + f"{end}{len(content)}\n%%EOF\n".encode()
