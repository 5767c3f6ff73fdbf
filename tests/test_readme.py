"""The README says what the command line really has, and its set-up commands are two."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from archive import errors
from archive.model import OutcomeWord, Reason
from crawler import cli
from tests.support.markdown import blocks, code, table_after
from tests.support.shared import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def leaves(group: TyperGroup, name: str) -> Iterator[tuple[str, TyperCommand]]:
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from leaves(command, f"{name} {word}")
        elif isinstance(command, TyperCommand):
            yield f"{name} {word}", command


def options(command: TyperCommand | TyperGroup) -> set[str]:
    """Long and short spellings, ``--help`` too."""
    context = typer.Context(command, info_name=command.name, help_option_names=["-h", "--help"])
    return {spelling for parameter in command.get_params(context) for spelling in parameter.opts if spelling.startswith("-")}


GROUP = typer.main.get_command(cli.app)
assert isinstance(GROUP, TyperGroup)
COMMANDS = dict(leaves(GROUP, "warcite"))


def uses(text: str) -> Iterator[list[str]]:
    """Every use of ``warcite`` in the shell examples, as words."""
    for block in blocks(text, "bash"):
        for line in block.splitlines():
            for part in re.split(r"&&|\|", line):
                words = shlex.split(part, comments=True)
                if words and words[0].rpartition("/")[2] == "warcite":
                    yield ["warcite", *words[1:]]


def test_exactly_two_set_up_commands_of_one_line_each() -> None:
    marked = re.findall(r"<!-- command: (\w+) -->\n```bash\n([^\n]+)\n```\n", README)
    assert [name for name, _ in marked] == ["demo", "tests"]
    assert README.count("<!-- command:") == README.count("python3 -m venv") == 2
    assert all(command.startswith("python3 -m venv .venv && ") for _, command in marked)


def test_every_command_is_listed_and_exists() -> None:
    assert [code(row[0])[0] for row in table_after(README, "commands")] == sorted(COMMANDS, key=order)


def order(name: str) -> int:
    """The README's order; a command that it does not have comes last."""
    listed = [code(row[0])[0] for row in table_after(README, "commands")]
    return listed.index(name) if name in listed else len(listed)


@pytest.mark.parametrize("verb", ["crawl", "recrawl"])
def test_every_crawl_option_is_listed_and_exists(verb: str) -> None:
    listed = {code(row[0])[0] for row in table_after(README, "options: crawl")}
    if verb == "recrawl":
        listed |= {code(row[0])[0] for row in table_after(README, "options: recrawl")}
    assert listed == {o for o in options(COMMANDS[f"warcite {verb}"]) if o.startswith("--")} - {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_use_commands_and_options_that_exist(page: Path) -> None:
    for words in uses(page.read_text(encoding="utf-8")):
        name = next((n for n in COMMANDS if words[: n.count(" ") + 1] == n.split()), None)
        assert name, words
        assert {w for w in words if w.startswith("-") and w != "-"} <= options(COMMANDS[name]), words


def test_the_readme_has_examples() -> None:
    shown = {words[1] for words in uses(README)}
    assert shown >= {"demo", "parse", "crawl", "recrawl", "status", "show", "verify", "doctor"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_options_named_in_passing_exist(page: Path) -> None:
    known = {o for command in COMMANDS.values() for o in options(command)} | options(GROUP)
    named = {o for words in code(page.read_text(encoding="utf-8")) if re.fullmatch(r"--[a-z-]+", words) for o in [words]}
    assert named <= known


def test_exit_codes() -> None:
    listed = {int(number) for row in table_after(README, "exit codes") for number in re.findall(r"\d+", row[0])}
    raised = {kind.exit_code for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.WarciteError)}
    shown_by_help = {int(number) for number in re.findall(r"\d+", cli.EXIT_CODES)}
    assert raised <= listed
    assert listed == shown_by_help


def test_outcomes_and_reasons() -> None:
    rows = table_after(README, "outcomes")
    assert [code(row[0])[0] for row in rows] == [word.value for word in OutcomeWord]
    listed = [reason for row in rows for reason in code(row[2])]
    assert set(listed) == {reason.value for reason in Reason}
    assert len([r for r in listed if r != Reason.OK]) == len(Reason) - 1
