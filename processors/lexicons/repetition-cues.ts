import { cueTable, type CueTable } from "../cues.ts";
import { perForm } from "../per-form.ts";
import type { Token } from "../read-text.ts";

/**
 * What a way of speaking says: `repeated` it happened or was told before; `counted` as well, with a number in it;
 * `again` so only beside a failure; `waiting` they still wait; `open` something is owed, which makes a time span next
 * to it a wait; `none` it looks like one of these and is not.
 */
export type RepetitionSign = "repeated" | "counted" | "again" | "waiting" | "open" | "none";

/** What is needed to read repetition in one language. */
export interface RepetitionWords extends WordsOfLanguage {
  /** Whether a token may end a time span or begin one: most do not. */
  readonly saysTime: (token: Token) => boolean;
}

interface WordsOfLanguage {
  readonly cues: CueTable<RepetitionSign>;
  /** Days in a unit of time. */
  readonly units: ReadonlyMap<string, number>;
  readonly numbers: ReadonlyMap<string, number>;
  /** Words before a date or a time span that say when it began. */
  readonly since: ReadonlySet<string>;
  /** 0 is January. */
  readonly months: ReadonlyMap<string, number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlyMap<string, number>;
  /** Whether "3/4" is the third of April. */
  readonly isDayFirst: boolean;
  /** Days since then, for words that name a time outright. */
  readonly times: ReadonlyMap<string, number>;
}

const SECOND = 1 / 86_400;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WEEK = 7;
const MONTH = 30;
const YEAR = 365;

const ORDINALS =
  "second/2nd/third/3rd/fourth/4th/fifth/5th/sixth/6th/seventh/7th/eighth/8th/ninth/9th/tenth/10th/11th/12th/15th/20th";
const CONTACTED =
  "called/call/rang/ring/phoned/emailed/email/mailed/messaged/dmed/dm'd/dm/asked/ask/contacted/contact/complained/reported/told/tell/requested/request/chased/written/wrote/tweeted/spoken/spoke/explained/tried/try/applied/submitted/visited";
const TOLD =
  "told/said/asked/emailed/mailed/sent/contacted/reported/called/rang/phoned/complained/explained/mentioned/messaged/dmed/dm'd/tried/wrote/written/raised/submitted/provided/spoken/spoke/requested/filed";
const FAILED =
  "~crash/~freez/froze/~fail/~happen/~cancel/~delai/broke/broken/~disconnect/dropped/~declin/~reject/~reschedul/~postpon/restarted/reinstalled/reset/rebooted/returned/replaced/repaired/missed";
const NOT =
  "not/no/haven't/havent/hasn't/hasnt/didn't/didnt/don't/dont/doesn't/doesnt/can't/cant/cannot/couldn't/won't/wont/isn't/isnt/aren't/arent/never/nothing/nobody/unable";
const HAVE_NOT =
  "not/haven't/havent/hasn't/hasnt/didn't/didnt/don't/dont/doesn't/doesnt/never/nobody/nothing";
const OWED =
  "refund/reply/response/answer/update/callback/call/someone/anyone/parcel/package/delivery/order/replacement/resolution/luggage/bag/bags/baggage/confirmation/money/engineer/technician/explanation/solution/help/email/compensation/credit/code/agent/rep/fix/repair/driver";
const SERVICE =
  "internet/power/wifi/service/signal/water/heating/electricity/network/connection/phone/broadband/luggage/bag/bags/hot/car/gas";

