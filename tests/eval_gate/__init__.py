"""The ratchet: how good extraction is on annotated pages, with floors that a change may raise and not lower unsaid."""
