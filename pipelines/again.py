"""Documents once more: of WARC files by anyone, of the runs of an archive, or of all that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from archive.store import open_store
from pipelines.document_diff import DocumentDiff
from pipelines.reextract import Reextraction
from pipelines.segments import choose_segments
from pipelines.selection import Selection
from pipelines.warc_files import WarcFile
from pipelines.work import Work


def documents_again(chosen: Selection, store: str, work: Work) -> Iterator[bytes]:
    """Lines of JSON. A WARC file is read by itself, without an archive, which is opened only for runs and for all of it.

    Raises `NotFound`, `StoreError`.
    """
    files = chain.from_iterable(WarcFile(path, work) for path in chosen.warcs)
    if chosen.warcs and not chosen.runs:
        return files
    place = open_store(store)
    segments = choose_segments(place, work.damaged, runs=chosen.runs)
    return chain(files, Reextraction(place, segments, work).documents())


def differences(chosen: Selection, store: str, work: Work) -> Iterator[DocumentDiff]:
    """Against the stored documents: a WARC file has to be one of the archive's own. Raises `NotFound`, `StoreError`."""
    place = open_store(store)
    segments = choose_segments(place, work.damaged, runs=chosen.runs, warcs=chosen.digests())
    return Reextraction(place, segments, work).compared()
