"""What is written with a capital and is nobody: days, lands, brands, and the ordinary words that begin a sentence.

Lists like these never end; they need only make a wrong name rare. A person's name that is also a word (Will, Grace) is
left to how it stands in its sentence.
"""

import re
from functools import lru_cache

from bot.text import unmarked
from bot.understand.phrases import vocabulary
from bot.understand.search import stem

_TIMES = """
    santa monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    mondays january february march april may june july august september october november december jan feb mar apr
    jun jul aug sep sept oct nov dec spring summer autumn winter fall christmas xmas easter eid ramadan diwali
    hanukkah chanukah passover pesach shabbat sabbath lent advent halloween thanksgiving valentine valentines
    epiphany pentecost holi nowruz vesak carnival carnaval juneteenth purim noel iftar boxing hogmanay kwanzaa
"""
_LANDS = """
    english spanish french german italian portuguese dutch polish russian ukrainian arabic turkish greek hindi urdu
    bengali punjabi tamil chinese mandarin cantonese japanese korean vietnamese thai hebrew yiddish latin swedish
    norwegian danish finnish icelandic irish scottish welsh british american canadian australian brazilian mexican
    african asian european indian pakistani iranian persian farsi syrian afghan somali ethiopian nigerian ghanaian
    kenyan swahili romanian bulgarian hungarian czech slovak croatian serbian bosnian albanian lithuanian latvian
    estonian catalan basque galician swiss austrian belgian filipino tagalog malay indonesian nepali kurdish gaelic
    esperanto egyptian moroccan algerian colombian peruvian argentinian chilean cuban jamaican texan mediterranean
    christian christians muslim jewish jew jews hindu buddhist sikh catholic protestant quaker quakers orthodox
    mormon bible quran koran torah islam god lord jesus buddha allah zen england scotland wales ireland britain uk
    usa us eu america canada mexico brazil argentina chile peru colombia spain portugal france germany italy
    netherlands holland belgium switzerland austria poland russia ukraine greece turkey romania bulgaria hungary
    czechia croatia serbia sweden norway denmark finland iceland estonia latvia lithuania europe africa asia egypt
    morocco nigeria ghana ethiopia somalia sudan syria iraq iran afghanistan pakistan bangladesh nepal china japan
    korea taiwan vietnam thailand indonesia malaysia singapore philippines australia zealand lebanon palestine gaza
    venezuela cuba jamaica haiti california texas florida york jersey ontario quebec london manchester birmingham
    leeds liverpool bristol glasgow edinburgh cardiff belfast dublin oxford cambridge brighton paris lyon marseille
    berlin munich hamburg cologne frankfurt vienna zurich geneva brussels amsterdam rotterdam utrecht copenhagen
    oslo stockholm helsinki warsaw krakow prague budapest bucharest athens rome milan naples venice turin madrid
    barcelona seville valencia lisbon lisboa porto braga coimbra faro istanbul ankara moscow kyiv kiev lviv odesa
    cairo lagos nairobi accra johannesburg delhi mumbai bangalore chennai kolkata karachi lahore dhaka tokyo osaka
    kyoto beijing shanghai seoul bangkok hanoi manila jakarta melbourne perth brisbane auckland wellington toronto
    montreal vancouver boston chicago seattle portland denver dallas houston miami atlanta philadelphia washington
    detroit bronx manhattan brooklyn queens francisco angeles vegas rio paulo janeiro bogota lima quito havana
"""
_BRANDS = """
    google gmail android apple iphone ipad mac macbook windows microsoft excel word powerpoint outlook teams office
    onedrive sharepoint zoom skype slack discord telegram whatsapp signal facebook instagram insta twitter mastodon
    bluesky tiktok snapchat linkedin reddit youtube netflix spotify amazon kindle alexa siri ebay etsy vinted paypal
    venmo uber lyft bolt airbnb tinder duolingo wikipedia wordpress canva figma photoshop adobe notion trello jira
    asana github gitlab git stackoverflow stack overflow chatgpt openai claude copilot gemini python rust java
    javascript typescript django react node linux ubuntu debian arduino raspberry docker kubernetes postgres excel
    latex vim emacs bluetooth wifi internet wi-fi nintendo switch playstation xbox minecraft fortnite roblox lego
    pokemon scrabble dungeons wordle tetris aldi lidl tesco sainsbury sainsburys waitrose asda morrisons walmart
    costco target ikea primark boots decathlon starbucks mcdonalds mcdonald nando nandos greggs subway domino
    dominos wendy wendys denny dennys continente pingo doce mercadona carrefour rewe edeka kaufland superdrug
    walgreens levis kellogg macy macys moody trader oxfam amnesty greenpeace unicef samaritans scouts brownies
    rotary lions salvation caritas barnardo shelter mind covid corona brexit wimbledon olympics eurovision marvel
    disney hogwarts potter tolkien shakespeare kafka bach beethoven mozart chopin beatles tenfold bitcoin tetrapak
    mercedes toyota ford honda volkswagen bmw audi tesla volvo fiat renault skoda vespa xerox canon epson hoover
    thermomix peloton strava fitbit garmin parkrun
"""
_FUNCTION = """
    i a an the this that these those my your his her its our their mine yours hers ours theirs me you he she it we
    they him us them myself yourself himself herself itself ourselves themselves who whom whose which what when
    where why how and or but so because if then than though although while until since before after during as like
    with without for from to of in on at by about into onto over under up down out off near through between among
    against around across behind beside besides despite except per via no not never yes yeah yep ok okay nope nah
    none nothing something anything everything nobody somebody anybody everybody someone anyone everyone one two
    three four five six seven eight nine ten eleven twelve dozen half both either neither each every all some any
    many much more most few less least several other another others same such own only just even also too very quite
    rather really still yet already again once twice first second third last next new old later now soon today
    tonight tomorrow yesterday always often sometimes usually maybe perhaps probably here there everywhere be am is
    are was were been being do does did done doing have has had having can could will would shall should may might
    must let lets im ive id ill dont didnt cant couldnt wont wasnt isnt its thats theres heres whats hes shes were
    oh ah um uh hm hmm well hi hey hello dear sorry please thanks thank cheers lol haha ha wow yay ugh tbh imo btw
    fyi mr mrs ms mx dr prof st ps nb eg ie etc aka asap diy cv nhs tv pc pdf rip bbq hr pta ngo it's congrats
    congratulations bye goodnight instead otherwise anyway however therefore meanwhile plus minus apart together
    alone away back home ago unless whatever whoever whenever wherever whether
"""
_NOUNS = """
    secret roast blood eve sushi ramen pho hobbit week month year morning afternoon evening night midnight noon
    weekend day time hour minute moment birthday holiday anniversary wedding funeral party breakfast lunch dinner
    supper brunch tea coffee cake bread sourdough starter soup cookie biscuit pie pizza pasta curry rice loaf food
    meal water wine beer milk fruit apple banana jam honey flower plant garden tree grass seed vegetable tomato
    kitchen house flat room door window table chair bed sofa shelf roof stairs street road avenue lane park square
    bridge river lake sea beach mountain forest hill field town city village country world earth nature weather rain
    snow sun wind storm heat cold church mosque temple synagogue choir school college university nursery
    kindergarten class course lesson homework exam test essay thesis paper project hospital clinic ward shift
    handover patient nurse doctor surgeon surgery therapist medicine operation illness flu fever pain work job
    office desk meeting call email mail message text letter card note post parcel package package report
    presentation document form file sheet spreadsheet code script bug app website page site forum group chat server
    computer laptop phone printer keyboard screen camera photo picture video film movie series music song guitar
    piano violin band concert show theatre play book story poem novel library museum gallery game match team club
    football soccer tennis basketball cricket rugby hockey yoga gym run walk hike swim bike cycle car van bus train
    tram taxi lift ride plane flight airport station trip journey tour visit market shop store supermarket bakery
    café cafe restaurant pub bar hotel bank money cash budget tax rent bill charity donation food bank volunteer
    volunteers committee council party election neighbour neighbor friend mate colleague coworker boss manager team
    client customer guest stranger people person man woman boy girl guy lady kid child children baby toddler
    teenager student pupil teacher trainer coach beginner newbie newcomer refugee homeless driver postman pensioner
    family parent mother father mum mom dad gran grandma grandad grandpa granny nan sister brother son daughter aunt
    uncle cousin niece nephew wife husband partner girlfriend boyfriend ex flatmate roommate housemate landlord
    intern trainee apprentice mentor assistant dog cat puppy kitten bird hen chicken bee horse rabbit fish pet thing
    stuff life love hope help hand ear shoulder hug laugh smile joke chat talk advice idea plan question answer
    problem mistake issue reason way bit lot couple part kind sort example update recap summary news info list total
    number point fact truth word name job deadline chaos bonus surprise gift present favour favor turn deed kindness
    patience support comfort company presence time effort hardest best worst highlight lowlight win fail success
    luck traffic training practice rehearsal lessons proofreading translation interview resume application reference
    recommendation repair clothes jacket coat shoes socks glasses key keys wallet bag box bin bins rubbish trash
    laundry dishes washing ironing cleaning cooking baking gardening knitting sewing painting drawing writing
    reading listening teaching helping driving babysitting volunteering good great nice lovely big small little long
    short quick slow easy hard tough busy quiet calm tired sick ill happy sad glad proud sure simple free full empty
    early late young poor rich whole main usual normal regular weekly daily monthly local public private social
    online virtual offline open closed hot warm cool dry wet nothing's red blue green black white yellow orange pink
    purple brown silver gold north south east west northern southern cross court cathedral centre center society
    foundation institute academy bookshop hall tower castle palace central international national royal saint holy
    high low upper lower
"""
_DEEDS = """
    accompany add agree answer apologise arrange ask attend babysit bake be beat begin bike book borrow break bring
    brew build buy call calm care carry catch celebrate change chat check cheer clean clear climb coach collect
    comfort compliment congratulate contact cook copy cover credit cut cycle dance deal debug decide defend deliver
    did dig donate draw drive drop edit encourage end enjoy explain feed feel fetch fill find finish fix fold follow
    forgive forget gave get give go got greet grow guide hang hear help hold host hug include install introduce
    invite join keep kept knit know laugh lead learn leave lend let lift like listen log look lose love made mail
    make manage massage meet mend mentor mind miss mostly move mow nod offer order organise pack paint pass pay
    phone pick plan play polish post practise praise pray prepare print promise proof proofread provide pull push
    put raise ran read recommend record remember remind repair repeat replace reply report rescue ride ring run said
    sat save saw say see sell send set sew share shovel show sing sit skip sleep smile solve sort speak spend spot
    stand start stay stop support swap swim switch take talk taught teach tell text thank think throw tidy tip took
    train translate treat try tutor understand unload use visit volunteer wait wake walk want warn wash watch water
    welcome went work worry wrap write wrote zoomed messaged
"""
_LIKE_WORDS = vocabulary("""
    grace hope faith joy rose bill rob pat jack art dawn frank grant drew sue bob nick chase dean will mark june
    april may august penny ginger ruby daisy lily ivy iris violet holly heather olive basil rosemary amber crystal
    summer autumn robin martin jay wren sunny sky angel christian ray guy gene max miles paris sydney chelsea austin
    jordan georgia victoria florence charlotte india brooklyn milan sofia alexandria mercedes dale glen brook sandy
    rusty carol cherry clay dolly don harry jimmy josh pearl peter randy rich rocky sage star skip stew tony trip
    ward wade hunter mason carter cooper parker taylor tyler page earl duke king prince baron bishop pope song can
    per pip bo chip chuck dot fern flora gay grey jean jewel lane lee love mike mo nan norm pan rich sally scott tab
    tad ty van vic viola wiley patience constance charity mercy prudence honey candy sherry brandy misty stormy reed
    heath forest cliff rusty
""")
"""Names that are words as well: in small letters they are words."""

