import type { Threat } from "../../schemas/reading.ts";
import { cueTable, type CueTable } from "../cues.ts";

/**
 * What a way of speaking warns of. `intent` is the author's own plan, which others' plans and denials undo; `vague`
 * is one only beside a failure; `fact` has happened or is so, whoever is spoken of. `none` looks like a threat and is not.
 */
export interface ThreatSign {
  readonly kind: Threat["kind"] | "none";
  readonly type: "intent" | "vague" | "fact";
}

const intent = (kind: Threat["kind"]): ThreatSign => ({ kind, type: "intent" });
const fact = (kind: Threat["kind"]): ThreatSign => ({ kind, type: "fact" });
const vague = (kind: Threat["kind"]): ThreatSign => ({ kind, type: "vague" });
const NONE: ThreatSign = { kind: "none", type: "fact" };

const CONTRACT =
  "subscription/account/membership/contract/service/plan/policy/sub/subs/card/cards/insurance/policies/direct/prime/autopay/accounts";
const DEAL =
  "~us/~bui/~order/~shop/~fly/~flying/~book/~recommend/~return/~purchas/~stai/~download/~subscrib/~come/~go/~visit/~trust/~travel/~eat/~deal/~pai/~rent/~spend/~choos/~bank";
const BODY =
  "hand/hands/finger/fingers/arm/arms/leg/legs/face/skin/back/neck/foot/feet/eye/eyes/head/mouth/tongue/lip/lips/me/him/her/child/son/daughter/baby/kid/kids/toddler/myself/wife/husband/dog/cat/customers/people/someone";
const KIN = "child/son/daughter/baby/kid/kids/toddler/children/infant/newborn/grandson/granddaughter";
const OBJECT =
  "battery/phone/charger/laptop/tablet/oven/dryer/washer/dishwasher/fridge/microwave/toaster/kettle/plug/socket/cable/adapter/engine/car/bike/scooter/heater/blanket/hoverboard/boiler/power/headphones/device/machine/product";
const MEDIA =
  "press/media/papers/newspaper/newspapers/news/tv/television/journalist/journalists/reporter/reporters/tabloids/bbc/cnn/radio";

