"""The real command line with smaller numbers for its S3 store: `python -m tests.torture.impatient SECONDS SINGLE_PUT crawl ...`."""

from __future__ import annotations

import sys

from archive.store.s3 import S3Store
from crawler.cli import main


def _with_defaults(seconds: float, single_put: int) -> None:
    defaults = S3Store.__init__.__kwdefaults__
    assert defaults is not None
    defaults.update(timeout=seconds, single_put=single_put)


if __name__ == "__main__":
    _with_defaults(float(sys.argv[1]), int(sys.argv[2]))
    del sys.argv[1:3]
    main()
