"""What only a directory can do wrong: crashes, full and read-only disks, rivals in other processes, odd files."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import sha256_hex
from archive.errors import InputError, KeyExists, KeyMissing, LimitReached, StoreError
from archive.store.keys import check_key, is_key
from archive.store.local import LocalStore
from tests.support.waiting import until

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "archive")


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a tmpfs with the given options, as root only."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"mount-{len(mounted)}"
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", place], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"cannot mount: {done.stderr.decode().strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", place], check=True)


def put(store: LocalStore, key: str, data: bytes) -> None:
    store.put(key, data, sha256_hex(data))


def keys(store: LocalStore) -> list[str]:
    return [found.key for found in store.list("")]


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def child(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", f"import os, sys\nsys.path.insert(0, {str(CHECKOUT)!r})\n{code}", *arguments]


def in_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(child(code, *arguments), capture_output=True, text=True, timeout=60, check=False)


def test_reading_makes_no_folder(store: LocalStore) -> None:
    assert keys(store) == []
    with pytest.raises(KeyMissing):
        store.get("a")
    assert not store.root.exists()


def test_the_first_write_makes_the_folders_above_the_root_too(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "not" / "there" / "yet")
    put(store, "warc/a", b"x")
    assert store.get("warc/a") == b"x"


def test_a_crash_while_writing_leaves_no_object(store: LocalStore, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = """
from pathlib import Path
from archive.store.local import LocalStore
LocalStore(Path(sys.argv[1])).put("warc/a", Path(sys.argv[2]), "0" * 64)
"""
    writer = subprocess.Popen(child(code, str(store.root), str(pipe)))
    with pipe.open("wb") as feed:
        feed.write(b"x" * 3_000_000)
        until(lambda: any(size for _, size in _leftovers(store)), writer)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert len(_leftovers(store)) == 1
    assert keys(store) == []
    with pytest.raises(KeyMissing):
        store.stat("warc/a")
    put(store, "warc/a", b"after the crash")
    assert keys(store) == ["warc/a"]


def _leftovers(store: LocalStore) -> list[tuple[str, int]]:
    return [(path.name, path.stat().st_size) for path in store.root.rglob(".tmp-*")]


def test_a_failed_write_leaves_no_file(store: LocalStore) -> None:
    put(store, "warc/a", b"kept")
    with pytest.raises(StoreError, match="SHA-256"):
        store.put("warc/a", b"other", sha256_hex(b"announced"))
    with pytest.raises(KeyExists):
        store.put_if_absent("warc/a", b"other")
    assert files(store.root) == ["warc/a"]
    assert store.get("warc/a") == b"kept"


def test_a_full_disk_is_a_limit_and_loses_nothing(mount: Callable[[str], Path], tmp_path: Path) -> None:
    store = LocalStore(mount("size=1m"))
    put(store, "warc/a", b"kept")
    source = tmp_path / "source"
    source.write_bytes(bytes(2_000_000))
    for data in (source, bytes(2_000_000)):
        with pytest.raises(LimitReached, match="no space left"):
            store.put("warc/a", data, sha256_hex(bytes(2_000_000)))
    with pytest.raises(LimitReached, match="no space left"):
        store.put_if_absent("warc/b", bytes(2_000_000))
    assert files(store.root) == ["warc/a"]
    assert store.get("warc/a") == b"kept"
    put(store, "warc/b", bytes(500_000))  # the failed ones gave their room back


def test_no_inodes_left_is_a_limit(mount: Callable[[str], Path]) -> None:
    store = LocalStore(mount("size=1m,nr_inodes=6"))

    def fill() -> None:
        for number in range(9):
            put(store, f"warc/{number}", b"")

    with pytest.raises(LimitReached, match="no space left"):
        fill()


def test_a_file_size_limit_is_a_limit(store: LocalStore) -> None:
    code = """
import resource
from pathlib import Path
from archive.digests import sha256_hex
from archive.errors import LimitReached
from archive.store.local import LocalStore
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = LocalStore(Path(sys.argv[1]))
store.put("warc/small", b"x", sha256_hex(b"x"))
try:
    store.put("warc/large", bytes(150_000), sha256_hex(bytes(150_000)))
except LimitReached as error:
    print(error)
"""
    done = in_child(code, str(store.root))
    assert (done.returncode, done.stderr) == (0, "")
    assert "no space left to write" in done.stdout
    assert files(store.root) == ["warc/small"]


def test_short_writes_are_carried_on(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, bytes(data)[:700]))
    data = os.urandom(5000)
    put(store, "a", data)
    monkeypatch.undo()
    assert store.get("a") == data


def test_a_read_only_file_system_says_so(mount: Callable[[str], Path]) -> None:
    store = LocalStore(mount("size=1m"))
    put(store, "warc/a", b"kept")
    subprocess.run(["mount", "-o", "remount,ro", store.root], check=True)
    for key in ("warc/a", "new/b"):
        with pytest.raises(StoreError, match="read-only"):
            put(store, key, b"x")
    with pytest.raises(StoreError, match="read-only"):
        store.put_if_absent("warc/b", b"x")
    assert store.get("warc/a") == b"kept"


def test_a_forbidden_folder_says_so_in_every_verb() -> None:
    code = """
