import { cueTable, type CueTable } from "../cues.ts";

/**
 * A language's cues, in points: 2 says it alone, less needs others, 0 marks what looks like a cue and is none. Of
 * cues of the same length the first counts.
 */
export interface RequestCues {
  /** Cues that count wherever they stand. */
  readonly anywhere: CueTable<number>;
  /** Cues that count where a clause begins ("Add …", "please let …", "in the morning, avoid …"). */
  readonly openings: CueTable<number>;
  /** Cues that count where a clause begins after a condition put to the reader ("if you like it quiet, …"). */
  readonly advice: CueTable<number>;
  /** Words after which a clause begins wherever they stand ("please"). */
  readonly pleas: ReadonlySet<string>;
  /** Words that may stand before the verb at the beginning of a clause ("also"). */
  readonly leads: ReadonlySet<string>;
  /** Words that begin what stands before the main clause ("when", "for"). */
  readonly conditions: ReadonlySet<string>;
  /** Words that, right after a condition, put it to the reader ("you"). */
  readonly readers: ReadonlySet<string>;
}

const setOf = (words: string) => new Set(words.split(" "));

const NICE =
  "nice/nicer/great/good/cool/cooler/awesome/amazing/wonderful/fantastic/helpful/useful/handy/better/best/perfect/" +
  "ideal/lovely/excellent/appreciated/welcome/welcomed/beneficial/convenient/neat/brilliant/sweet/superb/easier/interesting";

/** What those who make a thing are asked to do. */
const MAKE =
  "add/allow/enable/include/implement/introduce/provide/support/offer/integrate/extend/expand/improve/remove/" +
  "consider/create/bring/let/make/give/replace/reduce/increase/simplify/restore/expose/develop/invest/redesign/rethink";

/** What becomes of a thing when they do. */
const MADE =
  "able/possible/allowed/added/included/available/given/easier/improved/supported/optional/changed/removed/provided/" +
  "implemented/integrated/introduced/offered/extended/enabled/customizable/configurable/made/better/bigger/smaller/" +
  "larger/cheaper/faster/free/more/less/a/an/some/another/other/accessible/replaced/increased/reduced/" +
  "addressed/considered/updated/upgraded/renovated/shown/displayed/exposed/developed/created/simplified/moved/" +
  "automated/automatic/consistent/compatible";

const FEATURE =
  "ability/option/options/feature/features/api/apis/way/support/setting/settings/button/buttons/mode/modes/" +
  "functionality/function/functions/possibility/capability/capabilities/version/control/controls/choice/mechanism/" +
  "tool/tools/integration/widget/filter/filters/compatibility/format/formats/field/notification/notifications/" +
  "shortcut/theme/themes/language/languages";

const DETERMINER = "a/an/the/your/this/these/that/those/some/more/any/all/another/our/my/its/their/one/other";

/** What travellers and buyers tell each other to do, by stem. */
const DO_ADVISED =
  "~ad/~us/~make/~take/~try/~stai/~stay/~go/~get/~book/~have/~ask/~check/~bring/~keep/~look/~visit";

const WISHES = `
  would/wud/it'd/that'd/should/will be ... ${NICE} ... if/to/having/for/when/with/idea
  would/wud/it'd/that'd be ... bonus/plus/improvement/addition
  would ... be ... nice/nicer/great/cool/awesome/wonderful/fantastic/useful/helpful/handy/lovely/preferable/beneficial/ideal
  would be ... happy/glad/grateful if
  would ... be/make/made/have/been ... ${NICE} if/with/to
  ${NICE} if ... could/had/was/were/would/can/have/add/added/gets/got
  nice/great/cool to have
  would/i'd/we'd/id ... like/love/prefer to
  would/i'd/we'd/id ... like/love/prefer/appreciate if/seeing/having/an/more
  would/i'd/we'd/id ... like/love/prefer/appreciate it if/to
  would/i'd/we'd/id ... like/love/prefer/appreciate a/an/the/some/another ... ${FEATURE}
  would/i'd/we'd/id ... like/love you/them ... to
  wish/wished/wishing ... could/can/would/had/was/were/offered/allowed/included
  wish there
  if only ... could/had/was/were/would/you/they/there/it
  if you/they/we/users/there could
  hope/hoping/hopefully ... ~add/~includ/~implement/~consid/~introduc/~bring/~support/~allow/~provid/~chang/~put/~updat/~upgrad/could
  only/one/my request/wish/complaint ... is/i/i'd/would/for/: ... to/that/if/could/would/wish/want/improve/change/add
  only/one thing ... is/i/i'd/missing/lacking/needs ... would/i'd/wish/want/improve/change/add
  only thing missing/lacking
  my request/wish is/would`;

