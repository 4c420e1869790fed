import { cueTable, type CueTable } from "../cues.ts";

/**
 * What happened to the customer, by how bad it is: `minor` an annoyance, `failure` something did not do what it is for,
 * `gross` they were treated badly or worse than can be put up with, `total` it does nothing at all, `loss` money or
 * time is gone, `abandoned` nobody helps, `beyond` it cannot be made good; `mended` it has been put right.
 */
export type Harm = "minor" | "failure" | "gross" | "total" | "loss" | "abandoned" | "beyond" | "mended";

const NOT =
  "not/never/didn't/didnt/haven't/havent/hasn't/hasnt/don't/dont/doesn't/doesnt/can't/cant/cannot/couldn't/won't/wont/wouldn't/isn't/isnt/wasn't";

const ENGLISH_HARMS = cueTable<Harm>([
  [
    "beyond",
    `
    ~ruin my/our/the/her/his ... wedding/honeymoon/holiday/holidays/vacation/christmas/birthday/trip/anniversary/life/plans/weekend/day/party/xmas
    ~ruin ... wedding/honeymoon/holiday/vacation/christmas/birthday/trip/anniversary/xmas
    ~miss my/our/a/the/her/his ... wedding/funeral/surgery/cruise/graduation/interview/exam/birth
    lost/lose/losing my/our job/house/home/business/life/savings/visa
    lost/deleted/erased/wiped/gone all/everything my/our/of
    lost/deleted/erased/wiped ... years/photos/savings/everything
    stole/stolen/stealing/steal my/our/from/thousands/hundreds/money/#
    lost/lose/out/cost/costing/costs/owe/owes/stole ... thousands/hundreds
    overdrawn/evicted/bankrupt/stranded
    life savings
    ~destroi my/our/the
    can't/cannot/couldn't pay/afford/buy rent/food
    can't/cannot/couldn't pay/afford my/our rent/mortgage/medication
    without heat/heating/medication/medicine/insulin
    held hostage
    beyond repair`,
  ],
  [
    "loss",
    `
    ~charg/~bill ... twice/again/double/wrong/extra/incorrectly/without
    double/over ~charg/~bill
    ~overcharg
    ~scam/fraud/fraudulent/thieves/crooks/rip-off/ripoff/thief/liars/robbed/swindled
    rip/ripped/ripping off/me/us
    ~lie/lied/lying to me/us/about
    money back
    waste/wasted/wasting of/my/so/hours/# money/time/hours/my
    ~wast my/our ... time/money/day/hours
    ~refus to ... refund/help/honor/honour/replace/pay/fix/return
    ${NOT} ... ~refund/~reimburs/honor/honour
    no refund
    lost my/our/the/a ... bag/bags/luggage/package/parcel/order/suitcase/money/item/baggage
    ~lost luggage/bag/bags/baggage
    took/taken/take/taking my/our/the money/payment
    had to ... buy/pay/spend/rebook
    missed my/our/the ... flight/connection/connections/meeting/event
    out of pocket
    ~falsely/falsli accused/charged
    false/misleading ~advertis
    money gone/missing/disappeared`,
  ],
  [
    "abandoned",
    `
    no/zero reply/response/answer/help/communication/support/apology/explanation/resolution/assistance/follow-up/contact/solution/results/respect
    no one/body ... ~help/~answer/~repli/~respond/~care/~call/~know/~dealt/~deal/~pick/~show
    nobody ... ~help/~answer/~repli/~respond/~care/~call/~know/~dealt
    never ~repli/~respond/~answer/~call/~got/heard/~follow/~help/~came/~show
    ${NOT} ... ~repli/~respond/~answer/~call/~help/~care/~resolv ... back/me/us/my/to/the/your/customers/phone
    ~ignor
    hung/hang/hangs up
    ~unansw
    nothing ... done/happened/happens/helps/changed/works
    too bad
    on hold ... # hours/hour/hrs/hr/minutes/mins
    passed/pass/passing/transferred from/around/between/to
    run/runaround around/around/for`,
  ],
  [
    "gross",
    `
    worst/terrible/horrible/awful/shocking/pathetic/poor/appalling/disgusting/useless/bad/zero/non-existent/horrendous/ridiculous ... customer/cust/service/support/care/company/experience/insurance/airline
    customer service/services/support/care ... ~terribl/~horribl/worst/bad/awful/shocking/~pathet/~suck/poor/joke/disgrace/useless/rude/fail/disgusting/appalling/ridiculous/~lack
    ~rude/condescending/~unprofession/~incompet/unhelpful/dismissive/discourteous/disrespectful
    ~disgrac/~unaccept/~atroci/~appal/~inexcus/~outrag
    worst
    don't/doesn't/dont/didn't/not care`,
  ],
  [
    "total",
    `
    completely/totally/entirely/utterly/absolutely/still ... useless/broken/unusable/dead/down/blocked/locked/worthless/failed
    ~complet/total ... failure/disaster/nightmare/waste/fail/joke/mess/shambles/garbage/trash/crap
    useless/worthless/unusable/nightmare/disaster/garbage/trash/junk/crap/fiasco/shambles
    nothing works/work/working
    stopped working
    doesn't/does/don't work at/period
    ${NOT} work at all
    never worked/works/arrived/came/delivered/received/shipped/showed
    locked/kicked/blocked me/us out
    locked out
    ~fall/~falling/fell/coming/came apart
    piece of`,
  ],
  [
    "failure",
    `
    ${NOT} ... ~work/~load/~open/~connect/~deliv/~arriv/~receiv/~log/~access/~sync/~instal/~download/~ship/~find/~order/~cancel/~submit/~pai
    ~crash/~freez/froze
    broke/broken/breaks/broken
    wrong ~item/~order/~size/~product/~shirt/~address/~thing/~part/~color/~food/~amount/price
    missing/faulty/defective/damaged/expired/ripped/torn/leaking/stale/cold/burnt
    ~cancel/~delai
    out of stock/order
    ~disappoint/~frustrat/~annoi/unhappy
    supposed to
    ~fail
    ~error/~outag
    still no/not/waiting/haven't/hasn't/nothing
    unable/impossible to
    is/are/been/went/website/app/server/internet down
    never
    again`,
  ],
  [
    "minor",
    `
    ~slow/~lag/~glitch/~buffer
    ~confus/unclear/inconvenient
    any update/updates/idea/suggestions/advice
    how/when can/do/will/should
    please/pls/plz help/fix/advise`,
  ],
  [
    "mended",
    `
    now ~work/~fix/~resolv/~solv/sorted
    ~problem/~issu ... ~solv/~resolv/~fix/sorted
    got/been/was/were/all ~resolv/~fix/sorted/refunded
    ~resolv/~fix/~solv ... quickly/immediately/promptly`,
  ],
]);

