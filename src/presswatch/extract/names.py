"""What a class or id says of a block: that it holds comments, a share bar, related stories, a caption.

Names are read as words: `c-RelatedStories__list` is related, stories, list. A kind is told by one word of a name, or
by two or three that stand together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST_WORDS = 3
_LONGEST_NAME = 200  # characters; what is longer was made to cost time
_REMEMBERED = 50_000  # some 10 MiB; an outlet has a few thousand names

# Words that stand together are written as one.
_KINDS = {
    "comments": (
        "comment comments commentlist commentform cmt cmts respond fbcomments coraltalk coralthread "
        " talkembed viafoura vfconversations spotim livefyre hyvortalk utterances giscus issothread "
        "kommentar kommentare kommentarer kommentarbereich leserkommentare commentaires commentaire comentarios "
        "comentario komentarz komentarze komentari komentare kommentit reacties yorumlar commenti leserbriefe "
        "trackback trackbacks pingback pingbacks replies openweb insticator facebookcomments commento "
        "cusdis commenttable idc"
    ),
    "share": (
        "sharedaddy share sharing sharebar aakit shariff ssba jplikes "
        "sdcontent postlikeswidget social socials socialmedia socialbar socialshare socialicons "
        "followus toolbar textresizer bookmark whatsapp cttbtn"
    ),
    "related": (
        "yarpp readmorelinks readmorebox readmorelist recommended recommendations obwidget trc mostread "
        "mostviewed popular trending morestories morefrom alsoread alsolike readnext readalso seealsobox upnext "
        "nextarticle nextstory nrelate pmccontextualplayer cardsrelatedcontent teaserlist inlineteaser "
        "summaryvblock teaserbox teasercard postcard articlecard storycard linkbox promo promos promobox crosspromo"
    ),
    "newsletter": (
        "signup signups subscribe subscribeform subscription subscriptions mcembedsignup "
        "mailchimp emailsignup emailcapture optin articlesinguplink cta callout calltoaction"
    ),
    "author box": (
        "authorbox authorbio authorinfo authorabout authorcard authorprofile authordescription abouttheauthor "
        "aboutauthor biobox postauthor molonguiauthorbox abhbox saboxplugin"
    ),
    "byline": (
        "byline bylines author authors autor autoren textauthor entrymeta postmeta postmetadata articlemeta metainfo "
        "dateline timestamp date time datetime pubdate publishdate publisheddate articledate postdate entrydate "
        "articleinfo postinfo"
    ),
    "tags": "tags taglist taglinks tagcloud posttags entrytags articletags filedunder catlinks",
    "ads": (
        "wpadvert advertisement advertisements advert adverts adsbygoogle ads adslot adunit adcontainer adwrapper "
        "adplacement adbanner ampad googlead googleads dfp wpcnt adthrive sponsoredcontent sponsored advertorial "
        "anzeige sponsor adv advtext"
    ),
    "infobox": "infobox factbox faktenbox infokasten aisummary aicontent",
    "caption": (
        "caption captions wpcaptiontext imagecaption photocredit imagecredit credit credits photographer "
        "copyright mediacaption imagemeta imagesource imagedescription imgdescription legend legende leyenda "
        "bildunterschrift bildquelle figcaption"
    ),
    "embed": (
        "twittertweet instagrammedia tiktokembed fbpost redditembed twitterembed blueskyembed amptwitter ampinstagram "
        "ampfacebook amptiktok ampreddit"
    ),
    "navigation": (
        "breadcrumb breadcrumbs pagination pager postnavigation navlinks navigation navbar navmenu menu submenu "
        "sitemap tableofcontents toc eztoc ltoc skiplink skiplinks"
    ),
    "footer": "footer sitefooter colophon",
    "sidebar": "sidebar sidebars widget widgets widgetarea",
    "player": "videoplayer audioplayer jwplayer brightcove inlinevideo videotitle",
    "notice": (
        "modal popup overlay lightbox cookie cookies gdpr consent disclaimer disclosure affiliate tooltip "
        "printonly noprint screenreadertext visuallyhidden sronly assistivetext alert adblock notice notices "
        "feedback thirdparty poll polls polldaddy opinary regwall paywalloffer paywalloffers paywallprompt "
        "paywallmessage paywallbanner paywallcta paywallbox subscriptionoffer"
    ),
    "shop": "shoppable productcard productbox productblock productpromo productwidget buybox aawp",
}
_KIND_OF = {words: kind for kind, listed in _KINDS.items() for words in listed.split()}
_BEGINNINGS = frozenset(words[:end] for words in _KIND_OF for end in range(1, len(words) + 1))  # most words are none
# What the names of services and their kin begin with.
_PREFIXES = {
    "related": ("related", "taboola", "outbrain", "zergnet", "recirc"),
    "newsletter": ("newsletter",),
    "comments": ("disqus",),
    "share": ("addtoany", "sharethis", "heateor", "addthis"),
}
_ALL_PREFIXES = tuple(prefix for prefixes in _PREFIXES.values() for prefix in prefixes)
_BUILDERS = ("elementor", "wpb", "vc", "et", "fl", "siteorigin")
_SPOILERS, _OF_FILMS = frozenset({"spoiler", "spoilers"}), frozenset({"full", "film", "movie", "cast"})
# What a script does with a block, or what stands beside it, is not what it is: `js-lightbox`, `has-sidebar`.
_STATES = frozenset({"js", "has", "no", "not", "with", "without", "is", "category", "tag"})


@lru_cache(maxsize=_REMEMBERED)
def kind_of_name(name: str) -> str | None:
    """The kind of block that one class or id stands for. Outlets repeat theirs on every page, hence the memory."""
    if len(name) > _LONGEST_NAME:
        return None
    words = [word.lower() for word in _WORD.findall(name.partition("--")[0])]  # behind "--" stands a state (BEM)
    if words and words[0] in _STATES:
        return None
    for first, word in enumerate(words):
        for last in range(min(first + _MOST_WORDS, len(words)), first, -1) if word in _BEGINNINGS else ():
            kind = _KIND_OF.get("".join(words[first:last]))
            if kind and not _is_excepted(kind, words):
                return kind
        if word.startswith(_ALL_PREFIXES):
            return next(kind for kind, prefixes in _PREFIXES.items() if word.startswith(prefixes))
    return None


def _is_excepted(kind: str, words: Sequence[str]) -> bool:
    """Blocks of page builders are widgets all, and the comments of a live ticker are its text.

    So is what gives a plot away, and the credits of a film are facts; those of a picture are none.
    """
    return (
        (kind == "sidebar" and words[0] in _BUILDERS)
        or (kind == "comments" and "live" in words)
        or (kind == "notice" and not _SPOILERS.isdisjoint(words))
        or (kind == "caption" and "credits" in words and not _OF_FILMS.isdisjoint(words))
    )


def find_kind(names: str) -> tuple[str, str] | None:
    """The kind of block that an element's id and classes stand for, and the name that says so."""
    for name in names.split():
        kind = kind_of_name(name)
        if kind:
            return kind, name
    return None
