"""The words that the synthetic archive of `archive.py` is written in: lists of our own, and nobody's sentences.

Words with a stroke between them mean about the same: who tells a thing again takes another one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

Same = tuple[str, ...]  # words that mean about the same


def _lists(text: str) -> tuple[Same, ...]:
    return tuple(tuple(group.replace("_", " ").split("|")) for group in text.split())


@dataclass(frozen=True)
class Beat:
    """A subject that outlets write about: what its works and firms are called, and what is told of them."""

    section: str
    work: Same
    firm: tuple[str, ...]  # what a firm's name ends with
    crowd: tuple[str, ...]  # who is counted
    role: tuple[str, ...]  # what people are
    nouns: tuple[Same, ...]


def _beat(section: str, *lists: str) -> Beat:
    work, firm, crowd, role, nouns = lists
    return Beat(section, _lists(work)[0], tuple(firm.split()), tuple(crowd.split()), tuple(role.split()), _lists(nouns))


BEATS = (
    _beat(
        "film",
        "film|picture|movie|feature",
        "Pictures Films Studios Entertainment",
        "extras viewers critics technicians",
        "director producer actor cinematographer editor screenwriter",
        """screenplay|script shoot|filming cast|ensemble trailer|teaser budget|financing sequel|follow-up camera|lens
        soundtrack|score premiere|screening distribution|release costume|wardrobe ending|finale remake|retelling
        stunt|chase cameo|walk-on lighting|photography dialogue|lines backdrop|scenery monologue|speech rehearsal
        subplot|side_story miniature|model negative|print projector poster|one-sheet dubbing|voice-over reshoot
        opening_scene|first_scene editing|cutting casting animation|drawing""",
    ),
    _beat(
        "music",
        "album|record|LP",
        "Records Music Sound Recordings",
        "fans listeners musicians subscribers",
        "singer guitarist drummer producer songwriter bassist",
        """single|song lyric|verse chorus|refrain studio|recording_room tour|run_of_concerts label|imprint demo|sketch
        guitar|instrument rhythm|beat ballad|slow_song cover|sleeve remix|new_mix tracklist|running_order harmony
        piano|keyboard tape|reel melody|tune microphone festival_set|festival_slot setlist bootleg|live_tape
        strings|orchestra vinyl|pressing duet encore amplifier brass|horns choir|singers catalogue|back_catalogue""",
    ),
    _beat(
        "television",
        "series|show|drama",
        "Television Network Media Broadcasting",
        "viewers households subscribers writers",
        "showrunner presenter actor producer writer",
        """season|run episode|instalment finale|last_episode pilot|first_episode writers_room|writing_team renewal
        ratings|audience_figures spin-off cliffhanger time_slot|slot network|channel contract|deal flashback
        storyline|plot laugh_track set|soundstage hiatus|break streaming_rights|rights theme_tune|title_music
        character|part audition monologue crossover panel|jury quiz|game_show broadcast|transmission subtitles
        narration|voice-over reunion|comeback""",
    ),
    _beat(
        "festivals",
        "festival|showcase",
        "Foundation Trust Society Council",
        "visitors delegates volunteers journalists",
        "curator programmer juror director organiser",
        """jury|panel prize|award line-up|programme retrospective red_carpet|carpet ticket|pass venue|hall opening_night
        competition|contest sidebar|section sponsor|backer standing_ovation|ovation submission|entry shuttle|bus
        market|trade_fair workshop|masterclass ceremony|gala catalogue|booklet queue|line marquee|tent accreditation
        selection|choice closing_night boycott|protest patron|benefactor archive|vault short_film debut|first_work""",
    ),
    _beat(
        "books",
        "novel|book|memoir",
        "Press Books House Publishers",
        "readers booksellers librarians translators",
        "author novelist editor translator publisher agent",
        """manuscript|typescript chapter|part translation|rendering cover|jacket advance|payment memoir|recollections
        shortlist|finalists plot|storyline footnote|note reprint|new_edition bookshop|shop reading|recital auction
        adaptation|screen_version dedication preface|foreword biography|life margin|border poem|verse typescript|draft
        narrator|storyteller epilogue|afterword deadline|due_date copyright|rights paperback
        audiobook trilogy letters""",
    ),
    _beat(
        "stage",
        "play|production|staging",
        "Theatre Playhouse Company Stage",
        "theatregoers ushers understudies subscribers",
        "playwright actor director choreographer designer",
        """curtain|stage_curtain rehearsal|run-through revival|restaging matinee understudy|stand-in set|scenery
        monologue|soliloquy interval|break balcony|circle costume|dress prop|stage_prop dressing_room preview
        transfer|move chorus|ensemble footlights|stage_lights box_office|till trapdoor script|text applause|clapping
        orchestra_pit|pit wig|hairpiece stalls tour|road_run orchestration subsidy|grant puppet lead_part|title_part""",
    ),
    _beat(
        "business",
        "company|group|firm",
        "Holdings Partners Capital Group Industries",
        "employees shareholders customers suppliers",
        "chairman founder analyst executive lawyer",
        """merger|tie-up takeover|buyout shares|stock profit|earnings debt|borrowing lay-offs|job_cuts bid|offer
        subsidiary|unit quarter|three_months factory|plant boardroom|board warehouse|depot forecast|outlook
        headquarters|head_office patent|licence dividend|payout regulator|watchdog invoice|bill audit|inspection
        restructuring|overhaul supplier|vendor bond|note loan|credit brand|label pension|retirement_fund strategy|plan
        market_share accounts|books lease|rental""",
    ),
    _beat(
        "courts",
        "lawsuit|case|suit",
        "Chambers Associates Advocates",
        "plaintiffs jurors witnesses claimants",
        "lawyer judge prosecutor witness clerk",
        """complaint|filing settlement|agreement verdict|ruling appeal|challenge testimony|evidence royalty|licence_fee
        deposition|sworn_statement contract|agreement injunction|court_order damages|compensation hearing|session
        transcript|record allegation|accusation motion|request plagiarism|copying exhibit|piece_of_evidence
        trademark|mark defence|rebuttal sentence|penalty jury_box indictment|charges bail|bond disclosure
        cross-examination witness_stand dismissal|rejection mediation gag_order|reporting_ban""",
    ),
    _beat(
        "museums",
        "exhibition|show|display",
        "Museum Gallery Collection Institute",
        "visitors members conservators donors",
        "curator sculptor painter restorer collector",
        """painting|canvas sculpture|statue sketch|drawing restoration|conservation gallery|room loan|borrowing
        donation|gift theft|robbery frame|mount catalogue|inventory forgery|fake fresco|mural pedestal|plinth archive
        portrait|likeness pigment|paint auction|sale courtyard|yard ceramic|pottery excavation|dig tapestry|wall_hanging
        label|caption replica|copy attic|loft engraving|etching mosaic bronze|casting_in_bronze
        photograph|print wing""",
    ),
    _beat(
        "games",
        "game|title",
        "Games Interactive Software Works",
        "players testers developers moderators",
        "designer programmer producer composer animator",
        """console|machine update|patch level|stage engine|code_base server|host controller|pad expansion|add-on
        cutscene|film_sequence beta|test_version soundtrack|music puzzle|riddle glitch|bug multiplayer|online_mode
        character|hero pre-order|advance_order avatar subscription|season_pass map|world physics|simulation
        crunch|overtime port|conversion leaderboard|ranking tournament|cup speedrun mod|fan_version achievement
        tutorial|introduction voice_acting|voices""",
    ),
    _beat(
        "labour",
        "strike|walkout|stoppage",
        "Union Guild Federation Alliance",
        "members picketers negotiators assistants",
        "negotiator organiser delegate mediator president",
        """contract|agreement picket|picket_line wage|pay residual|repeat_fee ballot|vote negotiation|bargaining
        overtime|extra_hours minimum|floor proposal|offer healthcare|insurance deadline|cut-off solidarity|support
        rally|march safeguard|protection staffing|crewing wage_scale|pay_scale arbitration|mediation clause|paragraph
        artificial_intelligence|automation pension|retirement_pay grievance|complaint truce|ceasefire lockout
        hardship_fund|relief_fund placard|sign committee|panel ratification|approval""",
    ),
    _beat(
        "city",
        "project|scheme|plan",
        "Council Authority Board Agency",
        "residents tenants commuters shopkeepers",
        "mayor councillor engineer architect planner",
        """bridge|crossing tram|streetcar permit|licence budget|spending flood|high_water hearing|consultation
        housing|homes demolition|tearing_down pavement|sidewalk station|stop tender|contract_round reservoir|lake
        cinema|picture_house park|green zoning|planning_rule scaffold|scaffolding tax|levy bus_lane|lane
        power_cut|outage market_hall|hall quay|waterfront survey|study noise|din library|reading_room school|classroom
        heating|boiler petition|appeal rent""",
    ),
)

# What is done to a thing; of each verb the past and the participle are one word
DEEDS = _lists("""
    acquired|bought|purchased financed|funded|bankrolled rejected|declined|refused approved|backed|endorsed
    delayed|postponed|deferred scrapped|cancelled|dropped restored|repaired|renovated unveiled|presented|launched
    closed|shut examined|reviewed|studied criticised|faulted|attacked praised|applauded|lauded revised|reworked|recast
    trimmed|shortened|cut extended|lengthened|prolonged moved|shifted|relocated announced|revealed|disclosed
    disputed|contested|denied replaced|exchanged|swapped led|headed|steered discovered|found|uncovered
    recorded|taped|captured designed|drafted|planned released|issued|published halted|suspended|stopped
    reduced|lowered raised|increased|lifted investigated|probed settled|resolved questioned|doubted|challenged
    honoured|celebrated sold|auctioned borrowed|leased|rented defended|supported abandoned|left|deserted
    inspected|checked|toured built|constructed|assembled tested|tried|sampled copied|imitated dismantled|removed
    promised|pledged guarded|protected|secured ordered|commissioned|requested described|outlined|explained
    shared|divided|split insured|underwrote|covered saved|rescued|salvaged promoted|advertised|pushed
    damaged|harmed|spoiled hid|concealed|withheld simplified|streamlined doubled|enlarged translated|adapted
