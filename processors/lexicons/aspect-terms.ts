import { cueTable, type CueTable } from "../cues.ts";
import { wordsOf } from "./language-rules.ts";

/** What a cue says of the term beside it, −5..5. */
export interface AspectCue {
  readonly value: number;
  /** A negation before it turns it round: "never crashes", "no problems with". */
  readonly isDeniable: boolean;
}

/** Words of a language by which judged terms are found. */
export interface AspectRules {
  /** Nouns that name a part of what is sold or how, singular and plural, lower case. */
  readonly terms: ReadonlySet<string>;
  /** Words that stand before such a noun and belong to it: customer service, mobile app. */
  readonly parts: ReadonlySet<string>;
  /** Nouns that are terms only behind a part: hold time, front desk. */
  readonly seconds: ReadonlySet<string>;
  /** Terms that are verbs as often: found only behind an article or a part. */
  readonly alsoVerbs: ReadonlySet<string>;
  readonly articles: ReadonlySet<string>;
  /** Verbs between a term and what it is said to be. */
  readonly copulas: ReadonlySet<string>;
  /** Other words that may stand there. */
  readonly links: ReadonlySet<string>;
  /** Words between a verb of opinion and its object. */
  readonly leads: ReadonlySet<string>;
  readonly joins: ReadonlySet<string>;
  /** Words after which nothing is said to be so: if, would. */
  readonly unsure: ReadonlySet<string>;
  /** Words with a polarity that judge nothing beside them. */
  readonly ignored: ReadonlySet<string>;
  /** Words with a polarity whose object is judged: love, disappointed. */
  readonly opinions: ReadonlySet<string>;
  /** Words with a polarity that judge the term just before them, without a copula: sucks, delayed. */
  readonly verdicts: ReadonlySet<string>;
  /** Words that are good or bad only of some terms: a high price, a long wait. */
  readonly fits: ReadonlyMap<string, readonly Fit[]>;
  readonly tooMuch: ReadonlySet<string>;
  /** Never a term, though an article stands before it: people, days, "thing". Undefined: only listed terms are found. */
  readonly never: ReadonlySet<string> | undefined;
  /** Whether an adjective stands behind its noun: servicio pésimo. */
  readonly isAdjectiveAfter: boolean;
  /** What a term does or undergoes, told after it. */
  readonly fates: CueTable<AspectCue>;
  /** What is told of a term before it. */
  readonly troubles: CueTable<AspectCue>;
}

/** What a word is worth beside some terms. */
export interface Fit {
  /** Undefined: beside any. */
  readonly terms: ReadonlySet<string> | undefined;
  readonly value: number;
}