const NEEDS = `
  should
  should/must have ${DETERMINER}/option/access/better
  should/must ... be ${MADE}
  must ${MAKE}/show/display/change/keep/visit/see/try/stay
  must also/definitely/really ${MAKE}/be/have
  there should/must/needs/need/ought also/be/to
  you/guests/visitors/travelers/travellers must/ought to/also/definitely/really/be/try/visit/see/consider/not/never/know/check/avoid/go/stay/ask/bring/take/read/add/allow/make/have/use/do/provide/let
  need/needs to be/also/really ${MADE}/be/~add/~allow/~have/~make/~improv
  needs to ${MAKE}/have/work/update/change/watch/read/upgrade/look
  need/needs ${MAKE}/updating/upgrading/improvement/improvements/improving/renovation/renovating
  needs a/an/more/better/some/another ... ${FEATURE}/update/upgrade/updating
  needs more/better/longer/bigger/larger
  need/needs/want/wants/require/requires/wanted a/an/the/more/some/another ... ${FEATURE}
  need/needs/want/wants to be able
  we need a/an/the/more/better/some/~api
  we need to ${MAKE}/be/have
  users/developers need/want/must
  they/guests/visitors need/needs to
  you need to ~go/~stai/~stay/~book/~try/~visit/~read/be/~add/~make/~improv
  in need/need of/of ~renov/~updat/~replac/~renew/~improv/~refurbish/~repair/some/a/an/~refresh
  is a must
  could be ... improved/better/added/made/extended/simplified/enhanced/easier/nicer/cleaner/updated/used/shown/larger/bigger
  could use a/some/more/better/an/updating/improvement/~updat
  could/can do with
  improvement/improvements/enhancement would
  room for improvement`;

const ASKS = `
  could/can/would/will you/u ... add/include/allow/implement/create/enable/support/introduce/remove/integrate/consider
  could/can/would/will you/u ... make/give/provide/bring/put/let ... ${FEATURE}/app/possible/easier/back/available/better
  could/can/would you please
  could/can we ... have/get ${DETERMINER}/~option/~support
  could/can we ... ${MAKE}
  could/might/can also/maybe/at/please/even/you/they ... ${MAKE}
  you/they could ~add/~includ/~implement/~introduc/~consid
  maybe/perhaps you/we/they/u can/could/should/might
  is/be/it possible to ... ${MAKE}/have/get
  why not ${MAKE}/have/just/use/a/try/stay/put/go/link/open/book/show/start
  why don't/dont/can't you/they/we/u ... ${MAKE}/have
  how/what about adding/making/allowing/having/letting/including/giving/using/creating/providing
  how/what about a/an ... ${FEATURE}
  bring/put/give/switch/get the/it/them/this/that/my/our/us/old ... back please/!/.
  bring/put back ${DETERMINER}
  consider ${DO_ADVISED}/~allow/~includ/~provid/~support/~implement/~offer/~chang/~remov/a/an/the
  ~featur request/requests/suggestion
  i/we request`;