/** English warnings. */
const ENGLISH = cueTable<ThreatSign>([
  [
    NONE,
    `
    never again ... doubt/leave/without/be/worry/complain/will/again
    never ... again ... without/leave/elsewhere/else
    never ... ~us/~bui/~order/~shop/~fly/~flying/~book/~go ... again/anything/any/another else/other/elsewhere/brand/company/bank/airline
    never ~us/~bui/~order/~shop/~fly/~flying/~book/~go anything/any/another/from/with/to ... else/other/elsewhere
    switch/switching/switched ... to you/your
    switched/switching ... from ... to you/your
    switch/switching/switched to ... seat/seats/flight/mode/theme/dark/view/english/tab/account/wifi/screen/page/plane/gate/planes
    switch/switching/switched from/back ... android/iphone/ios/old/phone/seat/mode
    switch/switching/switched over/from/to/back ... on/off/phone/phones
    ~uninstal ... and/&/then/+ ~reinstal/re/~instal/~download/redownload/again
    ~uninstal ... and/&/then/+ ... ~reinstal/reinstalled/reinstalling/reinstall/re-installed/re
    ~delet the app and/&/then ... ~reinstal/reinstalled/reinstall/redownloaded/re/downloaded/download
    ~uninstal/~delet ... ~reinstal
    mistakenly/accidentally ~uninstal/~delet
    need/needed to ~uninstal/~delet
    not ... be ... back to/until/home/before
    danger zone/mouse/room
    out of danger/harm
    my/our/a/their/his/her ${KIN} ... out of danger
    in danger of ~fail/~lose/~have/~be/~go/~miss/~default
    never/not/wasn't/isn't ... ~hurt/~injur
    my/our/a/their/his/her ${KIN} ... never/not/wasn't/isn't ... ~hurt/~injur
    dangerously good/delicious/addictive/cheap
    ~poison ivy
    ~assault rifle/weapon
    can't/cannot/never go wrong
    charge back up
    tell everyone ... how ... great/good/amazing/awesome/wonderful/happy/love/much/fantastic/easy/helpful/brilliant
    tell/telling everyone about this/your/how ... great/amazing/awesome/wonderful/love/fantastic
    tell everyone to ... use/get/buy/try/download/sign/join/go/come
    warn/warning people/others/me/my/customers/other before/when/of/that
    legal advice/team ... service/firm/department/jobs/job
    someone/somebody else's fault/problem/hands/turn
    sick/ill to my/of
    makes me sick
    make me sick
    making me sick
    injury time/list/report/update/reserve/news/news/prone
    without my/our ... knowledge/help/phone/glasses/coffee
    another customer's review/experience/opinion
    power/phone/battery ... exploded/exploding in popularity
    exploded/exploding/explodes/explode in/with popularity/sales/flavor/flavour/laughter/users/interest/views/joy/growth
    hacked my account/way to/into life
    insult to injury
    last time i/we was/wasn't/were/had/got/did/didn't/tried/checked/used/flew ... ${DEAL}
    tried/try/trying uninstalling/deleting
    tried/try/trying to uninstall/delete
    uninstalled/deleted ... signed/tried/restarted`,
  ],
  [
    intent("churn"),
    `
    cancel/cancelling/canceling/cancelled/canceled/terminate/terminating/terminated my/our/all/this/the ${CONTRACT}
    cancel/cancelling/canceling/cancelled/canceled/terminate/terminating my/our ... ${CONTRACT}
    close/closing/closed my/our ... account/accounts
    unsubscribe/unsubscribing/unsubscribed from
    switch/switching to/over/back/from/away/providers/provider/banks/carriers/networks/brands/companies/insurers/carrier/bank/airlines/airline
    switched away/from/providers/banks/carriers/networks
    move/moving to another/a/your competitor/competitors/different
    moving/moved my/our ... business/money/custom/account/accounts/elsewhere
    taking/take/took my/our ... business/custom/elsewhere
    ~go/going/went/gone elsewhere
    go/going/shop/shopping/looking/buy/buying/fly/flying/order/ordering elsewhere
    go/going/take/taking ... to a/your competitor/competition/rival
    looking/look/search/searching for an/another/a/alternative ... alternative/alternatives/provider/company/bank/airline/carrier/supplier/insurer/replacement
    find/finding another/different ... provider/company/bank/airline/carrier/supplier/insurer/alternative
    find/finding a/an new/different/better/alternative ... provider/company/bank/airline/carrier/supplier/insurer
    leaving/leave you/acme/your for/company/service/bank/and/as/after/because/if
    ~uninstal
    ~delet/deleting the/this/your/my/that app/account/application/game
    done with you/this/them/your/these/y'all/@/u/it
    lost a/another/me/my/our ... customer/customers/business/client/custom/fan/user/subscriber
    losing a/another/me ... customer/business/client
    lost my/our/me business/custom/forever/as
    never again
    never/not ever ... ${DEAL} ... again
    never ~us/~bui/~order/~shop/~fly/~flying/~book/~purchas/~rent you/your/from/with/on/this/them/again/here/anything/another/there
    never ever ${DEAL}
    won't/wont/wouldn't/wouldnt be ... back/returning/renewing
    won't/wont/will be/not ... renewing/returning
    will/am/are/i'm/i'll/we'll/we're/won't/wont/don't/do/would never/not ... ${DEAL} ... again/anymore/ever
    won't/wont/wouldn't ... ${DEAL} ... again/anymore
    not ... be ... back/returning/renewing
    not ~renew
    last time i/we/i'll/i'm/we'll ... ${DEAL}
    my/our last flight/order/purchase/trip/visit/time ... with/from/on
    find/looking/found a new airline/bank/provider/carrier/supplier/insurer/company
    boycott/boycotting`,
  ],
  [
    intent("legal"),
    `
    sue/suing/sued you/your/u/them/this/the/for/@/over/y'all
    i/we will/may/might/should/could sue
    will be/i'll/we'll/i'm/going/gonna/to sue/suing
    sue
    suing
    take/taking/took/bring/bringing you/this/them/your/it/u ... court
    see/meet you/u in court/small
    small claims court
    in/to/through/via small claims
    legal action/proceedings/steps/counsel
    take/taking/pursue/pursuing/seek/seeking legal
    class action
    file/filing/filed ... lawsuit/suit against/with
    lawsuit/lawsuits
    my/our/a/an/the lawyer/lawyers/solicitor/solicitors/attorney/attorneys
    contact/contacting/contacted/call/calling/called/get/getting/hire/hiring/hired/involve/involving/consult/consulting/speaking/spoke/talk/talking/hear ... lawyer/lawyers/solicitor/solicitors/attorney/attorneys
    ombudsman/ombudsmen
    trading standards
    charge/chargeback/chargebacks back
    chargeback/chargebacks
    dispute/disputing/disputed the/this/these/my/your charge/charges/payment/transaction
    disputing/dispute ... with my bank/card/credit
    report/reporting/reported ... to ofcom/ofgem/fca/ftc/fcc/bbb/cfpb/authorities/police/consumer/regulator
    report/reporting/reported ... to the ofcom/ofgem/fca/ftc/fcc/bbb/cfpb/authorities/police/regulator/regulators/attorney
    complain/complaint/complaining/complaints/file/filing/filed/report/reported/reporting/contact/contacting/go/going/taking/take/case ... ombudsman/bbb/ofcom/ofgem/fca/ftc/fcc/cfpb/faa/cma/rbi/regulator/regulators/commissioner
    better business bureau
    attorney general
    consumer protection/court/forum/affairs/rights
    financial conduct authority
    police report
    hear/hearing from my/our lawyer/lawyers/solicitor/attorney`,
  ],
  [
    intent("press"),
    `
    go/going/went/gone/take/taking/turn/speak/speaking/talk/talking/contact/contacting/contacted/call/calling/called/email/emailing/write/writing/tell/telling/alert/alerting ... the/local/to ${MEDIA}
    go/going to the/local ${MEDIA}
    contact/contacting/contacted/call/calling the/local ${MEDIA}
    go/going public with
    take/taking this/it to social/twitter/facebook
    ~post/posting/share/sharing/put/putting/tweet/tweeting/publish/publishing this/it/my/about ... everywhere
    ~post/posting/share/sharing ... everywhere
    post/posting/share/sharing/spread/spreading ... all over/social ... social/internet/media/facebook/twitter/tiktok
    make/making/makes this/it/sure ... viral/public
    ~go viral
    name and shame
    tweet/tweeting/post/posting every day/hour until/till
    bad/negative/terrible/1/one ... reviews/review everywhere/on ... every/all/trustpilot/google/yelp
    blast/blasting you/this ... on/all/social`,
  ],
  [
    vague("press"),
    `
    make/making sure everyone/everybody/people ... know/knows/hears/hear
    make/making sure the/whole ... world knows/hears
    tell/telling everyone/everybody/all ... about/how/not
    let everyone/everybody know
    let the whole/entire/world ... know
    warn/warning everyone/everybody/others/people/other/my
    tell/telling all my friends/family/followers/contacts`,
  ],
  [
    fact("safety"),
    `
    caught/catch/catches/catching/cought fire
    ${OBJECT} ... on/caught/catches fire
    set ... on fire
    burst/bursts/bursting into flames
    started/starts/starting smoking/sparking/smouldering/burning
    ${OBJECT} ... exploded/explode/explodes/exploding/smoking/sparking/sparks/smoke/melted/melting/overheated/overheats/overheating
    exploded/explodes/exploding
    smoke coming/came/pouring
    ~burn/burnt ... my/her/his/our/their/our ${BODY}/carpet/house/bed/desk/table/furniture/kitchen
    ~burn/burnt my/her/his/our/their/the ${BODY}/carpet/house/bed/desk/table/furniture/kitchen
    burning smell
    smell/smelled/smells/smelt of/like/a/some burning/gas/smoke
    gas leak/leaking
    carbon monoxide
    electric/electrical/electrical/static shock/shocks/fire
    electrocuted/electrocute/electrocuting/electrocution
    allergic reaction/reactions
    gave/caused/giving/causing ... rash/hives/burns/blisters
    anaphylaxis/anaphylactic
    undeclared/unlisted/wrong ... allergen/allergens/nuts/peanuts
    food poisoning/poisoned
    ~poison me/us/my/him/her/by
    made/makes/making/got me/us/my/him/her/our/everyone/${KIN} ... sick/ill
    was/were/been/i/fell/felt/got ... sick/ill after/from eating/drinking/using/taking/your
    threw/throwing/vomiting/vomited/vomit/puking ... after/from/all ... eating/drinking/night
    ended/landed/wound up/in ... hospital/er/ambulance
    sent/put/landed me/us/him/her/my ... hospital/er
    injured/injury/injuries/hurt by/from/because/using ... your/this/the/of ... product/device/machine/driver/staff/battery/door/item/equipment/it
    injured/hurt/injuring me/myself/us
    ~hurt my/her/his/our/the ${BODY}
    cut/scratched/sliced/crushed/trapped my/her/his ${BODY}
    ~chok on/hazard
    my/our/a/their/his/her ${KIN} ... choked/choking/burned/burnt/hurt/injured/swallowed/electrocuted/bled/bleeding/hospital/danger/unsafe/cut
    glass/metal/plastic/needle/mould/mold/maggots/worm/worms/insect/cockroach/bug/screw/nail/blade in/inside my/the/our/her/his/their/a ... food/meal/drink/burger/sandwich/salad/pizza/bread/bottle/can/soup/chicken/milk/cereal/chips/rice/formula
    safety hazard/risk/issue/concern/concerns/hazards/issues/violation/violations
    fire/health/choking/tripping/trip hazard/risk
    ~danger/dangerously/unsafe/hazardous
    not/isn't/aren't/wasn't/don't/never/didn't/doesn't safe
    not/don't/didn't/never/doesn't feel/feeling/felt safe
    could/could've/might have ... died/killed/injured/hurt/crashed/drowned
    ~almost/nearly/almost died/killed/crashed/choked/drowned/fainted/die/kill/hit
    brake/brakes/airbag/airbags/steering/seatbelt ... failed/fail/failing/failure/gave/out/stopped/deploy
    ~assault/molested/groped/harassed
    driver ... drunk/threatened/hit/drugged`,
  ],
  [
    fact("data"),
    `
    someone/somebody/another/other/person's/different else's/person's/customer's/customers/customers'/people's/user's/users'/users/client's/passenger's/patient's/man's/woman's ... account/data/order/orders/details/information/info/email/emails/name/card/address/statement/bill/profile/photos/policy/records/phone/number/booking/ticket/personal/messages
    someone/somebody else/elses ... account/data/order/orders/details/information/info/statement/profile/photos/records
    strangers/stranger's/other/others' people's/customers/customers' ... account/accounts/data/details/information/info/orders/photos/messages/names/addresses
    can see/access/view someone/other/another/somebody ... account/data/details/information/info/orders
    my/our/customer/customers'/personal/user/private/bank/card/credit/account/customers/users ... data/details/information/info/email/password/number/address/identity/numbers/passwords ... leaked/leak/sold/exposed/stolen/hacked/compromised/breached/leaking/stole/shared/misused/selling
    you/u/they/he/she/who/company/agent/staff ... sharing/shared/gave/giving/given my/our/customer/customers'/personal/user ... data/details/information/info/email/address/number/identity
    ~leak/leaking/exposed/exposing/sold/selling/sell/stole/stolen/misuse/misused my/our/customer/customers'/personal/user/users ... data/details/information/info/email/address/number/identity
    data/security breach/leak/breaches/leaks/theft/breached/leaked
    privacy violation/breach/violations/invasion/nightmare/concern/concerns/issue/issues/complaint/laws/law/rights
    breach/violation/invasion/invading/violating/violates/violate/violated/breached/breaching of/my/our/data/user ... privacy/data/gdpr/confidentiality
    violating/violates/violate/violated/invading/breached/breaching my/our/user privacy
    gdpr
    data protection
    identity theft/stolen/fraud
    subject access request
    right to be forgotten
    delete/erase/remove/wipe all/my/our ... data
    without my/our/any permission/consent/authorization/authorisation
    ~hack my/our/into ... account/accounts/email/profile
    my/our ... account/accounts/profile ... was/been/got/is/were/getting ... hacked/compromised/breached`,
  ],
]);

