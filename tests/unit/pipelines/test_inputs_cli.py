"""`warcite parse`."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from pipelines.cli import app as pipelines_app
from tests.support.shared import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "inputs"
EVENT_KEYS = ["id", "date", "title", "summary", "topics", "url", "digest_file", "digest_sha256", "citations", "related"]

app = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})
app.add_typer(pipelines_app)


@app.callback()
def root() -> None:
    """As the command line mounts it."""


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["parse", *map(str, arguments)], input=stdin)


def test_json() -> None:
    result = run(FIXTURES / "pages", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    document = json.loads(result.stdout)
    assert list(document) == ["schema", "events", "problems"]
    assert document["schema"] == "warcite.parse/1"
    assert all(list(event) == EVENT_KEYS for event in document["events"])
    citation = document["events"][0]["citations"][0]
    assert set(citation) == {"position", "url", "label", "archive_url", "archive_date", "line", "date"}
    assert {tuple(problem) for problem in document["problems"]} == {("file", "line", "problem")}


def test_text() -> None:
    result = run(FIXTURES / "pages/chinese.md")
    assert result.exit_code == 0
    assert "2031-03-03  利瑟第二船闸开通" in result.stdout
    assert "http://morning.example/tbbd/t_4873663.html  (copy of 2031-03-04T01:37:22Z)" in result.stdout
    assert "3 cited, 1 related" in result.stdout
    assert result.stderr == "1 events, 3 citations, 0 problems\n"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["pages/awkward.md"], 0),
        (["pages/spring.md", "missing.md"], 2),
        (["missing.md", "pages/spring.md"], 2),
        (["pages/spring.md", "wiki/[0-9]*"], 2),
        (["."], 0),
    ],
)
def test_exit_codes(names: list[str], code: int) -> None:
    result = run(*(FIXTURES / name for name in names), "--json")
    assert result.exit_code == code
    assert json.loads(result.stdout)["events"]


def test_one_document_also_on_failure() -> None:
    result = run("missing.md", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "schema": "warcite.parse/1",
        "events": [],
        "problems": [{"file": "missing.md", "line": 0, "problem": "cannot be read: No such file or directory"}],
    }


def test_standard_input() -> None:
    result = run("-", "--json", stdin="http://a.example/1\nhttp://New%20Zealand%20Herald\n")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [c["url"] for c in document["events"][0]["citations"]] == ["http://a.example/1"]
    assert document["problems"] == [{"file": "-", "line": 2, "problem": "bad host: http://New%20Zealand%20Herald"}]


def test_nothing_found_is_2() -> None:
    assert run("-", stdin="{{Current events header|2031|02|03}}\n").exit_code == 2


def test_nothing_reaches_the_terminal_that_it_would_obey() -> None:
    result = run("-", stdin="# A \x1b[31mtitle \u202e\n\n### Source:\n\n1. [\x1b]0;x\x07Courier](http://a.example/\x1b[2J)\n2. \x1b[2J\n")
    assert result.exit_code == 0
    assert not set("\x1b\x07\u202e") & set(result.stdout + result.stderr)


def test_help_and_no_arguments() -> None:
    assert run("-h").exit_code == 0
    assert "warcite parse" in run("-h").stdout
    assert run().exit_code == 2
