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

_AUXILIARIES = "is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|will|would"

_NEGATES = (
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|cannot|without|refus\w*|declin\w*)\b|n't\b"
)

ENGLISH = Words(
    language="en",
    function_words=_FUNCTION_WORDS | {"a"},
    nouns_alike=frozenset(),
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
    counts_first=r"first(?:ly)?\b|the first\b",
    counts_on=(
        r"(?:the )?(?:second|third|fourth|fifth|sixth)(?:ly)?\b|the (?:other|last)\b"
        r"|(?:final|last)ly\b"
    ),
    numbers="two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|half",
    abbreviations=words(
        """no ed eds st mr mrs ms jr sr pp p vol fig cf al ca viz ie eg etc approx dept univ inc
        ltd co trans op cit ibid lt col maj capt sgt rev ch chap adm brig messrs jan feb apr aug
        sept oct nov dec"""
    ),
    may_end=words("etc al no ibid"),
    dotted_may_end=words("a.m p.m"),
    before_names=words("mt gov hon pres sen rep"),
    before_numbers=words("art arts sec secs sect eq eqs figs nos vols app"),
    behind_names=r"(?:ltd|inc|corp|co|jr|sr)\.",
    finite="",
    no_name=words(
        """the a an in on at by for from of to with as and but or if when while after before since
        until he she it they we i his her its their our my this that these those there here thus
        then hence however moreover although though according finally first second third one some
        many most all later soon meanwhile instead indeed yet so not no what who which evidence
        research nobody nothing everybody everyone somebody someone anybody anyone table figure
        monday tuesday wednesday thursday friday saturday sunday"""
    ),
    opens=words(
        """the he she it they we his her its their our this these those there here thus then hence
        however moreover although though when while after since if but and so in on at an another"""
    ),
    may_close=words(
        "inc ltd co jr sr dept univ approx jan feb apr aug sept oct nov dec st ave d.c"
    ),
    peoples=frozenset(),
    adverbial="ly",
    endings=words("s es ed d ing er ers ly n en est"),
    asks={
        "date": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:date|day|year|month)",
        "number": r"\bhow (?:many|much|large|long|far|old|tall|deep|high|wide|heavy|fast)\b",
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
            r"|\b(?:who|name)\b.{0,60}\bauthors? of (?:this|the) {text}"
            r"|\b(?:title|name) of (?:this|the) {text}\W*$"
            r"|\bwhat is (?:this|the) {text} (?:called|titled)"
        ),
    },
    noun_endings="s?",
    text_nouns="article|paper|study|text",
    front=r"author\w*|wrote|written|called|titled?|keywords?",
    more=(
        r"(?:is there )?anything (?:more|else)(?: about (?:it|this|that))?|(?:show me "
        r"|tell me |give me |any )?more(?: of it| about it| about that)?"
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
    conclusions=words("conclusion conclusions"),
    courtesies=words(
        """hello hi hey hallo greetings morning thanks thank thx ty cheers ok okay okey yes no yep
        nope bye goodbye great good nice cool perfect awesome excellent fine sure alright right
        understood got see later goodnight welcome wow sorry lovely brilliant k"""
    ),
    thanks=words("thanks thank thx ty cheers"),
    courteous=words(
        """there morning afternoon evening night day lot much very well you a so that that's all it
        its it's is was for your the this helps helped help s tomorrow soon later again to everyone
        dear friend i see got work job done now and my me have one what needed how are know"""
    ),
    addresses=r"\byou(?:r|rs|rself)?\b|^(?:help|help me)\W*$|\bwhat is dipnot\b|\bi ask\b",
    identity=r"^\W*(?:so |and |but )?(?:what |who )?are you (?!sure|able|aware|saying)",
    of_itself=(
        r"work|answer|help|question|ask|quot|cit|speak|language|know|understand|mistake|wrong|make"
        r"|made|buil|creat|ai|artificial|intelligence|robot|human|bot|chatgpt|gpt|machine|program"
        r"|internet|online|connect|us|trust|source|text|document|book|name|call|kind"
        r"|kinds|example|show|give|tell"
        r"|invent|up|real|person|only|sometimes|read|learn|think|store|remember|dipnot"
        r"|should|things|type|sort|limit"
        r"|find|say|refus|repl|lie|thing"
    ),
    onward="next|following",
    backward="previous|preceding",
    contrasts=r"(?:and|but|so|what about|how about|then|and what about|and how about)\b",
    points_back=words("it this they them he she him those these there afterwards that then"),
    points_at=r"\b(?:these|those) [\w-]{3,}s\b",
    subject_pronouns="he|she|they",
    pronouns=words("it they them he she him her"),
    titles=words(
        """mr mrs ms miss sir lady lord dame dr doctor prof professor captain capt major maj colonel
        col general gen lieutenant lt king queen prince princess count father brother sister saint
        reverend rev judge president minister"""
    ),
    conditional=r"^\W*(?:and |but |or |so )*(?:what )?if\b(?!.*,)",
    ownerless="",
    personal=words("he she him her his"),
    who="who|whom|whose",
    changes=(
        r"(?:by the way|anyway|leaving that aside|moving on|back to the text)\b"
        r"|let'?s talk about(?: something else)?\b"
        r"|(?:ok |okay |now )?(?:let'?s (?:change|switch)|(?:a "
        r"|on a )?(?:different|another|new)"
        r"|changing|change of|change the|switching|moving) "
        r"(?:the |to another |to a different )?(?:topic|subject|question|matter|on)"
    ),
    verb="",
    question_words="who|whom|what|when|where|why|how|which",
    joins="and",
    compares=r"compar\w*|differ\w*|contrast\w*|versus|vs",
    joins_sides="and|with|to|from|versus|vs",
    tables=r"tables\b",
    listed=r"listed|list|lists|table|tables",
    events="happen(?:s|ed|ing)?|occur(?:s|red)?|tak(?:e|es|en)|took|place|events?|go(?:es|ing|ne)?|went",
    auxiliaries=_AUXILIARIES,
    yes_no=rf"^\W*(?:and |but |so )?(?:{_AUXILIARIES})\b",
    negates=_NEGATES,
    asks_no=_NEGATES,
    described=(
        r"(?<=\w )(?<!\bof )(?<!\bin )(?<!\bfor )(?<!\bto )(?<!\bby )(?<!\bat )(?<!\bon )"
        r"(?<!\bwith )(?<!\bfrom )(?<!\band )"
        r"\b(?:who|that|which|whose|if|unless|when|without)\b.*"
        # `tickets not used`: the verb of `did not` has no such ending, and `is not` is a clause
        r"|(?<=\w )(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!\bbeen )"
        r"(?<!\bhas )(?<!\bhave )(?<!\bhad )\bnot (?:yet )?\w{2,}(?:ed|en)\b.*"
    ),
    identifies=r"^\W*(?:(?:who|which|what) (?:is|are|was|were)|name|list)\b",
    negated_verb="",
    opens_clause=words("because since but although while when")
    | {"and (?:he|she|it|they|we|i|you)"},
    denies_behind=words("not never no cannot nor neither none without"),
    denies_before="",
    accepts=r"accept|agree|approv|adopt|introduc|grant|ratif|consent",
    rejects=r"(?:reject|forbid|forbad|refus|declin)\w*",
    cites=(
        r"\bsays?\b|\bsaid\b|\bcit(?:e|es|ed|ing)\b|\baccording to\b|\brests? on\b|\bbased on\b"
        r"|\btaken? from\b|\bsupport\w*\b|\bargues?\b|\bsources?\b|\bfrom\b|\breport\w*\b"
    ),
    works=(
        "article|paper|study|text|document|book|report|story|manual|memoir|booklet|unit|regulation"
        "|essay|thesis|chapter|brochure|by-law|statute|file|work|guide|handbook|novel|tale|leaflet"
    ),
    attributes=(
        r"\baccording to\b|\b(?:says?|said|argues?|argued|writes?|wrote|notes?|noted|holds?|held"
        r"|claims?|claimed|reports?|reported|observes?|observed|describes?|described|doubts?|doubted|thinks?"
        r"|thought|calls?|called|suggests?|suggested|shows?|showed|finds?|found|denies|denied|dates?)\b"
    ),
    byline=(
        r"(?:^|[.*_] *)(?i:(?:written |compiled |edited |told )?by|authors?)"
        r"(?:[ *_]*: *[*_]*| )[A-Z]"
        r"|\b(?:written|compiled|edited|prepared|put together) by (?:[A-Z]|Dr)"
    ),
    parts_of_text="section|chapter|part|article|appendix|clause|heading|paragraph",
    asks_text={
        "gist": (
            r"\bsummar(?:ise|ize)(?: (?:it|this|(?:this |the )?{a_work}))?(?:,? please)?\W*$"
            r"|\bwhat (?:is|are|does) (?:this|the|that|it|these)(?: (?:{work})s?)? "
            r"(?:all )?(?:about|deal with|cover|discuss|treat)\W*$"
            r"|\bwhat is (?:this|the) (?:{work})s? (?:\w+ )?about\b"
            r"|\bsummary of (?:this|the|it)\b|\b(?:gist|main (?:point|idea|argument|topic))\b"
        ),
        "conclusion": (
            r"\bconclusions?\b.{0,80}\b(?:say|state|argue|about)|\bin the conclusion\b"
            r"|\bhow does (?:the|this) (?:{work}) end\b|\bconclusions? of (?:the|this)\b"
        ),
        "footnote": r"\b(?:foot)?note (?:number |no\.? ?)?(?P<en1>\d{1,4})\b",
        "pages": r"\bhow many pages\b|\bhow long is (?:this|the) (?:{work})\b",
        "published": (
            r"\b(?:which|what) (?:journal|publisher)\b|\bwho published\b|\bpublished\b"
            r"|\bdoi\b|\bissn\b"
        ),
        "author": r"\bauthors? of (?:this|the) {a_work}|\bwho wrote (?:this|the) {a_work}",
        "keywords": r"\bkey ?words?\b|\bkey terms?\b",
        "documents": (
            r"\bwhich (?:{work})s (?:do|are|can)\b|\bwhat (?:{work})s (?:do|are|can)\b"
            r"|\bhow many (?:{work})s (?:are there|do you)\b"
        ),
        "title": r"\b(?:title|name) of (?:this|the) (?:{work})s?\W*$",
        "footnotes": r"\bhow many (?:foot)?notes\b",
        "references": r"\bhow many (?:references|sources|works)\b",
        "works": (
            r"\b(?:which|what|main|most(?: \w+)?) (?:are )?(?:the )?(?:main |most (?:used|cited) )?"
            r"(?:sources|references|works)\b.{0,30}\b(?:(?:{work})s?|authors?|cited?|used?)"
            r"(?: (?:cites?|uses?|most|often))*\W*$"
            r"|\bbibliography\b|\bwhat does (?:this|the) (?:{work}) cite\b"
        ),
        "sections": r"\bhow many (?:sections|chapters)\b|\bwhat are the (?:sections|chapters)\b",
        "section": (
            r"^(?=.*\b(?:whats?|summar\w*|sum up|gist|tell|describe|explain)\b).*\b(?:section"
            r"|chapter|appendix|foreword|preface|introduction"
            r"|part (?:called|named|titled|about|on)"
            r"|(?:part|article|clause) \w{1,3}\W*(?:\w+\W*)?$)\b"
        ),
    },
)  # fmt: skip
