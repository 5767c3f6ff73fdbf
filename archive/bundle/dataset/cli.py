"""What `bundle --format` does. Heavy imports stand inside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.bundle.dataset.build import Dataset, DatasetOptions
    from archive.bundle.destination import Written
    from archive.store import Store as Place


def make(place: Place, given: Mapping[str, Any], contact: str | None) -> None:
    """``given``: the parameters of `bundle`. A folder, or one ZIP where ``--output`` ends in ``.zip``, is missing, or is ``-``.

    Raises what `make_dataset` does, and `InputError` for a place that cannot take it.
    """
    options, output = _options(given, contact), given["output"]
    if output is None or output == "-" or output.endswith(".zip") or output.startswith("s3://"):
        dataset, written = _zip(place, options, output)
    else:
        dataset, written = _folder(place, options, Path(output)), None
    if output == "-":
        say(f"{written.size if written else 0} bytes of {dataset.name}.zip")
    elif given["as_json"]:
        emit_json(dataset.as_json() | {"place": written.place if written else output})
    else:
        emit(f"{written.place}  {written.size} bytes" if written else output)
        say(", ".join(f"{dataset.counts[what]} {what}" for what in ("documents", "events", "sources")))


def _options(given: Mapping[str, Any], contact: str | None) -> DatasetOptions:
    import os

    from archive.bundle.dataset.build import DatasetOptions
    from archive.bundle.sizes import source_date
    from archive.errors import InputError
    from archive.selection.options import selection_of

    for option in ("max_size", "sign"):
        if given[option] is not None:
            raise InputError(f"--{option.replace('_', '-')} is for WACZ bundles, not for --format {given['format'][:40]}")
    return DatasetOptions(
        format=given["format"],
        selection=selection_of(given),
        title=given["title"],
        description=given["description"],
        contact=contact,
        created=source_date(os.environ.get("SOURCE_DATE_EPOCH")),
    )


def _folder(place: Place, options: DatasetOptions, output: Path) -> Dataset:
    import tempfile

    from archive.bundle.dataset.build import make_dataset
    from archive.bundle.dataset.output import check_place, put_in_place

    check_place(output)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as beside:
        folder = Path(beside) / "dataset"
        folder.mkdir()
        dataset = make_dataset(place, options, folder)
        put_in_place(folder, output)
    return dataset


def _zip(place: Place, options: DatasetOptions, output: str | None) -> tuple[Dataset, Written]:
    import tempfile

    from archive.bundle.dataset.build import make_dataset
    from archive.bundle.dataset.output import DatasetZip
    from archive.bundle.outputs import destination_of

    destination, name = destination_of(place, output, ".zip")
    with tempfile.TemporaryDirectory(prefix="warcite-dataset-") as temporary:
        dataset = make_dataset(place, options, Path(temporary))
        written = destination.bundle(f"{name or dataset.name}.zip", DatasetZip(dataset), lambda _: None)
    return dataset, written