function harms(lists: Readonly<Partial<Record<Harm, string>>>): CueTable<Harm> {
  return cueTable<Harm>(
    (["beyond", "loss", "abandoned", "total", "failure"] as const).map((harm): [Harm, string] => [
      harm,
      lists[harm] ?? "",
    ]),
  );
}

/** What happened, by language. */
export const HARM_CUES: ReadonlyMap<string, CueTable<Harm>> = new Map(
  Object.entries({
    en: ENGLISH_HARMS,
    es: harms({
      beyond: `arruinaron/arruinó/arruinado mi/mis/nuestra/nuestro/la/el\nme robaron/estafaron\nperdí todo/todos/mi`,
      loss: `cobraron/cobrado/cobran ... doble/veces/más/sin\nestafa/estafadores/robo/ladrones/timo\nmi/el dinero\nno ... reembolso/reembolsan/devuelven`,
      abandoned: `nadie ... responde/contesta/ayuda/soluciona/atiende\nno ... responden/contestan/responde/contesta/ayudan\nsin respuesta/solución\npésimo/pésima/malísimo/nefasto ... servicio/atención`,
      total: `no funciona/sirve para nada\ninaceptable/vergonzoso/vergüenza/lamentable\npésimo\npésima`,
      failure: `no ... funciona/llega/llegó/abre/carga\nroto/rota/cancelado/cancelada/retraso/fallo/error/caído`,
    }),
    de: harms({
      beyond: `urlaub/hochzeit/weihnachten ... ruiniert/verdorben\nalles weg/verloren/gelöscht`,
      loss: `doppelt abgebucht/berechnet\nbetrug/betrüger/abzocke/abgezockt\ngeld zurück/weg\nkeine erstattung/rückerstattung`,
      abandoned: `niemand ... hilft/antwortet/zuständig/reagiert/erreichbar\nkeine antwort/rückmeldung/reaktion/hilfe\nnicht erreichbar\nmieser/miserabler/schlechter/schlechtester/unverschämter service/kundenservice/support`,
      total: `unbrauchbar/katastrophe/frechheit/unverschämt/unverschämtheit/inakzeptabel/unmöglich\nfunktioniert/geht gar/überhaupt nichts/nicht`,
      failure: `funktioniert/geht/lädt ... nicht\nkaputt/defekt/verspätung/storniert/ausfall/ausgefallen/fehler\nnicht angekommen/geliefert/erhalten`,
    }),
    fr: harms({
      beyond: `gâché/ruiné/gâchées mes/nos/notre/mon/ma/les\ntout perdu`,
      loss: `débité/facturé/prélevé ... deux/fois/double/tort\narnaque/arnaqueurs/voleurs/escroquerie/escrocs\npas/jamais remboursé/remboursée`,
      abandoned: `personne ... répond/aide\naucune/pas réponse/de\nservice client ... nul/inexistant/lamentable/déplorable/injoignable`,
      total: `inutilisable/inadmissible/inacceptable/honteux/scandaleux/catastrophe/catastrophique`,
      failure: `marche/fonctionne pas/plus\npas/jamais reçu/livré/arrivé\ncassé/cassée/panne/retard/annulé/annulée/bug`,
    }),
    pt: harms({
      beyond: `estragaram/estragou/arruinaram meu/minha/nossa/nosso\nperdi tudo\nme roubaram`,
      loss: `cobraram/cobrado/cobrança ... vezes/indevida/duas/dobro\ngolpe/roubo/ladrões/enganação/estelionato\nmeu dinheiro\nsem reembolso/estorno`,
      abandoned: `ninguém ... responde/ajuda/resolve/atende\nnão/nao ... respondem/responde/resolvem/atendem\nsem resposta/retorno/solução\npéssimo/péssima/pior atendimento/serviço\ndescaso`,
      total: `inaceitável/absurdo/vergonha/lixo/péssimo/péssima`,
      failure: `não/nao/n ... funciona/abre/chegou/carrega/recebi/consigo\nquebrado/defeito/atrasado/cancelado/cancelaram/erro/trava`,
    }),
    it: harms({
      beyond: `rovinato/rovinata/rovinati ... vacanza/vacanze/matrimonio/natale/viaggio\nperso tutto`,
      loss: `addebitato/addebitata ... due/doppio/volte\ntruffa/truffatori/ladri/furto\nnessun rimborso`,
      abandoned: `nessuno ... risponde/aiuta/risolve\nnon ... rispondono/risponde\nnessuna risposta\npessimo/pessima/peggior servizio/assistenza`,
      total: `inutilizzabile/vergognoso/vergogna/inaccettabile/scandaloso/disastro`,
      failure: `non ... funziona/arrivato/arrivata/va/ricevuto\nrotto/guasto/difettoso/ritardo/cancellato/errore`,
    }),
  }),
);

