"""The word lists of this room: verbs of saying, words that are no names, words that judge.

Written from general knowledge of English news prose, not counted in any corpus. Data only, but for the inflection of
the verbs.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for asking whether one is among them."""
    return frozenset(words.split())


SHORT_QUOTE_WORDS = 4  # quotes with fewer words are mostly part of a sentence: scare quotes, titles, single terms

# Verbs that take what is said as a whole, and may stand before their subject ("…," said Marsh)
_SAY = """
say add explain reply respond answer argue insist claim declare state write tweet continue conclude recall remark
warn quip joke admit acknowledge announce suggest vow promise predict observe testify report confirm deny stress
emphasize emphasise assert contend maintain concede complain lament muse reveal boast brag shout yell scream
whisper post recount reflect reiterate repeat counter retort exclaim cry caution advise allege affirm elaborate
estimate pledge swear offer interject scoff gush deadpan opine surmise wonder agree disagree note ask pray
proclaim profess marvel grumble enthuse hint imply theorize speculate propose chime retweet text email note
point respond sing chant joke laugh sigh think believe reckon grouse gripe grumble rant thunder snap gloat
fume mutter murmur plead implore confess confide clarify disclose intone rave relay
"""

# Verbs that judge or address somebody, and stand after their subject ("the paper called it …")
_CALL = """
tell call describe label dub brand accuse criticize criticise blast slam denounce condemn dismiss praise tout mock
deride blame attack hail characterize characterise refer cite decry ridicule compare term deem bemoan bash thank
challenge question defend portray depict feel hope demand order recommend reject urge inform assure remind invite
instruct worry fear doubt view summarize paint express voice mention quote address threaten lambast skewer chide
scold apologize applaud celebrate commend compliment salute endorse rail liken tease promote invoke rate groan
lecture preach nickname christen slap taunt belittle disparage
"""

# Verbs by which somebody is heard only where no other verb of saying stands in the sentence ("talked to W about it:")
_TALK = "talk speak chat speculate discuss"

_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote", "swear": "swore", "speak": "spoke", "think": "thought",
    "feel": "felt", "sing": "sang",
}  # fmt: skip
_DOUBLING = word_set("quip brag slam dub chat slap admit deadpan snap")

# Base forms that are safe without an auxiliary before them ("critics say"); the others are mostly nouns or infinitives
BARE_CUES = word_set("say tell argue insist believe think write ask add explain")
# Base forms that are verbs after a plural ("lobbyists describe"): those that are no nouns
PLURAL_CUES = word_set("""
    describe acknowledge admit agree announce complain concede confirm contend deny maintain suggest predict recall
    reply respond argue view portray depict dismiss denounce condemn accuse criticize refer cite deem hail
    """)
# After these a past form is a participle or a noun ("the proposed rules", "in a written statement")
NOT_BEFORE_VERBS = word_set("""
    a an the of on in at for with from by about into his her their its my our your this these those such any no
    than so-called
    """)
# What a verb of saying would need to stand after to be one in its base form ("went on to call", "would describe")
AUXILIARIES = word_set("to would will could can may might must should did does do not didn't didn’t don't don’t")


def _inflect(verb: str) -> tuple[str, str, str]:
    """The third person, past and -ing form of a verb."""
    stem = verb + verb[-1] if verb in _DOUBLING else verb
    drop = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else stem
    past = drop + ("d" if verb.endswith("ee") else "ed")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return third, _IRREGULAR.get(verb, past), drop + "ing"


def _forms(verbs: str) -> frozenset[str]:
    return frozenset(form for verb in verbs.split() for form in (verb, *_inflect(verb)))