function table(lists: Readonly<Partial<Record<Threat["kind"], string>>>): CueTable<ThreatSign> {
  return cueTable(
    (["churn", "legal", "safety", "press", "data"] as const).map((kind): [ThreatSign, string] => [
      kind === "safety" || kind === "data" ? fact(kind) : intent(kind),
      lists[kind] ?? "",
    ]),
  );
}

const SPANISH_OBJECT =
  "aparato/cargador/batería/teléfono/móvil/celular/horno/lavadora/secadora/enchufe/cable/producto/coche/auto/moto/patinete";
const SPANISH = table({
  churn: `
    nunca/jamás más ... compro/compraré/vuelvo/volveré/contrato/uso/usaré/viajo/viajaré
    me cambio/cambiaré/paso a/de/con/la ... otra/otro/compañía/competencia/operadora/banco
    me voy/iré/largo a/con/de/para ... otra/otro/competencia
    voy/vamos a cambiar/cambiarme de
    voy/vamos a cancelar/desinstalar
    voy/vamos a darme de baja
    cancelo/cancelaré/cancelar mi/el/la/nuestra ... cuenta/contrato/suscripción/servicio/tarjeta
    doy/daré/darme/dar de baja
    desinstalo/desinstalé/desinstalar/desinstalada/desinstalando
    no vuelvo/volveré/volvemos/volveremos a/más ... comprar/usar/viajar/contratar/pedir/volar/reservar/confiar/utilizar/ustedes/vosotros
    perdieron/perdisteis/pierden ... cliente`,
  legal: `
    denunciaré/denunciarlos/denunciarles/denunciaros/demandaré/demandarlos/demandarles/demandaros
    voy/vamos a denunciar/demandar
    poner/pondré/pongo/puse/interponer/presentar/presentaré ... denuncia/demanda
    mi/nuestro/un abogado
    acciones/medidas legales
    profeco/facua/ocu/sernac/indecopi
    defensa/oficina/protección del/de consumidor/consumo
    ir/iré/iremos/vamos/llevarlos/llevaré ... tribunales/juzgado/juicio`,
  safety: `
    reacción alérgica
    ${SPANISH_OBJECT} ... incendió/quemó/explotó/incendiado/quemado/explotado/peligroso/peligrosa
    se me/nos/le incendió/quemó/prendió/explotó
    me quemé/electrocuté/intoxiqué
    intoxicación/intoxicado/intoxicada alimentaria/por/con
    es/son un peligro/peligroso para ... niños/bebés/clientes
    acabé/terminé/acabamos en ... hospital/urgencias
    mi hijo/hija/bebé ... peligro/quemó/herido/hospital/lesionó`,
  press: `
    prensa/periódico/periódicos/televisión/noticias ... todo/esto/sepan
    ir/iré/voy/llamar/acudir/acudiré/contactar ... prensa/medios/televisión/noticias/periódicos
    hacerlo/hacer/haré ... viral/público`,
  data: `
    filtración/filtraron/filtrado/robaron/vendieron ... datos/información
    protección de datos
    rgpd/lopd
    datos ... otra/otro persona/cliente/usuario
    cuenta ... otra/otro persona/cliente/usuario
    me hackearon/robaron la/mi cuenta
    sin mi consentimiento/permiso/autorización`,
});

