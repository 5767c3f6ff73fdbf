"""`pull` against servers of every kind: what has its own name is whole, what is hostile is refused, what broke off goes on."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination, StoreDestination
from archive.bundle.latest import latest_json
from archive.errors import DamageError, InputError, LimitReached, Locked, NotFound, StoreError, WarciteError
from archive.store import open_store
from crawler.addresses import AllowedHosts, parse_allowed
from crawler.pull.connect import Gate, with_named
from crawler.pull.part import BLOCK, PartFile
from crawler.pull.pull import Options, Pulled, pull
from crawler.pull.receive import How
from crawler.pull.shelf import find_shelf, order, saved_name
from crawler.pull.web import Web, split_credentials
from tests.support.bundle_server import BundleServer, Served
from tests.support.bundles import central_offset, local_offset, make_pages, patched, take_apart

NOBODY = AllowedHosts()
QUICK = How(connections=4, retries=3, pause=0.01)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of more than three blocks."""
    folder = tmp_path_factory.mktemp("made")
    store = open_store(str(folder / "store"))
    make_pages(store, segments=2, pages=12, size=400_000)
    made = make_bundles(store, BundleOptions(), FolderDestination(folder), "pages")
    assert made.bundles[0].size > 3 * BLOCK
    return folder / "pages.wacz"


@pytest.fixture
def server() -> Iterator[BundleServer]:
    with BundleServer() as running:
        yield running


def pulled(what: str, folder: Path, *, allowed: AllowedHosts = NOBODY, sha256: str | None = None, **options: object) -> Pulled:
    web = what.startswith("http")
    bare, credentials = split_credentials(what) if web else (what, {})
    chosen = dataclasses.replace(Options(folder / "here", how=QUICK), **options)  # type: ignore[arg-type]
    with Gate(with_named(allowed, bare) if web else allowed, 20) as gate:
        shelf, name = find_shelf(bare, str(folder / "no-store"), lambda: Web(gate, credentials))
        return pull(order(shelf, name, sha256), chosen)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "here").glob("*")) if (folder / "here").exists() else []


def hidden(folder: Path) -> list[str]:
    return [name for name in left(folder) if name.startswith(".")]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"ranges": False},
        {"ranges": False, "length": False},
        {"etag": None},
        {"etag": 'W/"weak"'},
        {"cut_every": BLOCK + 100, "cuts": 4},
        {"cut_every": 3 * BLOCK, "cuts": 1, "ranges": False},
        {"statuses": [503]},
        {"headers": {"Last-Modified": "Sat, 21 May 2016 08:30:00 GMT"}},
    ],
)
def test_comes_whole(server: BundleServer, made: Path, tmp_path: Path, how: dict[str, object]) -> None:
    data = made.read_bytes()
    server.files["/b/pages.wacz"] = Served(data, **how)  # type: ignore[arg-type]
    found = pulled(server.url("/b/pages.wacz"), tmp_path)
    assert (tmp_path / "here/pages.wacz").read_bytes() == data
    assert found.bundles[0].bytes == len(data)
    assert found.bundles[0].files == len(take_apart(data).files)
    assert left(tmp_path) == ["pages.wacz"]


