import type { Expectation } from "../../schemas/reading.ts";
import { cueTable, type CueTable } from "../cues.ts";

/**
 * How a claim is brought up. `broken`: nobody says it so unless it was not kept; `said`: it may have been kept, what
 * stands beside it decides; `told`: the same, and it may be news instead ("they told me it was lost"), so its words must
 * hold something out; `bare`: broken, with no words of the claim after it; `none`: looks like one, is kept.
 */
export interface ClaimSign {
  readonly source: Expectation["source"];
  readonly type: "broken" | "said" | "told" | "bare" | "none";
}

const sign = (source: Expectation["source"], type: ClaimSign["type"]): ClaimSign => ({ source, type });

const WE =
  "rep/reps/representative/agent/agents/staff/driver/manager/team/service/services/support/salesman/salesperson/adviser/advisor/operator/lady/guy/supervisor/engineer/technician/store/dealer/company/courier/care/assistant/employee";
const PUBLISHED =
  "website/site/app/ad/ads/advert/adverts/advertisement/page/listing/email/emails/description/label/box/packaging/package/brochure/leaflet/menu/commercial/commercials/tracking/tracker/flyer/policy/webpage/manual/banner/sign/signs/poster/faq";
const SAYS =
  "says/said/states/stated/claims/claimed/promises/promised/advertises/advertised/say/claim/state/saying/stating";
const SHOWS = "shows/showed/showing/indicated/indicates";

const ENGLISH = cueTable<ClaimSign>([
  [
    sign("none", "none"),
    `
    everything/all/exactly/whatever they/you/we said/promised/told/say/advertised
    as/like/what/when/than/exactly/just you/they/u/he/she/i/it ... said/promised/told/advertised/say/says/claimed/claims/states/promises
    was/were supposed to say/read
    it/that/which/they was/were supposed to say/read
    as/just/exactly ~advertis/promised/described/expected/pictured
    lived/live/lives/living up to
    everything/all/what that was promised/said/advertised
    kept/keep/keeping/keeps/fulfilled/delivers/delivered ... promise/promises/word
    better/faster/sooner/earlier/quicker/more than ... promised/advertised/described/expected/said/told
    well said
    someone/people/everyone/friends/friend/mom/mum/wife/husband/dad/doctor/teacher said/told/says
    i/we was/were/am/are/'m supposed/meant to
    is/are/am/was/were not supposed/meant to
    said/say it all/best
    you said it best/all/first/better/yourself
    that being said
    said thank/thanks/hi/hello/no/yes/goodbye
    told you so
    said/say ... sorry
    paid/pay/paying for itself/themselves/it/this/them/that
    how/what/why/when/where/who/is/are ... supposed to
    not supposed to
    like/as/than ... was/were/is/are supposed/meant/due to
    you/u/they/we can/may rest assured that`,
  ],
  [
    sign("promised", "broken"),
    `
    you/u/they/he/she/acme/${WE} promised/guaranteed/assured/swore
    you/u/they/he/she/guys/who ... promised/guaranteed/assured me/us/that/to/a/an/the/we/i/my/it/next/same/free/delivery
    you/u've/you've/they've/have promised/guaranteed/assured
    was/were/been/am promised/guaranteed/assured
    i/i've/we/we've been/was/were promised/guaranteed/assured
    promised me/us/a/my/that/delivery/refund/next/to
    despite/after being/promising/having promised/assured/guaranteed/me/us
    despite/after promising/guaranteeing/assuring
    despite being told/quoted
    led to believe
    mis-sold
    lied ... about
    lied to me/us about/that
    contrary to ... told/promised/said/advertised`,
  ],
  [
    sign("promised", "told"),
    `
    after being told
    you/u said/say/told/confirmed/claimed/claim/stated/advised/agreed/mentioned/offered me/us/that/it/i/we/you/they/my/the/a/there/no/free/would/will/to/by/within/in/your/u/all/everything/this/next/same/delivery/shipping/refund
    you/u told me/us/them
    you/u guys/people/all said/told/say/claim/claimed
    they/he/she/${WE} said/told/confirmed/claimed/stated/advised/insisted me/us/that/it/i/we/you/they/my/the/a/there/would/will/to/by/within/everything/this/in
    they/he/she/${WE} told me/us
    customer service/care/support said/told/confirmed/advised
    i/we was/were/am/been/got/had told/informed/advised/quoted
    i've/ive/we've been told/informed/advised/quoted
    was/were/been told/informed/advised/quoted
    got told
    your ${WE} said/told/confirmed/claimed/promised/assured
    your/the email/text/message/letter/chat/confirmation said/says/told/stated/states/confirmed
    ~guarante ... delivery/refund/arrival`,
  ],
  [
    sign("advertised", "said"),
    `
    your/the/ur/their/its/this ${PUBLISHED} ${SAYS}
    your/the/ur/their ... ${PUBLISHED} clearly/still/also ${SAYS}
    your/the/ur/their ... ${PUBLISHED} says/said/states/stated/promises/promised/advertises
    it ... says/said/stated on/in your/the ${PUBLISHED}
    says/said/stated/states on/in your/the website/site/app/page/email/ad/advert/listing/box/packaging/menu/description
    according to your/the/their ${PUBLISHED}
    you/u/they/who advertise/advertised/advertising/boast/market/marketed
    is/are/was/were/been/being/it's ~advertis/marketed/described/billed as/for/at/with/to
    ~advertis as/at/for
    claims/claiming to be/have/offer/provide/deliver/do`,
  ],
  [
    sign("advertised", "told"),
    `
    it/which says/said/stated/states/clearly/claims/claimed on/it/that/i/in/next/free/same/delivered/delivery/available/you/my/the/there/would/will/out/by/within/arriving/in-stock/unlimited
    you/u/they/who claim
    your/the/ur/their/its/this ${PUBLISHED} ${SHOWS}`,
  ],
  [
    sign("advertised", "bare"),
    `
    false/misleading/deceptive/dishonest ~advertis/advertisement/advertising/adverts/marketing/claims/promises/description
    falsely/wrongly ~advertis/described
    not/isn't/isnt/wasn't/wasnt/nothing/aren't/weren't/never/doesn't/didn't as/like/what ... ~advertis/described/shown/pictured/promised
    not/isn't/isnt/wasn't/nothing ... match/like/as/resembles ... ~advertis/description/picture/pictures/photo/photos/advert
    doesn't/does/don't/didn't not/match/look/work ... like/as/the ... advertised/described/pictured/description/picture/photo/pictures/photos
    doesn't/don't/didn't match ... description/picture/photo/pictures/photos
    bait and switch
    bait & switch
    looks/look/looked nothing like ... picture/pictures/photo/photos/website/description`,
  ],
  [
    sign("promised", "bare"),
    `
    broken/empty/false/broke ... promise/promises
    broke/break/breaking/breaks your/their/every/another promise/promises/word
    over/overpromise/overpromised/overpromises promise/promised/promises/and/& ... under/underdeliver/underdelivered/underdelivers
    didn't/never/not/haven't/don't ... keep/kept/honor/honour/honoured/honored ... promise/promises/promised/word/agreement`,
  ],
  [
    sign("agreed", "broken"),
    `
    was/were supposed/meant/scheduled to
    was/were due/expected to arrive/be/come/start/deliver/ship/land/depart/leave/open
    it/order/parcel/package/delivery/refund/they/which/he/she/${WE} was/were supposed/meant/scheduled to
    was/were due/scheduled on/by/today/yesterday/at/in/before/last
    should have/of ~arriv/come/received/delivered
    should've ~arriv/come/received/delivered
    should have/of been here/there/delivered/refunded/resolved/fixed/credited/shipped
    should've been here/there/delivered/refunded/resolved/fixed/credited/shipped`,
  ],
  [
    sign("agreed", "said"),
    `
    i/we/we've/i've ordered/booked/reserved/requested for/a/an/the/my/two/#/extra/next/same/express/priority/premium/first
    paid extra/premium/more for
    paid for
    we/i/had agreed/an/agreement on/that/to
    agreed ... price/date/time`,
  ],
]);