const ENGLISH: WordsOfLanguage = {
  cues: cueTable([
    [
      "counted",
      `
      ${ORDINALS} time
      ${ORDINALS} attempt/request/reminder/complaint/email/ticket/call/message/replacement/repair
      ${CONTACTED} ... #/twice times/now/already/and/but/today/with/to/about/since/before/. time/times
      ${CONTACTED} ... # times/x
      ${CONTACTED} ... twice
      ${FAILED} ... # times
      ${FAILED} ... twice
      # times ... ${CONTACTED}
      # times ... ${FAILED}
      # times now/already
      sent/send/made/after/with/wrote/written/opened/raised/filed # ... emails/calls/messages/dms/tickets/letters/complaints/requests/reminders
      # unanswered emails/calls/messages/dms/tickets
      # emails/calls/messages/dms/tickets ... later/unanswered/ignored
      # phone calls ... later/unanswered/ignored/and
      numerous/multiple/several/many attempts/emails/calls/complaints/requests/reminders/tickets
      spoke/spoken/talked/speaking to/with # ... people/agents/reps/representatives/advisors/advisers/persons`,
    ],
    [
      "repeated",
      `
      i/i've/ive/we/we've/have/has/had/i'd already ${TOLD}
      already ${TOLD} you/u/them/support/customer/this/it/that/twice/my/the/and/about/to
      ${TOLD} ... before/repeatedly/already/previously
      as i/we/i've said/mentioned/explained/told/wrote/stated before/already/earlier/previously
      ${CONTACTED} ... numerous/multiple/countless/endless/repeated/various times/occasions
      countless/endless/repeated attempts/emails/calls/complaints/requests/reminders/tickets
      keep/kept/keeps asking/calling/emailing/messaging/reporting/complaining/chasing/repeating/explaining/contacting/ringing/phoning
      keep/kept telling you/them/u
      keep/keeps/kept ~crash/~freez/~fail/~happen/~disconnect/breaking/dropping/stopping/cutting/buffering/cancelling/canceling/delaying/rejecting
      how many times do/must/have/will/does/should/can/i
      how many more times
      umpteenth/nth/millionth/thousandth/hundredth/gazillionth/zillionth/100th/1000th time
      not/isn't/isnt/wasn't/hardly the first time
      happened/happening/happens again/before
      same thing/problem/issue/error/story/excuse/mistake again/before/still/happened/happens
      same ... as last time
      here we go again
      ~chase/chasing/chased you/them/this/up/for/my
      following up again
      following up on/with ... complaint/email/ticket/request/message/case/order/refund
      had/have/having/need/needed to ... call/ask/email/ring/phone/contact/explain/complain/chase/restart/reinstall/reset/return again
      will have/need to ... call/ask/email/ring/phone/contact/explain/complain/chase/restart/reinstall/reset/return again
      ${ORDINALS} day/week/month/night/morning/year/weekend in/without/running
      called/emailed/asked/complained/calling/emailing/asking/messaged again`,
    ],
    [
      "none",
      `
      still no/without/haven't/not/don't/zero/hasn't/never ... complaint/complaints/problem/problems/issue/issues/regret/regrets/trouble/faults
      still not/isn't/wasn't/never/don't/haven't ... tired/bored/disappointed/regret/recovered/sick
      still not sure/too/bad/over/convinced/sold/a/old/perfect/that
      still can't/cant/cannot/couldn't ... wait/believe/enough/stop/beat/decide
      still can't/cant/cannot/couldn't get over
      still haven't/havent/not found/seen/tried/had/finished/watched/met/decided
      still don't/dont/doesn't/not/can't think/know/understand/see/care/like/want/believe/mind/need/trust
      still nothing/nobody/none/no one/better/compares/beats/like/can
      still won't/wouldn't/wont ... ~us/~bui/~fly/~order/~recommend/~trust/~go/~come
      never again
      never ... again
      will/would/won't/wouldn't/i'll/we'll/can't/cant/cannot/could/should/gonna/i'd ... again
      thank/thanks/thx again
      thank you ... again
      again thank/thanks
      ~try again
      working/works/work/back/running/online/fixed ... again
      see/visit/back/happy/hope ... again
      so it/this/that doesn't/won't happen again
      nothing but/short
      too many attempts/emails/calls/complaints/requests/reminders/tickets
      ${TOLD} ... before i/we/you/they/he/she/it/the/my/our/getting/buying/signing
      # times ... better/faster/worse/more/cheaper/bigger/larger/slower/a/per/champion/champions/winner/each`,
    ],
    [
      "again",
      `
      again
      yet again/another
      once again/more
      over and over
      again and again
      time and time again
      another ~delai/~cancel/~crash/~outag/~failur/~error/~issu/~problem/~bug/~glitch/broken/faulty/missed/lost`,
    ],
    [
      "waiting",
      `
      still waiting/awaiting/pending/broken/down/missing/unresolved/unanswered/unpaid/outstanding/stuck/offline/faulty/delayed/late/lost/unable/without/wrong/messed/nothing/no/${NOT}
      still ... waiting/awaiting/unresolved/unanswered/nothing/unable/missing/down/broken
      still on hold
      still ~crash/~freez/~fail/~charg/~bill/~lag/~buffer/owe/owes/unfixed/unusable
      still have/has/having/had/got/getting/gives/says/showing/experiencing ... no/not/problem/problems/issue/issues/error/errors/trouble/same/nothing
      still the same ... problem/issue/error/thing
      still don't/dont/doesn't know where/when/if/what/why
      ${HAVE_NOT} ... ~receiv/~arriv/~deliv/~ship/~repli/~respond/~resolv/~fix/heard/refunded/contacted/dispatched/here ... yet
      ${HAVE_NOT} ... got/gotten ... yet
      no reply/response/refund/answer/update/word/news/email/resolution/delivery/luggage/bag/bags/help/confirmation ... yet
      yet to receive/hear/arrive/get/see/reply/respond/show/resolve/fix/refund
      yet to be resolved/fixed/refunded/contacted/delivered/paid/answered/credited
      waiting for/on ... ${OWED}
      waiting/waited ages/forever/hours/days/weeks/months/years/long
      waiting/waited ... for ages/forever/hours/days/weeks/months/years
      awaiting ... ${OWED}
      tired/sick of waiting
      been/i'm/im/am/sat/sitting/kept/currently/was/put on hold
      on hold for/since/with/again/now/and/forever/to/#/over
      no closer to`,
    ],
    [
      "open",
      `
      never/not/haven't/havent/hasn't/hasnt/didn't/didnt/don't/dont/doesn't/can't/cant/cannot ~receiv/~arriv/~deliv/~repli/~respond/~resolv/heard/refunded/get/got/gotten/been/come/came/shipped/work/working/fixed/have/log/access/use/connect
      never/not/haven't/havent/hasn't/hasnt/didn't/didnt/nobody/no ... ~receiv/~arriv/~deliv/~repli/~respond/~resolv/heard/refunded/contacted/called/fixed
      no reply/response/answer/update/updates/word/news/email/resolution/delivery/help/communication/refund/contact/sign/tracking/${SERVICE}
      without a/any/my/our/${SERVICE}
      where is/are/the ... my/our
      where's/wheres my/our/the
      waiting/waited/wait/awaiting
      nothing/nobody
      ${SERVICE} ... down/out/off
      is/are/been/be/were/was down/out/broken/offline
      ~unansw/~unresolv/~ignor
      ~try/tried/trying to ... get/reach/contact/resolve/fix/cancel/speak/log/talk
      how long
      ~chase/chasing`,
    ],
  ]),
  units: unitsOf({
    [SECOND]: "second seconds sec secs",
    [MINUTE]: "minute minutes min mins",
    [HOUR]: "hour hours hr hrs h",
    1: "day days night nights d",
    [WEEK]: "week weeks wk wks",
    14: "fortnight fortnights",
    [MONTH]: "month months mth mths mos",
    [YEAR]: "year years yr yrs",
  }),
  numbers: numbersOf(
    "a:1 an:1 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 fifteen:15 " +
      "twenty:20 thirty:30 forty:40 fifty:50 sixty:60 ninety:90 couple:2 few:3 several:3 half:0.5 twice:2 " +
      "second:2 third:3 fourth:4 fifth:5 sixth:6 seventh:7 eighth:8 ninth:9 tenth:10",
  ),
  since: new Set(["since"]),
  months: listed(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct|november nov|december dec",
  ),
  weekdays: listed(
    "sunday sun|monday mon|tuesday tue tues|wednesday wed|thursday thu thurs thur|friday fri|saturday sat",
  ),
  isDayFirst: false,
  times: numbersOf("yesterday:1 week:7 month:30 year:365 night:1"),
};

