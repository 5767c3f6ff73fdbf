"""How pages say that something is not there, in the main languages of news.

`STATEMENT` matches a whole title segment or sentence that can only be about a page ("Page not found", "Diese Seite existiert nicht
mehr"). `ABSENCE` finds words of absence anywhere; alone they prove nothing: planes, dogs and treaties cannot be found either.
"""

from __future__ import annotations

import re


def _said(subject: str, *predicates: str) -> str:
    return rf"(?:{subject})\s*(?:{'|'.join(predicates)})"


def _any(*parts: str) -> str:
    return rf"(?:{'|'.join(parts)})"


_SORRY = _any(
    r"sorry|o+ps|whoops|uh[- ]oh|oh no|error|http|we'?re sorry|i'?m sorry|hoppla|ups|huch|entschuldigung|leider|désolée?|lo sentimos",
    r"vaya|spiacenti|siamo spiacenti|desculpe|helaas|извините|к сожалению|很?抱歉|对不起|對不起|申し訳(?:ございません|ありません)",
    r"죄송합니다|عذراً?|üzgünüz|przepraszamy|404|410",
)
_OPENING = rf"(?:{_SORRY}[\s,.:;!?…\-–—|。，、！]*)*"
_ERROR = _any(
    r"http|error|fehler|erreur|errore|erro|fout|ошибка|помилка|błąd|hata|chyba|hiba|eroare|feil|fejl|fel|virhe|خطأ|错误|錯誤|エラー|오류"
)
_CODE = (
    rf"(?:{_ERROR}[\s:#-]*)*(?:code\s*)?[(\[]?40[4][)\]]?"
    r"(?:[\s:!.–—-]*(?:error|fehler|hatası|not ?found|page not found|file not found|页面|錯誤|错误|エラー|오류|page))*"
)

_NOUN = r"(?:web ?page|page|url|document|content|article|story|file|resource|address|link|item|post|video|listing|site)"
_ENGLISH = (
    _said(
        rf"(?:the |this |that |your |our )?(?:requested |web |news )?{_NOUN}"
        r"(?: (?:that |which )?(?:you|you're|you've)(?: \w+){1,5}?| requested| at this address)?",
        r" ?(?:(?:was|is|are|were|could|can|has|have|does|did)(?: not|n't)|cannot|can't|not|(?:is |are )?no longer)(?: be| been| being)? "
        r"(?:found|available|exists?|located|accessible|here|active|online)",
        r"(?:(?:was|is|are|has|have|may|might|seems|appears)(?: to)?(?: have| be)?(?: been)? )?"
        r"(?:missing|unavailable|removed|deleted|moved|expired|gone|taken down|retired)",
    )
    + r"(?: (?:any ?more|any longer|error|here|yet|right now|at (?:the|this) (?:moment|time)"
    r"|(?:on|from) (?:this|the|our) (?:web ?)?(?:server|site)s?|or .{1,60}"
    r"|and (?:may|might|could|is|was|has) .{1,50}))?"
)
_ENGLISH_UNFOUND = (
    r"(?:we )?(?:could not|couldn't|cannot|can not|can't|unable to|did not|didn't) (?:find|locate|display) "
    rf"(?:the |this |that |your |a |any )?(?:requested )?{_NOUN}(?: (?:you\b|that you\b|at\b).{{1,50}})?"
)