SAY_CUES = _forms(_SAY) | {"reads"}
TALK_CUES = _forms(_TALK) | {"spoken"}
CUES = SAY_CUES | _forms(_CALL) | TALK_CUES | {"put", "puts"}
BASE_FORMS = frozenset([*_SAY.split(), *_CALL.split(), *_TALK.split()])
ING_CUES = frozenset(cue for cue in CUES if cue.endswith("ing") and cue != "sing")
# Verbs by which a statement without quote marks is somebody's: these by themselves ("Keller says the set burned down")
INDIRECT_CUES = _forms("say tell argue insist claim declare contend maintain allege assert testify believe")
# and every other verb of SAY_CUES with "that" after it, or at the sentence's end; "once agreed" says nothing
AGREEING_CUES = _forms("agree disagree")
# Whose subject may stand behind them without any quote: no verbs that take persons and titles ("Ruiz, 38, wrote …")
CLOSING_CUES = (
    _forms("""
        say add explain note insist argue caution concede joke observe quip believe think conclude contend lament muse
        reckon maintain stress boast remark
    """)
    - ING_CUES
    - BASE_FORMS
)

# Capitalised words that are no part of a name where they begin or end one
NO_NAMES = word_set("""
    amid whereas hours minutes weeks months years partial he'll he’ll she'll she’ll they'll they’ll
    a about above according across actually add after again against all almost along already also although always
    am among an and another any anyone anything are around as asked at away back be because been before behind
    being below besides between both but by came can certainly clearly come could critics day days despite did do
    does don't don’t down during each earlier early either else even eventually ever every everyone everything
    experts few finally first follow following for former from further furthermore get give given go going good had
    has have he he’s he's her here hers him himself his how however i i'd i'll i'm i've i’d i’ll i’m i’ve if in
    including indeed inside instead into is isn't it it's it’s its itself just last late later latest least less
    let let's let’s like made make many may maybe me meanwhile might more moreover most much must my near nearly
    neither never nevertheless new next no nobody none nor not nothing now of off officials often on once one only
    onto or other others otherwise our out outside over own people perhaps please quite rather read really recently
    regarding said same saying says see several she she’s she's should similarly since so some someone something
    sometimes soon still such supporters sure take tell than that that's that’s the their them then there there's
    there’s therefore these they they're they’re thing things this those though thousands through throughout thus
    to today together told tomorrow tonight too toward two three four five six seven eight nine ten under unlike
    until up upon us use very via voters want was watch we we're we’re we've we’ve well went were what what's
    what’s when whenever where whether which while who whoever whom whose why will with within without would yes
    yesterday yet you you're you’re your monday tuesday wednesday thursday friday saturday sunday january february
    march april june july august september october november december jan feb aug sept oct nov dec
    """)

# Words that make a capitalised sequence an organisation, a work or a place rather than a person
NO_PERSONS = word_set("""
    corp co llc plc
    agency airlines albums army association awards bank board bureau center centre church city club college
    commission committee company conference congress corporation council county court daily democrats department
    district east entertainment fest festival films foundation fund gazette group herald high hospital house inc
    institute island journal league libraries library ltd magazine media ministry movement museum music network
    news north office orchestra organization park party pictures police post press radio records republicans review
    river road school senate series service society south state states street studio studios team television
    theater theatre times tribune tv union united university valley village walk war week weekly west wire world
    """)

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})

# Nouns that tell the gender of the name that they stand before ("his widow, Ana Ruiz")
HE_NOUNS = word_set("""
    husband widower father son brother grandfather grandson uncle nephew boyfriend king prince
    spokesman chairman congressman businessman salesman
    """)
SHE_NOUNS = word_set("""
    wife widow mother daughter sister grandmother granddaughter aunt niece girlfriend queen princess actress
    spokeswoman chairwoman congresswoman businesswoman
    """)