const GERMAN_OBJECT =
  "gerät/ladegerät/akku/handy/ofen/herd/trockner/waschmaschine/kabel/stecker/produkt/auto/roller/föhn";
const GERMAN = table({
  churn: `
    nie wieder ... bestelle/bestellen/kaufe/kaufen/buche/buchen/dort/hier/dieser/diese/dieses/diesen/bei/mit/euch
    bestelle/bestellen/kaufe/kaufen/buche/buchen/fliege/fliegen ... nie wieder
    kündige/kündigen/gekündigt/kündigung
    wechsle/wechsele/wechseln/gewechselt ... zu/zur/zum/anbieter/bank
    deinstalliert/deinstalliere/deinstallieren
    app ... gelöscht
    einmal und nie
    kunde/kunden ... verloren
    zur konkurrenz
    letzte/letztes bestellung/mal ... bei/hier/euch/ihnen`,
  legal: `
    anwalt/rechtsanwalt/anwältin/rechtsanwältin
    verklagen/verklage
    klage einreichen/eingereicht/erheben
    rechtliche/juristische schritte/konsequenzen
    verbraucherzentrale/verbraucherschutz/bundesnetzagentur/bafin/schlichtungsstelle
    anzeige erstatten/erstattet/gegen
    strafanzeige
    vor gericht`,
  safety: `
    allergische/allergischer reaktion/schock
    ${GERMAN_OBJECT} ... brand/flammen/feuer/explodiert/gebrannt/gefährlich/lebensgefährlich/brandgefahr/stromschlag
    brandgefahr/stromschlag/lebensmittelvergiftung
    mich/mir/kind/sohn/tochter ... verbrannt/verletzt/verbrüht/geschnitten`,
  press: `
    an/die/der zur/presse/öffentlichkeit/medien/zeitung
    presse/zeitung/fernsehen ... informieren/wenden/einschalten/gehen
    wende/wenden/gehe ... presse/zeitung/medien/öffentlichkeit`,
  data: `
    dsgvo
    datenschutz/datenschutzverstoß/datenleck/datenpanne/datenschutzbeauftragten/datenschutzbehörde
    daten ... weitergegeben/verkauft/gestohlen/geleakt/missbraucht
    daten/konto ... fremden/anderen/anderer/fremder/fremde
    fremde/fremden/fremdes daten/konto/rechnung/bestellung
    konto ... gehackt`,
});

