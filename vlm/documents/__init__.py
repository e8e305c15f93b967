"""Images in HTML and Markdown pages: what stands around them, and pages with only alt changed.

Pure functions from bytes to bytes; only `files` and `local_files` know of a disk.
"""

from vlm.documents.errors import AltFixed, DocumentChanged, DocumentUnreadable
from vlm.documents.files import documents_under, is_document, read_document
from vlm.documents.html_images import images_in_html
from vlm.documents.images import Edit, ImageInDocument
from vlm.documents.local_files import LocalFile, local_file
from vlm.documents.pages import images_in
from vlm.documents.writing import changes, with_alts

__all__ = [
    "AltFixed",
    "DocumentChanged",
    "DocumentUnreadable",
    "Edit",
    "ImageInDocument",
    "LocalFile",
    "changes",
    "documents_under",
    "images_in",
    "images_in_html",
    "is_document",
    "local_file",
    "read_document",
    "with_alts",
]