/** How heated words are, in points. */
const ENGLISH_HEAT = cueTable<number>([
  [
    3,
    `
    fuck/fck/f*ck/fuk you/off/u/y'all/them
    ~furiou/livid/outraged/enraged/fuming/seething/infuriated/infuriating
    go to hell
    piece/pieces of ... shit/crap/garbage/trash
    rot in hell
    kiss my
    shove it
    screw/fuck you/u
    assholes/asshole/bastards/bastard/scumbags/scumbag/motherfuckers/motherfucker/cunts/cunt/dickheads/dickhead/pricks/wankers/wanker
    shit heads/head/bags/hole/show
    shitheads/shithead/shitshow`,
  ],
  [
    2,
    `
    ~fuck/fucking/fuckin/fucked/fucks/fck/effing
    ~shit/shitty/bullshit/bs
    ~disgust/~pathet/~disgrac/~despic/appalling/atrocious/vile
    bitch/bitches/pissed/ass
    wtf/wth
    idiots/idiot/morons/moron/imbeciles/clowns/crooks/thieves/liars/scammers/cowards/fools/scum
    ~hate/hate you/your/this/them/ur
    how dare
    shame on
    what the hell/fuck/heck/f
    sick of
    fed up
    had enough
    outrageous/inexcusable/unforgivable`,
  ],
  [
    1,
    `
    ~ridicul/~unaccept/absurd/insane/ludicrous/shameful/shambles/atrocity
    damn/dammit/damned/goddamn/hell/crap/crappy/bloody/freaking/frigging/freakin/sucks/suck
    ~angri/angry/mad/~frustrat/annoyed/annoying/irritated
    worst/terrible/horrible/awful/horrendous/useless/garbage/trash/joke
    smh/ffs/omfg/seriously/wow
    ~stupid/dumb/incompetent/clueless/lazy/greedy
    never again
    screwed/screw
    unbelievable/unreal`,
  ],
  [
    0,
    `
    ~fuck ... love/great/awesome/amazing/good/brilliant/best/beautiful/perfect/yes/cool/happy
    damn/hell/bloody ... good/great/nice/fine/love/awesome/amazing/fast/brilliant/yeah/yes/delicious
    not/isn't/wasn't ... mad/angry/annoyed/frustrated/upset
    freaking/freakin ... love/awesome/amazing/great/good
    wow ... love/great/amazing/thanks/thank/what
    mad/insane skills/respect/love/good
    can't/couldn't believe ... great/good`,
  ],
]);

