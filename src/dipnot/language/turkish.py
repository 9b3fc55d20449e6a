"""Turkish: its words, months, abbreviations and endings.

Owns: all that the house knows of Turkish, as data; see ``words`` for what each part is.
"""

from __future__ import annotations

from dipnot.language.words import Words, words

_FUNCTION_WORDS = words(
    """ve ile bir bu su da de mi mu icin olarak gibi daha en ne nasil neden nicin niye kim kime
    kimin kimler hangi hangisi nerede kac kadar sonra once gore ama ancak fakat ya veya hem o
    onun bunun olan oldu olmustur ise ki her tum hic cok var yok acaba peki midir nedir kimdir
    neler nelerdir zaman"""
)
_THIS = r"(?:bu(?:nun|nlarin)?|bu (?:bilgi\w*|cumle\w*|soz\w*|alinti\w*|iddia\w*)) "

# Of a noun: its number, whose it is, its case, `-ki` and `-dir`; as the house folds letters.
_NOUN_ENDINGS = (
    r"(?:l[ae]r)?(?:s?[iu](?:n|m[iu]z)?)?"
    r"(?:n?[dt][ae]n?|(?:(?<=[aeiu])[yn])?(?:[ae]|[iu]n?)|y?l[ae])?(?:ki(?:l[ae]r\w*)?|d[iu]r)?"
)