const SUGGESTIONS = `
  would/i'd/we'd suggest/advise/propose
  would/i'd/we'd/wouldn't/wouldnt/id ... recommend
  i/we/strongly/also suggest/advise/propose
  suggest/suggesting/recommend/advise/propose that/you/${DO_ADVISED}
  suggest/recommend/advised to ${DO_ADVISED}
  suggestion/suggestions/advice/tip/tips/recommendation/proposal :/-/is/would
  my/our/one/only/some/few/just/a/small/quick/another/insider suggestion/advice/tip/tips/recommendation
  here's/heres/here a/is/are ... tip/tips/suggestion/suggestions
  word of/to warning/advice/caution/the
  i/we/i'd/we'd would/definitely/certainly/strongly avoid/ask/consider/check
  i'd/we'd avoid/ask/consider/check
  is/be/it's/its ... cheaper/better/best/wiser/wise/advisable/quicker to
  a good/great/better/nice idea to
  making/make sure you/your/to/that
  if you ... want/prefer/fancy to/a/an/the/some/something/more/your
  if you/your/you're ... ~look/~plan/~think/~decid for/on/of/to/between/about
  if you/your/you're ... ~stai/~stay/~travel/~visit/~book/~expect to/at/in/a/an/here/there/with/by/alone
  if you/you're ... enjoy/like/mind ... peace/quiet/cheap/good/great/nice/quality/service/something/somewhere/luxury/clean/comfort
  if you're/your/you in/on/after/into/willing/travelling/visiting/looking/planning/staying/going
  you might/may/will want/prefer/need/like/wish ... to
  you/you'd had/better better/off/bring/book/get/be/take
  had/would/you'd/you'll/you're/are better to/off/~stock/~go
  be/better/best advised/prepared/warned/aware/forewarned to/that/of/though/-/:/,/for
  ${NICE} place/spot/choice/hotel/option/app for/if/to anyone/people/those/you/anybody
  is/isn't/not ... the/a place/hotel/app/one for/to/if you/stay
  not ... suitable/recommended/advisable for/to
  not ... for the faint
  ~worth a/the ~visit/~trip/~look/~walk/~try/~splurg/~extra
  worth ~pai/~book/~ask/~check/~take/~get/~go/~visit/~try/~spend/~consid/~upgrad/~walk
  pays/worthwhile to ~book/~ask/~check/~take/~walk/~get
  ~stai/~stay/~keep/~look ~awai/away/elsewhere/clear
  ~steer clear
  ~watch out for
  beware
  bear/~keep in mind
  do yourself a
  save your money`;

const HINTS = `
  must/needs
  we need
  please/pls/plz/pleas/plzz/plss
  i wish
  ideally
  could/might be
  would be ... ${NICE}/to/if
  would make/help/save ... sense/easier/better/lot
  you/they/we/it could/might ... ${MAKE}/have/try/add
  another option/possibility/solution/idea/way is/would
  ability/option/options/possibility to
  no/any ... option/setting/feature/way to/for
  ~lack a/an/the/any/some/~support
  is/are ... needed/required
  how/what about a/an/the/some
  instead of having/just
  just like in/the/on
  if you/your/you're ... want/like/prefer/need/can/must/do/go/stay/get/are/decide/choose/insist/happen/have/don't
  if you're/your
  unless you/you're/your
  you can/could ... always/also/easily
  suggestion/suggest/suggestions
  i/we/highly/strongly/definitely recommend
  recommend/recommended ... to/for ... anyone/people/those/someone/travelers/travellers/families/couples
  for those/anyone/people/someone who/looking/that/wanting
  ideal/perfect/suitable/great/good for ... families/couples/those/anyone/people/business/tourists/travelers/travellers/children/groups/visitors`;

const FAINT_HINTS = `
  need/needs/need to
  want/wanna ... to/a/an/the
  ${FEATURE} to/for/of
  so that/we/users/i can/we/users/i/you
  ~allow us/me/users/developers/you/user/for/to
  be able to
  you can/will
  you'll
  if you/u
  add/adding/added
  easier/better/nicer/simpler
  instead`;

