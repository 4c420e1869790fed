import { cueTable, type CueTable } from "../cues.ts";

/** English ways to state a failed expectation, and how strongly each says so, in points. */
export const ENGLISH_CUES = cueTable([
  [
    2,
    `
    still no/not/waiting/haven't/havent/hasn't/hasnt/didn't/don't/can't/cant/doesn't/won't/nothing/isn't/aren't/awaiting/broken/down
    still ~have/has/hav ... ~problem/~issu/~troubl/not/no/yet
    still ... ~wait/not/no/nothing
    been/be/was/am/i'm/waiting ~wait ... # ...  day/days/week/weeks/month/months/hour/hours/hrs/min/mins/minutes/year/years
    ~wait ... # ... day/days/week/weeks/month/months/hour/hours/hrs/hr/min/mins/minutes/year/years
    waiting for over/ages/forever/hours/days/weeks/months/a/an/my/the/our/your/someone/anyone/reply/response/refund/delivery/update
    never ~arriv/~receiv/~came/~come/~got/~get/~deliv/~repli/~respond/~heard/~show/~turn/~work/~answer/~load/~sent/~follow/~call
    never buy/buying/use/using/order/ordering/shop/shopping/fly/flying/lease/go/going/again/return/returning/recommend
    not/isn't/isnt/aren't/arent/wasn't/doesn't/doesnt/don't/didn't/didnt/won't/wont/can't/cant/cannot/couldn't/hasn't/haven't/havent/stopped/quit/stops/never ... ~work/~load/~open/~connect/~respond/~repli/~deliv/~arriv/~receiv/~log/~login/~honor/~honour/~resolv/~access/~charg/~sync/~updat/~instal/~download/~ship/~dispatch
    not/didn't/didnt/don't/haven't/havent/hasn't/never/couldn't/can't/cant/cannot ... ~receiv/~get/~got/~find/~reach/~contact/~submit/~view/~sign/~claim/~fix/~order/~speak/~cancel ... any/anyone/my/your/it/them/response/reply/refund/order/package/help/through/access/someone/online/in/into
    won't/wont/doesn't/doesnt/didn't/not ~let/letting ... me/us/it/you
    can't/cant/cannot/couldn't even/log/login/access/connect/open/play/pay/reach/submit/view/sign/order/book/watch
    unable/impossible to
    not able/possible to
    no/zero reply/response/answer/update/updates/confirmation/internet/power/wifi/service/signal/communication/email/explanation/apology/refund/water/sound/delivery/one/lights/electricity/network/connection/help/info/information/tracking/sign/luggage/bags
    no ... ~respons/~repli/~answer
    any update/updates/news on/about/?
    without any/a ~respons/~repli/~explan/~notic/~warn
    nothing ... ~happen/done/works/arrived
    ~charg/~bill ... twice/again/double/wrong/incorrectly/extra
    another/more ~crash/~delai/~outag/~bug/~error/~problem/~issu/~failur/~cancel/~excus/~glitch
    not/don't/dont/wouldn't/can't/cannot/won't/never ~recommend
    double/over ~charg
    ~overcharg
    ~refund
    money back
    ~want/~need/demand/give/get ... ~refund/money
    ~ripoff/rip-off/scam/scammed/scammers/scamming/fraud/thieves
    rip/ripped/ripping off/me/us/is
    customer service/services/support/care ... ~terribl/~horribl/worst/bad/awful/shocking/~pathet/~suck/poor/joke/disgrace/useless/rude/fail/hung/disgusting/appalling
    worst/terrible/horrible/bad/awful/shocking/pathetic/poor/appalling/disgusting/useless ... customer/service/support/experience/company/app/product/quality
    ~disappoint in/with/by/at/again/experience/!
    so/very/really/extremely/massively/pretty/truly/bitterly ~disappoint/~frustrat/~annoi
    third/3rd/fourth/4th/fifth/5th/second/2nd/umpteenth/nth time
    # times ... ~call/~email/~tri/~ask/~messag/and/still/now
    ~keep/~keep ~crash/~freez/~fail/~log/~drop/~stop/~get/~tell/~sai/~ask/~disconnect/~cut/~show/~delai/~cancel/~buffer/~kick/~send/~charg/going
    keeps/keep being/having
    out of stock/order
    fell/falls/falling/coming/came apart/off
    broke/broken/breaks ... after/down/already/again/in/on/off/and/now
    ~broken
    wrong ~item/~order/~size/~product/~shirt/~address/~thing/~part/~color/~colour/~food/~amount/price
    sent/delivered/received/got/given/sending/charged ... wrong/broken/damaged/faulty/empty/expired/defective/ripped/torn
    where is/are/the/s ... my ~order/~packag/~parcel/~refund/~deliveri/~bag/~luggag/~item/~stuff/~monei
    where's/wheres my/our/the
    ~lost/~losing/~damag/~misplac/~ruin my/our
    lost/losing/loses ... ~luggag/~bag/~packag/~parcel/~order/~suitcas
    ~miss my/from/item/items/parts/bag
    gone/goes/went missing
    how long ... take/wait/until/before/does/do/is/will/outage
    on hold
    hung/hang/hangs up
    ~ignor me/my/our/us/customers/the/emails/messages
    ~unansw/~unaccept/~unus
    false/misleading ~advertis
    supposed to ... be/arrive/have/get/come/receive/return/work/deliver
    was/were ... promised/told ... but/and/not/no
    fix your/this/the/it/that/please
    get your ... together
    shame on
    last/final straw
    waste of/my
    wasted my/# /hours/time/money
    down again/since/for/all/in/today/now
    is/are/been/went/site/website/server/servers/internet/app/power/phones/line down
    ~crash
    ~freez ... up/every/when/on/constantly/all/time/and/app
    error message/messages/code/codes/when/every/on
    getting/get/got/receive/gives/getting/says an/a/this/the/internal/constant error/errors
    worse than/every/since/and
    used to ... but/now/work/be
    no longer
    after/since the/last/latest/this/new/your update/upgrade
    ~delai ... hour/hours/again/flight/delivery/by/for/due/#/another
    flight/order/delivery/booking/reservation/trip ... ~cancel/~delai
    ~cancel my/our/flight/the/flightled
    what's/whats/what is going/wrong/happening/up with/on
    having/have/has/had/with/big/major ~problem/~issu/~troubl ... with/on/getting/logging/connecting/signing/using
    what/wtf is this/wrong
    how is this/it
    do/does not/n't work
    doesn't/doesnt/don't/dont work
    not ~work
    ~refus to
    ~declin ... card/payment/my/and
    ~disgrac/~appal/~atroci
    sort/get it/this/your out/together
    ~outag
    ~suck
    thanks/thank/thx for/you ... nothing/~ruin/~lose/~send/~delai/~cancel/~screw/~wast/~mess/~charg
    ~stuck on/in/at/with/for
    last time i/we/we'll/i'll ... ~buy/~us/~order/~shop/~fly/~book/~go
    logged/kicked/locked/signed/timed me/us/out
    less/not/below than/as/what ... ~advertis/~describ/~expect
    not cool/acceptable/okay/ok/happy/impressed/good
    no one/body ... ~repli/~respond/~answer/~dealt/~deal/~call/~help/~car/~show
    any ... ~answer/~respons/fix/solution to/on/for/?/yet
    what's/whats/what/is the/your problem/issue/hold/delay/holdup
    do something/better
    half empty/full
    ~recal
    ~complain ... about/and/to/but/times/no
    ~mess/~screw up/my/me/over`,
  ],
  [
    0.5,
    `
    why is/are/do/does/did/can't/cant/won't/isn't/doesn't/don't/has/have/am/was/would/the/did/aren't
    how come
    how/when do/can/will/should i/we/you/it/this
    please/pls/plz fix/help/sort/resolve/advise/refund/respond/reply/check
    need/want/get/some help/assistance
    can/could you/someone/anyone ... help/explain/tell/check/fix
    trying/tried/try to
    again
    yet
    ~problem/~issu/~bug/~glitch/~error/~fault/~defect
    ~fail
    ~slow/~lag/~laggi/~buffer
    ~wrong
    ~bad/worse/worst/~terribl/~horribl/~awful/~poor/~pathet/~useless/~ridicul/~disgust/~shock
    ~disappoint/~frustrat/~annoi/~furiou/~angri/~unhappi/~upset
    ~suppos
    ~cancel/~delai/~late
    ~miss
    ~ignor
    # day/days/week/weeks/month/months/hour/hours/hrs/hr/mins/minutes/year/years ago/later/now/and/for/late/to/just
    for/over/after/since # day/days/week/weeks/month/months/hour/hours/hrs/hr/minutes/mins/years
    ~expens/~overpric
    but
    seriously/wtf/smh/ugh/fail/really
    ~charg/~bill/~fee
    only
    nothing/never/nobody
    ~complaint/~complain
    told me/us/to/that
    ~uninstal/~delet
    too slow/expensive/long/late/many/much/small/big/bad
    ~rude/~unprofession/~incompet/~unhelp
    doesn't/doesnt/don't/dont/didn't/didnt/won't/wont/can't/cant/cannot/couldn't/isn't/wasn't/hasn't/haven't/not/no
    ~lose/~lost
    instead of`,
  ],
  [
    -2,
    `
    no/without/zero ~problem/~issu/~complaint/~troubl/~delai/~hassl/~worri/~hiccup
    no/without/zero any/more/longer/single ~problem/~issu/~complaint/~troubl/~delai/~hassl/crashes/crashing
    never/not/haven't/didn't/don't ... had/have/single/a/any/one ~problem/~issu/~complaint/~delai/~bad/~troubl
    can't/cannot/cant/couldn't/nothing to ~complain/wait/fault
    can't/cannot/cant/couldn't ... complain/wait/fault/praise/stop
    can't/cannot/cant/couldn't ... recommend ... enough/highly/more
    not a ... ~problem/~issu/~complaint/~delai
    nothing to ~complain
    ~problem/~issu/~situat ... ~solv/~resolv/~fix/sorted
    now ~work/~fix/~resolv/~solv
    works/working/work again/now/perfectly/great/well/fine/flawlessly
    ~solv/~resolv/~fix ... quickly/immediately/promptly/now/within
    never lets/let/fails/failed/disappoints/disappointed/disappoint me/to/us/!/.
    never/not/wasn't/won't ... disappointed/regret
    sorry to hear/for/about/you/that
    we ~apolog
    dm us`,
  ],
  [
    -1,
    `
    thank/thanks/thx/ty
    ~love/awesome/amazing/great/excellent/perfect/best/fantastic/wonderful`,
  ],
]);