const FRENCH_OBJECT =
  "appareil/chargeur/batterie/téléphone/four/sèche-linge/lave-linge/câble/prise/produit/voiture/trottinette";
const FRENCH = table({
  churn: `
    plus jamais ... commande/commanderai/achète/achèterai/client/chez/prends/prendrai/utilise/utiliserai
    je ... plus jamais
    je/j'ai/nous résilie/résilié/résilier/désinstalle/désinstallé/change/pars/quitte ... abonnement/contrat/compte/banque/opérateur/chez/appli/application/vous/concurrence
    résilie/résilier/résiliation ... abonnement/contrat/compte/mon
    désinstalle/désinstallé/désinstaller/désinstallée
    vais aller/partir/changer ... ailleurs/concurrence/opérateur/banque
    chez/à la/un/votre concurrent/concurrence/concurrents
    client/cliente ... perdu/perdue/moins
    perdu ... client/cliente
    dernière fois que`,
  legal: `
    mon/notre/un/une/d'un/prendre/mes avocat/avocate/avocats
    porter/porte/dépose/déposer plainte
    action/poursuites/procédure/mesures en/judiciaire/judiciaires/juridique
    au/devant tribunal/le tribunal/la/justice
    saisir/saisis/saisirai/vais ... tribunal/justice/médiateur
    ufc/dgccrf
    60 millions de consommateurs
    que choisir`,
  safety: `
    réaction/choc allergique/anaphylactique
    pris/prend feu
    ${FRENCH_OBJECT} ... explosé/brûlé/feu/fumée/dangereux/dangereuse
    m'a/s'est/me/je ... brûlé/brûlée/électrocuté/électrocutée/blessé/blessée
    fils/fille/enfant/bébé ... brûlé/brûlée/blessé/blessée/hôpital/l'hôpital/urgences/danger
    intoxication alimentaire`,
  press: `
    contacter/alerter/prévenir/appeler/contacte/alerte ... presse/médias/journaux/journaliste/journalistes
    faire/fais ... buzz/viral`,
  data: `
    rgpd/cnil
    fuite/vol/piratage de/des/du ... données/compte
    données ... volées/vendues/divulguées/piratées/fuité/partagées
    compte/données ... autre/autres/d'un/d'une client/personne/cliente/clients
    compte ... piraté
    sans mon/notre consentement/accord/autorisation`,
});

