"""Take files that came through the browser out of the server's memory before the session ends.

Streamlit keeps what a file uploader took until the session is over, and its chat field only until
it was read (`streamlit.elements.widgets.chat._pop_upload_files`); this is the latter for both.
"""

from __future__ import annotations

from collections.abc import Iterable

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_files(files: Iterable[object]) -> None:
    """Drop these files; what is no file of this session is passed over."""
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    for file in files:
        name = getattr(file, "file_id", None)
        if isinstance(name, str):
            context.uploaded_file_mgr.remove_file(context.session_id, name)
