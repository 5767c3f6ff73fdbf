"""Labelled pairs of lines: what changes by itself on news pages, and what only looks like it. Written for these tests."""

from __future__ import annotations

WIDGETS = [
    ("4 hours ago", "1 day ago"),
    ("Just now", "25 minutes ago"),
    ("an hour ago", "Yesterday"),
    ("3h", "2d"),
    ("vor 4 Stunden", "vor einem Tag"),
    ("il y a 20 minutes", "il y a 3 heures"),
    ("hace 2 horas", "hace 3 días"),
    ("há 5 minutos", "há 2 horas"),
    ("4 ore fa", "2 giorni fa"),
    ("3 uur geleden", "5 dagen geleden"),
    ("för 3 timmar sedan", "för 2 dagar sedan"),
    ("5 минут назад", "2 часа назад"),
    ("2 godziny temu", "3 dni temu"),
    ("3 saat önce", "2 gün önce"),
    ("4小时前", "2天前"),
    ("3時間前", "1日前"),
    ("5분 전", "2시간 전"),
    ("1,204 views", "98,771 views"),
    ("12 comments", "345 comments"),
    ("Comments (12)", "Comments (345)"),
    ("Share 45", "Share 1.2k"),
    ("45 shares", "1,2 Mio. shares"),
    ("2.3K likes · 14 replies", "2.4K likes · 15 replies"),
    ("This story has been shared 1,234 times.", "This story has been shared 2,345 times."),
    ("340 people like this.", "341 people like this."),
    ("25 people are reading this story", "7 people are reading this story"),
    ("12 Kommentare", "15 Kommentare"),
    ("阅读 1,203", "阅读 5,310"),
    ("评论(3)", "评论(12)"),
    ("Просмотров: 1203", "Просмотров: 9310"),
    ("5 min read", "6 min read"),
    ("Reading time: 4 minutes", "Reading time: 5 minutes"),
    ("Updated 21 May 2016 14:32 BST", "Updated 22 May 2016 08:01 BST"),
    ("Last updated at 14:32 on Sat 21 May 2016", "Last updated at 09:15 on Sun 22 May 2016"),
    ("Published: May 21, 2016 2:32 p.m. EDT", "Published: May 21, 2016 2:32 p.m. EDT | Updated: May 22, 2016 8:01 a.m. EDT"),
    ("First published on Sat 21 May 2016 14.32 BST", "Last modified on Sun 22 May 2016 09.15 BST"),
    ("Aktualisiert am 21. Mai 2016, 14:32 Uhr", "Aktualisiert am 22. Mai 2016, 08:01 Uhr"),
    ("Publié le 21 mai 2016 à 14h32", "Publié le 21 mai 2016 à 14h32 - Mis à jour le 22 mai 2016 à 08h01"),
    ("Actualizado: 21/05/2016 14:32", "Actualizado: 22/05/2016 08:01"),
    ("发布时间：2019-03-03 10:21", "更新时间：2019-03-04 07:10"),
    ("2016年5月21日 14時32分", "2016年5月22日 08時01分"),
    ("2016-05-21T14:32:10+01:00", "2016-05-22T08:01:55+01:00"),
    ("21 May 2016", "22 May 2016"),
    ("Facebook Twitter Email", "Facebook WhatsApp Email"),
    ("1 / 12", "3 / 12"),
    ("+0.35%", "-1.20%"),
    ("By Ada Holm | 3 hours ago", "By Ada Holm"),
    ("Ada Holm, updated 21 May 2016 14:32", "Ada Holm, updated 22 May 2016 08:01"),
]
"""A line before and a line after that are the same to a reader."""

SPELLINGS = [
    ('The "old" bridge - it\'s closed...', "The \u201cold\u201d bridge \u2013 it\u2019s closed\u2026"),
    ("A  bridge\u00a0of\tstone was closed.", "A bridge of stone was closed."),
    ("The of\u00adfice said so on Monday.", "The office said so on Monday."),
    ("The \ufb01rst ﬂoor of the building burned.", "The first floor of the building burned."),
    ("Prices rose by 5 %, the bank said.", "Prices rose by 5%, the bank said."),
    ("He said:«No».", 'He said: "No".'),
]

EDITS = [
    ("Police said that 3 people died.", "Police said that 4 people died."),
    (
        "The minister resigned 4 hours ago, her office said in the capital.",
        "The minister resigned 5 hours ago, her office said in the capital.",
    ),
    ("The bill received 45 votes.", "The bill received 54 votes."),
    ("The vote is on 21 May 2016.", "The vote is on 28 May 2016."),
    ("Smith denied the claim.", "Smith did not deny the claim."),
    ("The mayor, Ada Holm, opened the bridge.", "The mayor, Ida Holm, opened the bridge."),
    ("It will cost £12m over two years.", "It will cost £21m over two years."),
    ("Council approves the bridge", "Council rejects the bridge"),
    ("Dead: 12", "Dead: 15"),
    ("By Ada Holm | 3 hours ago", "By Ada Holm and Jan Brand | 5 hours ago"),
    ("部长于星期一辞职。", "部长于星期二辞职。"),
    ("В пожаре погибли 3 человека.", "В пожаре погибли 5 человек."),
    (
        "The video was viewed 1,234 times before the police took it down.",
        "The video was viewed 2,345 times before the police took it down.",
    ),
    ("the bridge is safe", "the bridge is unsafe"),
    ("Correction: the bridge is 90 metres long.", "Correction: the bridge is 95 metres long."),
    ("She spoke for 5 minutes.", "She spoke for 50 minutes."),
]
"""A line before and a line after that are not."""

PROSE = "The council of the lower town met on Monday evening and talked about the old bridge for three hours without a vote."

RAILS = [
    (
        ["Related stories", "Swans hold up the mail boat", "Benches painted green"],
        ["Related stories", "Rye bread wins a prize", "Timetable for autumn"],
    ),
    (["Most read", "One headline of a story", "Another headline"], ["Most read", "A third headline of a story"]),
    (["Read more: Swans hold up the mail boat"], ["Read more: Rye bread wins a prize"]),
    ([], ["ALSO READ | Rye bread wins a prize at the fair"]),
    (["Mehr zum Thema", "Schwäne halten das Postboot auf"], ["Mehr zum Thema", "Roggenbrot gewinnt einen Preis"]),
    (["Lire aussi : Des cygnes bloquent le bateau"], ["Lire aussi : Le pain de seigle gagne un prix"]),
    (["相关新闻", "天鹅挡住邮船", "长椅漆成绿色"], ["相关新闻", "黑麦面包获奖", "秋季时刻表"]),
    (["You may also like", "Swans hold up the mail boat"], []),
    (
        ["Swans hold up the mail boat", "Benches are painted green again", "Lock keeper retires at last"],
        ["Rye bread wins a prize abroad", "Autumn timetable of all ferries", "School roof leaks for years"],
    ),
]
"""Lines after a paragraph before, and after it now, that are other stories."""

NO_RAILS = [
    (
        ["The council decided:", "to close the bridge to lorries", "to repair it by autumn"],
        ["The council decided:", "to close the bridge to lorries", "to repair it by winter"],
    ),
    (["Results of the vote", "North ward: yes", "South ward: no"], ["Results of the vote", "North ward: yes", "South ward: yes"]),
    (["Read more about it in the minutes of the council, which the clerk has put on the wall of the town hall."], []),
]
"""Lines after a paragraph that look like a rail, and are the story's own."""