const PORTUGUESE_OBJECT =
  "aparelho/carregador/bateria/celular/forno/secador/tomada/cabo/produto/carro/moto/patinete";
const PORTUGUESE = table({
  churn: `
    nunca/jamais mais ... compro/comprarei/volto/voltarei/uso/usarei/peço/viajo/contrato
    vou/vamos cancelar/desinstalar
    vou/vamos mudar/trocar/migrar ... banco/operadora/plano/plataforma/empresa/concorrência/concorrente/app
    cancelei/cancelando/cancelar ... conta/assinatura/plano/contrato/cartão/serviço
    desinstalei/desinstalando/desinstalado/desinstalar
    não/nao compro/volto/uso/recomendo mais
    perderam/perdeu/perdendo ... cliente
    mudar/mudei/indo/trocar/migrar pra/para/de ... concorrência/concorrente/operadora/banco`,
  legal: `
    procon
    reclame aqui
    processar/processo/processando ... vocês/vcs/empresa/eles/essa/esta/banco/por
    meu/minha/nosso/um/uma advogado/advogada
    entrar/entrarei/vou ... justiça
    pequenas causas
    anatel/aneel/bacen/anac
    medidas legais/judiciais`,
  safety: `
    reação alérgica
    pegou fogo
    ${PORTUGUESE_OBJECT} ... explodiu/queimou/incêndio/fogo/perigoso/perigosa/choque
    me queimei/queimou/machuquei/intoxiquei/cortei
    queimei/machuquei minha/meu/a/o
    levei/tomei ... choque
    intoxicação alimentar
    filho/filha/bebê ... queimou/machucou/hospital/perigo`,
  press: `
    imprensa/jornal/televisão/mídia ... contar/denunciar/chamar/levar
    chamar/procurar/vou ... imprensa/jornal/mídia
    expor/expondo ... redes/todos/internet`,
  data: `
    lgpd
    vazamento/vazaram/vazou/roubaram/venderam ... dados/informações
    dados/conta ... outra/outro/vazados/vazaram pessoa/cliente
    invadiram/hackearam ... conta
    sem minha/meu autorização/consentimento/permissão`,
});

