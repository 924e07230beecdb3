"""Crawlers: told by the name they give themselves. They get defaults and leave no trace.

A browser's user agent begins with `Mozilla/` or `Opera/`; what begins otherwise is a program, and a
crawler unless it is one of the libraries by which apps and developers call an API with their key.
Among the browsers' shapes, crawlers, previewers, scanners and monitors are told by a word. No user
agent at all says nothing, so it is not held against anybody.
"""

import re
from functools import lru_cache
from typing import Final

# Texts, which `re` compiles at the first question and keeps: most processes start without one.
_BROWSER: Final = r"(?:Mozilla|Opera)/\d"
_CALLERS: Final = (  # in versions of this decade; older ones only crawl
    r"python-requests/2\.(?:2[3-9]|[3-9]\d)|python-httpx2?/(?:0\.(?:1[7-9]|[2-9]\d)|[1-9])"
    r"|Python/3\.\d+ aiohttp/(?:3\.(?:[89]|\d\d)|[4-9])|Python-urllib/3\.\d\d"
    r"|curl/(?:7\.[7-9]\d|[89]|\d\d)|okhttp/(?:[4-9]|\d\d)|Dart/\d|Dalvik/\d|.*\bCFNetwork/\d"
)
_INNOCENT: Final = r"\bcubot\b|LinkedInApp|HeadlessChrome/"
_WORDS: Final = (
    r"bot|crawl|spider|slurp|scrap|fetch|archiv|monitor|preview|headless|lighthouse|pagespeed"
    r"|https?://|@|\bwww\.|\.(?:com|io|eu|net)\b|\(at\)|scan|checker|validator|analy[zs]er"
    r"|indexer|index|search|phantom|curl|wget|python|java/|perl|ruby|php|http-?client|feed|rss"
    r"|reader|external|survey|probe|snippet|urllib|libwww|proxy|synthetic|selenium|playwright"
    r"|puppeteer|inspector|insights|favicon|verify|verif|detector|grab|openvas|watchtowr"
    r"|Mediapartners|Google-|Google Favicon|Google Web|PlayStore-Google|pingdom|PTST|YLT|GTmetrix"
    r"|DareBoost|Datanyze|Collapsify|Hardenize|Silktide|Hotjar|splash|Rigor\)|Foregenix|Manus"
    r"|newsai|Sindup|SQWatcher|TSM-|MarketGoo|Readable/|SecurityHeaders|TestLocally|Dlc/|PS_Daily"
    r"|ProductFinder|Fluid/|Code/\d|Trae/\d|link ?check|checklink|linkdex|screenshot|capture|thumb"
    r"|transcoder|translate|optimizer|audit|seo|compliance|scope3|NewsNow|AddThis|Daum"
    r"|ips-agent|HttpAgent|ThousandEyes|outbrain|Nikto|LinkTiger|xmco"
    r"|compatible; (?!MSIE|Konqueror|ABrowse|AOL|America)"
)


@lru_cache(maxsize=4096)
def is_crawler(user_agent: str | None) -> bool:
    """Does this user agent name a program that looks at pages by itself?"""
    if not user_agent:
        return False
    if not re.match(_BROWSER, user_agent, re.IGNORECASE):
        return not re.match(_CALLERS, user_agent, re.IGNORECASE)
    named = re.sub(_INNOCENT, "", user_agent, flags=re.IGNORECASE)
    return re.search(_WORDS, named, re.IGNORECASE) is not None