function table(
  lists: Readonly<Partial<Record<"promised" | "told" | "advertised" | "agreed" | "bare", string>>>,
): CueTable<ClaimSign> {
  return cueTable<ClaimSign>([
    [sign("promised", "broken"), lists.promised ?? ""],
    [sign("promised", "told"), lists.told ?? ""],
    [sign("advertised", "said"), lists.advertised ?? ""],
    [sign("agreed", "broken"), lists.agreed ?? ""],
    [sign("advertised", "bare"), lists.bare ?? ""],
  ]);
}

/** What is read, by language. */
export const CLAIM_CUES: ReadonlyMap<string, CueTable<ClaimSign>> = new Map(
  Object.entries({
    en: ENGLISH,
    es: table({
      promised: `
        me/nos prometieron/prometisteis/aseguraron/garantizaron
        me/nos/os/les habían/habéis/han prometido/asegurado
        prometieron/prometisteis/prometéis/prometen que/la/el/entrega/envío/una/un`,
      told: `me/nos dijeron/dijisteis/informaron/indicaron/confirmaron\nme/nos han/habían/habéis dicho/informado/confirmado`,
      advertised: `
        su/vuestra/la/en/tu web/página/anuncio/publicidad/app dice/pone/anuncia/decía/ponía/indica
        anuncian/anunciáis/anunciaban/anunciaron que/un/una/el/la`,
      agreed: `tenía/debía/tenían/debían que/de/haber llegar/llegado/entregar/venir/entregado\ndebía/debió llegar/entregarse\ndebería haber llegado`,
      bare: `publicidad engañosa/falsa\nno es como/lo ... anunciado/descrito/foto/anuncian/prometido`,
    }),
    de: table({
      promised: `
        wurde/wurden/war mir/uns/war ... versprochen/zugesagt/zugesichert/garantiert
        mir/uns wurde/wurden/hat/haben ... versprochen/zugesagt/zugesichert/garantiert
        ihr/sie habt/haben ... versprochen/zugesagt/garantiert
        versprochen wurde/war/wird/hat/haben
        trotz versprechen/zusage/garantie`,
      told: `mir/uns wurde/hat/haben gesagt/mitgeteilt\nmir/uns wurde/hat/haben ... gesagt/mitgeteilt\nes hieß\nlaut hotline/kundenservice/mitarbeiter`,
      advertised: `
        laut website/webseite/homepage/app/werbung/beschreibung/tracking/sendungsverfolgung
        auf der/eurer/ihrer website/webseite/homepage/seite steht/stand
        beworben mit/als/wird/wurde
        ihr/sie werbt/werben mit`,
      agreed: `sollte/sollten ... gestern/montag/dienstag/mittwoch/donnerstag/freitag/samstag/geliefert/ankommen/kommen/da\nhätte/hätten ... ankommen/kommen/geliefert ... sollen/müssen`,
      bare: `irreführende/falsche werbung/versprechen/versprechungen/angaben\nleere versprechungen/versprechen\nnicht wie beschrieben/beworben/versprochen/abgebildet\nentspricht nicht der/dem beschreibung/bild/foto`,
    }),
    fr: table({
      promised: `
        vous aviez/avez promis/garanti/assuré
        on m'a/m'avait/nous promis/garanti/assuré
        m'avez/m'a/m'avait/m'ont promis/garanti/assuré
        malgré vos/les/votre promesses/promesse`,
      told: `on m'a/m'avait/nous dit/indiqué/informé/a\non nous a/avait dit/indiqué/promis\nvous m'avez/aviez/m'aviez dit/indiqué`,
      advertised: `
        votre/le/sur/la site/page/publicité/pub/appli/application dit/indique/annonce/affiche/annonçait/indiquait
        vous annoncez/annonciez/affichez
        annoncé/annoncée en/pour/à/comme/sous`,
      agreed: `devait/devaient arriver/livrer/venir/partir\ndevait/devaient être livré/livrée/livrés/expédié/expédiée/remboursé/remboursée/là\naurait/auraient dû arriver/livrer/venir\nlivraison/colis prévue/prévu`,
      bare: `publicité mensongère/trompeuse\npas conforme à la/l'annonce\nnon conforme à\nfausses promesses`,
    }),
    pt: table({
      promised: `
        prometeram/prometem/garantiram/prometeu que/a/o/me/entrega/entregar/um/uma/resolver
        me/nos prometeram/garantiram/prometeu
        foi/tinham/tinha prometido/garantido`,
      told: `me/nos disseram/informaram/falaram\nvocês/vcs disseram/falaram`,
      advertised: `
        no/o/seu/nosso site/app/aplicativo/anúncio diz/dizia/fala/mostra/consta
        anunciam/anunciaram/anunciado que/um/uma/o/a/como`,
      agreed: `deveria/devia ter chegado/sido\nera pra/para ... chegar/entregar`,
      bare: `propaganda/publicidade enganosa\nnão é como ... anunciado/foto/prometido`,
    }),
    it: table({
      promised: `
        mi/ci avete/hanno/avevate/avevano promesso/garantito/assicurato
        avete/avevate promesso/garantito
        era/erano stato/stata/stati promesso/promessa/garantito
        promesso/promessa/promessi e/ma/non`,
      told: `mi/ci hanno/avete/avevano/avevate detto/comunicato/confermato/informato\nmi/ci è/era stato detto/comunicato/assicurato`,
      advertised: `
        il/sul/vostro sito/annuncio/pubblicità/app dice/diceva/c'è/riporta/indica
        sul vostro/sito ... scritto/dice/indicato
        pubblicizzato/pubblicizzata/pubblicizzate come/con/a`,
      agreed: `doveva/dovevano arrivare/consegnare/partire/venire\ndoveva/dovevano essere consegnato/consegnata/pronto/pronta/spedito/spedita/rimborsato/rimborsata/qui\navrebbe/avrebbero/sarebbe dovuto/dovuta/dovuti arrivare/essere/consegnare/partire/venire`,
      bare: `pubblicità ingannevole/falsa\nnon è come/conforme ... descritto/foto/pubblicizzato/promesso/descrizione\nfalse promesse`,
    }),
  }),
);

/** Words at which a claim stops and what became of it begins. */
export const CLAIM_ENDS: ReadonlySet<string> = new Set(
  (
    "but yet however still instead although though except because only now whereas nevertheless when if so despite " +
    "pero sino aunque sin aber doch jedoch trotzdem sondern mais pourtant cependant toujours mas porém contudo ma però invece"
  ).split(" "),
);

/** Words after "and" that begin what became of a claim. */
export const OUTCOME_STARTS: ReadonlySet<string> = new Set(
  (
    "it it's its i i'm i've ive we we're still now nothing no nobody yet never they you here this there that he she today got received was were ended " +
    "nada no sigo nichts ich es und rien je il nada não niente non"
  ).split(" "),
);