/** Ways to state a failed expectation in other languages: few, plain and strong. */
export const OTHER_CUES: ReadonlyMap<string, CueTable<number>> = new Map(
  Object.entries({
    es: cueTable([
      [
        2,
        `
      no funciona/funcionan/sirve/sirven/carga/abre/llega/responden/contestan/contesta/responde/recomiendo/puedo
      no me deja/dejan/han/ha/responden/contestan/llega/funciona/llegó
      nadie responde/contesta/ayuda/atiende/llama/soluciona/sabe
      servicio/atención/soporte/app/aplicación ... pésimo/pésima/malo/mala/horrible/terrible/nefasto/lamentable
      no/nunca ... llegó/llegado/recibido/recibí/responden/contestan
      sigo/seguimos/llevo/llevamos ... esperando/sin
      todavía/aún/aun no/sin/espero/estoy
      sin respuesta/servicio/internet/luz/señal/conexión
      me/nos cobraron/cobran/han
      devolución/devuelvan/reembolso/devuelvan
      pésimo/pésima/mal/mala/peor/malísimo servicio/atención/app/aplicación
      nunca más
      estafa/estafadores/inaceptable/vergonzoso/queja/reclamo/reclamación
      problema/problemas/fallo/error con/en/de/al`,
      ],
      [0.5, `mal\npésimo\nretraso\ncancelado\nroto\nproblema\nvergüenza`],
    ]),
    de: cueTable([
      [
        2,
        `
      funktioniert/geht/lädt/startet/klappt ... nicht
      immer noch nicht/kein/keine/nichts
      noch immer/nicht kein/keine/nicht/da/angekommen/geliefert/erhalten
      nicht/nie angekommen/geliefert/erhalten/erreichbar/gekommen
      keine antwort/lieferung/rückmeldung/reaktion/verbindung
      warte/warten ... seit/auf
      seit # ... tagen/wochen/monaten/stunden
      nie wieder
      geld zurück
      rückerstattung/erstattung/betrug/abzocke/frechheit/unverschämt/beschwerde/reklamation
      schlechter/schlechte/mieser/miserabler/schlechtester service/kundenservice/support/qualität
      kaputt/defekt/abgestürzt
      stürzt ... ab
      doppelt abgebucht/berechnet
      verspätung/ausfall/ausgefallen/storniert`,
      ],
      [0.5, `problem\nprobleme\nfehler\nleider\nschon wieder`],
    ]),
    fr: cueTable([
      [
        2,
        `
      ne ... marche/fonctionne/répond/répondent/charge
      marche/fonctionne pas/plus
      toujours pas/rien/en/aucune
      pas/jamais reçu/livré/arrivé/remboursé
      aucune/pas réponse/nouvelle/de
      j'attends/attends/attendre depuis
      depuis # ... jours/semaines/mois/heures
      plus jamais
      remboursement/remboursez/rembourser/arnaque/inadmissible/inacceptable/honteux/scandaleux/réclamation
      service client ... nul/inexistant/lamentable/déplorable/injoignable
      en panne
      cassé/cassée/défectueux
      retard/annulé/annulée`,
      ],
      [0.5, `problème\nproblèmes\nbug\nnul\nmarre`],
    ]),
    pt: cueTable([
      [
        2,
        `
      não/nao/n funciona/funcionam/abre/carrega/chegou/chega/recebi/respondem/responde/consigo/recomendo/presta/entrega
      ainda não/nao/estou/espero/aguardo
      até agora nada/não
      sem resposta/sinal/internet/luz/retorno/solução
      estou/to/tô ... esperando/aguardando
      há/faz # ... dias/semanas/meses/horas
      cobraram/cobrança/cobrado
      reembolso/estorno/golpe/enganação/descaso/reclamação/inaceitável/absurdo
      nunca mais
      péssimo/péssima/pior atendimento/serviço/app/aplicativo/empresa
      dinheiro de volta
      quebrado/defeito/atrasado/cancelado/cancelaram`,
      ],
      [0.5, `problema\nproblemas\nerro\ntrava\npéssimo`],
    ]),
    it: cueTable([
      [
        2,
        `
      non funziona/funzionano/va/si/arriva/risponde/rispondono/consiglio/riesco/carica
      non ... arrivato/arrivata/ricevuto/risposto/consegnato
      ancora non/nessuna/nulla/niente/in
      nessuna risposta/notizia
      aspetto/aspettando/attesa da/di/ancora
      da # ... giorni/settimane/mesi/ore
      rimborso/truffa/vergognoso/inaccettabile/reclamo/disservizio
      mai più
      pessimo/pessima/peggior servizio/assistenza/app/esperienza
      rotto/guasto/difettoso/ritardo/cancellato`,
      ],
      [0.5, `problema\nproblemi\nerrore\nschifo`],
    ]),
  }),
);