const SPANISH: WordsOfLanguage = {
  cues: cueTable([
    ["counted", `segunda/tercera/cuarta/quinta/sexta/2da/3ra/4ta/2ª/3ª/4ª vez`],
    [
      "repeated",
      `
      ya les/le/os/te/se/lo/la dije/pedí/avisé/escribí/llamé/mandé/envié/expliqué/reclamé
      ya les/le/os/te/se/lo he/hemos dicho/llamado/escrito/avisado/reclamado/pedido/enviado/explicado
      ya he/hemos dicho/llamado/escrito/avisado/reclamado/pedido/enviado/reportado
      otra vez ... no/mal/fallo/error/caído/caída/sin/problema/cancelado/retraso/tarde
      de nuevo ... no/mal/fallo/error/caído/caída/sin/problema
      no/mal/fallo/error/caído/caída/problema/cancelado/retraso/tarde ... otra vez
      cuántas veces ... tengo/hay/más/mas/debo/tenemos/voy
      por enésima vez
      varias/muchas veces ... llamado/escrito/pedido/reclamado
      llamado/escrito/pedido/reclamado ... veces`,
    ],
    [
      "waiting",
      `
      sigo/seguimos/sigue ... esperando/igual
      sigo/seguimos/sigue/llevo/llevamos/continúo/continuamos ... sin ... respuesta/solución/servicio/internet/luz/señal/agua/conexión/línea/noticias/recibir/poder/pedido/paquete/reembolso/funcionar/acceso/dinero
      todavía/aún/aun no/sin ... llega/llegó/funciona/responden/contestan/recibo/recibido/respuesta/solución/llegado/resuelto/devuelto/luz/internet/servicio
      llevo/llevamos ... esperando
      continúo/continuamos esperando`,
    ],
    [
      "open",
      `no/nunca ... llega/llegó/llegado/recibido/recibí/funciona/responden/contestan/responde/contesta\nsin ... respuesta/servicio/internet/luz/señal/agua/conexión/noticias/solución\nesperando\nsigo/seguimos/llevo/llevamos sin`,
    ],
  ]),
  units: unitsOf({
    [MINUTE]: "minuto minutos min",
    [HOUR]: "hora horas",
    1: "día días dia dias",
    [WEEK]: "semana semanas",
    [MONTH]: "mes meses",
    [YEAR]: "año años",
  }),
  numbers: numbersOf(
    "un:1 una:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 segunda:2 tercera:3 cuarta:4 quinta:5 " +
      "sexta:6",
  ),
  since: new Set(["desde", "hace", "llevo", "llevamos"]),
  months: listed(
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre",
  ),
  weekdays: listed("domingo|lunes|martes|miércoles|jueves|viernes|sábado"),
  isDayFirst: true,
  times: numbersOf("ayer:1 anteayer:2"),
};

