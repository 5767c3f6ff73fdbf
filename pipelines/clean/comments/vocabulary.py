"""Words by which sites name comment matter in their markup, in the languages of the web's larger presses."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Words parted by white space."""
    return frozenset(text.split())


STEM = re.compile(
    r"commentaires?|comentários?|comentarios?|comentariul?|comentarii|comentaris?|commenti|commento|commenting|comments?"
    r"|kommentarer|kommentarene?|kommentare[nt]?|kommentaar|kommentaarid|kommentare|kommentar|kommentit|kommentti|komment"
    r"|komentarz[ey]|komentarai|komentari|komentáře?|komentare|komentarji|komentar|koment|комментари[ийяе]|коммент|коментар[іи]?"
    r"|hozzaszolas(?:ok)?|reacties|yorumlar[iı]?|yorum|pinglun|binh-?luan|bình-?luận|sxolia|talkbacks?|leserbriefe?"
    r"|leserpost|lesermeinung(?:en)?"
    r"|guestbook|gästebuch|gastenboek|cmnts?|cmts?|u_?cbox|评论|評論|コメント|댓글"
)
"""A comment, comments, to comment: searched in a name in lower case."""
PLURAL = re.compile(
    r"(?:commentaires|coment[aá]rios|comentarii|comentaris|commenti|comments|commenting|kommentarer|kommentarene?"
    r"|kommentare[nt]?|kommentaarid"
    r"|kommentit|komentarz[ey]|komentarai|komentari|komentáře|komentare|komentarji|комментарии|коментар[іи]|hozzaszolasok"
    r"|reacties|yorumlar[iı]?"
    r"|guestbook|gästebuch|gastenboek|pinglun|talkbacks|leserbriefe|lesermeinungen|cmnts|cmts|评论|評論|コメント|댓글|u_?cbox)"
)
WEAK = re.compile(
    r"discussions?|diskussion(?:en)?|discussioni?|conversations?|responses|response|replies|reply|forum|reactions?|talk|debate|feedback"
)
"""Names of comment matter that mean other things as often."""
VENDOR = re.compile(
    r"disqus(?:[-_]?(?:thread|comments?|container|wrapper|embed|block|area|section|module|box|root|widget))?|dsq-?content|livefyre(?:-.*)?"
    r"|(?:fb|facebook|vk|gigya|coral|viafoura|hyvor|spotim|openweb|insticator|graphcomment|fast|intense|piano|civil)[-_]?"
    r"(?:comments?(?:ing)?|talk|discussion|conversations?|container|stream|thread|wrapper|embed)(?:[-_].*)?|spot-?im(?:[-_].*)?|spcv[-_].*"
    r"|coral[-_]?(?:talk|stream|thread|content|container|comment).*|vf-?(?:comments?|conversations?)(?:[-_].*)?"
    r"|hyvor-talk.*|idc-(?:container|wrapper).*"
    r"|jc|kmt-.*|section-kmt|wpdiscuz.*|wpdcom|giscus|utterances|gitalk-container|valine|waline|twikoo|tcomment|remark42"
    r"|isso-thread|cusdis_thread"
    r"|cackle|mc-container|hypercomments.*|fastcomments-.*|vuukle-comments?|muut|talkyard-.*|lv-container|sohucs|ds-thread"
    r"|gig-comments.*|postmatic-.*"
)
"""Names that the widgets of comment services have, matched in full."""
HINTS = (
    "uestbook",
    "omment",
    "oment",
    "оммент",
    "комент",
    "disqus",
    "respon",
    "repl",
    "discuss",
    "diskuss",
    "conversation",
    "forum",
    "reaction",
    "reacties",
    "talk",
    "debate",
    "feedback",
    "yorum",
    "hozzaszolas",
    "pinglun",
    "luan",
    "sxolia",
    "leser",
    "cmnt",
    "cmt",
    "cbox",
    "livefyre",
    "spot",
    "openweb",
    "viafoura",
    "vf",
    "hyvor",
    "coral",
    "评论",
    "評論",
    "コメント",
    "댓글",
)
"""One of these stands in every name that can matter: a cheap first look."""
VENDOR_HINTS = (
    "dsq",
    "idc",
    "kmt",
    "wpd",
    "giscus",
    "utterances",
    "gitalk",
    "valine",
    "waline",
    "remark42",
    "isso",
    "cusdis",
    "cackle",
    "mc-",
    "muut",
)