_GERMAN = (
    _said(
        r"(?:(?:die|diese|ihre|der|dieser|das|dieses) )?"
        r"(?:(?:von ihnen )?(?:angeforderte|gewünschte|gesuchte|aufgerufene|angefragte)[rns]? )?"
        r"(?:web|internet)?(?:seite|url|adresse|artikel|inhalt|beitrag|dokument)(?: .{0,30}?)?",
        r"(?:(?:wurde|konnte|kann|ist) )?(?:leider )?nicht(?: mehr)? "
        r"(?:gefunden(?: werden)?|verfügbar|vorhanden|abrufbar|erreichbar|online|existent)",
    ),
    _said(
        r"(?:die|diese) (?:von ihnen )?(?:(?:angeforderte|gewünschte|gesuchte|aufgerufene) )?(?:web)?seite",
        r"(?:existiert|gibt es) (?:leider )?nicht(?: mehr)?",
    ),
)
_FRENCH = (
    _said(
        r"(?:(?:la|cette|le|cet|l'|votre) ?)?(?:page|article|actualité|contenu|document|adresse|vidéo)"
        r"(?: (?:web|demandée?|recherchée?|que vous .{3,40}?))?",
        r"(?:est )?(?:non trouvée?|introuvable|inexistante?|indisponible|supprimée?|a été supprimée?)",
        r"n'(?:existe (?:pas|plus)|est (?:pas|plus) (?:disponible|accessible|en ligne))",
        r"n'a (?:pas|pu)(?: pas)?(?: pu)?(?: être)?(?: été)? trouvée?",
    )
    + r"(?: ou .{0,60})?",
)
_IBERIAN = r"(?:página|pàgina|pagina|páxina|contenido|conteúdo|artículo|artigo|noticia|notícia|url|documento)"
_SPANISH_PORTUGUESE = (
    _said(
        rf"(?:(?:la|esta|el|este|a|o|os) )?{_IBERIAN}"
        r"(?: (?:web|solicitad[ao]|buscad[ao]|requerid[ao]|procurad[ao]|que .{3,40}?))? ?(?:ya|já)?",
        r"(?:no|não|nao) (?:(?:se|ha|sido|fue|foi|está|esta|pôde|ser|pudo|pode|mais|más|estar) )*"
        r"(?:encontrad[ao]|existe|encuentra(?: disponible)?|encontra|disponible|disponível|trobada|localizad[ao]|atopada)",
    )
    + r"(?: (?:más|mais|o .{0,50}|ou .{0,50}))?",
    rf"no (?:se (?:ha )?(?:encontr[óa]|encontrado|pudo encontrar)|hemos encontrado|encontramos|s'ha trobat) (?:la|el) {_IBERIAN}.{{0,40}}",
    rf"não (?:foi possível )?encontr(?:ar|amos|ada) (?:a|o) {_IBERIAN}.{{0,40}}",
    rf"{_IBERIAN} (?:no trobada|inexistente|indisponível|eliminad[ao])",
)
_ITALIAN_ROMANIAN = (
    _said(
        r"(?:(?:la|questa|il|questo|l') ?)?(?:pagina|contenuto|articolo|documento)"
        r"(?: (?:richiest[ao]|cercat[ao]|solicitată|căutată|pe care .{3,30}?|che .{3,40}?))?",
        r"(?:non|nu) (?:(?:è|e|stat[ao]|più|può essere|sono|a fost|este|mai) )*"
        r"(?:trovat[ao]|esiste(?: più)?|disponibile|raggiungibile|găsită?|există|disponibilă)(?: o .{0,50})?",
    ),
    r"pagina inesistente|pagină negăsită",
)
_GERMANIC = (
    _said(
        r"(?:(?:de|deze|het|dit) )?(?:opgevraagde |gevraagde )?(?:web)?(?:pagina|artikel|bericht)(?: die .{3,30}?)?",
        r"bestaat niet(?: meer)?",
        r"(?:(?:is|kan|kon|werd) )?niet(?: meer| langer)? (?:gevonden(?: worden)?|worden gevonden|beschikbaar)",
    ),
    _said(
        r"(?:sidan|siden|artikeln|artikkelen|artiklen)(?: du .{3,30}?)?",
        r"(?:kunde inte|kan inte|kunne ikke|ble ikke|blev ikke|finns inte|finnes ikke|findes ikke|hittades inte|eksisterer ikke|er ikke)"
        r"(?: (?:hittas|finnes|findes|funnet|fundet|längre|lenger|længere|tilgjengelig))*",
    ),
    r"(?:hittade inte|fant ikke|kunne ikke finde) (?:sidan|siden)",
    r"(?:hakemaasi |etsimääsi )?(?:sivua|artikkelia) ei (?:löydy|löytynyt|ole(?: olemassa)?)",
)
_SLAVIC = (
    _said(
        r"(?:(?:запрашиваемая|запрошенная|данная|эта|такой) )?(?:вами )?(?:страница|страницы|статья|материал|документ|новость)"
        r"(?:,? котор.{3,40}?)?(?: больше)?",
        r"не (?:найден[ао]?|существует|обнаружена|доступн[ао]?)",
        r"(?:был[ао]? )?(?:удален[ао]?|удалён)",
    )
    + r"(?: или .{0,50})?",
    r"(?:сторінк[ау]|статтю|матеріал) не (?:знайдено|знайдена|існує)",
    r"страницата не (?:е намерена|съществува|беше намерена)|stranica (?:nije pronađena|ne postoji)|страница није пронађена",
    r"nie znaleziono (?:takiej |tej |żądanej )?(?:strony|artykułu)",
    r"(?:podana |ta |żądana )?(?:strona|artykuł)(?: o podanym adresie)? nie (?:istnieje|został[ay]? (?:odnalezion|znalezion)[ay]?)",
    r"(?:požadovaná |tato )?(?:stránka|strana|článek)(?: nebyla| nebola| sa)? (?:nenalezena|nalezena|neexistuje|nenašla|nájdená)",
)
_HUNGARIAN_TURKISH_GREEK = (
    r"(?:a |az )?(?:keresett |kért )?oldal nem (?:található|létezik|elérhető)",
    _said(
        r"(?:aradığınız |istediğiniz |bu |aranan )?(?:sayfa|haber|içerik|sayfaya)(?: .{0,20}?)?",
        r"bulunamadı|bulunmamaktadır|mevcut değil|bulunamamıştır|yok|ulaşılamıyor",
    ),
    r"(?:η )?σελίδα(?: που .{3,40}?)? δεν (?:βρέθηκε|υπάρχει)|δεν βρέθηκε η σελίδα",
)
_HAN_PAGE, _HAN_ARTICLE = r"(?:页面|網頁|网页|頁面|链接|連結)", r"(?:文章|内容|內容|新闻|新聞)"
_CHINESE = (
    _said(
        r"[您你该該此本的访问訪問查看要找请求請所浏览瀏覽正在寻找想当前这這个個抱歉很，, ]{0,16}"
        rf"(?:{_HAN_PAGE}(?:可能|已经|已經|暂时|暫時|好像|似乎|或)?|{_HAN_ARTICLE})",
        r"不存在|未找到|没有找到|沒有找到|找不到|不见了|走丢了|无法找到|無法找到|无法访问|(?:已经|已經|已|被|已被|已经被)(?:删除|刪除|下线|下架|移除)",
    )
    + r"(?:了|啦)?(?:[或，,]?.{0,14})?",
    rf"(?:找不到|无法找到|無法找到|未找到|沒有找到|没有找到)[您你该該此要所的访问訪問这這个個请請求浏览瀏覽查看相关應应]{{0,10}}(?:{_HAN_PAGE}|{_HAN_ARTICLE}|该页)(?:了|啦)?",
)
_JAPANESE_KOREAN = (
    _said(
        r"(?:お探しの|ご?指定された|ご?指定の|リクエストされた|該当の|該当する|この|要求された|アクセスしようとした|表示しようとした)*"
        r"(?:ページ|記事|コンテンツ|url)(?:は|が|を)?(?:現在)?",
        r"見つかりません(?:でした)?|存在しません|存在しないか.{0,30}|見つけることができません(?:でした)?|ありません",
        r"(?:すでに|既に)?削除され(?:た.{0,20}|ました|ています)|(?:公開|掲載(?:期間)?)(?:が|を)?終了.{0,10}",
    ),
    _said(
        r"(?:요청하신|찾으시는|찾을 수 없는|해당|원하시는|이|방문하시려는)?\s*(?:페이지|기사|게시물)(?:를|을|가|는|이)?",
        r"찾을 수 없.{0,6}|존재하지 않.{0,6}|삭제(?:되었|된|됐).{0,8}|없습니다",
    ),
    r"(?:존재하지 않는|삭제된) (?:페이지|기사|게시물)(?:입니다)?",
)
_OTHERS = (
    _said(
        r"(?:هذه )?(?:الصفحة|المقال|المحتوى|صفحة)(?: (?:المطلوبة|التي .{3,30}?|الذي .{3,30}?))?",
        r"غير (?:موجودة?|متوفرة?|متاحة?)|لم يتم العثور عليها|لا توجد",
    ),
    r"لم يتم العثور على (?:هذه )?(?:الصفحة|المقال|صفحة).{0,20}|صفحه.{0,20}(?:یافت نشد|پیدا نشد|وجود ندارد)",
    r"ה?(?:דף|עמוד|כתבה)(?: (?:המבוקש|ש.{3,20}?))? (?:לא נמצא|אינו קיים|לא קיים)",
    r"(?:पृष्ठ|पेज) (?:नहीं मिला|उपलब्ध नहीं.{0,6})|halaman (?:tidak|yang .{3,30}? tidak) (?:ditemukan|tersedia|ada)",
    r"(?:không tìm thấy trang|trang (?:này |.{0,20}?)?không tồn tại).{0,20}|ไม่พบหน้า.{0,20}",
)
_ALONE = _any(
    r"page not found|missing page|no such page|that page .{0,10}gone|not found|nicht gefunden|non trouvée?|no encontrad[ao]|non trovat[ao]",
    r"não encontrad[ao]|niet gevonden|не найдено?|nie znaleziono|bulunamadı|見つかりません",
)
_LANGUAGES = (
    *(_CODE, _ENGLISH, _ENGLISH_UNFOUND, *_GERMAN, *_FRENCH, *_SPANISH_PORTUGUESE, *_ITALIAN_ROMANIAN, *_GERMANIC, *_SLAVIC),
    *(*_HUNGARIAN_TURKISH_GREEK, *_CHINESE, *_JAPANESE_KOREAN, *_OTHERS, _ALONE),
)

