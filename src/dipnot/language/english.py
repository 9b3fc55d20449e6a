"""English: its words, months, abbreviations and endings.

Owns: all that the house knows of English, as data; see ``words`` for what each part is.
"""

from __future__ import annotations

from dipnot.language.words import Words, words

_FUNCTION_WORDS = words(
    """the of and to in is was were are be been by for with on at from as an it its that this these
    those which who whom whose what when where why how did do does done had has have not no or but
    if into than then there their they he his she her him we you i my me your can could would should
    will may might"""
)

ENGLISH = Words(
    language="en",
    function_words=_FUNCTION_WORDS | {"a"},
    telling=_FUNCTION_WORDS
    | words(
        """about according after all also any before between describe during explain give hello
        list many much only please tell write"""
    ),
    letters="",
    shape=r"[wxq]|th|sh|tion|ing$|ed$",
    anaphora=words(
        """it its this that these those he she him her his they them their there then one ones same
        both and but so"""
    ),
    fillers="and|so|ok|please",
    months=tuple(
        """january february march april may june july august september october november
        december""".split()
    ),
    numbers="two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|half",
    abbreviations=words(
        """no ed eds st mr mrs ms jr sr pp p vol fig cf al ca viz ie eg etc approx dept univ inc
        ltd co trans op cit ibid lt col maj capt sgt rev ch chap jan feb apr aug sept oct nov dec"""
    ),
    may_end=words("etc al no ibid"),
    dotted_may_end=words("a.m p.m"),
    finite="",
    no_name=words(
        """the a an in on at by for from of to with as and but or if when while after before since
        until he she it they we i his her its their our my this that these those there here thus
        then hence however moreover although though according finally first second third one some
        many most all later soon meanwhile instead indeed yet so not no what who which"""
    ),
    peoples=frozenset(),
    adverbial="ly",
    asks={
        "date": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:date|day|year|month)",
        "number": r"\bhow (?:many|much|large|long|far|old)\b",
        "reason": r"\bwhy\b|\breasons?\b|\bcauses?\b|\bpurpose\b|\bwhat led\b",
        "several": (
            r"\blist\b|\bname (?:the|all)\b"
            r"|\b(?:which|what) (?:were |are )?(?:the )?(?:\w{3,} )?"
            r"(?!(?:is|was|does|has)\b)\w+(?<![su])s\b"
            r"|\beach\b|\b(?:two|three|four|five|six) \w+"
        ),
        "chronology": (
            r"\bchronolog\w*|\btimeline\b|\bin order of\b|\bfrom \d{4} (?:to|until|on)\b"
            r"|\bbetween \d{4} and \d{4}\b"
        ),
        "source": (
            r"\bsources?\b|\bcit(?:e|ed|ation)|\bfootnotes?\b"
            r"|\baccording to (?:which|whom|what)\b|\breference[sd]?\b|\barchiv\w*"
        ),
        "abridged": r"\b(?:abstract\w*|summar\w*)",
        "byline": (
            r"^\W*(?:and )?who (?:is|are) the authors?\W*$"
            r"|\bwho (?:wrote|authored|has written) (?:this|the) {text}"
            r"|\b(?:who|name)\b.*\bauthors? of (?:this|the) {text}"
            r"|\b(?:title|name) of (?:this|the) {text}\W*$"
            r"|\bwhat is (?:this|the) {text} (?:called|titled)"
        ),
    },
    text_nouns="article|paper|study|text",
    front=r"author\w*|wrote|written|called|titled?|keywords?",
    more=(
        r"(?:show me |tell me |give me |any )?more(?: of it| about it| about that)?"
        r"|go on|continue|what else|anything else|next"
    ),
    source=(
        r"(?:(?:what(?:'s| is| are)|which|the|its|your|any) )*(?:the )?"
        r"(?:sources?|references?|citation)(?: (?:of|for) (?:this|that|it))?"
        r"|(?:where (?:does|did) (?:this|that|it) come from|says who|according to whom"
        r"|who says (?:so|this|that))"
    ),
    abstracts=words("abstract"),
    summaries=frozenset({"extended summary", "summary", "extended abstract"}),
    bibliographies=frozenset(
        (
            "references", "reference list", "bibliography", "select bibliography",
            "selected bibliography", "works cited", "literature cited",
        )
    ),
)  # fmt: skip