""")

QUALITIES = _lists("""
    early|first late|final long|lengthy short|brief costly|expensive|pricey cheap|inexpensive secret|hidden|private
    public|open unusual|odd|strange familiar|well-known famous|celebrated forgotten|neglected lost|missing
    unfinished|incomplete original|initial new|fresh old|ageing rare|scarce modest|small|humble large|big|sizeable
    ambitious|bold cautious|careful controversial|disputed popular|well-liked quiet|silent loud|noisy bright|vivid
    dark|gloomy northern southern coastal|seaside rural|country temporary|interim permanent|lasting rough|crude
    delicate|fragile joint|shared independent|separate official|formal experimental|daring traditional|classic
    foreign|overseas local|regional digital|electronic handmade|hand-built empty|vacant crowded|packed digital
    disappointing|underwhelming surprising|unexpected impressive|striking
""")

# Things of no one beat: what a story has of its own beside its names
THINGS = _lists("""
    lighthouse orchard tunnel ferry|boat ladder compass greenhouse|glasshouse bakery|bread_shop clock|timepiece
    violin|fiddle mirror|looking_glass kite canal|waterway chimney|smokestack stable|barn lantern|lamp anchor
    telescope carousel|merry-go-round sledge|sled wheelchair aquarium hammock blueprint|floor_plan umbrella
    notebook|jotter typewriter rowing_boat|dinghy suitcase|trunk motorcycle|motorbike chessboard accordion
    staircase|stairs garage|workshop windmill fountain cellar|basement rooftop|roof parade|procession regatta
    beehive vineyard|wine_estate postcard raincoat|mackintosh trampoline helicopter monastery|abbey glacier|ice_field
    desert|dunes swamp|marsh volcano harbour|port rehearsal_room ballroom|dance_hall laundry|wash_house elevator|lift
    treehouse scarecrow jigsaw thermometer passport|travel_document avalanche|snow_slide thunderstorm|storm
    blackout|power_failure sandcastle barbershop dovecote waterfall|cascade quarry|stone_pit sauna|steam_bath
    velodrome|cycle_track campsite|camping_ground planetarium zeppelin|airship bagpipes harpsichord puppet_theatre
    printing_press railway_carriage|rail_car fire_engine bus_depot ice_rink swimming_pool|pool tennis_court|court
    car_park|parking_lot gas_station|filling_station allotment|kitchen_garden flagpole weathervane rocking_chair
    grandfather_clock fishing_net|net oil_rig|drilling_platform snowplough|snow_clearer telegraph_pole quilt|blanket
