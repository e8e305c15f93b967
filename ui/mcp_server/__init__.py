"""The library for assistants that speak the Model Context Protocol, over stdin and stdout."""
