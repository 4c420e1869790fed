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

/**
 * Ways to state a failed expectation in other languages: plain and strong ones, then such as need another beside them.
 */
export const OTHER_CUES: ReadonlyMap<string, CueTable<number>> = new Map(
  Object.entries({
    es: cueTable([
      [
        2,
        `
      no funciona/funcionan/funcionaba/sirve/sirven/carga/abre/llega/responden/contestan/contesta/responde/recomiendo/conecta/aparece
      no lo/la/os/se/les recomiendo/recomienden
      no puedo/podemos/logro/pude/pudimos ... entrar/acceder/iniciar/abrir/usar/utilizar/pagar/descargar/cancelar/contactar/conectar/conectarme/instalar/actualizar/ingresar/registrarme/retirar/transferir/hablar/comunicarme
      no puedo/podemos/logro comprar/reservar
      no me/nos deja/dejan/responden/responde/contestan/contesta/llega/funciona/llegó/devuelven/devolvieron/resuelven/solucionan/atienden/reembolsan
      no me/nos han ... respondido/contestado/devuelto/llegado/enviado/entregado/resuelto/solucionado/llamado/reembolsado/atendido
      nadie ... responde/contesta/ayuda/atiende/llama/soluciona/resuelve
      servicio/atención/soporte/app/aplicación ... pésimo/pésima/malo/mala/horrible/terrible/nefasto/lamentable
      no/nunca ... llegó/llegado/recibido/recibí
      nunca ... responden/contestan/responde/contesta/funciona
      sigo/seguimos/llevo/llevamos ... esperando
      sigo/seguimos/sigue/llevo/llevamos/estamos/estoy/estuve ... sin ... respuesta/servicio/internet/luz/señal/conexión/agua/línea/solución/recibir/pedido/dinero/poder/reembolso/noticias/funcionar
      todavía/aún/aun no/sin/espero ... llega/llegó/llegado/recibo/recibido/recibí/funciona/responden/contestan/respuesta/solución/resuelto/devuelto/devuelven/reembolso/entregado/pedido
      sin respuesta/servicio/internet/luz/señal/conexión
      me/nos ... cobraron/cobran/cobrado
      me/nos han ... estafado/robado/engañado/mentido/cancelado/perdido/bloqueado
      me/nos ... estafaron/engañaron/mintieron/cancelaron/perdieron/colgaron/bloquearon
      devuelvan/devuélvanme/devolvedme/reembolso
      mi/el dinero ... devuelvan/devuelto/vuelta
      quiero/exijo/queremos ... devolución/reembolso/dinero
      pésimo/pésima/mal/mala/peor/malísimo/malísima/fatal servicio/atención/app/aplicación/experiencia
      muy/tan mal/mala/malo servicio/atención/experiencia/producto
      nunca/jamás más compro/compraré/vuelvo/volveré/uso/usaré/viajo/viajaré/pido/contrato
      estafa/estafadores/inaceptable/queja/reclamo/reclamación
      problema/problemas/fallo/error con/en ... app/aplicación/web/página/pedido/pago/cuenta/tarjeta/entrega/envío/servicio/factura/conexión/internet/tienda/producto/actualización
      tengo/tenemos/tuve ... problema/problemas/fallo/error con/en/al/para
      dejó/dejado de funcionar
      se cierra/cuelga/bloquea/traba/cae ... sola/solo/tiempo/constantemente/siempre/rato/cada
      llegó/vino/llegaron/vinieron/está/estaba ... roto/rota/dañado/dañada/equivocado/equivocada/incompleto/defectuoso/defectuosa/abierto/vacío
      app/aplicación/página/web/juego/pantalla/servidor ... cierra/cuelga/bloquea/traba/congela/cae/caído/caída/colgado/colgada/trabado/trabada/crashea
      se me/te/nos cierra/cuelga/bloquea/traba/congela/apaga/cae/desconecta/corta
      se cierra/cuelga/bloquea/traba/congela/apaga/desconecta/corta ... cada/vez
      se corta/cortó/cae/cayó ... internet/señal/llamada/conexión/luz
      otra vez/nuevamente ... retraso/retrasado/retrasada/caído/caída/fallo/falla/fallando/error/roto/rota/cancelado/cancelada/avería
      de nuevo ... retraso/retrasado/retrasada/caído/caída/fallo/falla/fallando/error/roto/rota/cancelado/cancelada/avería
      retraso/demora de # ... minutos/horas/días/semanas
      tarda/tardan/tardaron/tardó/tardando/demora/demoran/demoró/demoraron ... horas/días/semanas/meses/siglo/demasiado/eternidad
      nada que ver con ... foto/fotos/descripción/anuncio/anunciado/publicado/imagen
      no se parece/corresponde/ajusta/coincide ... foto/fotos/descripción/anuncio/pedí/pedido
      no es/era/fue lo que ... pedí/pedimos/compré/pagué/esperaba/anuncian/prometieron/contraté
      paquete/pedido/maleta/maletas/equipaje/envío ... robaron/robado/desapareció/desaparecido/extraviado/extraviada/extraviaron/perdieron/perdida/abandonado/tirado/abierto/mojado/golpeado/dañado/roto
      falta/faltan/faltaba/faltaban ... pieza/piezas/producto/productos/artículo/artículos/pedido/mitad/tornillos/cable/cargador
      comisión/comisiones/cargo/cargos/cobro/cobros ... indebido/indebidos/indebida/injustificado/oculto/ocultos/oculta/ocultas/duplicado/doble/sorpresa/avisar
      cobro/cargo/cargos/cobros que no ... reconozco/hice/autoricé/corresponde
      llegó/llega/llegaron/vino/vinieron/trajeron/enviaron ... fría/fríos/frías/incompleta/equivocados/incorrecto/incorrecta/derretido/derretida/caducado/caducada/podrido/podrida
      me/nos mandaron/enviaron/trajeron otro/otra/mal
      talla/color/modelo/producto/artículo equivocado/equivocada/incorrecto/incorrecta/erróneo
      dejaron/dejado/dejan/dejó tirado/tirada/tirados/tiradas/colgado/colgada/plantado/plantados
      cuenta/tarjeta/línea ... bloqueada/bloqueado/bloquearon/suspendida/suspendieron/cortaron
      no sirve/vale ... nada
      funciona/funcionan/anda fatal/mal/pésimo/lento/lenta/lentísimo/lentísima/peor
      no vale ... precio/cuesta/pagué
      no ... deja/permite ... entrar/acceder/iniciar/pagar/cancelar/comprar/descargar/abrir/retirar/registrar
      no se hacen/hace/hicieron cargo/responsables/responsable
      me/nos ... pasan/pasando/pasaron ... departamento/departamentos/pelota
      pérdida de tiempo/dinero
      vuelo/pedido/tren/reserva ... cancelado/cancelada/retrasado/perdido
      muy decepcionado/decepcionada/descontento/descontenta/insatisfecho/insatisfecha`,
      ],
      [
        1,
        `vergonzoso\nvergüenza\nindignante\nretraso\nretrasos\ncancelado\nsin aviso/avisar/explicación\nprometieron/prometido\nse ... rompió/rompieron/estropeó/dañó/descosió/descosieron/despegó/averió/destiñó\nva/van fatal/mal/lento/lenta/lentísimo/lentísima\nroto\ndefectuoso\nproblema de`,
      ],
      [0.5, `mal\npésimo\nsiempre igual/lo\nproblema\naún no\nnunca más\ntodavía no`],
    ]),
    de: cueTable([
      [
        2,
        `
      funktioniert/funktionieren/geht/lädt/startet/klappt/öffnet ... nicht
      immer noch nicht/kein/keine/keinen/nichts
      noch immer nicht/kein/keine/keinen/nichts
      noch nicht/kein/keine/nichts ... da/angekommen/geliefert/erhalten/bekommen
      nicht/nie angekommen/geliefert/erhalten/erreichbar/gekommen
      keine antwort/lieferung/rückmeldung/reaktion/verbindung
      kein/keinen internet/empfang/netz/strom/rückruf/kundenservice/support
      warte/warten/wartet ... seit/vergeblich/immer
      warte/warten auf ... antwort/rückmeldung/lieferung/paket/erstattung/geld/bestellung/ware/rückruf/koffer
      kann/können/konnte mich/uns ... nicht ... einloggen/anmelden/registrieren/abmelden
      kann/können/konnte ... nicht ... einloggen/anmelden/öffnen/erreichen/bezahlen/kündigen/bestellen/installieren/zugreifen
      lässt/lassen sich ... nicht ... öffnen/installieren/aktivieren/verbinden/starten/kündigen/stornieren/einschalten/aktualisieren/bezahlen/buchen
      hängt/hängen sich ... auf
      niemand ... hilft/antwortet/zuständig/reagiert/erreichbar/geantwortet/meldet/gemeldet/kümmert
      geld zurück
      rückerstattung/betrug/betrüger/abzocke/frechheit/unverschämt/beschwerde/reklamation
      warte/keine ... erstattung
      schlechter/schlechte/mieser/miserabler/schlechtester/katastrophaler/unfreundlicher/grottiger service/kundenservice/support/qualität/kundendienst/hotline
      service/kundenservice/support/kundendienst/hotline/app ... katastrophe/schlecht/miserabel/unfreundlich/unterirdisch/unbrauchbar
      ist/sind/war/waren/wieder/schon/kam/ständig/dauernd kaputt/defekt/abgestürzt/beschädigt
      kaputt/defekt/beschädigt angekommen/geliefert
      nach ... tagen/wochen/monaten/monat ... kaputt/defekt
      stürzt/stürzen ... ab
      doppelt abgebucht/berechnet
      flug/zug/bestellung/lieferung/bus/bahn ... ausgefallen/storniert/gestrichen/verspätet/verspätung
      falsche/falschen/falscher artikel/ware/größe/lieferung/rechnung
      nicht zu empfehlen
      kann/würde ... nicht/nur ... empfehlen/abraten
      finger weg
      nie wieder ... bestelle/bestellen/kaufe/kaufen/buche/buchen/dort/hier/euch/diesem/dieser/diesen
      sehr/total/maßlos/extrem/wirklich/einfach enttäuscht/enttäuschend/unzufrieden/verärgert
      zeitverschwendung/geldverschwendung
      app/seite/website/spiel/programm/gerät/bildschirm/laptop/handy ... hängt/ruckelt/friert/abgestürzt/stürzt/streikt/spinnt/eingefroren
      geht/gehen/ging gar/überhaupt/mal/mehr nicht/nichts/nix
      geht/funktioniert/klappt ... nix/nichts
      seit ... update/aktualisierung ... nicht/nur/ständig/abstürze/schlechter/langsam
      schon wieder/erneut ... verspätung/verspätet/ausfall/ausgefallen/kaputt/defekt/störung/gestört/fehler/abgestürzt/falsch/preiserhöhung/gestrichen
      minuten/stunden verspätung
      # ... minuten/stunden/tage/wochen/monate ... gewartet/warteschleife/wartezeit/verspätung/verspätet
      warteschleife/wartezeit ... minuten/stunden/stunde/ewig/ewigkeit
      dauert/dauerte/gedauert ... ewig/ewigkeit/wochen/monate/stunden
      versprochen/zugesagt/angekündigt war/waren/wurde/wurden/hatte/hat
      war/waren/wurde/wurden/hat/hatte/haben ... versprochen/zugesagt ... aber/doch/nichts/nie/nicht
      wie/als beschrieben/abgebildet/angegeben/versprochen ... nicht/anders
      entspricht/entsprechen nicht
      nicht wie ... beschrieben/beschreibung/bild/foto/bestellt/versprochen/vereinbart
      paket/sendung/lieferung/gepäck/koffer/bestellung/päckchen ... weg/verschwunden/verloren/verschollen/gestohlen/geklaut/aufgerissen/nass/zerdrückt/beschädigt/verspätet
      fehlt/fehlen/fehlte/fehlten ... teil/teile/hälfte/schrauben/artikel/kabel/zubehör/ladekabel
      hälfte/teile/teil ... fehlt/fehlen/fehlte/fehlten
      falsch/falsche/falscher/falsches/falschen geliefert/farbe/größe/produkt/teil/adresse/betrag/essen/gericht/modell
      zu viel/unrecht abgebucht/berechnet/bezahlt/verlangt
      abgebucht/berechnet ... obwohl/ohne/mehrfach/zweimal/gekündigt
      zweimal/mehrfach/ungefragt/unberechtigt/einfach abgebucht/berechnet
      versteckte/ungerechtfertigte/überhöhte kosten/gebühren/gebühr
      konto/karte/zugang/account ... gesperrt
      kalt/kaltes/kalte angekommen/geliefert/essen/pizza
      kam/kamen ... kalt/verspätet/unvollständig/beschädigt/zerbrochen/verdorben
      reagiert/reagieren/antwortet/antworten/erreiche ... nicht/keiner/niemand/niemanden
      hilft/meldet ... keiner/niemand
      keiner ... hilft/antwortet/zuständig/reagiert/erreichbar/meldet/kümmert/ran/weiß
      nach ... wäsche/waschen/waschgang/benutzung/gebrauch ... kaputt/loch/löcher/eingelaufen/verfärbt/auseinander/ab/hin
      löst/lösen sich ... ab
      wird/werde/wurde/werden ... abgewimmelt/vertröstet/verarscht/abgezockt
      fühle/fühlen mich/uns ... verarscht/betrogen/abgezockt
      unfreundlich/unfreundliches/unfreundlicher/unverschämter/inkompetent/inkompetenter/pampig ... personal/mitarbeiter/bedienung/fahrer/empfang
      personal/mitarbeiter/bedienung/fahrer/fahrerin ... unfreundlich/unverschämt/inkompetent/pampig/überfordert
      jeden tag/morgen dasselbe/verspätung/störung
      kriege/bekomme/bekommt/kriegt/bekommen ... keine/kein/nichts/nicht ... antwort/rückmeldung/geld/hilfe/erstattet/rechnung/code/zurück`,
      ],
      [
        1,
        `seit # ... tagen/wochen/monaten/stunden\nkaputt\ndefekt\nversprochen\nohne vorwarnung/ankündigung/begründung/grund\nverspätung\nausgefallen\nstorniert\nenttäuscht\nerstattung`,
      ],
      [
        0.5,
        `problem\nprobleme\nfehler\nnie wieder\nleider\nschon wieder\njedes mal\nimmer dasselbe\nausfall\nmist`,
      ],
      [-2, `keine probleme/beschwerden/beanstandungen\nohne probleme`],
    ]),
    fr: cueTable([
      [
        2,
        `
      marche/marchent/fonctionne/fonctionnent/répond/répondent/charge/s'ouvre/démarre pas/plus/jamais
      toujours pas/rien/aucune/aucun ... reçu/livré/livrée/arrivé/arrivée/remboursé/remboursée/réponse/nouvelle/nouvelles/remboursement/colis/solution/résolu/internet/commande/répondu
      toujours en panne/attente
      toujours sans nouvelle/nouvelles/réponse/internet/réseau
      pas/jamais/rien reçu/livré/livrée/arrivé/arrivée/remboursé/remboursée
      pas encore reçu/été/arrivé/livré
      aucune/aucun réponse/nouvelle/aide/solution/explication/information/remboursement/suivi/geste/retour
      pas de réponse/nouvelle/nouvelles/livraison/remboursement/connexion/réseau/internet/service/solution/suivi
      sans nouvelle/nouvelles/réponse
      personne ... répond/aide/décroche
      j'attends/attends/attend/attendons/attendre ... depuis/remboursement/colis/réponse/livraison/commande
      impossible ... connecter/joindre/annuler/résilier/payer/commander/accéder/ouvrir/installer/contacter/utiliser/télécharger/rembourser
      peux/peut/arrive/arrivons/pouvons plus/pas ... connecter/accéder/ouvrir/payer/utiliser/joindre/annuler/commander
      remboursez/remboursez-moi/arnaque/arnaques/arnaqueurs/réclamation
      veux/demande/attends/exige/réclame ... remboursement
      service client ... nul/inexistant/lamentable/déplorable/injoignable/catastrophique/horrible/incompétent
      mauvais/mauvaise/pire/piètre/horrible service/expérience/application/appli/qualité/accueil
      en panne
      cassé/cassée/défectueux/défectueuse/endommagé/endommagée
      colis/commande/vol/train/livraison/bagage ... retard/annulé/annulée/retardé/perdu/perdue/endommagé
      débité/prélevé/facturé ... fois/tort
      plante/bug/bugue/bloque/ferme tout/tous/toutes/sans/constamment ... temps/seule/seul/arrêt
      recommande/conseille pas/plus
      à fuir/éviter
      appli/application/site/jeu/serveur/l'appli/l'application/écran/l'écran ... plante/plantent/plantage/rame/bugue/bug/buggée/freeze/bloque/fige/ferme/bloqué/bloquée
      plante/plantent/rame/bugue/bloque/ferme/coupe/déconnecte ... chaque/tout/toutes/sans/constamment/depuis/encore
      se ferme/bloque/coupe/déconnecte/fige ... toute/tout/tous/toutes/seule/seul/chaque/sans/constamment
      encore un/une/du/des/le/la ... retard/retards/panne/pannes/bug/bugs/problème/annulation/train/coupure/grève
      encore/toujours ... retard/annulé/annulée/panne/cassé/coupure
      # ... minutes/min/heures/h/heure/jours/semaines ... retard/d'attente/attente
      retard de #/plus
      heures/jours/semaines/mois d'attente
      l'ascenseur/connexion/internet/réseau/wifi/fibre ... coupé/coupée/coupe/hs/panne/lent/lente/nul/nulle
      coupure/coupures ... internet/réseau/courant/depuis/constante/constantes/encore
      m'avait/m'avaient/m'a/m'ont/m'avez/nous/m'aviez ... promis/promise ... et/mais/rien/jamais/toujours
      on/vous m'avait/m'aviez/nous promis/promise
      avait/avaient/aviez promis/promise/promises
      rien à voir avec ... photo/photos/description/l'annonce/commandé
      ne correspond/correspondent ... pas/du
      pas conforme/conformes
      pas ce que ... commandé/demandé/acheté/payé/réservé
      colis/commande/livraison/bagage/bagages/valise/paquet/livreur ... volé/volée/perdu/perdue/ouvert/ouverte/abandonné/abandonnée/jeté/disparu/disparue/éventré/abîmé/abîmée/mouillé/introuvable/égaré/égarée
      manque/manquait/manquaient/manquent ... pièce/pièces/moitié/article/articles/produit/produits/commande/plat
      reçu ... cassé/cassée/abîmé/abîmée/mauvais/mauvaise/froid/froide/incomplet/incomplète/vide/périmé
      mauvais/mauvaise/erreur taille/produit/article/couleur/modèle/commande/adresse/colis
      arrivé/arrivée/arrivés/arrivées/livré/livrée/livrés ... froid/froide/froids/abîmé/abîmée/vide/incomplète/incomplet/trempé
      débité/débitée/prélevé/prélevée/facturé/facturée/prélèvement/prélèvements ... deux/double/trop/alors/sans/abusif/abusifs
      frais ... cachés/abusifs/exorbitants/injustifiés/prévenir/surprise/expliquer
      compte/carte/ligne ... bloqué/bloquée/suspendu/suspendue/piraté/coupée
      tombe/tombé/tombée/tombent ... panne
      n'a/n'ont ... jamais/pas ... marché/fonctionné/répondu/rappelé/reçu/livré/remboursé
      refuse/refusent/refusé ... rembourser/remboursement/garantie/échanger/reprendre
      raccroche/raccrochent/raccroché ... nez
      balade/baladent/renvoie/renvoient/trimballe ... service/services/l'autre
      laisse/laissent à désirer
      depuis ... mise à jour ... plus/pas/plante/bug/lente/rame/impossible
      moins bien/bon qu'avant
      inutilisable/injoignable/injoignables/inexploitable
      perte de temps/d'argent
      très/vraiment/extrêmement/tellement déçu/déçue/décevant/décevante/mécontent/mécontente
      m'a/m'ont/m'avez ... arnaqué/arnaquée/volé/menti`,
      ],
      [
        1,
        `
      inadmissible/inacceptable/honteux/scandaleux/déplorable/lamentable
      retard/annulé/annulée
      promis/promise
      s'est/sont ... cassé/cassée/décousu/décousue/déchiré/déchirée/décollé/décollée/troué
      désagréable/désagréables/impoli/malpoli/malpolie/incompétent/incompétents
      sans prévenir/explication/explications/raison
      déçu/déçue
      remboursement/rembourser
      depuis # ... jours/semaines/mois/heures`,
      ],
      [0.5, `problème\nproblèmes\nbug\nplus jamais\ntoujours pareil\nà chaque fois\nnul\nnulle\nmarre`],
      [-2, `aucun/pas/sans problème/souci/problèmes/soucis\naucun/pas de/d'autre problème/souci`],
    ]),
    pt: cueTable([
      [
        2,
        `
      não/nao/n funciona/funcionam/abre/carrega/chegou/chega/recebi/respondem/responde/recomendo/presta/entrega/entregaram/resolvem/resolve/atendem/atualiza/conecta
      não/nao/n consigo/consegui/conseguimos/dá/da ... entrar/acessar/abrir/usar/pagar/baixar/cancelar/comprar/contato/conectar/instalar/atualizar/logar/cadastrar/transferir/sacar/falar/finalizar/utilizar
      ainda não/nao ... recebi/chegou/resolveram/responderam/respondeu/funciona/entregaram/entregue/devolveram/reembolso/resposta/solução/resolvido
      ainda estou/espero/aguardo ... esperando/aguardando/resposta/reembolso/entrega/pedido/sem/retorno/solução
      até agora/hoje nada/não/nao/sem
      sem resposta/sinal/internet/luz/retorno/solução
      estou/to/tô/estamos/continuo ... esperando/aguardando ... há/faz/resposta/retorno/reembolso/entrega/pedido/produto/solução/desde
      ninguém ... responde/resolve/atende/ajuda/retorna/sabe
      cobraram/cobrado/cobrada/cobrando
      cobrança indevida/errada/duplicada
      reembolso/estorno/golpe/golpistas/enganação/descaso/reclamação/estelionato
      quero/devolvam ... dinheiro
      nunca mais compro/volto/uso/peço/viajo/comprem/compre
      nunca ... chegou/recebi/funciona/respondem/responderam
      péssimo/péssima/pior/horrível/ruim atendimento/serviço/app/aplicativo/empresa/experiência/suporte
      atendimento/serviço/app/aplicativo/suporte ... péssimo/péssima/horrível/ruim/lixo
      dinheiro de volta
      parou/parando de funcionar
      veio/chegou/vieram ... quebrado/quebrada/errado/errada/defeito/danificado/danificada/faltando/aberto/vazio
      voo/pedido/entrega/encomenda/viagem ... atrasado/atrasada/cancelado/cancelada/extraviado/extraviada
      com defeito
      trava/travando/cai/fecha toda/sozinho/direto/demais/sempre/muito
      app/aplicativo/aplicação/site/celular/tela/internet/servidor ... travou/trava/travando/travado/fecha/fechou/caiu/cai/bugou/bugado/bugada/congela/lento/lenta/ruim
      site/sistema/app/aplicativo ... fora do ar
      travou/travando/trava/bugou ... novo/novamente/vez/hora/toda/sempre/sozinho/sozinha
      de novo/novamente ... atraso/atrasado/atrasada/erro/quebrado/fora/sem/cancelado
      mais uma vez ... atraso/atrasado/atrasada/erro/problema/sem/fora/cancelado/cancelada
      atraso/atrasado/atrasada/atrasou ... de/outra/mais novo/vez/uma
      atraso/espera/atrasado/atrasada de # ... minutos/horas/dias/semanas/hora
      demora/demorou/demoram/demorando/demoraram ... horas/dias/semanas/meses/século/eternidade/absurdo/absurda
      nada a/haver ver/com ... foto/fotos/descrição/anúncio/anunciado
      diferente ... foto/fotos/descrição/anúncio/anunciado/pedido/comprei
      não é/era/foi o que ... pedi/comprei/paguei/esperava/contratei/anunciado
      pacote/pedido/encomenda/mala/bagagem/entrega/produto ... roubaram/roubado/roubada/sumiu/sumiram/perderam/perdido/perdida/extraviaram/violado/aberta/molhado/amassado/amassada/rasgado/atrasou
      falta/faltou/faltaram/faltava/faltando/faltavam ... peça/peças/item/itens/metade/parte/produto/produtos/carregador/cabo
      taxa/taxas/tarifa/cobrança/cobranças ... escondida/escondidas/oculta/abusiva/abusivas/indevidas/avisar/surpresa/dupla
      cobraram/cobrado/cobrada/cobrou/debitaram/debitado ... vezes/mais/errado/dobro/sem/indevidamente
      chegou/veio/chegaram/vieram/entregaram/mandaram/enviaram ... fria/incompleto/incompleta/trocado/trocada/vencido/vencida/estragado/estragada/queimado/metade/manchado/rasgado/rasgada
      tamanho/cor/modelo/produto/item/pedido/endereço errado/errada/trocado/trocada
      quebrou/rasgou/descosturou/descolou/queimou/estragou/manchou/desbotou ... dias/uso/semana/semanas/mês/meses/lavagem
      conta/cartão/linha/acesso ... bloqueada/bloqueado/bloquearam/suspensa/cancelada/cortaram/invadida
      deixaram/deixou/deixam ... mão/espera/esperando/plantado/plantada
      não/nao/n ... me/nos avisaram/avisam/devolveram/devolvem/ressarciram/reembolsaram/retornaram/retornam/atendem
      não/nao/n devolvem/devolveram/ressarcem/reembolsam/retornam/retornaram/avisaram/cumpriram/cumprem/carregam/carregava/funcionou
      desligaram/desligam/desligou ... cara/meio/telefone
      jogam/jogando/empurra/empurram/empurrando ... outro/lado/setor
      sem internet/sinal/luz/água/energia/conexão/rede/retorno/resposta/suporte
      atendente/atendentes/funcionário/funcionária/entregador ... grosseiro/grosseira/grosso/grossa/mal-educado/mal-educada
      péssima/péssimo/horrível/ruim qualidade/entrega/entregador/sinal/internet/conexão/experiência
      qualidade péssima/horrível/ruim/duvidosa
      depois/após ... atualização/atualizar ... não/trava/pior/parou/lento/travando/ruim
      perda de tempo/dinheiro
      muito/super/extremamente decepcionado/decepcionada/insatisfeito/insatisfeita/chateado/chateada
      me/nos enganaram/roubaram/bloquearam/ignoram/ignoraram`,
      ],
      [
        1,
        `absurdo\ninaceitável\nquebrado\natrasado\natraso\natrasos\ntravou\nprometeram/prometido\nsem avisar/aviso/explicação\ncancelado\ncancelaram\ndecepção\nhá/faz # ... dias/semanas/meses/horas`,
      ],
      [0.5, `problema\nproblemas\nerro\ntrava\nsempre a mesma\nnunca mais\npéssimo\nvergonha`],
      [-2, `sem/nenhum problema/problemas/reclamação/reclamações`],
    ]),
    it: cueTable([
      [
        2,
        `
      non funziona/funzionano/funzionava/arriva/risponde/rispondono/consiglio/carica
      non si apre/connette/accende/carica/collega/avvia/installa/aggiorna
      non va più/internet/l'app/il/la/nulla/niente
      non lo/la consiglio/consiglierei
      non riesco/riusciamo/posso ... accedere/entrare/aprire/usare/pagare/scaricare/annullare/disdire/comprare/prenotare/contattare/collegarmi/installare/aggiornare/parlare/registrarmi/loggarmi
      non/mai ... arrivato/arrivata/ricevuto/risposto/consegnato
      ancora non/nessuna/nessun/nulla/niente ... arrivato/arrivata/ricevuto/risposta/risposto/rimborso/novità/consegnato/risolto/funziona/notizia
      ancora in attesa
      ancora nulla/niente
      nessuna risposta/notizia
      nessuno ... risponde/risolve/aiuta/risposto
      senza risposta/internet/linea/segnale/connessione
      aspetto/aspettando/aspettiamo/attendo ... da/ancora/risposta/rimborso/pacco/consegna
      rimborso/truffa/truffatori/reclamo/disservizio/disservizi/sconsiglio/sconsigliato/sconsigliatissimo
      rivoglio/ridatemi/restituite ... soldi
      soldi buttati/indietro
      perdita di tempo
      app/l'app/applicazione/l'applicazione/sito/gioco/schermo ... chiude/blocca/crasha/impalla/lenta/lentissima/bloccata/bloccato/crash/freeza
      si chiude/blocca/spegne/impalla/disconnette/scollega/crasha ogni/appena/quando/da/in/mentre
      crasha/laggano/lagga/impalla ... sempre/ogni/continuamente
      ancora/ennesimo/ennesima/solito/solita/soliti ritardo/ritardi/guasto/disservizio/cancellazione/disguido
      in ritardo/panne di #
      # ... minuti/ore/giorni/settimane di ritardo/attesa
      ritardo di #/oltre/quasi/più
      ore/ora/settimane/mesi di attesa
      avevano/avevate/aveva promesso/promessi/promessa/promesse/garantito/assicurato
      niente/nulla a che vedere/fare
      diverso/diversa/diversi ... foto/descrizione/ordinato/annuncio
      non corrisponde/corrispondono/conforme
      non è/era quello/ciò che ... ordinato/comprato/pagato/chiesto
      pacco/ordine/bagaglio/valigia/spedizione/merce ... rubato/rubata/sparito/sparita/abbandonato/aperto/aperta/bagnato/disperso/dispersa/smarriti/manomesso/schiacciato
      l'hanno rubato/rubata/perso/persa/smarrito/smarrita
      manca/mancano/mancava/mancavano ... pezzo/pezzi/metà/prodotto/prodotti/articolo/articoli/viti/cavo/parte/accessori
      addebitato/addebitata/addebiti/addebito/prelevato/scalato/scalati/fatturato ... doppio/due/volte/non/senza/più/anche/errato/indebito
      costi/commissioni/spese ... nascosti/nascoste/esagerati/esagerate/ingiustificati/ingiustificate
      arrivato/arrivata/arrivati/arrivate/consegnato/consegnata/consegnati ... freddo/fredda/fredde/freddi/tardi/sbagliata/sbagliati/incompleta/aperto/vuoto/vuota/scaduto/scaduta/rovinato/rovinata/ritardo/altro
      sbagliato/sbagliata/errato/errata ordine/taglia/prodotto/articolo/indirizzo
      taglia/prodotto/articolo/colore/ordine/modello/indirizzo sbagliato/sbagliata/errato/errata/diverso
      dopo ... lavaggio/lavaggi/giorni/settimana/settimane/mesi/mese/utilizzo ... rotto/rotta/rotte/buchi/sbiadito/ristretto/ristretta/smesso/guasto/pallini
      conto/carta/linea/account ... bloccato/bloccata/sospeso/sospesa/chiuso
      senza preavviso/avvisare/avviso/spiegazioni/spiegazione
      non ... rimborsano/rimborsato/ridanno/restituiscono/richiamano/richiamato/consegnano
      chiuso/chiudono/attaccato/riattaccano/buttato ... faccia/telefono/giù
      rimbalzano/rimbalzato/rimpallano ... ufficio/altro/l'altro
      dopo/dall'ultimo/con ... aggiornamento ... non/lenta/peggio/crasha/blocca/peggiorata
      non prende/c'è ... segnale/linea/campo
      non vale ... soldi/prezzo
      lentissimo/lentissima/inutilizzabile/irraggiungibile
      mai più ... compro/comprerò/ordino/ordinerò/prendo/uso/volo/cliente
      pessimo/pessima/peggior/peggiore/scarso/scarsa/orribile servizio/assistenza/app/esperienza/applicazione/qualità
      servizio/assistenza/app/applicazione ... pessimo/pessima/scadente/vergognoso/vergognosa/inesistente/orribile
      pacco/ordine/volo/treno/consegna/spedizione/bagaglio/valigia ... ritardo/perso/persa/cancellato/cancellata/danneggiato/danneggiata/smarrito/smarrita
      arrivato/arrivata/arrivati ... rotto/rotta/danneggiato/danneggiata/sbagliato/difettoso/incompleto
      addebitato/addebitati/addebitata ... due/doppio/volte
      si blocca/chiude/spegne/impalla ... sempre/continuamente/sola/solo
      smesso di funzionare
      impossibile ... contattare/parlare/accedere/disdire/annullare/pagare/prenotare
      molto/davvero/estremamente/veramente deluso/delusa/delusi/insoddisfatto/insoddisfatta`,
      ],
      [
        1,
        `vergognoso\ninaccettabile\nguasto\ndifettoso\nrotto\nritardo\nritardi\nsi è ... rotto/rotta/scucito/scucita/staccato/staccata/scollato/strappato\nscortese/scortesi/maleducato/maleducata/maleducati\ncancellato\ndeluso\ndelusa\nnon va\nda # ... giorni/settimane/mesi/ore`,
      ],
      [0.5, `problema\nproblemi\nerrore\nmai più\nogni volta\nsempre la stessa\nschifo\nancora non`],
      [-2, `nessun/senza problema/problemi/reclamo`],
    ]),
  }),
);