# One of these makes a sentence criticism in a report too, if it is not long; of the weak ones it takes two
STRONG_JUDGEMENT = word_set("""
    masterful masterfully masterpiece masterly superlative superb superbly sublime sublimely brilliant brilliantly
    breathtaking dazzling dazzlingly exquisite exquisitely gorgeous gorgeously luminous mesmerizing mesmerising
    captivating enthralling spellbinding stunningly magnificent magnificently flawless flawlessly peerless inimitable
    incomparable exhilarating poignant poignantly riveting irresistible irresistibly delightful charming charmingly
    underrated overrated overlong tedious tiresome plodding lifeless clumsy clumsily lazy laughable pretentious
    forgettable underwhelming disappointing disappointingly dreadful dreary ludicrous unwatchable cloying derivative
    ham-fisted heavy-handed half-baked mediocre insipid bloated muddled shrewdly deftly deft virtuosic virtuosity
    evocative evocatively hypnotic transcendent unforgettable triumphant delicious deliciously wondrous radiant
    enchanting endearing gripping grippingly absorbing engrossing beguiling bewitching intoxicating ravishing
    sumptuous lyrical elegiac wry wryly droll trenchant bracing nimble nimbly assured soulful note-perfect
    pitch-perfect impeccable impeccably immaculate immaculately sure-footed stylish artful artfully immersive
    jaw-dropping eye-popping heart-stopping pulse-pounding laugh-out-loud crowd-pleasing gut-wrenching wrenching
    astounding terrific marvelous marvellous splendid splendidly first-rate top-notch career-best standout
    scene-stealing showstopping unmissable knockout hilarious hilariously uproarious electrifying bittersweet achingly
    disarming disarmingly refreshingly gloriously maddening maddeningly infuriating exasperating bewildering baffling
    miscast underwritten overwritten undercooked overcooked overstuffed overwrought overblown one-note wooden stilted
    inert leaden turgid tepid bland formulaic by-the-numbers hackneyed trite banal shapeless aimless meandering
    listless sluggish draggy baggy unfocused incoherent convoluted contrived implausible preposterous mawkish maudlin
    saccharine syrupy treacly schmaltzy smug glib self-indulgent joyless charmless humorless humourless unfunny
    grating shrill cringeworthy gimmicky toothless uninspired unimaginative perfunctory workmanlike serviceable
    watchable middling passable so-so lackluster lacklustre uneven patchy misfire misstep missteps dud slog letdown
    hodgepodge mishmash cliché clichés clichéd cliched platitudes platitudinous contrivance contrivances tonally
    overreaches overstays outstays unearned satisfyingly rewarding thought-provoking heartfelt
    """)
WEAK_JUDGEMENT = word_set("""
    beautiful beautifully stunning elegant elegantly graceful gracefully memorable powerful powerfully fascinating
    remarkable remarkably impressive impressively striking strikingly perfect perfectly wonderful wonderfully lovely
    best worst weakest finest greatest great terrible awful boring dull subdued clever cleverly smart inventive
    ingenious ingenuity mastery genius wit witty compelling convincing unconvincing nicely neatly effortless
    effortlessly subtle subtly bold boldly daring haunting visceral ferocity intimate clearly arguably surely
    undoubtedly frankly sadly thankfully unfortunately fittingly refreshing surprisingly surprising curiously oddly
    strangely somehow seemingly inherent sheer utterly truly merely flashes indelible rich lush kinetic restless
    restlessly experimental unique unlikely testament conceit ought deserves resembles evokes embodies underscores
    """)
# Of no weight in a report, but of some where a critic writes: what he finds, how he hedges, whom he means, of what he
# speaks. A word may be of several sorts.
LIGHT_JUDGEMENT = word_set("""
    mess messy triumph treat gem marvel delight bore disaster embarrassment moving movingly devastating
    devastatingly heartbreaking heartbreakingly hauntingly terrifying terrifyingly chilling harrowing thrilling
    thrillingly stirring searing unsettling tender tenderly tenderness funny funniest funnier silly sentimental
    earnest sincere sincerity nuanced nuance layered textured texture confident commanding magnetic predictable
    generic hollow shallow thin flat slack slick weird strange frustrating frustratingly entertaining entertainingly
    enjoyable engaging satisfying unsatisfying likable likeable relatable sympathetic overly needlessly mercifully
    wisely foolishly gamely admirably admirable ambitious ambition restraint restrained melancholy melancholic
    wistful atmospheric seamless seamlessly meticulous meticulously extraordinary astonishing phenomenal fantastic
    splendor splendour poetic poetry pacing tone tonal chemistry charm charms momentum rhythm flaw flaws flawed
    strength strengths weakness weaknesses payoff resonance resonates resonant depth cathartic catharsis gimmick
    drags sags soars sings sparkles shines shine lingers stumbles falters flounders meanders squanders squandered
    wasted wastes wasting elevates elevate transcends captures conjures earns evoke evoking alas ultimately
    admittedly mostly largely genuinely gently quietly wildly deeply profoundly painfully perhaps maybe barely
    hardly nearly almost quite rather too pleasure pleasures joy fun magic magical spell
    """)
