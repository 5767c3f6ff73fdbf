"""The rules of the house that a machine can check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shared import ROOT

LONGEST_MODULE = 400  # lines
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
REGISTRIES = [
    ".".join(labels)
    for labels in [
        *(("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org")),
        *(("proxy", "golang", "org"), ("static", "crates", "io")),
    ]
]
HOME = re.compile(r"(?<![\w./*-])/(?:root|home/[a-z]\w*|Users/\w+)/[\w.]")


def git(*args: str) -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(["git", "-c", f"safe.directory={ROOT}", *args], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def project_files() -> list[Path]:
    """What is tracked, or would be."""
    return [p for name in git("ls-files", "--cached", "--others", "--exclude-standard") if (p := ROOT / name).is_file()]


def modules() -> list[Path]:
    return [p for p in project_files() if p.suffix == ".py"]


def test_import_contracts() -> None:
    """import-linter, with the contracts of pyproject.toml."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_longer_than_the_house_allows() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in modules()}
    assert len(lengths) > 20
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE and not name.startswith("tests/")} == {}


def test_no_name_that_says_nothing() -> None:
    parts = {part for p in project_files() for part in (*p.relative_to(ROOT).parent.parts, p.stem)}
    assert parts & EMPTY_NAMES == set()


def test_no_registry_and_no_place_of_a_machine_is_named() -> None:
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in [*REGISTRIES, *HOME.findall(text)] if word in text]
        if ROOT.parent != Path("/tmp") and f"{ROOT.parent}/" in text:
            found.append(f"{path.relative_to(ROOT)}: {ROOT.parent}")
    assert found == []


def test_the_lock_names_no_host_and_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = {name.lower().replace("_", "-") for name in re.findall(r'^ {2}"([A-Za-z0-9_.-]+)(?:\[\w+\])?[<>=~]', project, re.MULTILINE)}
    assert len(wanted) > 20
    assert wanted - locked == set()


def test_help_answers_at_once() -> None:
    """No heavy import before it is needed."""
    program = (
        "import sys, crawler.cli;"
        " print(*[m for m in ('scrapy', 'twisted', 'trafilatura', 'boto3', 'lxml', 'warcio', 'fastwarc') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