_NAMES_IN_ED = vocabulary("""
    ahmed mohammed mohamed muhammed hamed saeed sayed syed fareed waleed khaled jared alfred wilfred manfred
    winifred mildred hameed majed rasheed naveed javed zayed ted fred ned red obed mohamad
""")
_NAMES_IN_LY = vocabulary("""
    emily kelly sally molly holly polly billy lily lilly willy carly beverly kimberly shelly nelly elly ally milly
    dolly wally tilly charly elly evely karly marly ly sully reilly oreilly connolly donnelly
""")
_NAMES_IN_ING = vocabulary("sterling channing golding fielding browning harding gissing manning keating")
_SHAPES = re.compile(
    r".{3,}(?:tions?|ments?|ness|ship|ships|ful|less|able|ible|ously|self|selves|body|thing|things|ology|ities)"
)
TIMES = vocabulary(_TIMES)
PROPER = TIMES | vocabulary(f"{_LANDS} {_BRANDS}")
"""What has a capital wherever it stands."""

NOBODY = PROPER | vocabulary(_FUNCTION)


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in f"{_NOUNS} {_DEEDS}".split())


@lru_cache(maxsize=4096)
def ordinary(word: str) -> bool:
    """Whether *word* is one that anybody may begin a sentence with, so that its capital says nothing."""
    plain = unmarked(word).replace("'", "")
    if plain in NOBODY or stem(word) in _stems() or _SHAPES.fullmatch(plain):
        return True
    return (
        (plain.endswith("ing") and len(plain) > 5 and plain not in _NAMES_IN_ING)
        or (plain.endswith("ed") and len(plain) > 4 and plain not in _NAMES_IN_ED)
        or (plain.endswith("ly") and plain not in _NAMES_IN_LY)
    )


def named_too(word: str) -> bool:
    """Whether *word* is a first name as well as a word: "will"."""
    return unmarked(word) in _LIKE_WORDS


def wordlike(name: str) -> bool:
    """Whether *name* in small letters is rather a word: "will", "an"."""
    plain = unmarked(name)
    return plain in _LIKE_WORDS or ordinary(name)


def nobody(word: str) -> bool:
    """Whether *word*, with a capital in the middle of a sentence, names a day, land, brand or thing, and no person."""
    plain = unmarked(word).replace("'", "")
    if plain in _LIKE_WORDS:
        return plain in TIMES
    if "-" in plain:
        return all(part in NOBODY or ordinary(part) for part in plain.split("-"))
    return plain.removesuffix("s") in NOBODY or ordinary(word)
