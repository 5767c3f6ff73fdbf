"""Names under which pages give the same facts in meta elements (``name``, ``property``, ``itemprop``), the most trusted first."""

from __future__ import annotations

import re

TITLES = ("og:title", "twitter:title", "headline", "cxenseparse:title", "sailthru.title", "parsely-title", "citation_title")
WEAK_TITLES = ("dc.title", "dcterms.title", "title")
PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "bt:pubdate",
    "dc.date.issued",
    "dcterms.issued",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_time",
    "published_date",
    "article:publicationdate",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "og:pubdate",
    "og:publish_date",
)
WEAK_PUBLISHED = ("dcterms.created", "dc.date", "dc.date.created", "dcterms.date", "dc:date", "dc.created", "datecreated", "date")
"""Names that systems fill with the day a file was made or changed."""
MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "dcterms.modified",
    "article.updated",
    "dc.date.modified",
    "bt:moddate",
    "rnews:datemodified",
    "last-modified",
    "revised",
)
AUTHORS = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "article.author",
    "cxenseparse:author",
    "rbauthors",
    "dc.contributor",
    "og:article:author",
    "twitter:misc:written by",
    "citation_author",
    "creator",
)
IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
SECTIONS = ("article:section", "og:article:section", "parsely-section")
TAGS = ("article:tag", "og:article:tag")
KEYWORDS = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
WRITTEN_BY = re.compile(
    r"(?:written|posted|published|authored) by|by|author|geschrieben von|verfasst von|autore?|auteur|écrit par|rédigé par|escrito por"
    r"|scritto da|geschreven door"
    r"|skriven av|skrevet a[fv]|kirjoittanut|napisane przez|написано автором|автор|yazan|yazar|ditulis oleh"
    r"|作成者|作者|글쓴이|napsal\(a\)|szerző",
    re.IGNORECASE,
)
"""Labels that Twitter cards give to an author's name."""