""")

FIRST_NAMES = tuple("""
    Ada Albin Alma Amos Anneke Anselm Arlo Astrid Barnaby Beatrix Benedikt Bettina Bram Brigitte Callum Camille Casimir
    Cecily Clemens Cordelia Dagmar Dashiell Delia Desmond Dorothea Edgar Edith Eleni Elias Elspeth Emeric Enid Ernesto
    Esme Ezra Fabian Farida Felix Fenella Fergus Flora Florian Freya Gareth Gemma Georgina Gideon Greta Gustav Hamish
    Harriet Hattie Heloise Hugo Ida Ignacio Imogen Ines Ingrid Isidore Ivo Jasper Joachim Johanna Josephine Jude Judit
    Kamala Kasper Katya Keziah Kirsten Lars Leander Lena Leopold Lettice Linus Livia Lorcan Lucian Ludmila Mabel Magnus
    Malachi Marguerite Marius Marta Matilda Maud Maxim Mercy Milo Minna Miriam Moira Nadine Nell Nestor Nina Noor
    Octavia Odile Olga Orla Oscar Otto Pascal Pauline Percy Petra Philippa Piers Quentin Quincy Rafael Ramona Raoul
    Renata Rhoda Roland Romy Rosalind Rufus Ruth Sabine Salma Saskia Selma Seraphina Silas Simone Solveig Stellan
    Susannah Sylvester Tamsin Tatiana Thaddeus Theo Thora Tobias Una Ursula Valentin Vera Verity Viggo Viola Walter
    Wanda Wilfred Winifred Xanthe Yara Yvette Zelda Zoltan