STATEMENT = re.compile(rf"{_OPENING}{_any(*_LANGUAGES)}[\s!.…:;,。！?)|-]*{_OPENING}", re.IGNORECASE)
ABSENCE = re.compile(
    _any(
        r"\b404\b|not found|(?:could not|couldn't|cannot|can't|can not) be found|no longer (?:available|exists?|online)",
        r"(?:has|have) been (?:removed|deleted)|does(?: not|n't) exist|nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden)|existiert nicht",
        r"introuvable|n'existe (?:pas|plus)|n'est plus disponible|no (?:se )?(?:ha sido )?encontrad|no existe|no está disponible",
        r"non (?:è stata )?trovat|non esiste|non (?:è )?(?:più )?disponibile|não (?:foi )?encontrad|não existe|niet gevonden|bestaat niet",
        r"niet (?:meer )?beschikbaar|не найден|не существует|не знайден|nie znaleziono|nie istnieje|bulunamadı|不存在|找不到|未找到|已删除",
        r"已刪除|見つかりません|存在しません|찾을 수 없|존재하지 않",
        r"غير موجود|لم يتم العثور|یافت نشد|לא נמצא|hittades inte|finns inte|ikke funnet",
        r"finnes ikke|findes ikke|ei löydy|nenalezena|neexistuje|nem található|nu a fost găsit|δεν βρέθηκε|tidak ditemukan|không tìm thấy",
    ),
    re.IGNORECASE,
)
