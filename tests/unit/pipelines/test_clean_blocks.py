from __future__ import annotations

from pipelines.clean.blocks import blocks_of_plain_text, text_of


def test_plain_text_by_empty_lines_or_by_lines() -> None:
    assert text_of(blocks_of_plain_text("One\r\nline.\r\n\r\nTwo\x00.\n")) == "One line.\nTwo."
    assert text_of(blocks_of_plain_text("One\nTwo")) == "One\nTwo"
