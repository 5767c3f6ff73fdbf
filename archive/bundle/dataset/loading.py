"""How each format is loaded: one line each, in the card, and run by the tests as they stand here, in the dataset's folder."""

from __future__ import annotations

from collections.abc import Mapping

LOADING: Mapping[str, str] = {
    "parquet": """import pandas; documents = pandas.read_parquet("documents.parquet")
import duckdb; documents = duckdb.sql("SELECT event_date, host, title FROM 'documents.parquet' WHERE text_outcome = 'ok'").fetchall()
import polars; documents = polars.scan_parquet("documents.parquet").filter(polars.col("text_outcome") == "ok").collect()
import datasets; documents = datasets.load_dataset("parquet", data_files="documents.parquet", split="train")
""",
    "jsonl": """import pandas; documents = pandas.read_json("documents.jsonl.gz", lines=True, dtype=False)
import duckdb; documents = duckdb.sql("SELECT host, title, words FROM 'documents.jsonl.gz' WHERE text_outcome = 'ok'").fetchall()
import polars; documents = polars.read_ndjson("documents.jsonl.gz", infer_schema_length=None)
import datasets; documents = datasets.load_dataset("json", data_files="documents.jsonl.gz", split="train")
""",
    "csv": """import pandas; documents = pandas.read_csv("documents.csv")
import duckdb; documents = duckdb.sql("SELECT event_date, host, title FROM 'documents.csv' WHERE text_outcome = 'ok'").fetchall()
import polars; documents = polars.read_csv("documents.csv", infer_schema_length=None)
import datasets; documents = datasets.load_dataset("csv", data_files="documents.csv", split="train")
""",
    "wet": """import fastwarc; texts = [r.reader.read() for r in fastwarc.ArchiveIterator("documents.warc.wet.gz")]
import duckdb; outcomes = duckdb.sql("SELECT outcome, count(*) FROM 'sources.jsonl.gz' GROUP BY outcome").fetchall()
""",
}

NOTES: Mapping[str, str] = {
    "parquet": """zstd; row groups of at most 20,000 rows or 192 MiB of their JSON, sorted by `event_date`: the day of the earliest event
that cites the document, those without one last.""",
    "jsonl": "gzip; documents are `warcite.document/1` (`schema.json`), sorted by the day of the earliest event that cites them.",
    "csv": """UTF-8, RFC 4180. Nested columns (`blocks`, `removed`, `comments`, `citations`) are left out, lists are joined by `; `, and a
cell that begins with `=`, `+`, `-` or `@` has an apostrophe before it, so that no page can write a formula. The other formats have the
exact values.""",
    "wet": """WARC 1.1 `conversion` records as in Common Crawl's WET files; `WARC-Refers-To` is the record in the archive. Documents without
text have none.""",
}
