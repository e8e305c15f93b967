"""LangChain sends each run, photos included, to a server where the environment says so.

That may have been said for another program, so it does not count here. Whoever wants it asks for
it in code, with ``langsmith.tracing_context``.
"""

import os

for _name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING"):
    os.environ[_name] = os.environ[f"{_name}_V2"] = "false"
