"""Words that names are made of, in Turkish and English: lands, peoples, months, offices, works.

Owns: which of them mean the same, as data of the languages. Names of persons and lesser places
are not here: those go by their spelling, see ``transliteration``.
"""

from __future__ import annotations

from collections.abc import Mapping

from dipnot.language.folding import fold
from dipnot.language.known import KNOWN

# A line a meaning: Turkish words, then English ones, all folded.
_MEANINGS = """
turkiye turk turkce turkler = turkey turkiye turkish turk turks
osmanli = ottoman ottomans
rusya rus ruslar rusca = russia russian russians
sovyet sovyetler sscb = soviet soviets ussr
sscb = union socialist republics
ingiltere ingiliz ingilizler ingilizce britanya = england english britain british uk
birlesik krallik = united kingdom uk
fransa fransiz fransizlar fransizca = france french
almanya alman almanlar almanca = germany german germans
italya italyan italyanlar italyanca = italy italian italians
yunanistan yunan yunanlilar yunanca rum = greece greek greeks
ermenistan ermeni ermeniler = armenia armenian armenians
gurcistan gurcu gurculer = georgia georgian georgians
azerbaycan azeri = azerbaijan azerbaijani azeri
iran fars acem = iran iranian persia persian
irak = iraq iraqi
suriye = syria syrian
misir = egypt egyptian
arap arabistan arapca = arab arabs arabia arabian arabic
bulgaristan bulgar = bulgaria bulgarian bulgarians
romanya rumen romen = romania romanian rumania
macaristan macar = hungary hungarian
polonya leh polonyali = poland polish
avusturya = austria austrian
isvicre = switzerland swiss
ispanya ispanyol = spain spanish
portekiz = portugal portuguese
hollanda felemenk = netherlands dutch holland
belcika = belgium belgian
isvec = sweden swedish
norvec = norway norwegian
danimarka = denmark danish
finlandiya fin = finland finnish
amerika abd amerikan birlesik devletleri = america american us usa united states
japonya japon = japan japanese
cin cinli = china chinese
hindistan hint = india indian
afganistan afgan = afghanistan afghan
ukrayna = ukraine ukrainian
yugoslavya = yugoslavia yugoslav
sirbistan sirp = serbia serb serbian
arnavutluk arnavut = albania albanian
kibris = cyprus cypriot
istanbul = istanbul constantinople
izmir = izmir smyrna
edirne = edirne adrianople
selanik = salonica thessaloniki salonika
atina = athens
londra = london
paris = paris
viyana = vienna
cenevre = geneva
lozan = lausanne
kudus = jerusalem
kahire = cairo
sam = damascus
bagdat = baghdad
avrupa avrupali = europe european
asya = asia asian
afrika = africa african
balkan balkanlar = balkan balkans
kafkas kafkasya kafkaslar = caucasus caucasian transcaucasia
kafkas guney = transcaucasian
anadolu = anatolia anatolian
trakya = thrace thracian
orta dogu ortadogu = middle east
karadeniz = black sea
akdeniz = mediterranean sea
ege = aegean sea
bogaz bogazi bogazlar bogazlari = strait straits bosphorus bosporus dardanelles
canakkale = dardanelles gallipoli
kuzey = north northern
guney = south southern
dogu sark = east eastern
bati garp = west western
deniz = sea
gol = lake
nehir irmak = river
ada = island isle
dag = mountain mount
kopru = bridge
istasyon gar = station
liman = port harbour harbor
sehir kent = city town
koy = village
dunya cihan = world
savas harp harbi muharebe = war battle
kurtulus istiklal bagimsizlik milli = independence liberation
baris sulh = peace
mutareke ateskes = armistice
devrim ihtilal inkilap = revolution revolutionary
antlasma anlasma muahede pakt sozlesme protokol antant = treaty agreement pact convention
pakt misak itilaf protokol antant = pact accord protocol entente agreement
dostluk = friendship
tarafsizlik = neutrality
saldirmazlik = non aggression
konferans kongre = conference congress
cumhuriyet cumhuriyeti = republic
imparatorluk imparatorlugu = empire
kralligi krallik = kingdom
birlik birligi = union unity
cemiyet cemiyeti = league society
milletler uluslar = nations
millet milli ulus ulusal = nation national
meclis = assembly parliament council
buyuk = great grand big
hukumet = government cabinet
devlet = state states
bakan bakanlik bakanligi vekil vekalet = minister ministry commissar
disisleri hariciye = foreign affairs
basbakan basvekil = prime minister premier
komiser komiserligi = commissar commissariat commissioner
baskan cumhurbaskani reis = president chairman
buyukelci elci elcilik sefir = ambassador envoy embassy minister
padisah sultan = sultan
car carlik = tsar tsarist czar
halife halifelik = caliph caliphate
pasa = pasha
bey = bey
ordu = army
donanma = navy fleet
parti firka = party
komunist = communist communists
sosyalist = socialist socialists
bolsevik = bolshevik bolsheviks bolshevist
musluman islam = muslim muslims islam islamic
hristiyan hiristiyan = christian christians
yahudi = jew jews jewish
universite = university
fakulte = faculty
enstitu = institute
okul mektep = school
ogrenci = student
rektor = rector
senato = senate
dergi mecmua = journal magazine
gazete = newspaper gazette
makale = article paper
madde = article clause
bolum kisim = chapter section part
ek = annex appendix
kanun yasa = law act
yonetmelik tuzuk = regulation regulations
anayasa = constitution
komisyon = commission
komite = committee
kurul = board council
merkez merkezi = central centre center
banka = bank
sirket = company
plan = plan
yillik = year annual
"""
_WEEK = {
    "pazartesi": "monday", "sali": "tuesday", "carsamba": "wednesday", "persembe": "thursday",
    "cuma": "friday", "cumartesi": "saturday", "pazar": "sunday",
}  # fmt: skip


def _meanings() -> Mapping[str, frozenset[int]]:
    lines = [line for line in _MEANINGS.strip().splitlines() if line]
    groups = [line.replace("=", " ").split() for line in lines]
    groups += [list(day) for day in _WEEK.items()]
    groups += [[fold(name) for name in month] for month in zip(*(own.months for own in KNOWN))]  # noqa: B905 - twelve each
    found: dict[str, set[int]] = {}
    for number, words in enumerate(groups):
        for word in words:
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


MEANINGS = _meanings()
"""Of each folded word the numbers of its meanings; two words that share one mean the same."""

# Words with a capital that name nothing: what sentences open with.
OPENERS: frozenset[str] = frozenset(
    """according along although because besides between despite due during each eventually every
    everyone everything except furthermore given however initially instead just like likewise
    moreover nevertheless nobody nothing only originally otherwise overall people perhaps previously
    rather recently regarding several similarly since someone something still such therefore through
    throughout together towards under unlike upon usually various what whatever where whereas while
    within without yes no talks relations trade cooperation negotiations contacts aid help support
    money workers users readers visitors students teachers members ships trains these
    work building construction signing
    boylelikle bununla bunlarin dolayi genel hem her herhangi iliskiler isbirligi kisaca metin metne
    nihayetinde onlara onlarin ote pek sadece soz sonrasinda surekli tam ticaret yalniz yalnizca
    yapilan yardim yani yeni zamanla boyle oyle ayrica ayni bazi birlikte bunlar cok cogu
    gorusmeler herkes iki iliski insanlar kullanici ogrenciler okuyucu""".split()
)
