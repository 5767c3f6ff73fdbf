"""How gatekeepers ask whether the reader is human: their titles, their sentences, their markup."""

from __future__ import annotations

import re


def _any(*parts: str) -> str:
    return rf"(?:{'|'.join(parts)})"


TITLE = re.compile(
    _any(
        r"just a (?:moment|second)|one moment,? please|please wait|un momento|un instant|nur einen moment|einen? moment(?: bitte)?",
        r"um momento|een moment geduld|один момент|подождите|bir dakika lütfen|chwileczkę",
        r"请稍候|しばらくお待ちください|잠시만 기다리십시오",
        r"attention required|checking your browser(?: before accessing .{1,80})?|checking if the site connection is secure",
        r"ddos[- ]guard|ddos protection by .{1,30}|access denied|access to this page has been denied",
        r"access (?:is )?(?:blocked|forbidden|restricted)|(?:sorry,? )?you have been blocked|(?:request|page) blocked|blocked",
        r"(?:please )?verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?(?:human|not a robot)|are you (?:a )?(?:robot|human)\??",
        r"robot or human\??|human verification|bot verification|robot check|captcha(?: challenge)?|pardon our interruption",
        r"security check(?:point)?(?: required)?|vercel security checkpoint|request unsuccessful|incapsula|client challenge",
        r"(?:403 )?forbidden|error 1020|access verification|安全验证|人机验证|访问验证|too many requests|request rejected"
        r"|rate limit(?:ed| exceeded)|you are now in line|please enable (?:js|javascript|cookies).{0,80}",
    )
    + r"[\s.…!:,。]*",
    re.IGNORECASE,
)
TEXT = re.compile(
    _any(
        r"verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|prove (?:that )?you(?:'re| are) (?:not a (?:ro)?bot|human)",
        r"checking your browser|needs to review the security of your connection|enable javascript and cookies to continue",
        r"ddos protection by|performance (?:&|and) security by cloudflare|cloudflare ray id|press (?:&|and) hold to confirm",
        r"unusual (?:traffic|activity) from your|automated (?:access|requests|tool)|you(?:'ve| have) been blocked|are not a robot",
        r"request unsuccessful\. incapsula|incapsula incident|you don't have permission to access .{1,200} on this server",
        r"reference\s*#\s*[0-9a-f.]{8,}|please enable js and disable any ad blocker|complete the (?:captcha|security check)",
        r"to continue,? please (?:verify|confirm)|please solve (?:this|the) captcha",
    ),
    re.IGNORECASE,
)
MARKUP = (
    *(b"captcha-delivery.com", b"px-captcha", b"_cf_chl_", b"cf-chl-", b"cf_chl_opt", b"_Incapsula_Resource", b"ddos-guard/js-challenge"),
    *(b"sec-if-cpt-container", b"awsWafCookieDomainList", b"sgcaptcha", b"distil_r_captcha"),
)
"""Found in the interstitials of DataDome, PerimeterX, Cloudflare, Imperva, DDoS-Guard, Akamai, AWS WAF, SiteGround and Distil.

Some of these scripts ride on ordinary pages too, so they count only where there is next to nothing to read.
"""