""".split())  # fmt: skip

# Surnames and places are put together of these
SURNAME_STARTS = tuple("""
    Ash Bar Bel Ber Black Bor Brad Bran Bur Cald Car Cas Chal Clay Col Cor Crow Dal Dan Dray Dun East Eld Fair Fal Fen
    Fos Gar Gil Glen Gold Gran Hal Ham Har Hart Haw Hol Hul Kel Ken Kings Lang Lan Lar Lind Lock Mal Mar Mel Mer Mor
    Nor Oak Or Os Pal Pem Pen Quar Quil Rad Ran Red Rock Ros Sal Sel Shel Sil Stan Stav Stone Sul Tal Tar Thorn Tre
    Tul Ul Van Var Ver Wal War Wes Whit Wil Win Wol Wren Yar Zel
""".split())  # fmt: skip
SURNAME_ENDS = tuple("""
    beck bert borne bourne bridge brook bury by cliffe combe cott croft dale den don er field ford gate grave ham hart
    hurst ington ison kin land ley lin lock low man mere mond more mund ner ney pole quist ridge rick rov sby sen
    shaw sky smith son stead stein stone strom ter thorpe ton vale vell vik wald ward well wick win wood worth
""".split())  # fmt: skip
PLACE_ENDS = tuple("""
    -on-Sea Bay Harbour Heights Hill Island Junction Market Point Quay Springs Vale Valley Bridge Falls Park
""".split())  # fmt: skip
OUTLET_ENDS = tuple("""
    Post Courier Ledger Gazette Herald Observer Dispatch Chronicle Review Journal Mirror Sentinel Echo Bulletin
""".split())  # fmt: skip
TITLE_WORDS = tuple("""
    Amber Anchor Archive Arrow Ash August Autumn Balcony Bell Bird Blue Bone Bridge Bronze Candle Ceiling Circus City
    Clay Cloud Coast Copper Crown Crystal Dawn Debt Desert Door Dream Dust Echo Ember Empire Evening Exit Eye Feather
    Fever Field Fire Flood Fog Forest Fortune Fox Garden Ghost Glass Gold Grave Green Guest Hand Harvest Heart Heron
    Horse Hour House Hunger Ice Ink Iron Island Ivory January Key King Kingdom Lake Lamp Letter Light Lion Machine
    Marble Mask Meadow Memory Midnight Milk Mirror Moon Morning Mountain Needle Night North Ocean Orchid Owl Palace
    Paper Pearl Pilgrim Pine Poison Promise Queen Rain Raven Red River Road Rose Salt Sand Satellite Scarlet Sea
    Secret Shadow Shore Silence Silver Sister Sky Sleep Smoke Snow Song South Spring Star Stone Storm Summer Sun Swan
    Sword Thief Thorn Thread Thunder Tide Tiger Timber Tower Train Valley Velvet Violet Voice Wall Water Wedding West
    White Widow Wild Window Winter Wire Wolf Wood Yellow