HEDGES = word_set("""
    perhaps maybe seems seem seemed might may could would rather quite almost barely rarely practically somewhat too
    so enough never nearly hardly even still alas ultimately just merely simply mostly largely really always once
    surely certainly indeed somehow anyway though although yet instead either neither nor nobody no nothing none few
    little much more less most least better best worse worst good bad great nice fine such any every one's oneself
    """)
PERSONS = word_set("""
    i me my mine we us our ours you your yours i'm i've i'd i'll we're we've we'll you're you've you'll you'd myself
    yourself ourselves
    """)
FILM_TALK = word_set("""
    film films movie movies picture screenplay script dialogue direction camera cameras score pacing performance
    performances cast ensemble scene scenes sequence sequences ending act acts joke jokes gag gags plot story
    storytelling narrative tone characters cinematography editing soundtrack comedy thriller melodrama satire drama
    horror lines turn material premise set-up setup twist twists finale climax effects visuals imagery images
    filmmaking filmmaker storyline subplot subplots humor humour chemistry mood atmosphere documentary sequel work
    style conceit idea ideas theme themes metaphor craft gaze eye ear touch
    """)
# And what stands in the plot, in credits and in news
PLOT_TALK = word_set("""
    mother father daughter son wife husband widow brother sister sisters brothers town village police detective
    letter house war death killed finds find discovers discover returns falls meets moves learns agrees decides
    tries arrives leaves murder murdered dies died dead marries hires steals stolen escape escapes flees boy girl
    man woman child children night day morning week summer winter school hospital ship boat train car money lover
    affair friend friends neighbor neighbour boss job farm island prison body begins asks tells sends goes takes
    gets sees
    """)
CREDIT_TALK = word_set("""
    directed written produced adapted based stars starring plays played playing premiere premiered premieres
    released release releases opens opened distributed distributes shot filmed filming set budget won nominated born
    studied novel book author producer producers co-wrote co-writer co-written wrote cinematographer editor composer
    composed designer role feature debut debuted festival prize award awards year years months weeks million
    theaters theatres company studio network season episodes series sold bought rights acquired previously began
    worked trained graduated minutes hours
    """)
SAID_TALK = word_set("""
    said says told tells asked explained added wrote announced according called
    """)
# Words of many that judge as a phrase, and the critic's own "I"
JUDGING_PHRASES = (
    r"in my (?:view|opinion|book)|for my money|if you ask me|to my (?:mind|ears?|eyes?)"
    r"|(?<!left )(?<!leaves )(?<!leave )no doubt|anyone[’']s guess"
    r"|I(?:[’']d| would| must| have to)? (?:think|thought|believe|suspect|feel|felt|found|loved?|liked|hated|enjoyed"
    r"|wish|doubt|hope|admit|argue|adore|prefer)|feels? (?:like|as if)|fails? to|falls? (?:flat|short)|speaks? to the"
    r"|it[’']s hard (?:not )?to|hard to (?:imagine|deny|believe)|worth (?:the|your|a|it|watching|seeing)|must[- ]see"
    r"|a testament to|we (?:should|must) not|never (?:quite|less than|once)"
    r"|(?:works?|lands?) (?:best|better|beautifully|well|because|as)|(?:false|wrong|right|high) note"
    r"|could (?:have|use|do with)|tour de force|(?:finds?|loses?) its footing|its welcome|of (?:his|her|their) career"
    r"|of the highest order|the rare|few films|you[’']ll|you (?:will|can|may|might|could|should|want|know|wish)"
    r"|should have been"
)
