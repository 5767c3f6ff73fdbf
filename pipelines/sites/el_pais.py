"""El País: elpais.com."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS

PUBLISHER = Publisher(
    "El País",
    ("elpais.com",),
    (
        Layout(
            "elpais-2021",
            2021,
            None,
            marks=(css("[data-dtm-region=articulo_cuerpo], .a_c.clearfix"),),
            body=css("h2.a_st, [data-dtm-region=articulo_cuerpo], .a_c.clearfix"),
            cut=(
                rule(Cut.CAPTION, ".a_m, .gallery-summary-container, .a_m_p"),
                rule(Cut.RELATED, ".w-rel, .a_c aside, [data-dtm-region=articulo_mas-informacion], .a_rel"),
                rule(Cut.NEWSLETTER, ".w-fid, .a_n-w, [data-dtm-region*=newsletter], .a_b_wsp"),
                rule(Cut.PAYWALL_OFFER, "#me-dis, .a_nd, #ctn_freemium_article, .a_fr"),
                rule(Cut.BIO, ".w-sea, .a_auts_bio"),
                rule(Cut.COMMENT, ".w-com, .a_com, #me-c"),
                rule(Cut.TAGS, ".w-ae, .a_tgs"),
                rule(Cut.LEGAL, ".a_tp"),
                rule(Cut.NAVIGATION, ".a_o"),
                rule(Cut.AD, ".ad, .ad-giga"),
                CAPTIONS,
            ),
        ),
        Layout(
            "elpais-2019",
            2019,
            2021,
            marks=(css(".article_body"),),
            body=css(".article_header h2, .article_body"),
            cut=(
                rule(Cut.RELATED, ".related_stories, .related_story, .more_info"),
                rule(Cut.CAPTION, ".caption, .photo_caption, .image_container"),
                rule(Cut.NEWSLETTER, ".newsletter, .subscribe"),
                rule(Cut.TAGS, ".tags_list, .archived"),
                CAPTIONS,
            ),
        ),
        Layout(
            "elpais-2012",
            2012,
            2020,
            marks=(css("#cuerpo_noticia"),),
            body=css("#articulo-encabezado .articulo-subtitulo, .articulo-subtitulos, #cuerpo_noticia"),
            cut=(
                rule(Cut.CAPTION, ".sumario_foto, .foto, .foto-pie"),
                rule(Cut.RELATED, ".sumario_apoyos, .sumario_enlace, .sumario_eskup, .articulo-apoyos"),
                rule(Cut.PLAYER, ".sumario_video, .video"),
                rule(Cut.NEWSLETTER, "#cuerpo_noticia p.nota_pie"),
                rule(Cut.TAGS, ".articulo-tags"),
                rule(Cut.SHARE, ".compartir, #compartir_inferior"),
                rule(Cut.LEGAL, ".articulo-trust"),
                rule(Cut.AD, ".publi, .publi_luto_horizontal"),
                CAPTIONS,
            ),
        ),
    ),
)