/** Wishes for oneself, orders about one's own case, expectations, regrets and politeness: no wish for the product. */
const NO_REQUESTS = `
  i need
  i/we/please need to
  i/we need to/help/your/you/someone/assistance
  they need to ~fix/~get/~know/~learn/~call/~contact/~respond/~explain/~stop
  need to get/change/know/speak/talk/contact/reach/rebook/find/call/go/fly/cancel/book
  would/i'd/we'd ... like/love to know/understand/get/meet/win/give/try/buy/make/find/learn/complain/thank/say/ask/return/stay/come/hear/speak/talk/point/go/fly/change/book/cancel/send/file/express/report/visit/communicate/check/confirm/upgrade/dm/discuss
  would/i'd/we'd ... like/love to be treated/compensated/refunded/reimbursed/contacted/called
  would/i'd/we'd ... like/love/appreciate ... refund/answer/response/explanation/reply/credit/compensation/upgrade/update/voucher
  would ... like and
  i/i'll should
  i/we/they/you/who/he/she/would/also consider
  i/we/they/you/who/he/she/would consider a/an/the
  should/could/can i/he/she
  should be/have/work/arrive/land/know/say/return/throw/contain/now/still/of/take/get/happen/receive/see/expect/tell/i/we/you/they/it/not
  should ... ~refund/~compens/~asham/~embarrass/~fire/~apolog/~reimburs/~know
  should ... ~give/~pay/~send/~tell me/us
  should hopefully/probably/already/only be/have/take
  should not be this/that/so
  should have been/told/known/read
  should never/not happen
  should a/the/this/that/my/our
  how could/can/do you
  should've
  could have
  must say/admit/be/have/confess
  you/it/this/they must be ~joke/~kid/fun/nice/hard/great
  as it/they/he/she/you/i should
  this/that/which would ... be ... ${NICE}
  that would be ... ${NICE} !/./,
  ~help would be
  ~help would be ... ${NICE}
  add me/my/us
  could/can you ... add me/my/us
  could/can/would you please ... ~help/~tell/dm/~check/~fix/~look/~send/~explain/~let/~advis/~confirm/~get/~call/~respond/~repli/~follow/~contact/~clarifi/~assist/~sort/~resolv
  could/can/would you ... give/provide/make/put ... update/email/address/number/info/information/status/answer/call/refund/me
  be able to get/~make/reach/~log/help/change/rebook
  to/will/must/can/i/we/they make/making sure
  request for/is/was/has
  look what/at
  good/great/nice to see/be/know/hear/meet
  wish i ... ~known/~stai/~stay/~gone/~flown/~read/~was/~were/~flew
  wish you/u all/a/luck/well/the/guys/good/happy
  if you ... need/have any/help/question/questions/further/more
  thank/thanks
  thank/thanks for ... suggestion/advice/tip`;

const ADVISED =
  "take/go/get/eat/grab/walk/turn/head/book/pack/stay/wear/choose/pick/buy/order/rent/catch/expect/plan/remember/leave/pay/use/drink";

const ORDERS = `
  ${MAKE}
  ~ensur/unify/disable/publish/automate/unlock/merge/rename/modernize/separate/revert/reconsider/reinstate/lower/raise/prevent
  bring/ask/avoid/skip/visit/request/insist
  try a/an/the/to/and/another/their/our/some/out/staying/getting/using/making/adding/it
  ${ADVISED}/spend/reserve/opt a/an/the/your/some/at/in/from/for/on/to/into/early/late/away/elsewhere/left/right/down/up/out/with/plenty/ahead/advantage/one/bus/taxi/metro/cash/between/directly/straight/somewhere
  update/change/fix/show/display/use/port/open/set/move/keep/put/save/build/start/limit/have ${DETERMINER} ... ${FEATURE}
  update/change/show/display/use/port/open/set/move/keep/put/save/build/start/limit ${DETERMINER} ... so/to/app/size/back/instead/please
  do check/visit/try/take/go/ask/book/consider/a
  be/make sure/aware/prepared/careful/warned/certain/ready
  don't/dont forget/miss/bother/waste/expect
  don't/dont/do/never not/stay/go/use/leave/book/buy/make/add/remove/change/force/let/forget/miss/bother/waste/expect/be/eat/take/pay/hesitate/rely/trust/put/order/try/limit/restrict/install/download/update ... a/an/the/your/to/in/on/at/here/there/this/it/us/with/by/any/out/put/if
  need/needs/want ... ${FEATURE}
  more/better ${FEATURE}
  would ${NICE}/be
  ~wish it/they/there/you`;

const FAINT_ORDERS = `
  have/show/use/open/set/put/keep/save/start/do/update/change/build/get ${DETERMINER}/us/me/it`;