const GERMAN: WordsOfLanguage = {
  cues: cueTable([
    [
      "counted",
      `zum zweiten/dritten/vierten/fünften/sechsten/2/3/4/5 mal\nzweites/drittes/viertes/fünftes mal\nschon zweimal/dreimal/viermal/fünfmal`,
    ],
    [
      "repeated",
      `
      bereits/schon ... geschrieben/angerufen/gemeldet/gesagt/kontaktiert/reklamiert/beschwert/mitgeteilt
      schon wieder ... nicht/kein/keine/keinen/kaputt/defekt/ausgefallen/verspätet/verspätung/verspätungen/storniert/störung/ausfall/fehler/problem/probleme/falsch/falsche/falschen/down/offline/abgestürzt/gesperrt
      nicht/kein/keine/keinen/kaputt/defekt/ausgefallen/verspätet/verspätung/storniert/störung/ausfall/fehler/problem/probleme/down/offline ... schon wieder
      mehrfach/mehrmals/wiederholt ... geschrieben/angerufen/gemeldet/kontaktiert/reklamiert/nachgefragt/angefragt/beschwert
      wie oft ... noch
      zum x-ten/wiederholten/hundertsten/tausendsten mal
      wieder nicht/kein/keine/kaputt/mal/ausgefallen/verspätet`,
    ],
    [
      "waiting",
      `
      immer noch/nicht/kein/keine/nichts nicht/kein/keine/keinen/nichts/auf/kaputt/defekt
      noch immer nicht/kein/keine/keinen/nichts/auf
      warte/warten ... immer/vergeblich
      warte/warten ... auf ... antwort/rückmeldung/lieferung/paket/erstattung/geld/bestellung/ware/rückruf
      bis heute nicht/kein/keine/nichts
      noch nicht/keine/kein/nichts ... angekommen/erhalten/geliefert/antwort/rückmeldung/da/bekommen`,
    ],
    [
      "open",
      `nicht/nie/nichts ... angekommen/geliefert/erhalten/erreichbar/gekommen/bekommen/passiert\nfunktioniert/geht ... nicht\nkein/keine/ohne ... antwort/lieferung/rückmeldung/reaktion/verbindung/internet/strom/netz/paket\nwarte\nwarten\nwartet\nkaputt\ndefekt`,
    ],
  ]),
  units: unitsOf({
    [MINUTE]: "minute minuten min",
    [HOUR]: "stunde stunden std",
    1: "tag tage tagen",
    [WEEK]: "woche wochen",
    [MONTH]: "monat monate monaten",
    [YEAR]: "jahr jahre jahren",
  }),
  numbers: numbersOf(
    "ein:1 eine:1 einem:1 einer:1 einen:1 zwei:2 drei:3 vier:4 fünf:5 sechs:6 sieben:7 acht:8 neun:9 zehn:10 zweiten:2 " +
      "dritten:3 vierten:4 fünften:5 sechsten:6 zweites:2 drittes:3 viertes:4 fünftes:5 zweimal:2 dreimal:3 viermal:4 fünfmal:5",
  ),
  since: new Set(["seit"]),
  months: listed("januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"),
  weekdays: listed("sonntag|montag|dienstag|mittwoch|donnerstag|freitag|samstag sonnabend"),
  isDayFirst: true,
  times: numbersOf("gestern:1 vorgestern:2"),
};