STATE_BEFORE = words(
    "no has have hide hidden not with without is type tone category cat tag tags format theme status allow allows enable disable "
    "kicker open pillar postformat rubrik live match ticker game minute direct editor editors editorial expert staff judge jury icon "
    "ico icons fa svg glyphicon btn menu style"
)
"""Before the stem these make it a state, a section's name or the press's own words: has-comments, tone-comment, live-comments."""
STATE_AFTER = words(
    "open opened close closed enabled disabled on off status allowed available loaded placeholder ary aries ator ators indicator mode"
)
OF_OTHERS = words(
    "recent latest newest neueste neuesten letzte derniers dernier ultimos últimos ultimi recenti senaste seneste siste laatste most "
    "popular meist mest son"
)
"""The latest or most debated comments of the site are mostly about other pages."""
FORM = words(
    "form respond leave add write new create compose composer textarea input inputs field fields submit editor login signin register "
    "registration notes note policy policies rules guidelines guideline subscribe subscription subscriptions cookies cookie nonce "
    "terms netiquette captcha disclaimer notice howto cancel formular formulaire formulario access prompt"
)
WRITE = words("leave add write new create compose submit your send form sign login")
"""Before the stem: what one does with a comment that is not there yet."""
COUNT = words(
    "count counts counter counters number numbers num nb total link links icon icons bubble btn button buttons toggle badge cta label "
    "anchor trigger jump tooltip goto show view see read load more tool tab tabs title heading headline sort sorting filter order "
    "pagination pager paging nav navigation"
)
COUNTED = words("count counter counts icon btn button link show num nb")
"""Before the stem."""
TITLES = words("title heading headline view read")
"""After a single comment's stem: its subject."""
AUTHOR = words(
    "author user username usr nick nickname fn name names commenter poster vcard pseudo autor auteur autore naam nome nombre byline "
    "by creator writer member profile handle displayname userinfo imya kasutaja kommentator benutzer benutzername nutzer gebruiker "
    "gebruikersnaam utilisateur usuario utente uzivatel kullanici verfasser skribent pseudonym vorname"
)
DATE = words("date time timestamp datetime posted published created when ago datum fecha zeit heure data submitted dateline tid")
CHROME = words(
    "reply replying replylink replybox respond report flag share sharing like likes liked dislike dislikes vote votes voting upvote "
    "downvote rating rate thumb thumbs permalink edit delete remove action actions tool tools toolbar button buttons btn avatar "
    "avatars gravatar userpic userpics thumbnail badge badges moderation moderate social menu dropdown karma score points count "
    "counter signature sig control controls nav navigation pagination pager tooltip modal popup hide collapse expand toggle awaiting "
    "hover recommend abuse spam icon icons options option follow subscribe rank reputation online sort"
)
META = words("meta metadata metas info infos details header head top footer foot footlinks says bottom")
"""Lines about a comment: neither its text nor to be lost when author or date are looked for."""
AROUND = words("header head meta footer info avatar author actions action toolbar")
"""Beside these a word such as content means no comment's text: comment-header-content."""
BODY = words(
    "content contents text txt body message msg markup paragraph main description prose cooked copy html words postbody contenido "
    "texto inhalt texte"
)
LIST = words(
    "list lists listing area section sections wrap wrapper wrapp container cont thread threads tree block module widget stream feed "
    "holder box panel region root app group holder inner outer view page content main body display template column liste lista "
    "overview bar entries zone row wraper query loop part"
)
NUMBERED = re.compile(
    r"(?:^|[^a-z])(?:c|post|p|pid|msg|message|id|comm|reply|answer|entry|cmt|comm?ent|li-comment|ljcmt"
    r"|dsq-comment)[-_]?\d+$|[-_]?[0-9a-f]{8}-?[0-9a-f]{4}"
)
HIDDEN = words("screen-reader-text sr-only visually-hidden visuallyhidden screenreader says assistive-text u-hidden-text")
"""Texts for screen readers only."""
INDENTED = words(
    "indented children replies childs subcomments answers nested child thread-children indent sub-comments reply-list comment-replies"
)
INNER_ITEM = words("post reply response review message-item entry answer leserbrief ljcmt")
"""Names that mean one comment only inside a thread."""
LEVEL = re.compile(r"(?:^|[-_ ])(?:depth|level|niveau|lvl|indent|nest(?:ing)?)[-_]*(\d{1,2})(?:$|[-_ ])")
SKIPPED_TAGS = words(
    "script style template noscript svg select textarea input button iframe object embed audio video canvas option datalist math head"
)