""".split())  # fmt: skip

UNITS = ("weeks", "months", "days", "hours", "years", "pages", "rooms", "meetings", "letters", "attempts", "versions")
CUES = ("said", "added", "explained", "recalled", "told reporters", "noted", "insisted")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# How a deed is told. {who} did {deed} {what}, a part of {of}; {when} and {where} may be empty
ACTIVE = (
    "{who} {deed} the {quality} {what} of {of}{where}{when}",
    "{when_first}{who} {deed} the {what} of {of}, a {quality} one{where}",
    "{who}, the {role}, {deed} {of}’s {quality} {what}{when}",
    "it was {who} who {deed} the {quality} {what} of {of}{when}",
    "{who} has {deed} the {quality} {what}{where}, which belongs to {of}",
    "{where_first}{who} {deed} the {quality} {what} for {of}{when}",
)
PASSIVE = (
    "the {quality} {what} of {of} was {deed} by {who}{when}",
    "{when_first}the {what} of {of} was {deed}{where}, and {who} was behind it",
    "{of}’s {quality} {what} has been {deed} by {who}, the {role}{where}",
    "what had been {deed} by {who}{where} was the {quality} {what} of {of}",
)
# How a number is told
AMOUNTS = (
    "the {what} of {of} cost ${number} million{when}",
    "{who} put ${number} million into the {quality} {what} of {of}",
    "with ${number} million, the {quality} {what} was the largest expense of {of}{when}",
    "{of} spent ${number} million on the {what}{where}, according to {who}",
)
COUNTS = (
    "some {number} {crowd} came to see the {quality} {what}{where}{when}",
    "{number} {crowd} were at the {what} of {of}{when}",
    "{who} counted {number} {crowd} around the {quality} {what}{where}",
    "the {quality} {what} of {of} drew {number} {crowd}{where}",
)
SPANS = (
    "the {quality} {what} of {of} took {number} {unit}{where}",
    "{who} needed {number} {unit} for the {what} of {of}",
    "it was {number} {unit} before {who} had the {quality} {what} of {of}{where}",
    "after {number} {unit}, the {what} was ready for {of}{when}",
)
# What somebody says of the story's things; {what} and {other} are two of them
SAYINGS = (
    "We kept the {what} because nobody else would have looked after it",
    "I never believed that the {what} would survive {place}",
    "There were days when the {what} felt {quality}, and days when the {other} did",
    "It took {number} {unit} to find the right {what}",
    "You do not get a second {what} in {place}",
    "If {name} had asked for another {what}, I would have said yes",
    "People remember the {other}, but for us it always began with the {what}",
    "My mother had a {quality} {what} like this one, and I thought of her every morning",
    "Nobody at {firm} had ever seen a {what} of that kind",
    "What {name} did with the {what} is still the bravest thing I know",
    "The {what} was {quality}, and that was exactly why we wanted it",
    "I have made {number} mistakes in my life, and the {what} was not one of them",
    "We argued about the {what} until the lights in {place} went out",
    "A {quality} {other} would have been easier, and it would have been wrong",
    "They told me that the {what} was impossible, so we did the {other} first",
    "Everything I know about the {what} I learned from {name}",
    "When the {other} failed, the {what} was all that we had left",
    "Nothing about the {what} was planned, whatever {firm} says now",
    "I would give back the {other} tomorrow, but never the {what}",
    "The first time I saw the {what} in {place}, I laughed for {number} minutes",
)
# What stands in any article of a beat, and tells nothing of the story
ASIDES = (
    "Few people outside the business think much about the {what}",
    "In recent years the {what} has become as important as the {other}",
    "Observers have long argued that the {quality} {what} matters less than it did",
    "The {what} is often mentioned together with the {other}, though the two have little in common",
    "That is hardly new: a {quality} {what} was the rule a generation ago",
    "Others in the field have turned to a {quality} {other} instead",
    "Whether the {what} will last is another question",
    "Anyone who has followed the {other} knows how quickly such things change",
    "There is no shortage of {quality} examples",
    "For many {crowd}, the {what} remains the main attraction",
    "A {quality} {other} is seldom enough by itself",
    "The debate about the {what} goes back decades",
    "It would not be the first {what} to end that way",
    "Much will depend on the {other}, and on the patience of {crowd}",
    "As so often, the {what} came before the {other}",
    "Rivals have watched the {quality} {what} with some envy",
    "The comparison with the {other} is tempting, and not quite fair",
    "This is a {quality} time for anyone with a {what}",
    "None of this has much to do with the {other}, of course",
    "Even so, {crowd} tend to forgive a {quality} {what}",
)
HEADLINES = (
    "{name} {deed} the {quality} {what} of {of}",
    "{of}: {name} {deed} {what}",
    "{quality} {what} of {of} {deed}",
    "How {who} {deed} the {what} of {of}",
    "{who} and the {quality} {what} of {of}",
)
CREDITS = (
    "{outlet} was the first to report the {what}",
    "according to {outlet}, {rest}",
    "{rest}, {outlet} reports",
    "{rest}, as first reported by {outlet}",
)
# What a sentence of an article may go on with
ENDINGS = (
    ", a step that {crowd} had expected for {number} {unit}",
    ", although the {other} had been promised first",
    " while the {other} was still under discussion",
    ", which came as a surprise to most {crowd}",
    ", and the {quality} {other} is to follow",
    " in spite of a {quality} {other}",
    ", much to the relief of the {crowd} who had asked for it",
    ", as a person close to the {other} put it",
    " because the {other} could not wait another {number} {unit}",
    ", leaving the {other} for another time",
    ", something that few {crowd} would have thought likely",
    " after a {quality} year with little to show",
)
