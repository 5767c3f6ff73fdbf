"""Readers' comments as data, and the parts of a page that hold them."""

from pipelines.clean.comments.reading import CommentReading, read_comments

__all__ = ["CommentReading", "read_comments"]