function heat(two: string, one: string): CueTable<number> {
  return cueTable<number>([
    [2, two],
    [1, one],
  ]);
}

/** Heat of words, by language. */
export const HEAT_CUES: ReadonlyMap<string, CueTable<number>> = new Map(
  Object.entries({
    en: ENGLISH_HEAT,
    es: heat(
      `mierda\nputa\nputos\nhijos de puta\ncabrones\nidiotas\nimbéciles\nladrones\nsinvergüenzas\nestafadores\nasco\nasqueroso\nindignante\nfurioso\nfuriosa\nharto\nharta\ninútiles\njoder\ncoño`,
      `vergüenza\nvergonzoso\ninaceptable\npésimo\npésima\ninútil\nridículo\ncabreado\ncabreada\nenfadado\nenojado\nbasura\nlamentable`,
    ),
    de: heat(
      `scheiße\nscheiss\nscheiß\nverdammt\nverarscht\nidioten\nbetrüger\nverbrecher\nwütend\nstinksauer\nunverschämt\nunverschämtheit\nfrechheit\nwiderlich\nekelhaft\narschlöcher\nsaftladen\nschnauze voll\nverarsche`,
      `sauer\nlächerlich\npeinlich\nkatastrophe\nmist\nunmöglich\ninakzeptabel\närgerlich\nschlimmste\nmies`,
    ),
    fr: heat(
      `merde\nputain\nconnards\nenculés\nvoleurs\nescrocs\narnaqueurs\nfurieux\nfurieuse\nscandaleux\nhonteux\nhonte\ndégoûtant\nincapables\nmarre\nfoutage de gueule`,
      `ridicule\ninadmissible\ninacceptable\nénervé\nlamentable\nnul\nnulle\ncolère\nagacé\npire`,
    ),
    pt: heat(
      `merda\nporra\ncaralho\nputa\nladrões\nfilhos da puta\nidiotas\nbandidos\nnojo\nnojento\nfurioso\nfuriosa\nputo\nrevoltado\nrevoltante\nlixo\ncansado de`,
      `vergonha\nabsurdo\nridículo\ninaceitável\npéssimo\npéssima\nraiva\nirritado\ninútil\npior`,
    ),
    it: heat(
      `merda\ncazzo\nstronzi\nladri\ntruffatori\nfurioso\nfuriosa\nschifo\nschifoso\nidioti\nincapaci\nvergognatevi\nvaffanculo`,
      `vergogna\nvergognoso\nridicolo\ninaccettabile\npessimo\npessima\narrabbiato\narrabbiata\nscandaloso\npeggiore\nassurdo`,
    ),
  }),
);

/** Emoji that fume. */
export const ANGRY_EMOJI: ReadonlySet<string> = new Set(["😡", "🤬", "😠", "👿", "🖕", "💢", "😤"]);