from datetime import UTC, datetime
from pathlib import Path
from archive.digests import sha256_hex
from archive.errors import KeyMissing, StoreError
from archive.store.local import LocalStore
store = LocalStore(Path(sys.argv[1]))
if os.geteuid() == 0:  # to whom nothing is forbidden
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for act in (
    lambda: store.put("closed/a", b"x", sha256_hex(b"x")), lambda: store.put_if_absent("new/b", b"x"),
    lambda: store.get("closed/a"), lambda: store.stat("closed/a"), lambda: list(store.list("closed/")),
    lambda: store.delete("closed/a"), lambda: store.debris(datetime.now(UTC), remove=False),
):
    try:
        act()
    except KeyMissing:
        print("missing")
    except StoreError as error:
        print(error)
"""
    folder = Path(tempfile.mkdtemp())  # tmp_path lies below folders that nobody else may enter
    try:
        put(LocalStore(folder), "closed/a", b"x")
        (folder / "closed").chmod(0)
        folder.chmod(0o555)
        done = in_child(code, str(folder))
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert len(lines) == 7
        assert all("permission denied" in line for line in lines), lines
    finally:
        (folder / "closed").chmod(0o755)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_of_16_processes_one_creates(store: LocalStore) -> None:
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(16), context.SimpleQueue()
    processes = [context.Process(target=_rival, args=(store, number, start, answers)) for number in range(16)]
    for process in processes:
        process.start()
    won = [answers.get() for _ in processes]
    for process in processes:
        process.join()
        process.close()
    answers.close()
    winners = [number for number in won if number >= 0]
    assert len(winners) == 1
    assert store.get("manifests/m.json") == b"%d" % winners[0]
    assert files(store.root) == ["manifests/m.json"]


def _rival(store: LocalStore, number: int, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    try:
        store.put_if_absent("manifests/m.json", b"%d" % number)
    except KeyExists:
        number = -1
    answers.put(number)  # type: ignore[attr-defined]


def test_bytes_then_name_then_folders_are_synced(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    trace: list[str] = []
    for name in ("fsync", "link", "rename", "replace"):
        monkeypatch.setattr(os, name, _traced(name, getattr(os, name), trace))
    put(store, "warc/deep/a", b"x")
    _check_order(trace, "replace", store.root, "warc/deep", "warc", "")
    trace.clear()
    store.put_if_absent("manifests/m.json", b"x")
    _check_order(trace, "link", store.root, "manifests", "")


def _check_order(trace: list[str], naming: str, root: Path, *folders: str) -> None:
    name = next(place for place, act in enumerate(trace) if act.startswith(naming))
    temporary = trace[name].split()[1]
    assert "/.tmp-" in temporary
    assert f"fsync {temporary}" in trace[:name]
    assert trace[name + 1 :] == [f"fsync {root / folder}" for folder in folders]
    assert any(act == f"fsync {root.parent}" for act in trace[:name]) or folders[0] == "manifests"


def _traced(name: str, act: Callable[..., object], trace: list[str]) -> Callable[..., None]:
    def traced(first: int | str, *rest: object, **options: object) -> None:
        subject = Path(f"/proc/self/fd/{first}").readlink() if isinstance(first, int) else " -> ".join([str(first), *map(str, rest)])
        trace.append(f"{name} {subject}")
        act(first, *rest, **options)

    return traced


@pytest.mark.parametrize(("mask", "file_mode", "folder_mode"), [(0o000, 0o644, 0o755), (0o022, 0o644, 0o755), (0o077, 0o600, 0o700)])
def test_nothing_is_world_writable(store: LocalStore, mask: int, file_mode: int, folder_mode: int) -> None:
    before = os.umask(mask)
    try:
        put(store, "warc/deep/a", b"x")
        store.put_if_absent("manifests/m.json", b"x")
    finally:
        os.umask(before)
    for path in (store.root, *store.root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (folder_mode if path.is_dir() else file_mode)


def test_an_object_and_a_folder_of_one_name_cannot_both_be(store: LocalStore) -> None:
    put(store, "a", b"x")
    put(store, "b/c", b"x")
    acts: list[Callable[[], None]] = [
        lambda: put(store, "a/below", b"x"),
        lambda: put(store, "b", b"x"),
        lambda: store.put_if_absent("b", b"x"),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="stands where") as caught:
            act()
        assert not isinstance(caught.value, KeyExists)
    assert files(store.root) == ["a", "b/c"]


def test_names_that_are_no_keys_are_not_listed(store: LocalStore) -> None:
    put(store, "warc/a", b"x")
    for name in (".tmp-left", "with space", "ä", "warc/.tmp-left", "warc/\udcff"):
        (store.root / name).write_bytes(b"x")
    assert keys(store) == ["warc/a"]


def test_probe_leaves_no_file(store: LocalStore) -> None:
    store.probe()
    assert files(store.root) == []


def test_delete_is_synced_also_by_who_comes_second(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "warc/a", b"x")
    trace: list[str] = []
    for name in ("fsync", "unlink"):
        monkeypatch.setattr(os, name, _traced(name, getattr(os, name), trace))
    store.delete("warc/a")
    store.delete("warc/a")
    assert trace == [f"unlink {store.root / 'warc/a'}", f"fsync {store.root / 'warc'}"] * 2
    assert files(store.root) == []


def test_debris_is_old_temporary_files_in_folders_of_keys(store: LocalStore, tmp_path: Path) -> None:
    put(store, "warc/deep/a", b"x")
    for name in ("not a key/.tmp-a", "warc/.tmp-folder/.tmp-b", ".tmp-c", "warc/.tmp-d", "warc/deep/.tmp-e"):
        (store.root / name).parent.mkdir(exist_ok=True)
        (store.root / name).write_bytes(b"half")
    (store.root / ".tmp-link").symlink_to(tmp_path)
    os.utime(store.root / "warc/.tmp-d", (0, 0))
    assert store.debris(datetime(2000, 1, 1, tzinfo=UTC), remove=True) == (str(store.root / "warc/.tmp-d"),)
    swept = store.debris(datetime.now(UTC) + timedelta(hours=1), remove=True)
    assert swept == (str(store.root / ".tmp-c"), str(store.root / "warc/deep/.tmp-e"))
    assert files(store.root) == ["not a key/.tmp-a", "warc/.tmp-folder/.tmp-b", "warc/deep/a"]


def test_an_archive_that_was_never_written_has_no_debris(store: LocalStore) -> None:
    assert store.debris(datetime.now(UTC), remove=True) == ()
    store.delete("warc/a")
    assert not store.root.exists()


def test_a_write_whose_file_was_swept_away_under_it_fails(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def swept(*_: object) -> None:
        store.debris(datetime.now(UTC) + timedelta(hours=1), remove=True)

    monkeypatch.setattr(os, "fsync", swept)
    acts: list[Callable[[], None]] = [lambda: put(store, "a", b"x"), lambda: store.put_if_absent("a", b"x")]
    for act in acts:
        with pytest.raises(StoreError):
            act()
    assert keys(store) == []


def test_a_folder_moved_to_another_disk_by_a_link_still_belongs(store: LocalStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "big-disk"
    elsewhere.mkdir()
    store.root.mkdir()
    (store.root / "warc").symlink_to(elsewhere)
    put(store, "warc/a", b"x")
    assert keys(store) == ["warc/a"]
    assert files(elsewhere) == ["a"]


def test_a_circle_of_links_ends_in_an_error(store: LocalStore) -> None:
    put(store, "a", b"x")
    (store.root / "circle").symlink_to(store.root)
    with pytest.raises(StoreError):
        keys(store)


def test_a_file_removed_while_listing_is_left_out(store: LocalStore) -> None:
    for key in ("a", "b", "c"):
        put(store, key, b"x")
    listing = store.list("")
    assert next(listing).key == "a"
    (store.root / "b").unlink()
    assert [found.key for found in listing] == ["c"]


def test_listing_reads_one_folder_at_a_time(store: LocalStore) -> None:
    put(store, "a/1", b"x")
    put(store, "b/1", b"x")
    listing = store.list("")
    assert next(listing).key == "a/1"
    put(store, "b/2", b"x")
    assert [found.key for found in listing] == ["b/1", "b/2"]


def test_no_file_stays_open(store: LocalStore) -> None:
    put(store, "a", b"x" * 100)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        store.open_range("a", 5).close()
        store.get("a")
        list(store.list(""))
        with pytest.raises(KeyExists):
            store.put_if_absent("a", b"")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_large_range_is_read_in_constant_memory(store: LocalStore) -> None:
    store.root.mkdir()
    with (store.root / "large").open("wb") as sparse:
        sparse.truncate(1 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with store.open_range("large", 1, 1 << 27) as stream:
        assert sum(len(piece) for piece in iter(lambda: stream.read(1 << 20), b"")) == 1 << 27
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB


@given(key=st.text(st.sampled_from("aA0._-/ \\:\0\nä~%"), max_size=12) | st.text(max_size=20))
def test_a_key_is_accepted_only_if_it_stays_below_the_root(key: str) -> None:
    if not is_key(key):
        with pytest.raises(InputError):
            check_key(key)
        return
    assert check_key(key) == key
    assert key.isascii()
    parts = Path("/root", key).parts
    assert "/".join(parts[2:]) == key  # no empty segment, no "."
    assert ".." not in parts
    assert os.path.normpath(f"/root/{key}") == f"/root/{key}"