/** Orders about one's own case, idioms, and nouns that look like orders. */
const NO_ORDERS = `
  let me/us/them/him/her know/tell/say/explain/start/hope/see
  let him/her/it/go
  let me go/at/out/in/off/down/be/ask/get
  allow/let me/us to/speak
  give me/us/him/her/it ... refund/money/answer/update/info/information/call/number/break/raise/bonus/reason/job/voucher/credit/try/shot/go
  give me/it/them/him
  give ... raise/bonus/bonuses/break
  make my/me/sure/sense/love/money
  bring it/on/us/my/me
  bring it on/home
  ask me/him/her
  get well/me/us/your/it/my/home/to/out/off/ready/on/in/back/through
  go back/ahead/away/go/home
  ~provid ... updat/status/info/information/number/email/assistance/help/flight
  try again
  try this/it/to
  add insult/me
  remove me/my
  support is/was/team/has/staff/said/number/,/./?/!/and
  consider the/this following/case/scenario/situation
  take care/it/my/that
  stay tuned/safe/strong/home/calm/warm
  keep up/it/the
  do not know/think/like/understand/have/want/need/feel/care/see
  do not know/think/like/understand/have/want/need/feel/care/see ... a/an/the/your/to/in/on/at/here/there/this/it/us/with/by/any/out/put/if
  use to/of
  improve/improved`;

/** English ways to ask for something that is not there, or to tell others how to do it better. */
export const ENGLISH_CUES: RequestCues = {
  anywhere: cueTable([
    [0, NO_REQUESTS],
    [2, WISHES],
    [2, NEEDS],
    [2, ASKS],
    [2, SUGGESTIONS],
    [1, HINTS],
    [0.5, FAINT_HINTS],
  ]),
  openings: cueTable([
    [0, NO_ORDERS],
    [2, ORDERS],
    [1, FAINT_ORDERS],
  ]),
  advice: cueTable([
    [
      2,
      `
      ${ADVISED}/check/never/don't/dont/be/keep/forget/try/look/visit/read/watch/opt/think/enjoy/do
      you/it can/will/should/could/might/may/must/need
      you'll/you'd/it'll`,
    ],
  ]),
  pleas: setOf("please pls plz pleas kindly but so"),
  leads: setOf(
    "also and then either just or plus ok okay next now maybe perhaps finally first second third lastly hey hi hello " +
      "dear guys definitely always simply instead otherwise ps tip atleast ideally basically further furthermore " +
      "alternatively essentially additionally",
  ),
  conditions: setOf("if when whenever unless for to as once before in while given since on at"),
  readers: setOf("you your you're ur u"),
};

const NONE: ReadonlySet<string> = new Set();

/** Plain and strong cues only: wishes and suggestions wherever they stand, orders where a clause begins. */
function plainCues(
  anywhere: string,
  hints: string,
  openings: string,
  pleas: string,
  leads: string,
): RequestCues {
  return {
    anywhere: cueTable([
      [2, anywhere],
      [1, hints],
    ]),
    openings: cueTable([[2, openings]]),
    advice: cueTable([]),
    pleas: setOf(pleas),
    leads: setOf(leads),
    conditions: NONE,
    readers: NONE,
  };
}

