import type { SPAM_REASONS } from "../../schemas/reading.ts";
import { cueTable } from "../cues.ts";

/** What a cue says for spam. */
export interface SpamCue {
  readonly reason: (typeof SPAM_REASONS)[number];
  /** 4 settles it, 2 wants a second sign or a link, 1 only adds up. */
  readonly points: number;
  /** Only as a call to the reader: "use code X", not "I tried to use code X". */
  readonly isCall?: boolean;
}

/** Ways of selling, luring and filling, in English and the five other languages. */
export const SPAM_CUES = cueTable<SpamCue>([
  [
    { reason: "giveaway", points: 4 },
    `
    rt/retweet/repost/follow/like/share/tag/comment ... to win
    rt/retweet/like/share and/&/+ follow/comment/tag
    follow and/&/+ rt/retweet/like/share/tag
    tag #/a/your friends/friend/people/mates ... and/to/who/for/win
    you/you've have/been/just been/selected/chosen/won ... selected/chosen/winner/win/prize/iphone/reward/gift
    congratulations/congrats you/you've have/won/been won/been/a ... prize/selected/chosen/winner/lottery/gift
    claim your/ur ... prize/reward/winnings/iphone/voucher/giftcard/airdrop
    free robux/v-bucks/vbucks/followers/spins/bitcoin/btc/nitro/diamonds
    sigue y/e comparte/retwittea/etiqueta/rt
    comparte/etiqueta/retweet/rt ... para ganar
    participa en nuestro/el/este sorteo
    teilen/liken/folgen/folge/like ... und/zu gewinnen/gewinne/gewinnt
    nimm/nehmt/mach/macht/jetzt ... gewinnspiel teil/mit
    aimez/partagez/suivez/rt/likez/retweetez ... pour/et gagner/gagnez/tentez
    participez à/au/a notre/concours/ce
    siga/segue/curta/compartilhe/marque/partilha ... para/e ganhar/concorrer/ganha/concorra
    seguici/condividi/tagga/segui ... per/e vincere/vinci`,
  ],
  [
    { reason: "giveaway", points: 2, isCall: true },
    `
    enter ... to/for/and win/chance
    chance to win
    enter/join our/my/the/this giveaway/sweepstakes/raffle/contest
    win a/an/our/one/two/# free/new/brand/pair/$/£/€/of/iphone/ipad/ps5/trip/holiday/gift/voucher/amazon
    gana/ganar un/una iphone/viaje/premio/lote
    gewinne/gewinnt ein/eine/einen/tolle
    mit etwas glück ... gewinnen/gewinne/gewinnt
    gagnez un/une/des/votre
    ganhe um/uma
    vinci un/una`,
  ],
  [
    { reason: "giveaway", points: 1 },
    `
    giveaway/giveaways/sweepstakes/#giveaway/raffle/airdrop
    sorteo/gewinnspiel/verlosung/concours/sorteio/concorso`,
  ],
  [
    { reason: "promotion", points: 4, isCall: true },
    `
    use/enter/apply/try my/our code/coupon/promo/referral/link/invite/discount
    use my ... code/link
    use code ... for/to/and/at/on/when ... off/free/save/get/discount/$/£/€/checkout/%
    use code ... # % off
    sign/signup/register/join up/with/using/through/via ... with/using/through/via/my my/this ... code/link/referral
    subscribe/sub to my/our/the channel/newsletter/youtube/page
    check my bio/profile/pinned/page/onlyfans
    follow me and/i'll/for ... follow/followback
    f4f/follow4follow/followforfollow/sub4sub/like4like/l4l/teamfollowback/siguemeytesigo
    follow for follow
    buy/get/gain ... real/instagram/twitter/tiktok/youtube followers/subscribers/likes/views/subs
    followers for sale/cheap
    dm/inbox/whatsapp/message/text for promo/promos/price/prices/collab/rates/bookings/orders/shoutout
    contact/message/reach/text/dm/write/inbox ... him/her/them/me/us on/via/through telegram/whatsapp/instagram/signal
    contact/message/reach/text/dm/write/inbox/hit ... on/via telegram/whatsapp
    whatsapp/telegram only
    join my/our ... telegram/whatsapp/discord group/channel/community/server
    make/earn/making/earning ... money online
    make/earn/making/earning ... $/£/€ # ... daily/weekly/day/week/hour/monthly/home/online
    make/earn/making/earning # $/dollars ... daily/weekly/day/week/hour/monthly/home/online
    make/earn money from home/your
    double/triple/multiply your bitcoin/btc/crypto/investment/income/money
    do you need/want a/an ... loan/hacker
    dofollow backlinks
    únete a nuestro/mi canal/grupo
    gana/ganar/gane dinero desde/online/fácil/extra/trabajando
    usa/utiliza mi/el/nuestro código
    suscríbete a mi/nuestro
    link en/in/na mi/la/der/meiner/bio/minha bio/perfil/profil
    verdiene/verdienen/verdien geld/# von/online/€/euro/zuhause
    nutze/benutze/nutzt/verwende ... meinen/den/unseren code/rabattcode/gutscheincode
    abonniert/abonniere meinen/unseren/mein kanal
    gagner/gagnez de l'argent
    utilisez/utilise mon/le/notre code
    abonnez-vous à ma/notre
    lien en/dans ma/la/bio bio/description
    ganhe/ganhar/ganhando dinheiro em/online/trabalhando/extra
    use o/meu/nosso código/cupom
    inscreva-se no meu/nosso canal
    guadagna/guadagnare soldi/# da/online/€/euro
    usa/utilizza il/mio/nostro mio/codice codice/sconto
    iscriviti/iscrivetevi al mio/nostro canale`,
  ],
  [
    { reason: "promotion", points: 4 },
    `
    forex/crypto/trading/bitcoin signals
    binary option/options trading/trade/broker/brokers/signals/platform/trader/traders/investment/expert
    guaranteed profit/profits/returns/income/roi/winnings
    recovery/ethical/certified/professional/genuine hacker/hackers
    hacker/hackers for hire
    funds/crypto/bitcoin/asset recovery expert/agent/specialist/company/agency/service
    recover/recovered/retrieve/retrieved ... lost/stolen/scammed funds/bitcoin/crypto/money/usdt
    essay/assignment/dissertation writing/help service/services/experts
    viagra/cialis/xanax/oxycodone online/for/without/pills/cheap/overnight
    keto gummies
    hot/sexy/single/horny girls/singles/women/milfs in/near/waiting/online
    free spins
    link in bio
    link in my/the/our bio
    link in my profile/description
    link is in my/bio/the bio/profile/description
    seo/backlink services/service/packages
    no survey/surveys required
    bank/forex/crypto transfer hack/flip`,
  ],
  [
    { reason: "promotion", points: 2, isCall: true },
    `
    shop/buy/order/book/preorder/pre-order/register/apply/download/enroll/donate/subscribe/join/hurry now/today/here
    sign up now/today/here/for/free
    shop the/our/at/online
    check out/outt my/our ... channel/page/profile/store/shop/website/site/etsy/blog/podcast/video/mixtape/song/music/listing/listings/collection/range/deals/offers/ebook/book
    check us/me out
    visit our/my ... website/site/store/shop/page/blog/link/showroom
    visit us at/online/today/on
    follow us/me on/for/@
    dm/message/email/call/contact/text/whatsapp/inbox us/now/today to/for/today/now ... order/price/details/info/information/book/quote/more/prices/rates/booking/bookings/free
    dm/message/text/whatsapp/inbox me to/for ... order/price/prices/rates/booking/bookings/promo/collab
    dm/inbox for/to more/details/info/order
    get yours now/today/here/at/before
    get your ... tickets/copy now/today/here
    grow/boost/promote/scale/market your business/brand/sales/traffic/instagram/channel/followers/ranking/website/music
    start trading/investing/earning ... today/now/with
    invest ... and/to/with earn/get/receive
    stream/watch/listen/available/out now on/at/in/via
    download our/my/the free app/ebook/guide/now
    don't/dont/do miss out/not/this/our ... offer/deal/sale/on/out
    hurry up/while/before
    compra/compre/reserva/pide/regístrate ahora/hoy/ya/aquí
    visita nuestra/mi/nuestro web/página/tienda/sitio
    jetzt kaufen/bestellen/buchen/sichern/anmelden/registrieren/shoppen
    besuche/besucht unsere/unseren/meinen/meine website/shop/seite/kanal
    achetez/commandez/réservez/inscrivez-vous maintenant/ici/vite/dès
    visitez notre/mon site/boutique/page
    compre/peça/reserve/garanta/inscreva-se agora/já/hoje/aqui
    visite nosso/nossa/meu site/loja/página
    acquista/ordina/prenota/iscriviti ora/subito/qui/oggi
    visita il/nostro nostro/sito sito/negozio/shop`,
  ],
  [
    { reason: "promotion", points: 2 },
    `
    up to # % off/discount
    limited time/period offer/only/deal/sale
    limited-time offer/deal/sale
    while stocks/supplies/stock last/lasts
    offer/sale/deal/promotion/discount ends/expires/valid ... soon/today/tonight/midnight/sunday/until/till/tomorrow/on
    code ... at checkout
    # % off ... with/use/using code
    passive income
    financial freedom
    bitcoin/crypto/forex/binary investment/mining/trading platform/expert/mentor/manager/broker/coach/company
    we offer/provide ... best/affordable/professional/cheap/quality ... service/services/rates/prices
    affordable prices/price/rates
    t/wa . me
    onlyfans
    casino/slots/betting bonus
    work from home ... job/jobs/opportunity/earn
    lose weight fast/in/without
    now/we're/we hiring/are ... hiring/apply
    hasta # % de descuento
    código/cupón de descuento
    oferta por tiempo limitado
    bis zu # % rabatt
    nur für kurze zeit
    jusqu'à # % de réduction
    offre limitée/exclusive
    até # % de desconto
    cupom/código de desconto
    por tempo limitado
    fino al # %
    codice sconto`,
  ],
  [
    { reason: "promotion", points: 1 },
    `
    # % off
    promo/discount/coupon/referral/voucher/invite/promotional code/codes
    save up/# to/%
    free shipping/delivery worldwide/on/for/over/nationwide
    flash/clearance/mega/summer/winter/black sale/friday
    best prices/deals/price/offers
    on sale now
    for sale
    free trial/quote/consultation/estimate
    special/exclusive offer/offers/deal/deals/discount
    new blog/video/podcast post/up/on
    available now/in/at
    tickets available/from/on
    rabattcode/gutscheincode/descuento/rabatt/sconto/desconto/réduction
    code promo`,
  ],
  [
    { reason: "link_bait", points: 2, isCall: true },
    `
    click/tap/press here/below/this/the ... link/here/below/to/for
    click/tap here
    watch/see/find what/out happens/happened/what next
    watch ... full video/match/movie/episode/game/stream
    watch/stream ... live free/online/hd/here
    have you seen what/this ... about/of you
    check this out
    haz/haga/pincha clic/aquí
    klick/klicke/klickt hier/auf/jetzt
    hier klicken
    cliquez/clique/clica ici/sur/aqui/no/qui
    clicca/cliccate qui/sul/sotto`,
  ],
  [
    { reason: "link_bait", points: 2 },
    `
    you won't/wont/will believe/never ... what/how/this/believe/who/guess
    will shock/amaze/surprise/blow you/your
    what happens/happened next
    # ... reasons/things/secrets/tricks/ways ... you/your/that ... shock/know/never/believe/need
    this/one weird/simple/one trick/secret
    doctors/banks/dentists/experts hate/don't
    leaked video/photos/pics/tape/nudes`,
  ],
  [
    { reason: "link_bait", points: 4 },
    `
    is this you in this/the/that video/photo/pic/picture`,
  ],
  [
    { reason: "link_bait", points: 1 },
    `
    must see/watch/read
    read more at/here/:
    shocking
    bit/tinyurl . ly/com`,
  ],
  [
    { reason: "generated", points: 4 },
    `
    lorem ipsum
    regenerate response
    as a large language model
    as of my last knowledge/update/training`,
  ],
  [
    { reason: "generated", points: 4, isCall: true },
    `
    as an ai language/assistant/model/i/,
    i'm/i am/an an/ai ai/language language/model
    i cannot/can't fulfill/fulfil/assist this/that/with request/that
    certainly/sure/absolutely !/,/. here/here's is/are/a/an ... review/response/tweet/comment/version/post/caption/draft
    here's/here is/a/an a/an/short/positive ... review/tweet/comment/caption/post ... based/about/:/for/written
    insert ... name/here/product/company/brand ]
    your/customer/company/product/brand name ]
    your/first_name/firstname/name/company }`,
  ],
  [
    { reason: "generated", points: 1 },
    `
    in today's/todays fast-paced/fast/digital/modern
    ever-evolving/ever evolving/landscape
    unlock the/your power/potential/secrets/full
    delve into
    elevate your
    look no further
    whether you're/you a/are
    to the next level
    in conclusion
    embark on a/your journey
    stands as a testament
    seamlessly integrates/integrate/blends
    revolutionize/revolutionizing the/your way
    unparalleled/unmatched ... experience/quality/service
    rich tapestry`,
  ],
]);
