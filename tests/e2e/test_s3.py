"""The main job into a real S3 server."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.seaweed import Seaweed
from tests.support.warcite import warcite
from tests.torture.nothing_lost import judged


@pytest.mark.timeout(600)
def test_crawl_into_s3(seaweed: Seaweed, s3_bucket: str, tmp_path: Path) -> None:
    env = {**seaweed.environment, "XDG_STATE_HOME": str(tmp_path / "state"), "WARCITE_STORE": f"s3://{s3_bucket}/news"}
    with DemoSite() as site:
        options = demo_options(site)
        first = warcite("crawl", DIGESTS, *options, cwd=tmp_path, **env)
        assert (first.code, first.json["store"]) == (3, f"s3://{s3_bucket}/news"), first.err
        status = warcite("status", "--targets", "--json", cwd=tmp_path, **env).json
        assert {r["url"]: r["outcome"] for r in status["targets"]} == EXPECTED
        verified = warcite("verify", "--json", cwd=tmp_path, **env)
        assert (verified.code, verified.json["damages"]) == (0, [])

        asked = len(site.requests)
        second = warcite("crawl", DIGESTS, *options, cwd=tmp_path, **env)
        assert (second.code, second.json["state"], len(site.requests)) == (0, "nothing-to-do", asked)
        elsewhere = {**env, "XDG_STATE_HOME": str(tmp_path / "another-machine")}
        third = warcite("crawl", DIGESTS, *options, cwd=tmp_path, **elsewhere)
        assert (third.code, len(site.requests)) == (0, asked), third.err
    assert list(judged(f"s3://{s3_bucket}/news", **seaweed.environment)) == []


def test_a_store_that_cannot_be_reached_loses_nothing(seaweed: Seaweed, s3_bucket: str, tmp_path: Path) -> None:
    env = {**seaweed.environment, "XDG_STATE_HOME": str(tmp_path / "state"), "WARCITE_STORE": f"s3://{s3_bucket}"}
    gone = {**env, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    done = warcite("crawl", DIGESTS, "--json", cwd=tmp_path, **gone)
    assert (done.code, done.json["error"]) == (6, "StoreError")
    wrong = warcite("crawl", DIGESTS, "--json", cwd=tmp_path, **{**env, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert wrong.code == 6
    assert "wrong" not in wrong.err + wrong.out