TURKISH = Words(
    language="tr",
    function_words=_FUNCTION_WORDS | {"onu", "bunu"},
    nouns_alike=words("su"),
    telling=_FUNCTION_WORDS
    | words(
        """acikla anlat arasinda bana baska bize boyunca burada degil diger dolayi edildi etti
        hakkinda icinde idi karsi kimdi merhaba mudur nereye neydi orada selam simdi sirala
        soyle tarih tarihi uzerine ver yapti yazdi yil yili yilinda"""
    ),
    letters="[çğışöüÇĞİŞÖÜâîûÂÎÛ]",
    shape=(
        r"(?:lar|ler|lari|leri|larin|lerin|nin|nun|dan|den|tan|ten|nda|nde|di|du|ti|tu|mis|mus"
        r"|mistir|mustur|misin|misiniz|musun|dir|dur|tir|tur|iyor|uyor|acak|ecek|masi|mesi|sini"
        r"|sina|sine|siyla)$"
    ),
    anaphora=words(
        """bu bunu bunun buna bundan bunda bunlar bunlari bunlarin su sunu onu onun ona ondan onda
        onlar onlari onlarin orada oraya oradan burada buraya peki ya kendisi kendisini
        kendisine digeri bunlardan boyle soyle oyle ayni ikisi hepsi"""
    ),
    fillers="peki|ya|ve|tamam|lutfen|bana",
    months=tuple(
        """ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık""".split()
    ),
    counts_first=r"birinci(?:si|leri)?\b|ilki\b|(?:bunlar\w*|bunun) ilki\b",
    counts_on=r"(?:ikinci|ucuncu|dorduncu|besinci|altinci|sonuncu)(?:si|su|leri)?\b|son olarak\b",
    numbers=(
        "iki|uc|dort|bes|alti|yedi|sekiz|dokuz|on|yirmi|otuz|kirk|elli|yuz|bin|milyon|yarim"
    ),
    abbreviations=words(
        """s ss sf c cilt bkz krş sy vb vd vs vdğ yy yay haz çev der dr prof doç yrd arş gör öğr av
        nr nu md mad alb gen org tüm bnb yzb müh mim şti bl böl örn age agm agy çvr trc hz kur
        sok cad mah apt tel bşk imp ank rs üniv fak enst bk ord id bulv blv inş uzm
        korg tümg tuğg ütğm yb"""
    ),
    may_end=words("vb vd vs vdğ age agm agy der"),
    dotted_may_end=words("a.g.e a.g.m a.g.y v.b v.s v.d"),
    before_names=words("sn bn gnkur"),
    before_numbers=words("cd sk fık"),
    behind_names=r"(?:san|tic|ltd|şti|a\.\s?ş)\.",
    finite=(
        r"[dt][ıiuü](?:r|lar|ler|n|m|k)?|m[ıiuü]ş(?:lar|ler)?|yor(?:lar)?|[ae]c[ae]k|malı|meli"
        r"|[ıiuü]l[ıiuü]r"
    ),
    no_name=words(
        """bu şu o bunu şunu onu bunun bununla buna bunlar onlar onun biri bir birisi bazı bazıları
        kimi kimileri herkes ancak fakat ama oysa yine ayrıca ardından sonra önce daha böylece
        dolayısıyla nitekim hatta üstelik çünkü zira eğer gerçi özellikle aynı diğer her hiç ilk
        son ikinci üçüncü artık henüz sonuç nihayet kısaca örneğin mesela burada orada şimdi bugün
        dün belki elbette tabii siyasi ekonomik öte yandan ve veya ya ise de da ki gibi için kadar
        göre karşı rağmen"""
    ),
    opens=words(
        """bu şu bunu şunu onu bunun bununla buna bundan bunda bunlar bunları bunların onlar onun
        ona ancak fakat ama oysa yine ayrıca ardından sonra böylece dolayısıyla nitekim hatta
        üstelik çünkü zira eğer gerçi örneğin mesela kısaca"""
    ),
    may_close=words(
        "şti cad sok mah apt yy üniv fak enst kur gör gen böl av yay blv bulv"
    ),
    peoples=words(
        """Türk Rus Sovyet İngiliz Fransız Alman İtalyan Yunan Amerikan Ermeni Gürcü Arap İran
        Bulgar Rumen Macar Polonyalı Avusturya Japon Çin Osmanlı Batılı Avrupalı Müslüman"""
    ),
    adverbial=r"[dt][ae]n?|[ae]r[ae]k|ken|[ıiuü]nc[ae]|nl[ae]r",
    endings=words(
        """i in ini ina inda u un unu e de da te ta den dan ten tan ler lar lik li lu siz suz si su
        sini sina nin nun ni nu ne na nda nde ndan nden ye ya yi yu yle yla le la im um imi imiz
        iniz ci cu lari leri ligi lugu daki deki di du ti tu dik duk tik tuk dig dug mis mus iyor
        uyor yor ir er ar ur ecek acak ece aca en an yen yan me ma mek mak mesi masi erek arak ip
        up yip ince unca se sa il ul dir dur tir tur t irm ini ill ild ilm isi ic eme ama el es is
        mez maz meye maya"""
    ),
    asks={
        "date": (
            rf"\bne zaman|\bhangi (?:tarih|gun|yil|ay|sene){_NOUN_ENDINGS}(?:l[iu])?\b"
            r"|\bkac(?:inci)? (?:yil|sene)|\btarihi ne|\bne zmn\b"
        ),
        "number": r"\bkac(?:a|ta|tan|i)?\b|\bne kadar\b",
        "reason": (
            r"\bneden(?:i|iyle|leri)?\b|\bniye\b|\bnicin\b|\bsebeb\w*|\bsebep\w*|\bne amac\w*"
            r"|\bamaci\b|\bgerekce\w*|\bhangi etken\w*"
        ),
        "several": (
            r"\bneler\w*|\bkimler\w*|\bhangileri\w*|\bnereler\w*|\bmaddeler\w*|\bsirala\w*"
            r"|\bsayar mis\w*|\bhangi (?:\w+ )?\w+l[ae]r\w*\b|\bhepsi\w*|\bbutun\b|\btum\b"
            r"|\bsonuclari\b|\bnedenleri\b|\bsebepleri\b|\bkosullari\b|\bsartlari\b"
            r"|\b(?:iki|uc|dort|bes|alti) \w+"
        ),
        "chronology": (
            r"\bkronoloji\w*|\bsirasiyla\b|\btarihleriyle\b|\btarih sirasi\w*|\bzaman sirasi\w*"
            r"|\bgelismeler\w*|\b\d{4}\W?(?:ten|tan|den|dan) (?:\d{4}|bugun)\w*"
            r"|\b\d{4}\s?[-–]\s?\d{4} (?:arasi\w*|yillari\w*)|\basamalar\w*"
        ),
        "source": (
            r"\bkaynak\w*|\bkaynag\w*|\bhangi (?:eser|belge|arsiv|calisma|yazar)\w*|\batif\w*"
            r"|\bneye dayan\w*|\bkime dayan\w*|\bkimden aktar\w*|\bdipnot\w*"
        ),
        "abridged": r"\b(?:ozet\w*|oz (?:kism|bolum)\w*)",
        "byline": (
            r"\b{text} (?:yazar\w+ (?:adi )?|yazan |kaleme alan )kim"
            r"|\b{text} yazar\w* (?:adi|ismi) ne"
            r"|\b{text} kim\w*(?: tarafindan)? (?:yaz|kaleme|hazirla)"
            r"|^\W*(?:peki |ya )?yazar[il]\w* kim|\b{text} (?:adi|ismi|basligi) ne"
        ),
    },
    noun_endings=_NOUN_ENDINGS,
    text_nouns="makale|yazi|calisma|metn|metin|kitap",
    front=r"yazar\w*|yazan\w*|yazmis\w*|yazdi|baslig\w*|baslik|adi ne\w*|anahtar|jel|turu",
    more=(
        r"daha(?: fazla(?:si)?(?: bilgi)?)?(?: (?:ver|goster|anlat|var mi|neler var))?"
        r"|biraz daha|devam(?: et| edin)?|baska(?: (?:ne|neler))?(?: var)?(?: mi)?"
        r"|dahasi(?: var mi)?"
    ),
    source=(
        rf"(?:{_THIS})?(?:hangi |hani )?(?:kaynak\w*|kaynag\w*|dayana[gk]\w*|referans\w*)"
        r"(?: (?:ne(?:dir|ydi)?|neresi|hangisi|hangileri|goster|ver|kim|kime ait))?"
        rf"|(?:{_THIS})(?:hangi )?(?:kaynag\w*|kaynak\w*|esere?|kime|neye)"
        r"(?: (?:dayaniyor|dayali|ait|geciyor|dayandirilmis|dayandiriliyor))?"
    ),
    abstracts=words("oz ozet"),
    summaries=frozenset({"genisletilmis ozet", "genis ozet"}),
    bibliographies=frozenset(
        (
            "kaynakca", "kaynaklar", "kaynak listesi", "yararlanilan kaynaklar",
            "secilmis kaynakca", "bibliyografya", "kaynakca/references",
        )
    ),
    conclusions=words("sonuc sonuclar degerlendirme"),
    courtesies=words(
        """merhaba merhabalar selam selamlar slm mrb aleykum aleykumselam gunaydin tesekkurler
        tesekkur tesekkurederim sagol sagolun eyvallah sag evet hayir tamam tamamdir peki olur
        anladim anlasildi guzel harika super iyi hayirli kolay hosca hoscakal gorusuruz gorusmek
        elveda rica aferin bravo tebrikler hosbulduk naber nasilsin nasilsiniz memnun elinize
        ellerine helal teskr tsk tskler ok okey"""
    ),
    thanks=words(
        """tesekkurler tesekkur tesekkurederim sagol sagolun sag eyvallah elinize ellerine teskr tsk
        tskler"""
    ),
    courteous=words(
        """aksamlar geceler gunler sabahlar isler gelsin kal kalin ol olun olsun ederim ederiz et
        hocam arkadasim dostum cok size sana saglik uzere yarin sonra simdilik bu kadar yeter
        yeterli hepsi o oldum isime yaradi yardimin yardimci oldu icin cevap dogru is gayet pek da
        de arada ya ve bir sey yok baska sorum demek selamun bay teyze abi artik gorusuruz iyiyim"""
    ),
    addresses=(
        r"\bsen(?:i|in|de|den|le)?\b|\bsana\b|\bsiz(?:i|in|e)?\b|\bsorabilirim\b|\bsorayim\b"
        r"|\b(?:misin|musun|misiniz|musunuz)\b|\w(?:yorsun|yorsunuz|bilirsin|bilirsiniz)\b"
        r"|\w[iuae]rsin(?:iz)?\b|^yardim(?: et)?\W*$|\bdipnot (?:nedir|kim|ne)\b|\w(?:mez|maz)sin\b"
    ),
    identity=(
        r"(?<![aeiou]r )(?<!z )\bm[iu]s[iu]n(?:iz)?\W*$|^\W*(?:peki )?(?:sen|siz) (?:kim|ne)s[iu]n"
    ),
    of_itself=(
        r"calis|yap|yarar|bil|sor|soru|cevap|yanit|ver|ornek|yardim|et|konus|anla|dil"
        r"|internet|bagli|yapay"
        r"|zeka|robot|insan|makine|program|bot|chatgpt|gpt|model|yanlis|hata|guven|uydur|kaynak"
        r"|alinti|metin|metn|metinler|kitap|belge|goster|yaz|oku|ad|ism|isim|kim|ogren"
        r"|dusun|ise|bazen|sadece"
        r"|dogru|sakla|kaydet|dipnot|ozellik|bul|gercek|tur|soyle|bana"
    ),
    onward="(?:bir )?sonraki|ertesi",
    backward="(?:bir )?onceki",
    contrasts=r"(?:peki(?: ya)?|ya|ve)\b(?!\s+da\b)",
    points_back=words(
        """bunu bunun buna bundan bunda bunlar bunlari bunlarin bunlara bununla onu onun ona ondan
        onda onlar onlari onlarin onlara orada oraya oradan kendisi kendisini kendisine digeri
        bunlardan onlardan bu o su sonrasinda oncesinde karsiliginda ayni ikisi"""
    ),
    points_at=r"\b(?:bu|su) \w{3,}",
    subject_pronouns="o|onlar",
    pronouns=words("o onu ona onun onda ondan onlar onlari onlara onlarin"),
    titles=words("bay bayan dr doktor prof profesor sayin kral kralice prens prenses sultan"),
    conditional=(
        r"(?:\w\w(?:[iuae]r|[ae]z|d[iu]y|m[iu]s|yor|y)|\bvar|\byok)s[ae](?:m|n|k|n[iu]z|l[ae]r)?\W*$"
    ),
    ownerless=r"^(?!.*\b\w+n?[iu]n\b).*\b\w+(?:lari|leri|[aeiou]s[iu]) (?:var|yok)(?!\s+iken)",
    personal=words("o onu ona onun onda ondan onunla kendisi kendisini kendisine"),
    who="kim|kime|kimi|kimdi|kimdir|kimin|kimden|kiminle",
    changes=(
        r"(?:bu arada|neyse)\b|(?:metne|konuya|baska konuya) donelim|farkli bir sey\b"
        r"|(?:peki |simdi )*\w+[ae] gecelim|(?:peki |neyse "
        r"|simdi )?(?:baska (?:bir )?(?:konu|soru)\w*"
        r"|konuyu? (?:degis\w*|baska)|(?:baska )?bir sey (?:daha )?sor\w*"
        r"|konu degis\w*|farkli (?:bir )?konu\w*|yeni (?:bir )?(?:konu"
        r"|soru)\w*)(?: (?:gec\w*|degis\w*|sor\w*))*"
    ),
    verb=(  # `gitti`, but no `-ti` behind a vowel, as in `ücreti`
        r"(?:(?:d|(?<=[cfhkpst])t)[iu](?:lar|ler)?|m[iu]s(?:t[iu])?(?:lar|ler)?|[iu]yor(?:du|lar|lardi)?"
        r"|[ae]c[ae]k(?:ti)?|(?:m[ae]l[iu])|[iu]l[iu]r|[ae]bil[iu]r)$"
    ),
    question_words=(
        "(?:kim(?:ler)?(?:in|e|i|de|den|le|inle)?|ne(?:ler|yi|ye|yin|yle|yden|si)?"
        "|nere?(?:de|den)|nere(?:ye|li|si)|neden|nicin|nasil|kac(?:a|i|inci|ta|tan)?"
        "|hangi(?:si|leri)?)(?:y?[dt]i|y?mis|[dt]ir)?(?:ler|lar)?"
        r"|(?:kimler|neler|nereler|hangisi|hangileri)\w*"
    ),
    joins="ve",
    compares=(
        r"karsilastir\w*|kiyasla\w*|fark(?!\w* e[dt]|ina\b|inda)\w*|hangisi (?:daha|en)\b"
        r"|benzerlik\w*"
    ),
    joins_sides="ve|ile",
    tables=r"tablo",
    listed=r"liste\w*|tablo\w*|siralan\w*|sayilan\w*|sayilmis",
    events=(
        r"ol(?:du|an|ay|mus|uyor)\w*|yasan\w*|gelis(?:ti|me)\w*|gerceklesti\w*"
        r"|bit(?:ti|mis|er)\w*|basla(?:di|mis|r)\w*"
    ),
    auxiliaries="",
    yes_no=r"\b(?:mi|mu)(?:dir|ydi|ydu|yd[iu]|sin|siniz)?\b|\bgeciyor mu\b",
    negates=(
        r"\b(?:degil\w*|yok(?!sa)\w*|hicbir\w*|hic)\b|\b\w{2,}m[ae](?:d[iu]|m[iu]s|m[ae]l[iu]|yac|yec"
        r"|z(?:d[iu]|m[iu]s|s[ae])?(?:l[ae]r)?\b"
        r"|yan|yen|dan\b|den\b|dig|mak|mek|ks[iu]z)\w*|\b\w{2,}m[iu]yor\w*"
    ),
    asks_no=(  # a finite verb stands last; `namaz` and `komediyi` are no verbs
        r"\b(?:degil\w*|yok(?!sa)\w*|hicbir\w*|hic)\b"
        r"|\b\w{2,}(?:m[ae](?:m[iu]s|m[ae]l[iu]|yac|yec|yan|yen|dig|mak|mek|ks[iu]z)|m[iu]yor)\w*"
        r"|\b\w{2,}m[ae](?:d[iu]\w*|z(?:d[iu]|m[iu]s)?(?:l[ae]r)?)\b"
        r"(?=\W*$|[,;:]| (?:ve|ama|ya da)\b)"
    ),
    described=(  # a participle before its noun, a condition, a manner
        r"\b(?=\w++ \w++ \w)\w{2,}m[ae](?:m[iu]s\b|y[ae]n\w*|d[iu][gk]\w*|y[ae]c[ae]\w*)"
        r"|\b(?=\w++ \w)\w{2,}m[ae](?:zs[ae]|m[iu]ss[ae]|d[iu]ys[ae]|d[ae]n)\w*"
    ),
    identifies=r"\b(?:hangi|kim|ne)\w*\W*$",
    negated_verb=(
        r"(?:y?[ae])?m(?:[ae](?:d[iu]|m[iu]s|m[ae]l[iu]|z|yac|yec|yan|yen|dan|den|dig)|[iu]yor)"
        r"\w*"
    ),
    opens_clause=words("cunku ancak ama fakat"),
    denies_behind=frozenset(),
    denies_before=r"(?:yok|degil)\w*",
    accepts=r"kabul et|kabul ed|onayla|benimse|razi ol|izin ver|riza goster",
    rejects=r"(?:reddet|reddedil|yasak)\w*",
    cites=(
        r"\bne (?:diyor|der|demis|yaziyor|soyluyor|aktariyor|anlatiyor)\b|\bgore\b|\batif\w*"
        r"|\bdayan\w*|\baktar\w*|\balinti\w*|\bkaynak\w*|\bkaynag\w*|\bverdigi\b|\byorumlu\w*|\bdegerlendir\w*"
        r"|\bgosteril\w*|\bhangi (?:bilgi|cumle|ifade)\w*"
    ),
    works=(
        "makale|metin|metn|yazi|calisma|kitap|kitab|belge|dokuman|rapor|oyku|hikaye|unite|yonetmelik"
        "|yonetmelig|kilavuz|eser|ders|bildiri|tez|anilar|sozlesme|tuzuk|tuzug|brosur|kitapcik|hatirat"
        "|roman|masal"
    ),
    attributes=(
        r"\bgore\b|\b(?:soyl|yaz|belirt|aktar|anlat|savun|degerlendir|yorumla|tanimla|nitele|iddia"
        r"|vurgula|dile getir|ileri sur|one sur|kaydet|kayded|bagla|goster|hesapla|tarihle"
        r"|acikla)\w*|\bder\b|\bdedigi\w*|\bdeyisi\w*|\bbulur\b|\bgorur\b"
    ),
    byline=(
        r"(?i:\b(?:yazan|yazar(?:[ıl]\w*+)?|anlatan|hazırlayan|derleyen|kaleme alan))"
        r"[ *_]*: *[*_]*[A-ZÇĞİÖŞÜ]"
        r"|\b[A-ZÇĞİÖŞÜ]\w*+ tarafından (?:yazıl|derlen|hazırlan|kaleme alın)"
    ),
    parts_of_text="bolum|kisim|kism|madde|fasil|baslik|baslig",
    asks_text={
        "gist": (
            r"\bozetle(?:r misin|yin|)\b|\b(?:bu |bana )?{a_work} (?:kisaca )?(?:ozet\w*"
            r"|(?:ne|neyi|neler|nelerden) (?:anlat\w*|bahse\w*|hakkinda\w*|uzerine"
            r"|isle\w*|soylu\w*)"
            r"|ne(?:yle)? ilgili|hangi konu\w*|konusu ne\w*|ana (?:fikri|konusu)\w*)"
            r"|^\W*(?:peki )?(?:konu|konusu) ne\w*\W*$|\bbu {a_work} neler ogren\w*"
        ),
        "conclusion": (
            r"\bsonuc (?:bolum|kism|kisim)\w*|\b{a_work} (?:nasil bit\w*"
            r"|sonuc\w* ne\b)"
        ),
        "footnote": (
            r"\bdipnot\w* (?:no\w* )?(?P<tr1>\d{1,4})\b"
            r"|\b(?P<tr2>\d{1,4})\W{0,2}(?:\w{1,3} |numarali |nolu )?"
            r"dipnot"
        ),
        "pages": r"\bkac sayfa\w*",
        "published": (
            r"\bhangi (?:dergi|yayinevi|yayin evi)\w*|\b(?:ne zaman|hangi yil) yayi\w*"
            r"|\byayimla\w*|\bdoi\b|\bissn\b"
            r"|\bkim yayi\w*"
        ),
        "author": r"\b{a_work} yazar\w*|^\W*(?:peki )?yazar[il]\w* kim",
        "keywords": r"\banahtar (?:kelime|sozcuk|kavram)\w*",
        "documents": (
            r"\bhangi {a_work} (?:var|bil|yuklu|mevcut)\w*|\bkac {a_work} var\b"
            r"|\belinde (?:hangi|ne)\w*|\b(?:{work})(?:ler|lar) neler\b"
        ),
        "title": r"\b{a_work} (?:adi|ismi|basligi) ne\w*\W*$",
        "footnotes": r"\bkac (?:tane )?dipnot\w*",
        "references": r"\bkac (?:tane )?(?:kaynak|kaynag|eser|atif)\w*",
        "works": (
            r"\b(?:hangi|baslica|temel|ana|en cok) (?:\w+ )?(?:kaynak|eser)\w* .{0,20}"
            r"(?:yararlan|kullan|basvur|atif)\w*(?: \w+)?\W*$"
            r"|\b(?:{a_work}|yazar\w*) (?:baslica |temel |ana |en cok )?kaynaklari\w*"
            r"(?: ne\w*| hangi\w*)?\W*$|\bkaynakca\w*"
        ),
        "sections": r"\bkac (?:tane )?bolum\w*|\bbolum(?:ler|leri) neler",
        "section": (
            r"^(?=.*\b(?:ne|neler|neyi|nelerden|ozet\w*|anlat\w*|acikla\w*|hakkinda)\b)"
            r".*\b(?:bolum|kisim|kism|madde|fasil)(?!ler|lar)\w*"
        ),
    },
)  # fmt: skip