const ITALIAN_OBJECT =
  "apparecchio/caricatore/batteria/telefono/forno/asciugatrice/lavatrice/cavo/presa/prodotto/auto/monopattino";
const ITALIAN = table({
  churn: `
    mai più ... compro/comprerò/ordino/ordinerò/prendo/prenderò/uso/userò/volo/volerò/cliente/con/da
    non ... mai più
    disdico/disdetta/disdire/disdetto/recedo/recesso
    disinstallo/disinstallata/disinstallato/disinstallare
    cambio/cambierò/cambiare/passo/passerò ... operatore/banca/gestore/concorrenza/altro
    perso ... cliente
    chiudo/chiuderò/chiudere ... conto/account/abbonamento
    ultima volta che`,
  legal: `
    mio/nostro/un/miei/nostri avvocato/avvocati
    all'avvocato/dall'avvocato
    denuncio/denuncerò/denunciarvi/querelo/querelarvi
    fare/farò/faccio/sporgo/sporgere/sporgerò ... denuncia/querela
    vie/azioni/azione legali/legale
    agcom/altroconsumo/codacons/federconsumatori/antitrust
    in tribunale
    giudice di pace`,
  safety: `
    reazione allergica
    preso/prende fuoco
    ${ITALIAN_OBJECT} ... esploso/esplosa/bruciato/bruciata/incendio/pericoloso/pericolosa
    mi ... ustionato/ustionata/bruciato/bruciata/ferito/ferita/intossicato/intossicata
    figlio/figlia/bambino/bambina ... ustionato/ustionata/ferito/ferita/ospedale/pericolo
    intossicazione alimentare`,
  press: `
    stampa/giornali/giornale/televisione/striscia ... contatto/contatterò/scrivo/scriverò/notizia
    contatto/contatterò/scrivo/scriverò/rivolgo ... stampa/giornali/giornale/iene`,
  data: `
    gdpr
    garante della/privacy
    violazione/fuga/furto ... privacy/dati
    dati ... rubati/venduti/diffusi
    dati/conto/account ... altra/altro/altri persona/cliente/utente/hackerato
    senza il/mio/la ... consenso/autorizzazione`,
});

/** What is read, by language. */
export const THREAT_CUES: ReadonlyMap<string, CueTable<ThreatSign>> = new Map(
  Object.entries({
    en: ENGLISH,
    es: SPANISH,
    de: GERMAN,
    fr: FRENCH,
    pt: PORTUGUESE,
    it: ITALIAN,
  }),
);

/** Words that deny or put off what follows them. */
export const DENIALS: ReadonlySet<string> = new Set(
  (
    "not no never without cannot can't cant won't wont don't dont doesn't didn't didnt isn't isnt aren't wasn't weren't " +
    "wouldn't wouldnt shouldn't couldn't nobody neither avoid avoided " +
    "nunca tampoco sin nicht kein keine keinen nie ne pas jamais sans aucun aucune não nao sem nem non mai senza nessuno nessuna"
  ).split(" "),
);

/** Words that speak of others, not of the author. */
export const OTHERS: ReadonlySet<string> = new Set(
  (
    "he she they they're they've he's she's people someone somebody everyone everybody anyone others friend friends customers " +
    "users guy guys woman man brother sister mom mum dad husband wife boss neighbor neighbour company companies who you you've you're u " +
    "your it it's ellos él ella alguien er sie jemand il elle ils on quelqu'un eles ele alguém lui lei loro qualcuno"
  ).split(" "),
);

/** Words that speak of the author. */
export const SELF: ReadonlySet<string> = new Set(
  "i i'm im i'll i've ive i'd we we're we'll we've we'd us me my our yo nosotros mi ich wir mein je j'ai j'en nous eu nós io noi".split(
    " ",
  ),
);
