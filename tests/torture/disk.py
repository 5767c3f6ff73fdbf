"""A disk that forgets: what is left of files and names after a power cut, from the system calls that made them.

Only what POSIX promises is kept: the bytes of a file up to its last fsync, the names in a folder up to the folder's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.torture.trace import Call

Loss = Literal["all", "bytes", "some"]
"""What a power cut takes of what was not synced: everything, the bytes but not the names, or a part that dice choose."""


@dataclass
class File:
    data: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # offset and bytes; None: cut there

    def change(self, offset: int, data: bytes | None) -> None:
        _change(self.data, offset, data)
        self.pending.append((offset, data))

    def sync(self) -> None:
        self.safe, self.pending = bytes(self.data), []

    def left(self, loss: Loss, dice: random.Random) -> bytes:
        data = bytearray(self.safe)
        for offset, change in self.pending if loss == "some" else ():
            if dice.random() < 0.5:
                _change(data, offset, change)
        return bytes(data)


@dataclass
class Folder:
    names: dict[str, File | Folder] = field(default_factory=dict)
    safe: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[tuple[str, File | Folder | None]] = field(default_factory=list)  # None: the name is gone

    def change(self, name: str, node: File | Folder | None) -> None:
        _rename(self.names, name, node)
        self.pending.append((name, node))

    def sync(self) -> None:
        self.safe, self.pending = dict(self.names), []

    def left(self, loss: Loss, dice: random.Random) -> dict[str, File | Folder]:
        names = dict(self.safe)
        kept = {"all": 0, "bytes": len(self.pending), "some": dice.randint(0, len(self.pending))}[loss]
        for name, node in self.pending[:kept]:
            _rename(names, name, node)
        return names


@dataclass
class _Open:
    node: File | Folder
    at: int = 0
    appends: bool = False


class Disk:
    """Everything below ``root``, which is there and empty at first. Feed it the calls of one process in order."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._top = Folder()
        self._open: dict[int, _Open] = {}
        self._do: dict[str, Callable[[Call], None]] = {
            "openat": self._opened,
            "write": self._written,
            "pwrite64": self._written_at,
            "lseek": self._sought,
            "ftruncate": self._cut,
            "fsync": self._synced,
            "fdatasync": self._synced,
            "mkdir": self._made,
            "rename": self._renamed,
            "link": self._linked,
            "unlink": self._unlinked,
            "rmdir": self._unlinked,
        }

    def apply(self, call: Call) -> None:
        """Raises `ValueError` for a call whose effect is not modelled: the verdict would be worth nothing."""
        if call.name not in self._do:
            raise ValueError(f"{call.name} is not modelled: {call}")
        self._do[call.name](call)

    def survivor(self, path: str | Path) -> bytes | None:
        """The bytes that a power cut now would certainly leave at ``path``; None when the name might be lost."""
        node: File | Folder | None = self._top
        for part in self._parts(path):
            node = node.safe.get(part) if isinstance(node, Folder) else None
        return node.safe if isinstance(node, File) else None

    def synced(self, path: str | Path) -> bytes | None:
        """The bytes at ``path`` that were fsynced, be its name safe or not."""
        node = self._node(str(path))
        return node.safe if isinstance(node, File) else None

    def read(self, path: str | Path) -> bytes | None:
        """The bytes at ``path`` as the process sees them."""
        node = self._node(str(path))
        return bytes(node.data) if isinstance(node, File) else None

    def write_out(self, destination: Path, loss: Loss, dice: random.Random) -> None:
        """Make the files that a power cut leaves."""
        for path, data in _walk(self._top, destination, loss, dice):
            if data is None:
                path.mkdir(exist_ok=True)
            elif not path.name.endswith("-shm"):  # shared memory of a dead process: SQLite makes it anew
                path.write_bytes(data)

    def _parts(self, path: str | Path) -> tuple[str, ...]:
        return Path(path).relative_to(self.root).parts

    def _place(self, path: str | Path) -> tuple[Folder, str]:
        *folders, name = self._parts(path)
        here: File | Folder = self._top
        for part in folders:
            here = here.names[part] if isinstance(here, Folder) else here
        if not isinstance(here, Folder):
            raise TypeError(f"{path} is not below a folder")
        return here, name

    def _node(self, path: str) -> File | Folder | None:
        if Path(path) == self.root:
            return self._top
        folder, name = self._place(path)
        return folder.names.get(name)

    def _opened(self, call: Call) -> None:
        node, writes = self._node(call.path), "O_WRONLY" in call.flags or "O_RDWR" in call.flags
        if node is None and "O_CREAT" in call.flags:
            folder, name = self._place(call.path)
            node = File()
            folder.change(name, node)
        elif isinstance(node, File) and "O_TRUNC" in call.flags:
            node.change(0, None)
        if node is not None and (writes or isinstance(node, Folder)):  # children read: their descriptors are not this process's
            self._open[call.result] = _Open(node, appends="O_APPEND" in call.flags)

    def _file(self, call: Call) -> tuple[_Open, File]:
        opened = self._open[call.fd]
        if not isinstance(opened.node, File):
            raise TypeError(f"not a file: {call}")
        return opened, opened.node

    def _written(self, call: Call) -> None:
        opened, file = self._file(call)
        at = len(file.data) if opened.appends else opened.at
        file.change(at, call.data[: call.result])
        opened.at = at + call.result

    def _written_at(self, call: Call) -> None:
        self._file(call)[1].change(call.numbers[1], call.data[: call.result])

    def _sought(self, call: Call) -> None:
        if call.fd in self._open:
            self._open[call.fd].at = call.result

    def _cut(self, call: Call) -> None:
        _, file = self._file(call)
        length = call.numbers[0]
        file.change(length, None if length <= len(file.data) else b"")

    def _synced(self, call: Call) -> None:
        self._open[call.fd].node.sync()

    def _made(self, call: Call) -> None:
        folder, name = self._place(call.path)
        folder.change(name, Folder())

    def _renamed(self, call: Call) -> None:
        node = self._node(call.path)
        self._unlinked(call)
        folder, name = self._place(call.other)
        folder.change(name, node)

    def _linked(self, call: Call) -> None:
        folder, name = self._place(call.other)
        folder.change(name, self._node(call.path))

    def _unlinked(self, call: Call) -> None:
        folder, name = self._place(call.path)
        folder.change(name, None)


def _change(data: bytearray, offset: int, change: bytes | None) -> None:
    if change is None:
        del data[offset:]
        return
    data.extend(bytes(max(0, offset - len(data))))
    data[offset : offset + len(change)] = change


def _rename(names: dict[str, File | Folder], name: str, node: File | Folder | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _walk(folder: Folder, path: Path, loss: Loss, dice: random.Random) -> Iterator[tuple[Path, bytes | None]]:
    yield path, None
    for name, node in folder.left(loss, dice).items():
        if isinstance(node, Folder):
            yield from _walk(node, path / name, loss, dice)
        else:
            yield path / name, node.left(loss, dice)