def test_in_stretches_side_by_side(server: BundleServer, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.pull.receive._STRETCH", BLOCK)
    monkeypatch.setattr("crawler.pull.receive._ALONE", BLOCK)
    server.files["/pages.wacz"] = Served(made.read_bytes(), cut_every=BLOCK // 2, cuts=7)
    pulled(server.url("/pages.wacz"), tmp_path)
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()
    ranges = {asked for path, asked in server.log if path == "/pages.wacz"}
    assert f"bytes={BLOCK}-{2 * BLOCK - 1}" in ranges


def _broken_off(server: BundleServer, made: Path, folder: Path, **how: object) -> None:
    data = how.pop("data", made.read_bytes())
    server.files["/pages.wacz"] = Served(data, cut_every=2 * BLOCK + 70_000, cuts=1, dies=True, **how)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="what came is kept"):
        pulled(server.url("/pages.wacz"), folder, how=How(retries=0, pause=0.01))
    assert hidden(folder) == [".pages.wacz.journal", ".pages.wacz.part"]
    server.files["/pages.wacz"].statuses.clear()


def test_goes_on_where_it_was(server: BundleServer, made: Path, tmp_path: Path) -> None:
    _broken_off(server, made, tmp_path)
    found = pulled(server.url("/pages.wacz"), tmp_path)
    assert found.bundles[0].resumed == 2 * BLOCK
    assert f"bytes={2 * BLOCK}-{made.stat().st_size - 1}" in {asked for _, asked in server.log}
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()


def test_a_block_that_rotted_meanwhile_is_fetched_again(server: BundleServer, made: Path, tmp_path: Path) -> None:
    _broken_off(server, made, tmp_path)
    with (tmp_path / "here/.pages.wacz.part").open("r+b") as part:
        part.seek(BLOCK + 5)
        part.write(b"rot")
    found = pulled(server.url("/pages.wacz"), tmp_path)
    assert found.bundles[0].resumed == BLOCK
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()


@pytest.mark.parametrize("journal", [b"", b"{", b"not a journal\n0 00000000\n", b"\xff" * 3000])
def test_a_journal_that_says_nothing(server: BundleServer, made: Path, tmp_path: Path, journal: bytes) -> None:
    _broken_off(server, made, tmp_path)
    (tmp_path / "here/.pages.wacz.journal").write_bytes(journal)
    assert pulled(server.url("/pages.wacz"), tmp_path).bundles[0].resumed == 0
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()


def test_a_source_that_changed_starts_anew(server: BundleServer, made: Path, tmp_path: Path) -> None:
    _broken_off(server, made, tmp_path)
    taken = take_apart(made.read_bytes())
    taken.edit_package(lambda package: package.update(title="another"))
    server.files["/pages.wacz"] = Served(taken.sealed(), etag='"two"')
    assert pulled(server.url("/pages.wacz"), tmp_path).bundles[0].resumed == 0
    assert (tmp_path / "here/pages.wacz").read_bytes() == server.files["/pages.wacz"].data


def test_a_source_that_changed_and_does_not_say_so(server: BundleServer, made: Path, tmp_path: Path) -> None:
    """Same size, no validator: the digests tell, and it is fetched once more."""
    taken = take_apart(made.read_bytes())
    one = taken.sealed()
    taken.files["data/readme.md"] = taken.files["data/readme.md"][:-2] + b"!\n"
    taken.edit_package(lambda package: package.update(created="2017" + package["created"][4:]))
    two = taken.sealed()
    assert len(one) == len(two)
    assert one != two
    _broken_off(server, made, tmp_path, etag=None, data=one)
    server.files["/pages.wacz"] = Served(two, etag=None)
    pulled(server.url("/pages.wacz"), tmp_path)
    assert (tmp_path / "here/pages.wacz").read_bytes() == two


def test_there_already(server: BundleServer, made: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    server.files["/pages.wacz"] = Served(made.read_bytes())
    server.files["/pages.wacz.sha256"] = Served(f"{digest}  pages.wacz\n".encode())
    pulled(server.url("/pages.wacz"), tmp_path)
    assert (tmp_path / "here/pages.wacz.sha256").read_text() == f"{digest}  pages.wacz\n"
    asked = server.sent("/pages.wacz")
    assert pulled(server.url("/pages.wacz"), tmp_path).bundles[0].resumed == made.stat().st_size
    assert server.sent("/pages.wacz") == asked


def test_one_at_a_time(server: BundleServer, made: Path, tmp_path: Path) -> None:
    server.files["/pages.wacz"] = Served(made.read_bytes())
    (tmp_path / "here").mkdir()
    with PartFile(tmp_path / "here", "pages.wacz"), pytest.raises(Locked):
        pulled(server.url("/pages.wacz"), tmp_path)


# --- what is refused --------------------------------------------------------------------------------


def refused(server: BundleServer, data: bytes, folder: Path, error: type[WarciteError], match: str, **options: object) -> None:
    server.files["/x.wacz"] = Served(data)
    with pytest.raises(error, match=match):
        pulled(server.url("/x.wacz"), folder, **options)  # type: ignore[arg-type]
    assert left(folder) == []


def test_another_digest_than_the_one_beside_it(server: BundleServer, made: Path, tmp_path: Path) -> None:
    server.files["/x.wacz.sha256"] = Served(b"0" * 64 + b"  x.wacz\n")
    refused(server, made.read_bytes(), tmp_path, DamageError, "SHA-256")


def test_another_digest_than_the_user_says(server: BundleServer, made: Path, tmp_path: Path) -> None:
    refused(server, made.read_bytes(), tmp_path, DamageError, "SHA-256", sha256="1" * 64)


@pytest.mark.parametrize("where", ["archive/", "indexes/index.cdx", "pages/", "datapackage.json"])
def test_a_flipped_bit(server: BundleServer, made: Path, tmp_path: Path, where: str) -> None:
    data = bytearray(made.read_bytes())
    at = local_offset(bytes(data), take_apart(bytes(data)).name(where)) + 200
    data[at] ^= 1
    refused(server, bytes(data), tmp_path, DamageError, "x.wacz")


def _slip(name: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        taken = take_apart(data)
        taken.files[name] = b"out"
        taken.edit_package(
            lambda p: p["resources"].append({"path": name, "bytes": 3, "hash": f"sha256:{hashlib.sha256(b'out').hexdigest()}"})
        )
        return taken.sealed()

    return change


def _bomb(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in take_apart(data).files.items():
            bundle.writestr(name, content)
        bundle.writestr("data/bomb.txt", bytes(60 << 20), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _forged_size(data: bytes) -> bytes:
    name = take_apart(data).name("pages/")
    at = central_offset(data, name)
    return patched(data, at + 20, (5).to_bytes(4, "little") * 2)


def _behind_the_end(data: bytes) -> bytes:
    return data + b"more"


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _page(data: bytes) -> bytes:
    return b"<html>" + b"not a bundle " * 100


def _unlisted(data: bytes) -> bytes:
    taken = take_apart(data)
    taken.files["data/extra.txt"] = b"x"
    return taken.packed()


@pytest.mark.parametrize(
    "hostile",
    [
        *(_slip(name) for name in ("../out.txt", "/etc/out", "data/../../out", "a\\b", "C:out", "data/out\n", "a/./b")),
        *(_bomb, _forged_size, _behind_the_end, _cut, _page, _unlisted),
    ],
)
def test_hostile_bundles(server: BundleServer, made: Path, tmp_path: Path, hostile: Callable[[bytes], bytes]) -> None:
    refused(server, hostile(made.read_bytes()), tmp_path, DamageError, "x.wacz", extract=("data",))
    assert not list(tmp_path.rglob("*out*"))


@pytest.mark.parametrize(
    ("value", "error"),
    [("9" * 15, LimitReached), ("9" * 30, StoreError), ("-5", StoreError), ("12x", StoreError), ("0", DamageError), ("7", DamageError)],
)
def test_absurd_lengths(server: BundleServer, tmp_path: Path, value: str, error: type[WarciteError]) -> None:
    server.files["/x.wacz"] = Served(b"x" * 100, ranges=False, length=False, headers={"Content-Length": value})
    with pytest.raises(error):
        pulled(server.url("/x.wacz"), tmp_path)
    assert [name for name in left(tmp_path) if not name.startswith(".")] == []


@pytest.mark.parametrize("value", ["bytes 0-0/abc", "bytes 5-5/100", "bytes 0-0/99999999999999999999", "", "bytes 3-0/100"])
def test_absurd_ranges(server: BundleServer, tmp_path: Path, value: str) -> None:
    server.files["/x.wacz"] = Served(b"x" * 100, ranges=False, headers={"Content-Range": value}, statuses=[206])
    with pytest.raises(StoreError, match="Content-Range"):
        pulled(server.url("/x.wacz"), tmp_path)


def test_a_coding_that_nobody_asked_for(server: BundleServer, made: Path, tmp_path: Path) -> None:
    server.files["/x.wacz"] = Served(made.read_bytes(), headers={"Content-Encoding": "gzip"})
    with pytest.raises(StoreError, match="coding"):
        pulled(server.url("/x.wacz"), tmp_path)


def test_not_there_and_not_reachable(server: BundleServer, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        pulled(server.url("/x.wacz"), tmp_path)
    server.files["/secret.wacz"] = Served(b"", statuses=[403] * 9)
    with pytest.raises(StoreError, match="signed address"):
        pulled(server.url("/secret.wacz"), tmp_path)
    with BundleServer() as ended:
        pass
    with pytest.raises(StoreError):
        pulled(ended.url("/x.wacz"), tmp_path)
    assert left(tmp_path) == []


# --- where it may go --------------------------------------------------------------------------------


def _redirect(to: str) -> Served:
    return Served(b"", statuses=[302] * 99, headers={"Location": to})


def test_redirects(server: BundleServer, made: Path, tmp_path: Path) -> None:
    server.files["/old"] = _redirect("/new.wacz?signature=x")
    server.files["/new.wacz"] = Served(made.read_bytes())
    found = pulled(server.url("/old"), tmp_path)
    assert found.bundles[0].name == "old.wacz"
    server.files["/loop"] = _redirect("/loop")
    with pytest.raises(StoreError, match="redirects"):
        pulled(server.url("/loop"), tmp_path)
    server.files["/file"] = _redirect("file:///etc/passwd")
    with pytest.raises(StoreError, match="not followed"):
        pulled(server.url("/file"), tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "[::1]", "0x7f.1", "2130706433", "169.254.169.254", "10.0.0.1"])
def test_no_redirect_into_the_private_network(server: BundleServer, tmp_path: Path, host: str) -> None:
    server.files["/x.wacz"] = _redirect(f"http://{host}:{server.port}/y.wacz")
    with pytest.raises(StoreError, match="allow-private"):
        pulled(server.url("/x.wacz"), tmp_path)
    assert server.sent("/y.wacz") == 0


def test_another_port_of_the_named_host_is_not_named(server: BundleServer, made: Path, tmp_path: Path) -> None:
    with BundleServer({"/y.wacz": Served(made.read_bytes())}) as other:
        server.files["/x.wacz"] = _redirect(other.url("/y.wacz"))
        with pytest.raises(StoreError, match="allow-private"):
            pulled(server.url("/x.wacz"), tmp_path)
        assert other.log == []
        pulled(server.url("/x.wacz"), tmp_path, allowed=parse_allowed([f"127.0.0.1:{other.port}"]))


def test_credentials_stay_with_their_server(made: Path, tmp_path: Path) -> None:
    with BundleServer() as server, BundleServer() as other:
        other.files["/y.wacz"] = Served(made.read_bytes())
        server.files["/x.wacz"] = _redirect(other.url("/y.wacz"))
        allowed = parse_allowed([f"127.0.0.1:{other.port}"])
        pulled(f"http://user:pass@127.0.0.1:{server.port}/x.wacz", tmp_path, allowed=allowed)
    assert (server.credentials, other.credentials) == ({"Basic dXNlcjpwYXNz"}, {None})
    assert "user" not in "".join(p.read_text() for p in (tmp_path / "here").glob("*.json"))


# --- several, latest, stores ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two bundles and their manifest as its latest."""
    root = tmp_path_factory.mktemp("shared") / "store"
    store = open_store(str(root))
    make_pages(store, segments=3, pages=8, size=200_000)
    made = make_bundles(store, BundleOptions(max_size=2 << 20), StoreDestination(store), "set")
    assert len(made.bundles) > 1
    StoreDestination(store).small("latest.json", latest_json(made))
    return root


@pytest.mark.parametrize("what", ["/latest", "/latest.json", "/bundles/", "/bundles/set.json", "/bundles/latest"])
def test_all_of_several(server: BundleServer, shared: Path, tmp_path: Path, what: str) -> None:
    for path in (shared / "bundles").iterdir():
        server.files[f"/bundles/{path.name}"] = Served(path.read_bytes())
    found = pulled(server.url(what), tmp_path)
    names = [bundle.name for bundle in found.bundles]
    assert names == sorted(path.name for path in (shared / "bundles").glob("*.wacz"))
    assert found.manifest == str(tmp_path / "here/set.json")
    for name in [*names, "set.json"]:
        assert (tmp_path / "here" / name).read_bytes() == (shared / "bundles" / name).read_bytes()


@pytest.mark.parametrize("path", ["../up.wacz", "/etc/passwd", "http://other.example/x.wacz", "", ".hidden.wacz", "a b.wacz"])
def test_parts_that_lie_elsewhere(server: BundleServer, tmp_path: Path, path: str) -> None:
    server.files["/set.json"] = Served(json.dumps({"profile": "multi-wacz-package", "resources": [{"path": path}]}).encode())
    with pytest.raises(DamageError, match="beside"):
        pulled(server.url("/set.json"), tmp_path)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"profile": 3}', b"[" * 100_000, b'{"profile": "multi-wacz-package", "resources": [1]}']
)
def test_manifests_that_are_none(server: BundleServer, tmp_path: Path, data: bytes) -> None:
    server.files["/set.json"] = Served(data)
    with pytest.raises(WarciteError):
        pulled(server.url("/set.json"), tmp_path)


def test_from_a_store_and_a_path(shared: Path, made: Path, tmp_path: Path) -> None:
    web = Web(Gate(AllowedHosts()))
    shelf, name = find_shelf("latest", str(shared), lambda: web)
    assert len(pull(order(shelf, name, None), Options(tmp_path / "here")).bundles) > 1
    assert pulled(f"file://{shared}/bundles/set-00001.wacz", tmp_path).bundles[0].name == "set-00001.wacz"
    assert pulled(str(made), tmp_path).bundles[0].bytes == made.stat().st_size
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()
    with pytest.raises(NotFound):
        pulled(str(tmp_path / "nothing.wacz"), tmp_path)


def test_from_s3_and_by_a_signed_address(s3_bucket: str, seaweed: object, made: Path, tmp_path: Path) -> None:
    store = open_store(f"s3://{s3_bucket}/some")
    store.put("bundles/pages.wacz", made, hashlib.sha256(made.read_bytes()).hexdigest())
    assert pulled(f"s3://{s3_bucket}/some/bundles/pages.wacz", tmp_path).bundles[0].bytes == made.stat().st_size
    (tmp_path / "here/pages.wacz").unlink()
    signed = seaweed.client.generate_presigned_url(  # type: ignore[attr-defined]
        "get_object", Params={"Bucket": s3_bucket, "Key": "some/bundles/pages.wacz"}, ExpiresIn=600
    )
    pulled(signed, tmp_path)
    assert (tmp_path / "here/pages.wacz").read_bytes() == made.read_bytes()
    with pytest.raises(NotFound):
        pulled(f"s3://{s3_bucket}/some/bundles/other.wacz", tmp_path)


# --- unpacking --------------------------------------------------------------------------------------


def test_unpacked_beside_it(made: Path, tmp_path: Path) -> None:
    found = pulled(str(made), tmp_path, extract=("data", "datapackage.json"))
    files = take_apart(made.read_bytes()).files
    target = tmp_path / "here/pages"
    assert found.bundles[0].extracted == str(target)
    names = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert names == {name for name in files if name.startswith("data/") or name == "datapackage.json"}
    assert all((target / name).read_bytes() == files[name] for name in names)
    pulled(str(made), tmp_path, extract=("data",))  # the same again is no harm
    (target / "data/readme.md").write_text("mine")
    with pytest.raises(InputError, match="move it away"):
        pulled(str(made), tmp_path, extract=("data",))
    with pytest.raises(InputError, match="there is no"):
        pulled(str(made), tmp_path, extract=("nothing",))
    assert hidden(tmp_path) == []


def test_not_through_a_link(made: Path, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here/pages").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="move it away"):
        pulled(str(made), tmp_path, extract=("data",))
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("a.wacz", "a.wacz"),
        ("../a.wacz", "a.wacz"),
        ("..", "bundle.wacz"),
        (".wacz", "wacz.wacz"),
        ("-rf.wacz", "rf.wacz"),
        ("a b\n.wacz", "a-b-.wacz"),
        ("x" * 300 + ".wacz", "x" * 175 + ".wacz"),
        ("download", "download.wacz"),
    ],
)
def test_names(name: str, saved: str) -> None:
    assert saved_name(name) == saved


def test_ends_with_its_threads(server: BundleServer, made: Path, tmp_path: Path) -> None:
    server.files["/x.wacz"] = Served(made.read_bytes()[:-9])
    with pytest.raises(DamageError):
        pulled(server.url("/x.wacz"), tmp_path)
    assert not [thread for thread in threading.enumerate() if "_run" in thread.name or "_guarded" in thread.name]
