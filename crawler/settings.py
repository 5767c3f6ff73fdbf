"""The only Scrapy settings of warcite. Every line has its reason; `from_options` adds what one crawl was told."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

from archive.options import CrawlOptions

BOT_NAME = "warcite"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# --- nothing may listen, run code or keep credentials ---
TELNETCONSOLE_ENABLED = False  # a Python shell on a port
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 turns on an HTTP server that executes what it is sent
COOKIES_ENABLED = False  # an archive visits as a stranger; the middleware would also fetch the public suffix list
HTTPAUTH_ENABLED = False
REFERER_ENABLED = False
HTTPCACHE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default is not to

# --- only the web, and every byte of it recorded ---
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.handlers.http.WireDownloadHandler",
    "https": "crawler.handlers.http.WireDownloadHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"
DNS_TIMEOUT = 20  # seconds a request waits for name servers; each look-up has a thread of its own (crawler.lookup)
COMPRESSION_ENABLED = False  # bodies stay as they came; extraction decodes them in its own process
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut page is kept and marked, not thrown away
DOWNLOAD_WARNSIZE = 0
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "en;q=0.8,*;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}

# --- one ending per target: nothing is dropped in silence ---
SCHEDULER = "crawler.scheduler.LedgerScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
URLLENGTH_LIMIT = 0
RETRY_ENABLED = False  # retries are rows of the ledger: they survive a crash and wait without holding a slot
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 10
HTTPERROR_ALLOW_ALL = True
ROBOTSTXT_OBEY = False  # Scrapy's own middleware takes a failing robots.txt for permission; ours is below
AUTOTHROTTLE_ENABLED = False  # it erases per-host delays
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}  # they judge responses and items; we have neither to judge
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # it drops requests in silence
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # the ledger counts
    "crawler.middlewares.conditional.ConditionalMiddleware": 500,  # after robots.txt, and again for each hop
    "crawler.middlewares.redirect.RedirectMiddleware": 600,
}
EXTENSIONS = {
    "crawler.keeper.Keeper": 0,
    "crawler.extensions.network.Network": 5,
    "crawler.extensions.progress.Progress": 10,
    "crawler.rescue.second_pass.SecondPass": 20,
}

# --- politeness ---
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = CrawlOptions().concurrency
DOWNLOAD_DELAY = CrawlOptions().delay
DOWNLOAD_TIMEOUT = CrawlOptions().timeout
DOWNLOAD_MAXSIZE = CrawlOptions().max_bytes
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise, not an average

# --- cost (see docs/architecture.md) ---
ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # a tenth of the crawl's CPU
CONCURRENT_ITEMS = 1  # Scrapy starts this many tasks for every response; the default of 100 is 40 % of its CPU
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
LOG_LEVEL = "WARNING"
MEMUSAGE_ENABLED = False


def user_agent(contact: str | None) -> str:
    return f"warcite/{version('warcite')} (web archive of cited sources{'; +' + contact if contact else ''})"


USER_AGENT = user_agent(os.environ.get("WARCITE_CONTACT"))


def from_options(options: CrawlOptions) -> dict[str, Any]:
    """Scrapy settings of one crawl."""
    here = {name: value for name, value in globals().items() if name.isupper()}
    return here | {
        "USER_AGENT": user_agent(options.contact),
        "DOWNLOAD_DELAY": options.delay,
        "CONCURRENT_REQUESTS": options.concurrency,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": options.max_bytes,
        "WARCITE_ROBOTS": options.robots,
        "WARCITE_CONNECT_TO": list(options.connect_to),
        "WARCITE_ALLOW_PRIVATE": list(options.allow_private),
    }