function withPlurals(list: string): string[] {
  return wordsOf(list).flatMap((word) => {
    if (/[^aeiou]y$/.test(word)) return [word, `${word.slice(0, -1)}ies`];
    return [word, /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`];
  });
}

const PRICES = withPlurals(
  `price pricing cost fee rate premium charge fare tariff rent interest deductible surcharge tax commission markup copay deposit bill toll`,
);
const WAITS = withPlurals(`wait queue line delay layover hold wait-time process turnaround processing`);
const MEALS = withPlurals(
  `food meal pizza coffee burger sandwich breakfast dinner lunch soup steak chicken rice salad dessert pasta bread tea sushi noodle taco wrap drink snack`,
);
const SPACES = withPlurals(
  `seat room portion bed bathroom cabin legroom apartment shower font text button screen print`,
);
/** What is missed when there is none. */
const MISSED = withPlurals(
  `response reply answer refund wifi wi-fi internet signal reception coverage hot-water water electricity power heating service support help-desk
  explanation communication confirmation tracking notification callback update information seatbelt luggage
  customer-service apology accountability transparency delivery receipt invoice option manual instruction`,
);

const TERMS = [
  ...PRICES,
  ...WAITS,
  ...MEALS,
  ...SPACES,
  ...withPlurals(
    `app application website site page webpage homepage portal platform interface ui ux design layout menu navigation dashboard
    feature function functionality setting option tool widget theme font icon button search filter feed playlist video ad advert
    advertisement commercial popup notification alert reminder message email e-mail text chat chatbot bot helpline hotline
    login log-in signin sign-in signup sign-up registration onboarding verification authentication password passcode captcha
    account profile balance statement transaction transfer payment checkout cart basket discount coupon voucher promo promotion
    deal offer subscription membership plan package contract policy coverage claim reimbursement payout refund return exchange
    warranty guarantee insurance quote loan mortgage card cashback reward points point bonus credit-score overdraft atm branch
    update upgrade version release patch firmware software hardware driver bug-fix performance speed loading stability sync
    connection connectivity network signal reception wifi wi-fi internet broadband bluetooth data roaming router modem sim
    battery charger charging cable screen display touchscreen camera speaker microphone mic sound audio volume headphone
    headset earbud keyboard keypad mouse remote sensor processor memory storage hinge lid lens strap handle zipper
    fabric material fit size sizing color colour quality build craftsmanship durability packaging package box label
    manual instruction assembly installation setup set-up part piece accessory wheel tire tyre engine brake transmission
    clutch gearbox steering dashboard suspension mileage paint door window seatbelt airbag
    delivery shipping shipment dispatch parcel order item product stock inventory selection variety range assortment
    tracking postage courier warehouse logistics pickup pick-up drop-off
    service support helpdesk staff crew agent rep representative employee cashier waiter waitress server driver receptionist
    steward stewardess attendant technician advisor adviser mechanic pharmacist team management communication response reply
    callback voicemail ivr phone-line attitude professionalism behavior behaviour
    flight plane aircraft boarding check-in checkin gate terminal lounge luggage baggage bag suitcase ticket booking
    reservation itinerary seat legroom entertainment upgrade layover connection takeoff landing departure arrival train bus
    hotel room bathroom shower toilet bed mattress pillow towel linen pool gym lobby reception breakfast buffet elevator
    parking heating cooling ac aircon view location neighbourhood neighborhood decor ambiance ambience atmosphere
    cleanliness housekeeping minibar balcony
    restaurant taste flavor flavour texture smell sauce cheese beer wine cocktail appetizer portion menu recipe ingredient
    presentation kitchen freshness
    screen-protector case cover program programme course lesson content story plot graphics graphic gameplay level
    playback subtitle caption comment stream streaming recording resolution picture image
    policy procedure rule term terms process system security privacy experience value ease accuracy reliability
    comfort noise temperature maintenance repair appointment consultation treatment prescription medication`,
  ),
  "wait",
  "music",
  "graphics",
  "points",
  "legroom",
  "staff",
];

/** Terms that stand in many sentences as verbs. */
const ALSO_VERBS = wordsOf(
  `login log-in signup sign-up update updates charge charges charging order orders return returns exchange exchanges transfer transfers view views
  offer offers search searches filter filters text texts message messages email emails reply replies deal deals
  charging loading boarding landing shipping streaming recording cover covers handle handles part parts fit fits size
  function functions feature features release releases patch remind sync stream streams line lines hold holds wait waits
  rate rates rule rules level levels case cases help cost costs bill bills return value rent page pages request repair
  repairs upgrade upgrades ad data box term terms taste smell smells design designs response program content label
  story view process processes drink drinks wrap snack tax delay delays book picture image speed
  point points interest experience comment comments pieces piece item items package stock exchange option report
  policy play gate range door window build power bot interest site plan plans deposit deposits paint brake quote toll
  exchange claim claims guarantee guarantees credit experiences plot server servers color colour team
  water view noise remote bag bags box ticket tickets number reward rewards print bed beds mouse menu sound sounds`,
);

const PARTS = wordsOf(
  `customer client user tech technical delivery mobile web online desktop android ios phone iphone ipad tablet laptop
  checkout credit debit gift loyalty bank banking savings checking current account direct home in-flight inflight in-store
  car vehicle rental hire travel flight plane airline airport baggage luggage carry-on overhead economy business first-class
  premium exit-row window aisle middle seat hotel room front reception bathroom shower bed air swimming
  food kitchen coffee dinner lunch breakfast drive-thru drive-through counter table wine battery charging power screen touch
  camera video audio sound voice picture image build product order shipping return exchange refund cancellation booking
  reservation payment billing transaction transfer login log-in sign-up verification security password two-factor
  email chat phone call telephone help support service sales claims claim insurance policy monthly annual yearly interest exchange overdraft
  late processing convenience wait waiting hold response loading download upload internet wifi network data signal roaming
  broadband fibre fiber cable tv satellite software firmware app application website user-interface search filter
  push notification in-app parking pet vet dental medical health life mortgage loan repair warranty technician store shop
  branch cabin boarding check-in checkin train bus station departure arrival background night dark
  delivery-time item packaging price cost auto automatic autopay annual-fee member membership subscription
  gate ground wheelchair entertainment streaming playback review comment playlist subtitle caption`,
);

const SECONDS = wordsOf(
  `time times life desk line lines number numbers mode page pages screen screens quality option options process system
  department team agent agents assistant rep reps representative representatives person staff form code codes link
  button limit limits history detail details settings area space bin bins machine machines center centre tracker report reports
  feature features options card cards plan plans period policy rate rates fee fees charge charges conditioning condition
  conditioner service services support care lounge tv player control controls experience software hours attendant attendants
  amount info information selection increase increases hike hikes`,
);

const NEVER = wordsOf(
  `buck thing things stuff way ways one ones time times day days week weeks weekend month months year years hour hours minute
  minutes morning afternoon evening night today tomorrow yesterday moment second seconds monday tuesday wednesday thursday
  friday saturday sunday january february march april june july august september october november december christmas
  fact cause coz cuz point reason result answer question questions truth idea matter case end rest half lot bit kind sort type problem
  problems issue issues trouble fault complaint complaints mistake mistakes error errors situation bug bugs glitch
  people person man woman guy guys lady ladies gentleman girl boy boys girls kid kids child children son daughter
  wife husband mother father mom mum dad parents grandmother grandma grandson brother sister family friend friends
  someone everyone anybody nobody boss owner owners customer customers client clients user users passenger passengers
  company companies business businesses brand airline airlines bank banks store stores shop place places corporation firm
  world life house home country city town school job work weather dog dogs cat cats puppy pet pets vet vets animal
  doctor body head hand hands eye eyes heart mind god hell luck fun love hate joke shame mess scam fraud crime
  first last only best worst least most more next other others same whole bottom top main biggest
  name names word words news difference choice option hope wish point others money game games dude bro sir madam manager supervisor
  answer who what which that this how why when where majority number amount part side area event party
  plaintiff defendant consumer bureau law court judge creditor creditors collector debt balance information letter letters
  goal purpose intention favorite favourite luckiest happiest only two three four five six ten
  back rest thought feeling reality alternative exception solution key trick opposite sad sadder funniest
  show movie film book song team president government police tweet tweets post posts review reviews rating ratings star stars`,
);

const PLAIN_ADJECTIVES =
  `new newest latest recent old whole entire own actual same current original other overall online free entire
  recent second first last previous daily mobile`.trim();

const FITS: readonly (readonly [words: string, terms: readonly string[] | undefined, value: number])[] = [
  [
    `high higher highest rising hidden extra excessive exorbitant outrageous ridiculous steep insane crazy unexpected
    increased increasing increases increase doubled tripled skyrocketed rose raised raising raise hiked insane surprise additional`,
    PRICES,
    -2,
  ],
  [`low lower lowest fair reasonable competitive unbeatable cheaper cheap cheapest`, PRICES, 2],
  [`long longer endless insane ridiculous lengthy huge crazy massive`, WAITS, -2],
  [`long lengthy`, withPlurals(`hold-time time process procedure form`), -2],
  [`short shorter quick`, WAITS, 1.5],
  [`cold lukewarm raw burnt undercooked overcooked frozen greasy dry tasteless flavorless hard`, MEALS, -2],
  [`hot warm`, MEALS, 1],
  [`small smaller tiny tight narrow hard smelly moldy mouldy`, [...SPACES, "portions"], -1.5],
  [`big bigger large spacious huge roomy generous`, [...SPACES, "portions"], 1.5],
  [
    `short shorter weak`,
    ["battery", "battery life", "life", "signal", "wifi", "reception", "connection"],
    -2,
  ],
  [`long longer`, ["battery", "life"], 2],
  [`slow slower sluggish intermittent spotty patchy unstable`, ["internet", "wifi", "connection", "app"], -2],
];

/** Words that judge whatever they stand beside and that no polarity vocabulary has. */
const JUDGING: typeof FITS = [
  [
    `canned vague nonexistent non-existent inexistent spotty patchy subpar substandard abysmal shoddy flimsy sluggish choppy
    grainy blurry dodgy janky iffy unstable overcrowded understaffed overbooked oversold unfriendly discourteous
    condescending dismissive arrogant sloppy shady sketchy inconsistent messy cluttered convoluted complicated cumbersome
    tedious intrusive invasive unreachable inaccessible unavailable offline leaky rusty moldy sticky smelly gross inedible
    overcooked undercooked rotten spoiled robotic laggy underwhelming lackluster inept lazy uncaring`,
    undefined,
    -2,
  ],
  [`snappy crisp robust bulletproof topnotch rock-solid hassle-free first-rate unmatched`, undefined, 2],
];

function fitsOf(list: typeof FITS): ReadonlyMap<string, readonly Fit[]> {
  const fits = new Map<string, Fit[]>();
  for (const [words, terms, value] of list) {
    const fit = { terms: terms && new Set(terms), value };
    for (const word of wordsOf(words)) fits.set(word, [...(fits.get(word) ?? []), fit]);
  }
  return fits;
}

const NOT = `won't/wont/doesn't/doesnt/don't/dont/didn't/didnt/can't/cant/cannot/couldn't/couldnt/wouldn't/not/never/hasn't/hasnt/haven't/isn't/isnt/wasn't/aren't/ain't`;
const WORKS = `~work/~load/~open/~connect/~respond/~arriv/~start/~sync/~charg/~play/~turn/~display/~updat/~function/~fit/~last/come/came/coming/exist/~ship/~show/~deliv/~process/~refund/~happen/~complet/~recogn/~recognis/~scan/~print/go/add/appear/match/stay/hold/save`;
const DOING = `~access/~open/~us/log/login/sign/~find/~updat/~download/~instal/~load/~view/see/~chang/book/~reset/pay/get/~verifi/~connect/~add/~edit/~submit/~cancel/~track/~link/~withdraw/~complet/~play/~hear/~reach/~contact/~watch/~activ/~deposit/~print/~turn/~scan/~select/~enter/read/~remov/~creat/~upload/~place/~redeem/~claim/~file`;

const ENGLISH_FATES = cueTable<AspectCue>([
  [
    { value: -2, isDeniable: true },
    `
    ~crash
    ~freez
    froze/frozen/lags/lagging/hangs/leaks/leaked/leaking/overheats/overheating/overheated/buffers/buffering/stutters/glitches/stinks/smelled/stank
    dies/died/dead/drains/drained/draining/disappeared/disappears/vanished/bounced/broke/breaks/ripped/cracked/shattered/snapped
    is/are/was/were/went/goes/been/be/going down
    cuts/cut/cutting/shuts/shut/shutting/times/timed/drops/dropped/logs/kicks/kicked/logged out/off/down/me
    is/was/are/were/been/got/getting/get/be closed/locked/blocked/suspended/deactivated/disabled/stolen/hacked/compromised/rejected/denied/declined/restricted/overbooked/deleted/voided
    takes/take/took/taking forever/ages/hours/days/weeks/months/years/too/so/way
    took/takes/take over/about/more/almost/nearly/up # ... minutes/hours/days/weeks/months/mins/hrs
    needs/need work/improvement/improving/fixing/improvements/fixed/updating
    falls/fell/falling/came/coming apart/off/loose
    ~refus/fails/failed/failing to`,
  ],
  [
    { value: -2, isDeniable: false },
    `
    ${NOT} ${WORKS}
    ${NOT} even/ever/always/actually/really/properly/fully/been/yet/be/being/get/getting ${WORKS}
    ${NOT} ~let/allow/give me/us/you
    hung/hang/hangs/hanging up
    ${NOT} ~download/login/log/accept/answer/care/exist/know/compli/~understand/~help/~listen/~care
    has/have not been/yet/even/~arriv/~receiv/~process
    ${NOT} been ~resolv/~approv/~credit/~receiv/~paid/~refund/~post/~process/~issu
    no longer ~work/~load/~open/~connect/~function/~avail/~support/~show
    stopped/stops/quit/quits/stop ~work/~load/~function/~play/~charg/~sync/~respond/~connect/~turn
    keeps/kept/keep/constantly/always/continually/continuously ~crash/~freez/~drop/~log/~shut/~fail/~cut/~disconnect/~lose/~stop/~kick/~buffer/~sai/~ask/~break/~glitch/~reset/~restart/~lag/~paus/~skip/~hang/~chang/~declin/~overheat/~show/~beep
    only ~last/~work
    could/can/should be better/improved/faster/more/cheaper/easier/quicker/clearer
    leaves/left a lot/much to
    left/leaves a/much lot/to/be
    went/gone/going/goes/go up/downhill
    never ~arriv/came/come/~show/~happen/~work/~ship/~load
    was/is/were/are nowhere/nonexistent/non/inexistent
    beyond/past repair/reach`,
  ],
  [
    { value: 2, isDeniable: true },
    `
    ~arriv/came/delivered on/early/quickly/promptly/fast/within/next
    lasts/lasted all/forever/long/longer/days/ages/hours
    is/are/was/were on time/point
    is/was/are/were spot/top on/notch`,
  ],
]);

const ENGLISH_TROUBLES = cueTable<AspectCue>([
  [
    { value: -2, isDeniable: false },
    `
    can't/cant/cannot/couldn't/couldnt/can't/cannot ${DOING}
    can't/cant/cannot/couldn't/couldnt even/ever/seem/get ${DOING}/to
    can not ${DOING}
    unable/impossible/able to ${DOING}
    ${NOT} able/possible to ${DOING}
    ${NOT} let/allow/letting/allowing me/us/you ${DOING}
    ${NOT} let/allow/letting/allowing me/us/you to ${DOING}
    where is/are/the my/our
    where's/wheres my/our
    still/been/am/i'm/im/are/we're waiting for/on my/our/the/a/your
    lost/lose/losing/missed/delayed/delaying/delay/damaged/broke/ruined/cancelled/canceled/misplaced/closed/locked/blocked/suspended/denied/declined/rejected/refused/stole/froze/messed/screwed/rejects/rejecting/declines/denies/denying/cancelling/canceling/cancels/blocking/losing my/our
    never/haven't/hasn't/didn't/havent/didnt/not ~receiv/~got/get/seen/gotten
    never/haven't/hasn't/havent/not even/yet/ever ~receiv/~got/get/seen/gotten
    fix your/ur/the/this/that
    fed up with
    hold/hold with/w/for
    nobody/no/noone ~answer/one/ones
    no one ~answer
    lack/lacks/lacking/missing of/any/a/the/basic/in`,
  ],
  [
    { value: -2, isDeniable: true },
    `
    problem/problems/issue/issues/trouble/troubles/difficulty/difficulties/glitch/glitches/bug/bugs with/in/using/accessing
    ~complain/complaints/complaint about/against/of
    sick/tired of
    hard/difficult/impossible to ~find/~navig/~us/~access/~reach/~contact/~read`,
  ],
  [
    { value: 2, isDeniable: true },
    `
    easy/simple to ~us/~navig/~access/~find/~read/~set/~instal
    thank/thanks you/for for/the/your/such ~great/~excel`,
  ],
]);

/** English. */
export const ENGLISH_ASPECTS: AspectRules = {
  terms: new Set(TERMS),
  parts: new Set([...PARTS, ...TERMS]),
  seconds: new Set(SECONDS),
  alsoVerbs: new Set(ALSO_VERBS),
  articles: new Set(
    wordsOf(
      `the your my our their this that these those its ur his her any all some each every a an no ${PLAIN_ADJECTIVES}`,
    ),
  ),
  copulas: new Set(
    wordsOf(
      `is are was were isn't isnt aren't arent wasn't wasnt weren't be been being seems seem seemed looks look looked feels feel felt
      sounds sounded tastes tasted smells got gets get getting became becomes stays remains works worked runs has have had
      it's its hasn't haven't went goes came arrives arrived provides provided offers offered doesn't didn't does did works`,
    ),
  ),
  links: new Set(
    wordsOf(
      `very so really just absolutely still always too not never no quite pretty super extremely totally completely that which
      getting also a an the such as such truly rather kinda kind of sort bit little usually often sometimes constantly
      consistently incredibly insanely ridiculously overly way much more most less fairly only even now again at all
      been be all simply literally actually basically beyond nothing but far by one of definitely certainly obviously
      again currently today tomorrow yesterday tonight morning here there lately today up to be keeps keep kept being somewhat generally mostly
      terribly horribly super-duper exceptionally especially particularly continually freaking fucking damn bloody`,
    ),
  ),
  leads: new Set(
    wordsOf(
      `the your my our their this that these those its ur his her all any of with by in at about for to on into through from
      how some a an i new latest whole entire actual current overall using both ${PLAIN_ADJECTIVES}`,
    ),
  ),
  joins: new Set(wordsOf(`and & or nor / + but yet`)),
  unsure: new Set(
    wordsOf(
      `if looking praying would could should unless whether hope hoping wish might may will i'd we'd you'd can't-wait expect expected need needs
      want wanted asking ask maybe supposed let's hopefully until make ensure`,
    ),
  ),
  ignored: new Set(
    wordsOf(
      `please plz want wants wanted care support help helping thank thanks thx ty no yes united pay paid matter share shared
      demand demands cut alert alerts agree agreed reach reached trust join interest interested charges charged debt
      drop stop stopped top true growing hope hoping wish pray praying ask natural like hey number god lol haha free forward resolved
      solve solved resolve fix fixed allow allowing allowed chance ability able increase increased gain ensure credit
      fraud fraudulent error errors bug bugs problem problems issue issues complaint complaints dispute disputed disputing disputes
      claim claims loss damage damages delay crash fire emergency death dead-line risk warning warnings spam suspect
      fan empty full forget forgot friend friends block blocked ban banned cover covered wonder wondering sorry apologize apologies apology feeling active
      security secure safety share offer offers reward rewards bonus save saved saving won win winning big huge
      hard-drive novel dear cash lucky important leave left cancel cancelling refund refunds refunded owe owed attack
      accident sick injury injured illness vision worth straight certain approved approval accept accepted attention
      responsible responsibility promise promised promises suggest recommend-ed adopt advanced celebrate celebrating love-d
      award gift gifts grand pleasure outstanding-balance unpaid owing blue-chip mine favor luck asap opportunity
      rich poor-man gave pressure fight challenge challenges failure fun-ds cry silent prison victim violence crime
      accused accusing expired cancelled-by legal legally kind ready only-fan ok okay smile smiling laughing congrats
      bereavement funeral cancer die strong-ly feeling feelings return returned yet why what how lost-and-found pray
      yeah yay woohoo excited hello hi proud anti special-needs validate-d validated verified positive negative pending collapse`,
    ),
  ),
  opinions: new Set(
    wordsOf(
      `love loved loves loving enjoy enjoyed enjoying enjoys hate hated hates hating dislike disliked appreciate appreciated
      like liked likes adore recommend recommended disappointed frustrated annoyed unhappy disgusted happy pleased impressed
      satisfied dissatisfied thrilled delighted unimpressed furious angry glad grateful ruined despise
      lost lose disappointing delighted unsatisfied upset appalled praise kudos props shame`,
    ),
  ),
  verdicts: new Set(
    wordsOf(
      `sucks suck sucked rocks rock fails failed failing delayed cancelled canceled missing lost broken broke declined
      denied rejected stuck damaged late stolen ruined useless terrible awful horrible poor great amazing excellent
      rude crap pathetic lacking lacks improved slow overpriced misplaced crashed crashing glitching freezing unavailable
      bad good worst best unacceptable ridiculous nonexistent disappointing awesome fantastic perfect helped wrong
      incorrect ignored unresponsive delays refused refuses incompetent`,
    ),
  ),
  fits: fitsOf([...FITS, ...JUDGING, ["no zero", MISSED, -2]]),
  tooMuch: new Set(["too"]),
  never: new Set(NEVER),
  isAdjectiveAfter: false,
  fates: ENGLISH_FATES,
  troubles: ENGLISH_TROUBLES,
};

interface PlainLists {
  readonly terms: string;
  readonly articles: string;
  readonly copulas: string;
  readonly links: string;
  readonly opinions: string;
  readonly before: string;
  readonly after: string;
  readonly isAdjectiveAfter: boolean;
}

function plainRules(lists: PlainLists): AspectRules {
  const terms = new Set(wordsOf(lists.terms));
  const articles = new Set(wordsOf(lists.articles));
  return {
    terms,
    parts: terms,
    seconds: new Set(),
    alsoVerbs: new Set(),
    articles,
    copulas: new Set(wordsOf(lists.copulas)),
    links: new Set(wordsOf(lists.links)),
    leads: articles,
    joins: new Set(wordsOf("y e und et and & o ou oder")),
    unsure: new Set(
      wordsOf(
        `si wenn falls se gustaría encantaría quisiera quiero ojalá hätte würde möchte wünsche aimerais voudrais
        souhaiterais gostaria queria quero vorrei piacerebbe voglio`,
      ),
    ),
    ignored: new Set(wordsOf("gracias danke merci obrigado grazie favor bitte por please no nein non não")),
    opinions: new Set(wordsOf(lists.opinions)),
    verdicts: new Set(),
    fits: new Map(),
    tooMuch: new Set(wordsOf("demasiado zu trop demais troppo")),
    never: undefined,
    isAdjectiveAfter: lists.isAdjectiveAfter,
    fates: cueTable<AspectCue>([[{ value: -2, isDeniable: false }, lists.before]]),
    troubles: cueTable<AspectCue>([[{ value: -2, isDeniable: false }, lists.after]]),
  };
}

/** Other languages: few plain terms and ways to say that they failed. */
export const OTHER_ASPECTS: ReadonlyMap<string, AspectRules> = new Map(
  Object.entries({
    es: plainRules({
      terms: `servicio atención soporte app aplicación web página envío entrega paquete pedido precio precios batería pantalla
        cámara vuelo equipaje maleta asiento habitación comida desayuno personal tarjeta cuenta factura reembolso
        actualización internet wifi señal conexión pago producto calidad sonido limpieza cama baño reserva`,
      articles: "el la los las mi mis su sus tu tus un una este esta del vuestro vuestra nuestro nuestra",
      copulas: "es está son están fue era estaba fueron parece ha sido va me",
      links: "muy tan más menos bastante súper siempre totalmente realmente no ni nunca un una la lo de mal",
      opinions: "encanta encantan odio gusta gustan adoro",
      before: `no funciona/funcionan/sirve/carga/abre/llega/llegó/va/responde/conecta/aparece
        no me/se deja/abre/llega/conecta/carga/llegó/actualiza
        no ha/han llegado/funcionado/aparecido
        nunca llegó/llega/funciona/responde
        se cierra/cuelga/bloquea/cae/apaga/traba/rompió
        sigue sin llegar/funcionar
        ha dejado de
        dejó de funcionar`,
      after: `no puedo/podemos abrir/entrar/usar/acceder/pagar/actualizar/ver/iniciar/cancelar
        sigo/seguimos/llevo esperando
        dónde está
        problema/problemas con
        me/nos perdieron/cancelaron/bloquearon`,
      isAdjectiveAfter: true,
    }),
    de: plainRules({
      terms: `service kundenservice kundendienst support app anwendung webseite website seite lieferung versand paket bestellung
        preis preise akku batterie bildschirm display kamera flug gepäck koffer sitz sitze zimmer essen frühstück personal
        mitarbeiter karte konto rechnung erstattung rückerstattung update internet wlan empfang verbindung zahlung produkt
        qualität ton sauberkeit bett bad buchung zug hotline beratung bedienung verpackung ware`,
      articles:
        "der die das den dem des mein meine meinen meiner euer eure ihr ihre ihren unser unsere ein eine einen dieser diese dieses",
      copulas: "ist sind war waren wird wurde bleibt scheint hat sieht wirkt",
      links:
        "sehr so total einfach wirklich echt immer noch auch leider schon völlig absolut ziemlich extrem mal wieder nicht nur ein eine",
      opinions: "liebe hasse mag",
      before: `funktioniert/geht/lädt/startet/klappt/öffnet/kommt/reagiert nicht/nie
        funktioniert/geht/lädt/startet/klappt/öffnet/reagiert ... nicht
        funktioniert/geht/lädt/startet/klappt/öffnet/kommt/reagiert immer/leider/einfach/überhaupt/gar noch/nicht
        ist/kam/wurde nicht/nie angekommen/geliefert/gekommen/an/da
        ist/kam/wurde immer/noch noch/nicht nicht/angekommen
        stürzt ständig/immer/dauernd/ab/nur
        ist/war kaputt/defekt/ausgefallen/weg
        antwortet/hält nicht/nie
        fehlt/fehlen`,
      after: `warte/warten ... auf
        wo ist/bleibt
        probleme/problem/ärger mit
        kein/keine/keinen`,
      isAdjectiveAfter: false,
    }),
    fr: plainRules({
      terms: `service support appli application site page livraison colis commande prix batterie écran caméra vol bagage bagages
        valise siège chambre repas petit-déjeuner personnel carte compte facture remboursement mise internet wifi réseau
        connexion paiement produit qualité propreté lit réservation train accueil sav emballage`,
      articles: "le la les l' mon ma mes votre vos leur leurs un une ce cette ces notre nos du des",
      copulas: "est sont était étaient reste semble a été c'est",
      links:
        "très trop vraiment toujours si tellement assez plutôt pas un une le la super client clients jamais",
      opinions: "adore aime déteste",
      before: `ne marche/fonctionne/répond/charge/s'ouvre/arrive/démarre pas/plus/jamais
        marche/fonctionne pas/plus
        n'est/n'a pas/jamais/toujours/plus arrivé/arrivée/livré/reçu/pas
        plante/bug/bugue/rame
        est en panne
        est/a cassé/cassée/perdu/perdue`,
      after: `j'attends toujours/encore
        où est
        problème/problèmes/souci/soucis avec/de
        aucun/aucune
        ont perdu`,
      isAdjectiveAfter: true,
    }),
    pt: plainRules({
      terms: `serviço atendimento suporte app aplicativo aplicação site página entrega envio pacote encomenda pedido preço preços
        bateria tela câmera voo bagagem mala assento quarto comida cartão conta fatura reembolso estorno atualização internet
        wifi sinal conexão pagamento produto qualidade som limpeza cama reserva`,
      articles:
        "o a os as meu minha meus minhas seu sua seus suas um uma esse essa este esta do da nosso nossa",
      copulas: "é está são estão foi era estava foram parece tá ficou",
      links: "muito tão mais bem super sempre totalmente realmente não um uma o a de",
      opinions: "amo adoro odeio gosto",
      before: `não/nao funciona/funcionam/abre/carrega/chegou/chega/responde/atualiza/presta/conecta/foi
        nunca chegou/chega/funciona
        não/nao me/está deixa/funcionando/abrindo/carregando
        trava/travando/travou/caiu/fecha
        parou de funcionar
        ainda não/nao chegou`,
      after: `não/nao consigo abrir/entrar/usar/acessar/pagar/atualizar/ver/cancelar
        cadê
        onde está
        problema/problemas com
        perderam/cancelaram/bloquearam`,
      isAdjectiveAfter: true,
    }),
    it: plainRules({
      terms: `servizio assistenza supporto app applicazione sito pagina consegna spedizione pacco ordine prezzo prezzi batteria
        schermo fotocamera volo bagaglio bagagli valigia camera cibo colazione personale carta conto fattura rimborso
        aggiornamento internet wifi segnale connessione pagamento prodotto qualità suono pulizia letto prenotazione treno`,
      articles:
        "il lo la i gli le mio mia miei mie vostro vostra vostri suo sua un una questo questa del della nostro nostra",
      copulas: "è sono era erano sembra stato stata sta",
      links: "molto così più davvero sempre troppo totalmente veramente non un una il la di clienti",
      opinions: "adoro amo odio",
      before: `non funziona/funzionano/va/arriva/risponde/carica/apre/parte/si
        non è/sono mai/ancora/arrivato/arrivata/stato/stata
        non è mai/ancora arrivato/arrivata
        si blocca/chiude/rompe/spegne
        ha smesso di`,
      after: `non riesco a/ad aprire/usare/entrare/accedere/pagare/aggiornare/vedere
        dov'è
        problema/problemi con
        sto aspettando
        hanno perso/cancellato`,
      isAdjectiveAfter: true,
    }),
  }),
);