const FRENCH: WordsOfLanguage = {
  cues: cueTable([
    [
      "counted",
      `deuxième/troisième/quatrième/cinquième/2ème/3ème/4ème/2e/3e/4e/seconde fois/relance/réclamation/appel`,
    ],
    [
      "repeated",
      `
      déjà dit/écrit/appelé/signalé/demandé/contacté/expliqué/relancé/envoyé
      encore une fois ... pas/rien/panne/retard/annulé
      encore en panne/retard
      encore un/une retard/panne/problème/bug/annulation
      combien de fois
      plusieurs fois/relances/reprises/appels
      pour la énième fois`,
    ],
    [
      "waiting",
      `
      toujours pas/rien/aucune/aucun/en/sans
      j'attends/attends/attendons toujours/encore/depuis/ma/mon/un/une
      encore rien/pas reçu
      sans nouvelles/réponse`,
    ],
    [
      "open",
      `pas/jamais/rien ... reçu/livré/arrivé/remboursé/répondu\naucun/aucune/sans/pas ... réponse/nouvelle/nouvelles/internet/connexion/électricité/réseau/retour\nmarche/fonctionne pas/plus\nattends\nj'attends\nattendre\nen panne`,
    ],
  ]),
  units: unitsOf({
    [MINUTE]: "minute minutes min mn",
    [HOUR]: "heure heures",
    1: "jour jours",
    [WEEK]: "semaine semaines",
    [MONTH]: "mois",
    [YEAR]: "an ans année années",
  }),
  numbers: numbersOf(
    "un:1 une:1 deux:2 trois:3 quatre:4 cinq:5 six:6 sept:7 huit:8 neuf:9 dix:10 quinze:15 deuxième:2 seconde:2 " +
      "troisième:3 quatrième:4 cinquième:5",
  ),
  since: new Set(["depuis"]),
  months: listed("janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"),
  weekdays: listed("dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi"),
  isDayFirst: true,
  times: numbersOf("hier:1"),
};

const PORTUGUESE: WordsOfLanguage = {
  cues: cueTable([
    ["counted", `segunda/terceira/quarta/quinta/sexta/2ª/3ª/4ª/5ª vez`],
    [
      "repeated",
      `
      já falei/disse/liguei/reclamei/pedi/mandei/enviei/avisei/entrei/abri/solicitei
      de novo ... não/nao/sem/erro/problema/fora/travou/caiu
      não/nao/sem/erro/problema/fora/travou/caiu ... de novo
      outra vez ... não/nao/sem/erro/problema/fora
      não/nao/sem/erro/problema/fora ... outra vez
      quantas vezes
      várias/diversas/muitas/inúmeras vezes ... liguei/reclamei/falei/tentei
      liguei/reclamei/falei/tentei ... vezes
      pela milésima vez`,
    ],
    [
      "waiting",
      `
      ainda não/nao/estou/to/tô/espero/aguardo ... chegou/recebi/respondeu/responderam/esperando/aguardando/resolveram/resposta/funciona/entregaram/sem
      ainda aguardo/espero
      estou/to/tô/sigo/continuo/estamos ... esperando/aguardando/sem
      até agora nada/não/nao/sem
      até hoje nada/não/nao/sem`,
    ],
    [
      "open",
      `não/nao/nunca/nem ... chegou/chega/recebi/respondem/responde/funciona/entregaram/entregou/resolvem/resolveram\nsem ... resposta/sinal/internet/luz/retorno/solução/água/energia\nesperando\naguardando\naguardo`,
    ],
  ]),
  units: unitsOf({
    [MINUTE]: "minuto minutos min",
    [HOUR]: "hora horas",
    1: "dia dias",
    [WEEK]: "semana semanas",
    [MONTH]: "mês mes meses",
    [YEAR]: "ano anos",
  }),
  numbers: numbersOf(
    "um:1 uma:1 dois:2 duas:2 três:3 tres:3 quatro:4 cinco:5 seis:6 sete:7 oito:8 nove:9 dez:10 segunda:2 terceira:3 " +
      "quarta:4 quinta:5 sexta:6",
  ),
  since: new Set(["desde", "há", "faz"]),
  months: listed("janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"),
  weekdays: listed("domingo|segunda segunda-feira|terça|quarta|quinta|sexta|sábado"),
  isDayFirst: true,
  times: numbersOf("ontem:1 anteontem:2"),
};

