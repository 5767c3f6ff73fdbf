"""Voice of America and RFE/RL, whose language services all run on one system, Pangea."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, field, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

_VOA = (
    "voanews.com voaafrica.com voaafrique.com voabambara.com voacambodia.com voacantonese.com voachinese.com voadeewanews.com "
    "voageorgia.com voahausa.com voaindonesia.com voakorea.com voalingala.com voandebele.com voanoticias.com voanouvel.com "
    "voaportugues.com voashona.com voasomali.com voaswahili.com voathai.com voatibetan.com voatibetanenglish.com voatiengviet.com "
    "voaturkce.com voazimbabwe.com golos-ameriki.ru golosameriki.com chastime.com darivoa.com pashtovoa.com urduvoa.com "
    "editorials.voa.gov amerikaninsesi.org amerikaovozi.com zeriamerikes.com glasamerike.net insidevoa.com polygraph.info factograph.info"
)
_RFERL = (
    "rferl.org svoboda.org radiosvoboda.org slobodnaevropa.org slobodnaevropa.mk evropaelire.org svaboda.org europalibera.org "
    "szabadeuropa.hu svobodnaevropa.bg azattyq.org azattyq-ruhy.kz azattyk.org ozodi.org ozodlik.org azathabar.com azatutyun.am "
    "azadliq.org radiotavisupleba.ge ekhokavkaza.com kavkazr.com sibreal.org severreal.org idelreal.org azatliq.org krymr.com "
    "currenttime.tv radiofarda.com azadiradio.com mashaalradio.com"
)

PUBLISHER = Publisher(
    "VOA and RFE/RL",
    (*_VOA.split(), *_RFERL.split()),
    (
        Layout(
            "pangea-2015",
            2015,
            None,
            marks=(css("#article-content .wsw"),),
            body=css(".hdr-container .intro, .body-container .intro, #article-content .wsw"),
            cut=(
                rule(Cut.RELATED, ".also-read, .media-block-wrap, .wsw .media-block, .wsw .related, .wsw .region"),
                rule(Cut.PLAYER, ".c-mmp, .media-pholder, .media-player, .playlist, .media-download"),
                rule(Cut.CAPTION, ".wsw__embed figure, .wsw .media-image, .lightbox, .content-advisory__box, .slide-placeholder"),
                rule(Cut.COMMENT, "#comments, .comments-parent, .comments, .comments-form"),
                rule(Cut.SHARE, ".article-share, .share--box, .share, .sticky-share-container, .publishing-details .links"),
                rule(Cut.NEWSLETTER, ".wsw .newsletter, .newsletter-embed, .subscribe-box"),
                rule(Cut.BIO, ".authors, .c-author, .author-bio"),
                rule(Cut.NAVIGATION, ".print-dialogue, .ctc-message, .accessibility-links, .nav-tabs, .back-to-top-nav"),
                CAPTIONS,
            ),
            published=field(".publishing-details .published time[datetime], .published time[datetime]", "datetime"),
            authors=field(".publishing-details .links__item-link"),
        ),
        Layout(
            "pangea-2011",
            2011,
            2015,
            marks=(css(".zoomMe"),),
            body=css(".articleContent .introText, .zoomMe"),
            cut=(
                rule(Cut.RELATED, ".relatedContent, .relatedArticles, .boxwidget_part, .linksRelated, .also-read"),
                rule(Cut.PLAYER, ".mediaplayer, .media_playlist, .embedded_video, .playerWrap"),
                rule(Cut.CAPTION, ".article_image .caption, .photo_caption, .imgcaption"),
                rule(Cut.COMMENT, "#comments, .commentsSection, .article_comments"),
                rule(Cut.SHARE, ".shareThis, .article_tools, .addthis_toolbox"),
                CAPTIONS,
            ),
        ),
    ),
)