/** Ways to ask for something in other languages: few, plain and strong. */
export const OTHER_CUES: ReadonlyMap<string, RequestCues> = new Map([
  [
    "es",
    plainCues(
      `
      sería/estaría ... genial/bueno/buena/bien/ideal/excelente/perfecto/útil/mejor/estupendo/buenísimo/interesante/increíble/maravilloso/chévere/padre si/que/poder/tener/con/añadir/agregar/idea
      quedaría ... mejor/perfecto/genial si/con
      me/nos gustaría/encantaría ... que/poder/tener/ver/una/más/mas
      quisiera/quisiéramos que/poder/ver/tener
      ojalá ... ~agreguen/añadan/pongan/incluyan/pudieran/pudiera/puedan/pueda/hubiera/tuviera/implementen/permitan/mejoren/vuelvan/existiera
      si pudieran/pudiesen/pudierais/hubiera/tuviera ... añadir/agregar/poner/opción/modo/más
      deberían/deberíais/debería/podrían/podríais/podría ... añadir/agregar/poner/incluir/permitir/tener/mejorar/hacer/ofrecer/cambiar/quitar/implementar/habilitar
      debería haber/existir
      hace/hacen/falta/faltan ... falta una/un/la/más/mas/poder/que/opción/función/modo/botón/idioma
      falta/faltan ... opción/función/modo/botón/idioma/posibilidad
      necesita/necesitan/necesitamos ... opción/mejorar/actualización/mejoras/función/modo
      por qué/que no ... añaden/añadís/agregan/ponen/incluyen
      sugiero/sugerencia/sugerencias/sugeriría
      recomiendo/recomendaría pedir/llevar/reservar/ir/que/evitar
      pueden/podéis ... añadir/agregar/incluir/implementar/poner
      echo/echamos/echa en/de falta/menos`,
      `
      por favor
      añadan/agreguen/incluyan/implementen/pongan/habiliten/permitan`,
      `
      añadan/agreguen/incluyan/implementen/habiliten/permitan/añadid/agregad/incluid/añade/agrega/agregar/añadir/incluir
      pongan/poned/vuelvan ... opción/modo/más/mas/a/el/la/una/un
      eviten/evitad/eviten/reserven/reservad/pidan/pedid/lleven/llevad
      no olviden/olvidéis/olvides`,
      "favor pero",
      "y por también tambien además",
    ),
  ],
  [
    "de",
    plainCues(
      `
      wäre ... schön/gut/toll/super/cool/hilfreich/nützlich/praktisch/wünschenswert/klasse/besser/nett/perfekt/ideal/genial/sinnvoll/prima ... wenn/dass/mit/zu/eine/ein
      wünschenswert/verbesserungsvorschlag/verbesserungsvorschläge/anregung/vorschlag
      würde/würden ... wünschen
      man sollte/könnte/müsste
      würde/würden ... freuen/begrüßen wenn/über/, wenn/eine/einen/ein
      wünsche/wünschen/wünschte mir/uns
      ich wünsche/wünschte mir/,
      hätte/hätten gern/gerne ... eine/einen/ein/mehr/die/den
      fände es ... gut/schön/besser/toll/super wenn/,
      sollte/sollten/sollt/müsste/müssten ... geben/möglich/können/anbieten/einbauen/einführen/hinzufügen/verbessern/ermöglichen/ändern/haben/ergänzen/überarbeiten
      könnte/könnten/könntet ... man/ihr/sie ... hinzufügen/einbauen/einführen/ergänzen/anbieten/ermöglichen/verbessern/noch
      könnt/könnten/könntet ihr/sie ... hinzufügen/einbauen/einführen/ergänzen/anbieten/ermöglichen
      warum nicht ... einfach/einbauen/anbieten
      fehlt/fehlen ... funktion/option/möglichkeit/modus/einstellung/unterstützung/einstellungen/funktionen
      bitte ... hinzufügen/einbauen/einführen/ergänzen/ermöglichen/anbieten/nachrüsten/wieder
      schlage/schlagen ... vor
      würde/würden empfehlen/raten
      hoffe ... kommt/einbaut/hinzugefügt/eingebaut/ergänzt`,
      `
      bitte
      wünsche/wunsch
      hinzufügen/einbauen/einführen/ergänzen/ermöglichen/nachrüsten`,
      `
      baut/fügt/führt/gebt/ermöglicht/ergänzt/bietet ... ein/eine/einen/hinzu/uns/doch/bitte
      vermeidet/meidet/bucht/fragt/nehmt/vergesst ... nicht/nach/die/das/den/ein/eine/euch`,
      "bitte aber",
      "und also auch doch dann",
    ),
  ],
  [
    "fr",
    plainCues(
      `
      serait/ce ... bien/super/génial/cool/top/utile/pratique/sympa/parfait/idéal/mieux/appréciable/intéressant/chouette/excellent de/si/que/d'avoir/d'ajouter/d'y/avec/qu'il/s'il/d'inclure/d'intégrer/de
      j'aimerais/aimerais/aimerions/aimerait ... pouvoir/avoir/que/voir/bien/qu'il/une/un/plus
      souhaiterais/souhaiterait/souhaiterions/voudrais ... pouvoir/avoir/que/voir/qu'il/une/plus
      faudrait ... ajouter/pouvoir/une/un/plus/améliorer/que/mettre
      devrait/devraient/devriez/pourrait/pourraient/pourriez ... ajouter/rajouter/mettre/permettre/proposer/améliorer/offrir/inclure/intégrer
      devriez/pourriez ... avoir/faire/être
      pouvez ... ajouter/rajouter/intégrer/inclure
      manque/manquent ... option/fonction/possibilité/mode/bouton/l'option/fonctionnalité/fonctionnalités/plus/juste
      si seulement ... pouvait/pouvaient/était/étaient/avait/aviez/pouviez
      pourquoi ne pas ... ajouter/mettre/proposer/intégrer/faire/permettre
      suggère/suggestion/suggestions
      je propose/recommande/conseille de/d'ajouter/d'éviter/que
      merci d'ajouter/d'intégrer/d'inclure/de ... ajouter/rajouter/intégrer/mettre/remettre/corriger
      ~merci d'ajouter/d'intégrer/d'inclure/d'améliorer`,
      `
      svp/stp
      s'il vous/te plaît
      ajouter/rajouter/ajoutez/rajoutez`,
      `
      ajoutez/rajoutez/intégrez/permettez/améliorez/remettez/incluez/proposez
      mettez ... une/un/le/la/plus/des
      évitez/prévoyez/demandez/réservez/pensez/n'oubliez`,
      "svp stp plaît plait mais",
      "et aussi donc alors",
    ),
  ],
  [
    "pt",
    plainCues(
      `
      seria/ficaria/serià ... bom/boa/ótimo/legal/interessante/perfeito/ideal/melhor/útil/bacana/incrível/top/maravilhoso/excelente se/ter/poder/que/com/ideia/colocar/adicionar
      gostaria/gostaríamos/adoraria ... que/poder/ter/ver/muito/mais
      queria que o/a/vocês/vcs ... app/aplicativo/site/opção/colocassem/tivessem/voltassem/melhorassem
      poderia/poderiam/podia/podiam/deveria/deveriam/devia/deviam ... colocar/adicionar/incluir/melhorar/permitir/voltar/criar/pôr/trazer/liberar/oferecer
      poderia/poderiam/deveria/deveriam ter/haver/fazer/dar
      tomara/espero que ... coloquem/adicionem/melhorem/tragam/incluam/voltem/possam
      quem dera
      falta/faltam/faltou ... opção/função/modo/botão/suporte/possibilidade
      sinto falta
      precisa/precisam ... melhorar/colocar/incluir/adicionar/opção/permitir
      sugiro/sugestão/sugestões
      recomendo pedir/levar/reservar/ir/que/evitar
      por que/quê não ... colocam/adicionam/põem/incluem
      podem ... adicionar/incluir/colocar`,
      `
      por favor
      coloquem/adicionem/incluam/tragam/criem/voltem`,
      `
      coloquem/adicionem/incluam/criem/implementem/adiciona/adicionar/incluir
      tragam/voltem/ponham ... de/a/o/com/uma/um/mais
      evitem/reservem/peçam/levem
      não/nao esqueçam/esqueça`,
      "favor mas",
      "e por também tambem",
    ),
  ],
  [
    "it",
    plainCues(
      `
      sarebbe/sarebbero ... bello/bella/utile/comodo/ideale/meglio/perfetto/perfetta/ottimo/ottima/fantastico/carino/interessante/gradito/gradita/top/stupendo se/poter/avere/che/con/aggiungere/cosa/inserire
      mi/ci piacerebbe ... che/poter/avere/vedere/se/una/un
      vorrei/vorremmo poter/che/avere/vedere/più
      dovreste/dovrebbero/dovrebbe/potreste/potrebbero/potrebbe ... aggiungere/mettere/inserire/permettere/migliorare/avere/fare/dare/includere/offrire/essere/togliere/rimettere
      bisognerebbe/servirebbe/servirebbero
      ci vorrebbe/vorrebbero una/un/più/delle/dei/la/l'opzione
      manca/mancano ... opzione/l'opzione/funzione/possibilità/modalità/pulsante/supporto
      suggerisco/suggerirei/suggerimento
      consiglio/consiglierei di/che
      consiglio : 
      perché non ... aggiungete/mettete/inserite/aggiungere/mettere/inserire
      spero che/in ... aggiungano/mettano/inseriscano/migliorino/aggiungiate
      potete ... aggiungere/inserire/mettere`,
      `
      per favore
      aggiungete/mettete/inserite/aggiungere/inserire`,
      `
      aggiungete/inserite/permettete/ridateci/rimettete/migliorate/aggiungere/inserire
      mettete/fate ... una/un/il/la/più/opzione
      evitate/prenotate/chiedete/portate
      non dimenticate`,
      "favore ma",
      "e per anche poi",
    ),
  ],
]);