const ITALIAN: WordsOfLanguage = {
  cues: cueTable([
    ["counted", `seconda/terza/quarta/quinta/sesta volta`],
    [
      "repeated",
      `
      già detto/scritto/chiamato/segnalato/chiesto/contattato/inviato/spiegato
      di nuovo ... non/guasto/fermo/ritardo/problema/senza/errore
      non/guasto/fermo/ritardo/problema/errore ... di nuovo
      ancora una volta ... non/ritardo/guasto
      quante volte
      più/diverse/tante volte ... chiamato/scritto/chiesto/segnalato
      chiamato/scritto/segnalato ... volte
      per l'ennesima volta`,
    ],
    [
      "waiting",
      `
      ancora non/nessuna/nessun/nulla/niente/in ... arrivato/arrivata/ricevuto/risposta/risposto/funziona/attesa/rimborso/novità/consegnato/risolto
      ancora niente/nulla
      sto/stiamo/sono ancora aspettando/in/senza
      aspetto/aspettiamo ancora/da/un/una/il
      a oggi nessuna/niente/non`,
    ],
    [
      "open",
      `non/mai ... arrivato/arrivata/ricevuto/risposto/consegnato/funziona/rimborsato\nnessuna/nessun/senza ... risposta/notizia/internet/linea/corrente/rimborso/connessione\naspetto\naspettando\nin attesa`,
    ],
  ]),
  units: unitsOf({
    [MINUTE]: "minuto minuti min",
    [HOUR]: "ora ore",
    1: "giorno giorni",
    [WEEK]: "settimana settimane",
    [MONTH]: "mese mesi",
    [YEAR]: "anno anni",
  }),
  numbers: numbersOf(
    "un:1 una:1 due:2 tre:3 quattro:4 cinque:5 sei:6 sette:7 otto:8 nove:9 dieci:10 seconda:2 terza:3 quarta:4 quinta:5 " +
      "sesta:6",
  ),
  since: new Set(["da", "dal", "dallo", "dall"]),
  months: listed(
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
  ),
  weekdays: listed("domenica|lunedì|martedì|mercoledì|giovedì|venerdì|sabato"),
  isDayFirst: true,
  times: numbersOf("ieri:1"),
};

/** What is read, by language. */
export const REPETITION_WORDS: ReadonlyMap<string, RepetitionWords> = new Map(
  Object.entries({
    en: ENGLISH,
    es: SPANISH,
    de: GERMAN,
    fr: FRENCH,
    pt: PORTUGUESE,
    it: ITALIAN,
  }).map(([language, words]) => [language, { ...words, saysTime: timeTeller(words) }]),
);

function timeTeller({ since, units }: WordsOfLanguage): RepetitionWords["saysTime"] {
  return perForm(({ kind, text }) => kind === "number" || since.has(text) || units.has(text));
}

function unitsOf(lists: Readonly<Record<number, string>>): Map<string, number> {
  const units = new Map<string, number>();
  for (const [days, words] of Object.entries(lists)) {
    for (const word of words.split(" ")) units.set(word, Number(days));
  }
  return units;
}

function numbersOf(list: string): Map<string, number> {
  return new Map(
    list.split(" ").map((entry) => {
      const [word = "", value = ""] = entry.split(":");
      return [word, Number(value)];
    }),
  );
}

/** Words by their place in a list: `|` between places, blanks between words of one place. */
function listed(list: string): Map<string, number> {
  const places = new Map<string, number>();
  list.split("|").forEach((words, place) => {
    for (const word of words.split(" ")) places.set(word, place);
  });
  return places;
}
