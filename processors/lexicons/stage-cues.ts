import type { Stage } from "../../schemas/reading.ts";
import { cueTable, type CueTable } from "../cues.ts";

/** What a cue says of a stage. */
export interface StageCue {
  readonly stage: Exclude<Stage, "unknown">;
  /**
   * `broke`: it went wrong there. `there`: that is where they were. `topic`: it is spoken of, which says something only
   * of a complaint.
   */
  readonly says: "broke" | "there" | "topic";
}

type Lists = readonly (readonly [stage: StageCue["stage"], says: StageCue["says"], lines: string])[];

function stageTable(lists: Lists): CueTable<StageCue> {
  return cueTable(lists.map(([stage, says, lines]) => [{ stage, says }, lines] as const));
}

const NOT = `not/never/won't/wont/doesn't/doesnt/don't/dont/didn't/didnt/can't/cant/cannot/couldn't/couldnt/hasn't/hasnt/haven't/havent/isn't/wasn't/nothing/aren't/unable`;
const GOODS = `~order/~parcel/~packag/~deliveri/~shipment/~item/~food/~pizza/~meal/~groceri/~product/~card/~luggag/~baggag/~bag/~bags/~suitcas/~flower/~sofa/~replac`;
const TRIP = `~flight/~train/~bus/~flt/~ferri/~ride/~taxi/~tram/~connect`;

/** English. */
export const ENGLISH_STAGES = stageTable([
  [
    "awareness",
    "broke",
    `
    false/misleading/deceptive ~advertis/~ad/~ads/~market/~advert/~claim/~promot/commercials
    ~advertis/advert ... not/never/false/lie/lies/misleading/wrong
    bait and/& switch
    not as/what ~advertis
    ~spam me/my/us/inbox/calls/emails
    stop ~email/~spam/~text/~call/sending me/my/us
    ~unsubscrib ... still/times/again/emails
    too many ~ad/ads/adverts/promotions`,
  ],
  [
    "purchase",
    "broke",
    `
    can't/cant/cannot/couldn't/couldnt/unable/impossible/trying to/even ~book/~order/~purchas/~buy/~reserv/~checkout
    can't/cant/cannot/couldn't/couldnt/won't ~book/~buy/~purchas/~reserv/~checkout/order
    won't/wont/doesn't/doesnt/didn't/not let/allow/letting/allowing me/us ~book/~buy/~purchas/order/checkout/~reserv/add
    won't/wont/doesn't/doesnt/didn't/not let/allow/letting/allowing me/us to ~book/~buy/~purchas/order/checkout/~reserv/add
    ~checkout/cart/basket/booking page/button/error/process/fails/failed/~crash/empty/not/keeps
    ~checkout/cart/basket/booking page/button/process ... ~error/~fail/~crash/~freez/~load/~work/empty
    out of stock
    sold out
    ~promo/~coupon/~discount/~voucher ~code/not/doesn't/didn't ... ~work/~invalid/~appli/expired
    discount/coupon/voucher/code was/did/didn't/doesn't/not not/~appli/~work
    ~reserv/~book ... ~problem/~issu/~error/~fail/wrong/lost/~disappear/messed/gone
    ~problem/~issu/~error/~troubl ... ~book/~reserv/~checkout
    ~overbook/overbooked/oversold
    ~applic ~denied/~deni/~reject/~declin/refused
    application was/has/got/been/is ~denied/~deni/~reject/~declin/refused/been
    denied/rejected/declined my/our application/loan/mortgage
    price/prices/fare/fares/quote ... changed/jumped/different at/when/before/once
    never/didn't/not ~authoriz/~authoris/~agre/~open/~appli/signed ... ~account/~loan/~card/~subscript/~contract
    without my ~consent/~knowledg/~permiss/~authoriz
    ~pushi ~sale/salesman/dealer`,
  ],
  [
    "payment",
    "broke",
    `
    ~charg/~bill/debited me/us/my ... twice/double/again/extra/wrong/incorrectly/more/for/without
    ~charg/~bill/debited twice/double/again/extra/wrong/incorrectly
    double/over/triple ~charg/billed/billing
    ~overcharg/~overbil
    charged/charging/billed me/us/my
    being/was/been/were/got/getting/i'm charged/billed
    unauthorized/unauthorised/fraudulent/unknown/duplicate/hidden/surprise/unexpected ~charg/~transact/~fee/~payment/withdrawal/debit
    ~card/~payment/~transact/~debit/~check/~cheque ... ~declin/~reject/~refus/~bounc/failed/fails
    ~declin/~reject my/our/the ... ~card/~payment/~transact
    ~payment/~transact ... ~fail/error/~stuck/pending/not/~declin/twice
    can't/cant/cannot/couldn't/unable/won't/trying ... pay/~payment
    ~problem/~issu/~error/~troubl ... ~payment/~bill/~invoic/paying
    ~bill/~invoic/~premium/~rate/~price/~fee/~fees/~rent ... ~increas/~doubl/~tripl/wrong/~incorrect/higher/went/skyrocketed/raised/~rais/~gone
    ~rais/~increas/~hike/~jack ... my/the/our/their ~premium/~rate/~price/~bill/~rent/~fee
    rate/price/premium ~hike/~increas
    late/overdraft/hidden/maintenance/cancellation/insane/ridiculous/excessive/annual/convenience ~fee/~charg
    ~billing ~error/~issu/~problem/~mistake/~disput
    ~bill ... ~wrong/~incorrect/~error/twice
    took/taking/takes/taken/deducted/withdrew ... ~monei/payment/dollars/from ... ~account/~bank/~card/out
    ~paid ... still/but/not/never ~show/credited/posted/reflected/~appli
    payment/payments was/were/not/never/is ~appli/~post/~credit/~process/~receiv/not/never
    debt/~collect ... ~owe/~not/paid/~mine/wrong/never
    ~collect/~collector/~agency ... ~debt/~account
    attempt/attempting/trying/tried/attempts to collect
    do/does/don't/didn't not/owe ~owe/this/them/any`,
  ],
  [
    "delivery",
    "broke",
    `
    ${NOT} ... ~arriv/~deliv/~ship/~dispatch/delivered
    ${NOT} ~receiv/~got/get/~gotten ... ${GOODS}
    ${NOT} ~arriv/arrived/came/~deliv
    ${NOT} yet/been/even/be ~deliv/~ship/~dispatch/~arriv
    where's/wheres/where my/is/are/the/our ... ${GOODS}
    where's/wheres/where my/is/are ${GOODS}
    ~wait ... ${GOODS}
    awaiting/expecting/tracking ... ${GOODS}
    ${GOODS} ... ~late/~lost/~missing/~miss/~delai/~never/~damag/~stuck/~wrong/overdue/cold/delayed/stolen
    ~lost/~losing/~losing/~damag/~misplac/~miss/~delai/~ruin my/our/the/their/a ${GOODS}/~box
    lost/missing/damaged/delayed/late/wrong ${GOODS}
    ${TRIP} ... ~late/~delai/~cancel/~divert/overbooked/~miss/grounded
    ~cancel/~delai/~miss/~divert/late my/our/the/a/flighted/again/this ${TRIP}
    ~cancel/~delai/late/missed ${TRIP}
    another/hour/hr/hours/min/minute/flight/weather/more/mechanical/long/day/constant/many/endless/of/# ~delai
    ~delai ... hour/hours/again/min/mins/minutes/due/days/weeks/#
    ~delai due/because/by/again/for/and/to/out/in/yet
    been/is/are/was/were/it's/got/now/again/keeps/being/still ~delai
    flight/flights ~flightled/cancellations/delays/delay
    ~strand/stuck at/in/on/for/here/overnight ... ~airport/~plane/~tarmac/~terminal/~runwai/~gate/~station
    ~strand in/at/for/me/us/passengers/overnight
    stuck/sitting/sat/waiting/sit/still on/at/in the/a/this ~plane/~tarmac/~runwai/~gate/~airport/~aircraft/terminal
    sitting/sat/stuck/waiting on ~plane/~tarmac/~runwai
    ~board ... ~late/~delai/~mess/~wait/~chao/~denied/denied
    denied boarding
    no ~luggag/~bag/~baggag/crew/pilot/pilots/plane/gate
    ~wait ... ~bag/~baggag/~luggag/~crew/~pilot/~gate/~plane/~takeoff/~board/~driver/~courier/~deliv
    check-in/checkin/line/lines ... long/slow/hours/moving
    left/leave ... outside/door/neighbour/neighbor/rain/porch
    ~courier/~driver/~postman ... ~never/~left/~threw/~didn't/~cancel/~refus/~lie/~rude/~lost
    ~deliv ... ~late/wrong/~damag/~fail/cold/~never/~miss/~delai/broken/empty
    ~deliv/~dispatch/shipping takes/took/taking/is/was ... ~forever/~week/slow/~dai/~hour/~long/~late
    late/slow/failed/bad/terrible/missed/poor/worst/no/wrong ~deliveri/~deliv/~shipping/~shipment
    ~deliv/~sent/~ship/~given/~got/~receiv/~gave/~bring/~brought ... ~wrong/~damag/broken/empty/smashed/crushed/defective/used/expired
    wrong ~order/~item/~size/~product/~food/~address/~colour/~color/~meal/~part
    arrived/came/arrives/showed ... ~late/broken/~damag/cold/smashed/crushed/empty/wrong/defective
    ~miss/missing ... from my/the order/box/bag/delivery/package
    missing ~part/~item/~piec/parts
    order/orders was/were/been/got/is/~never ~cancel/~late/~wrong/cold/~miss/incorrect/~mess/~screw
    cancelled/canceled/cancel/cancels/cancelling/canceling my/our/the order/delivery/ride/trip
    messed/screwed/mess up/got my/our/the order/wrong
    tracking ... ~not/says/stuck/~updat/~chang/~week/wrong
    room ... not/wasn't/isn't ready
    ${TRIP} ... never/didn't/~refus/no-show ~show/~came/~arriv/~left`,
  ],
  [
    "setup",
    "broke",
    `
    can't/cant/cannot/couldn't/couldnt/unable/won't/wont/doesn't/doesnt/impossible/trying/tried/even ... ~instal/activate/~setup/~register/~regist/~download/~enrol/~enroll/signup/sign-up
    can't/cant/cannot/couldn't/couldnt/unable/won't/wont/trying/tried ... ~set/~sign/~pair up
    can't/cant/cannot/couldn't/couldnt/unable/won't/wont/doesn't/doesnt/not ~verifi/~pair my/our/with
    can't/cant/cannot/couldn't/unable/won't/wont/doesn't/not/impossible to ~verifi/~pair/~instal/activate/~regist/~enrol
    ~instal/activation/~regist/setup/kyc/onboarding/~assembl/~enrol/signup/sign-up ... ~fail/~error/~problem/~issu/~imposs/not/~stuck/~nightmar/~reject/never/pending/~deni
    ~problem/~issu/~error/~troubl/~nightmar ... ~instal/activation/~regist/~setup/kyc/onboarding/signup
    ~technician/~engineer/~installer ... ~never/~didn't/not/~late/~cancel/~miss/no-show/no
    missed/~instal/installation ~appoint/appointment
    verification/activation/confirmation code/codes/email/link/text ... ~not/~never/~didn't/~doesn't/~won't
    never/didn't/doesn't/not/won't ~receiv/get/got/send/sent/sending ... ~otp/~code/~verif
    doesn't/won't/not/isn't ~accept/~recogn/~recognis my/our/the ... ~id/~passport/~document/~phone/~number/~address/~email
    instructions/manual are/is/was/were ... ~confus/~unclear/~missing/~useless/wrong/~terrible
    hard/difficult/impossible/nightmare to ~set/~instal/~assembl/activate/~regist`,
  ],
  [
    "use",
    "broke",
    `
    ~crash
    ~freez
    ~buffer/~lag/laggy/~glitch/glitchy/buggy
    ~error ~messag/~code/when/every/on
    getting/get/got/gives/shows/keeps/constant/says an/a/this/the/internal/error ~error
    not/isn't/isnt/doesn't/doesnt/don't/dont/won't/wont/stopped/stops/quit/never/wasn't/didn't/aren't/no/hardly/barely/longer ~work/~function
    not/isn't/doesn't/don't/won't/stopped/quit/never/aren't ... ~load/~open/~play/~sync/~charg/~turn/~launch/~start/~connect/~respond/~print/~heat/~cool
    can't/cant/cannot/couldn't/unable/won't/locked ... ~log/~login/~access/~sign/~connect in/into/on/out/to/my/the/it/your
    can't/cant/cannot/couldn't/couldnt/unable/won't ~login/~log/~access/~connect/~open/~stream/~watch/~plai/~play/see/view/~use/~us
    unable/impossible/able to ~login/~log/~access/~connect/~open/~stream/~watch/~plai/~play/see/view/~use/~us/~deposit/~transfer/~withdraw
    not ~letting/~let/~allow me/us log/login/in/sign/use/open/access/play/watch/see
    won't/wont/doesn't/doesnt/didn't ~let/~allow me/us log/login/in/sign/use/open/access/play/watch/see
    locked/kicked/kicks/logged/logs/kicking/locks/shut ... out/off
    account ... ~lock/~block/~suspend/~frozen/~freez/~hack/~restrict/disabled/~compromis/~closed/~deactiv
    ~lock/~block/~suspend/~froze/~restrict/~hack/disabled/deactivated/closed/shut my/our/the ~account/~card
    ~outag
    ~internet/~wifi/~signal/~servic/~network/~power/~broadband/~server/~site/~websit/~app/~system/~tv/~line/~phone/~phones/~electr/~water/~heat ... ~down/dead/~slow/~drop/~cut/~fail/off/~unreli/~terrible/unstable/~intermitt/~disconnect
    no/zero/without/bad/poor/terrible/weak/lost/losing/spotty/slow ~internet/~wifi/~signal/~recept/~network/~power/~electr/~water/~heat/~hot/~sound/~coverage/~connect/~broadband/~dial/~electricity
    down/dead/out again/since/for/all/today/now
    ~batteri ... ~die/~dead/~drain/~last/~swell/~explod/~overheat/~terrible/~bad/~poor
    ~drain/~kill my/the ~batteri
    ~broke/broken/~break/~stopp/~fail/~die/~dead/~fell/~crack/~tore/~rip/~leak ... after/within/in # ... day/days/week/weeks/month/months/year/years/use/uses/hours/wash/washes
    broke/broken/cracked/ripped/snapped/shattered/died ... after/within/already/down/again/off
    ~fell/~fall/~came/~come apart/off
    ~screen/~engin/~camera/~speaker/~button/~wheel/~brake/~hing/~zipper/~charger/~motor/~transmiss/~gearbox/~aircon/~tv/~shower/~toilet/~heater/~seat/~door ... broken/~broke/~crack/~fail/~leak/~flicker/~black/~stuck/~dead/not/~nois/~die/~recline/~reclin
    broken ~seat/~screen/~tv/~shower/~toilet/~door/~wifi/~entertain/~ac/~air/~chair/~table/~headphon
    ~overheat
    ~defect/faulty
    after/since the/last/latest/this/your/that/new/recent/newest/an ... ~updat/~upgrad/version
    ~updat/~upgrad ... ~ruin/~broke/~break/~worse/~terrible/~bad/~fix/~crap/~screw/~mess
    worst/terrible/horrible/useless/bad/awful/crap/buggy/slow/stupid/pathetic/poor/disappointing app/application/update/version/interface/software/food/coffee/quality/product/seats/plane/hotel/room/wifi/internet/connection/signal
    ~room/~hotel/~bathroom/~bed/~sheet/~carpet/~plane/~seat/~cabin/~car/~food/~meal/~burger/~steak/~chicken ... ~dirty/~dirti/~filthi/~smell/~smelli/~mold/~moldi/~noisi/~stain/~disgust/~gross/~undercook/~burnt/~raw/~stale/~tini/~cramp/~uncomfort/~bug/~cold/~cockroach/~stuf
    ~dirty/~dirti/~filthi/~smelli/~moldi/~mouldi/~noisi/~uncomfort/~cramp/~stale/~raw/~undercook ~room/~hotel/~bathroom/~bed/~sheet/~carpet/~plane/~seat/~cabin/~car/~food/~meal/~burger/~steak/~chicken
    ~rude/~unprofession/~disrespect ~flight/~crew/~stewardess/~attend/waiter/waitress/flight
    flight/cabin attendant/attendants/crew ... ~rude/~yell/~unprofession/~refus/~ignor/~unhelp/~attitude
    food/taste/tasted/tastes ... poisoning/awful/terrible/disgusting/stale/off/horrible
    found/hair/bug/insect/plastic/glass ... in my/the food/salad/burger/soup/pizza/meal/drink
    ~claim/~reimburs ... ~deni/~denied/~reject/~refus/~declin/~delai
    ~deni/~denied/~reject/~refus/~declin ... ~claim/~coverag/~reimburs
    won't/refuse/refused/refuses/didn't/don't/doesn't/not/never ~cover/~reimburs ... #/me/us/any/anything/it/this/that/my/our
    ~data/~message/~photo/~file/~chat/~contact/~progress/~save ... ~lost/~disappear/~gone/~delet/~vanish/~wiped
    ~transfer/~deposit/~withdraw ... ~fail/~stuck/pending/not/never/~error/~reject/~disappear/missing
    ~problem/~issu/~bug/~troubl ... ~app/~websit/~login/~log/~site/~connect/~sync/~transfer/~softwar
    ~breach/identity ~theft/~stolen/~data/~data
    inaccurate/incorrect/wrong/false/erroneous information/account/accounts/item/items/inquiry/reporting ... ~report/~credit/~bureau/~file`,
  ],
  [
    "support",
    "broke",
    `
    on hold
    ~hung/~hang/hangs up
    ~ignor my/our/me/us/emails/messages/calls/customers/the/by/dms/tweets
    no/zero/without/any/still/not/never/a/single ~repli/~answer/~respons/callback/~call-back/~feedback/call/acknowledgement
    nobody/noone ~return my/our
    ${NOT} ~return my/our ~call/~email/~messag
    no one/body ~answer/~repli/~respond/~help/~call/~care/~know/picks/pick/can/will/is/has
    nobody/noone/none ~answer/~repli/~respond/~help/~call/~care/~know/picks/pick/can/will/has
    ${NOT} ... ~respond/~repli/~answer
    ${NOT} ~call/~email/~get/~got/~contact/~hear/~heard/~phone me/us/back/through/from/anything/thru
    ${NOT} ~reach/~contact/~speak/talk/get/speak ... anyone/someone/you/human/person/customer/support/through/agent/them/anybody/somebody/real/rep
    ${NOT} ~resolv/~help/~solv/~fix ... my/me/us/issue/problem/it
    ${NOT} help/helping/helped/helpful/care/assist
    can't/cannot/unable/impossible/trying/tried/hard to ~reach/~contact/~speak/~talk/get ... anyone/someone/you/human/person/support/through/agent/them/thru/hold/real
    can't/cannot/couldn't/cant get/reach/contact/speak through/thru/anyone/someone/you/hold/a/to
    customer/client/tech/technical/your/live service/services/support/care/help ... ~terribl/~horribl/worst/bad/awful/shocking/~pathet/~suck/poor/joke/disgrace/useless/rude/fail/hung/disgusting/appalling/lacking/nonexistent/slow/~ignor/unhelpful/never/non/zero/ridiculous/lacks/~hang/sucked/not/unable/worse/clueless/no/refused/doesn't/don't/needs/~lie/incompetent
    worst/terrible/horrible/bad/awful/shocking/pathetic/poor/appalling/disgusting/useless/rude/no/lousy/unhelpful/crappy/disappointing/lack/shitty/zero/worse/disappointed/abysmal ... ~servic/support/care ... !/./?/ever/from/at/by/you
    worst/terrible/horrible/bad/awful/shocking/pathetic/poor/appalling/disgusting/useless/rude/no/lousy/unhelpful/crappy/disappointing/shitty/zero/worse/abysmal customer/client/tech/helpdesk/support ~servic/support/care/team/staff/line
    customer disservice
    ~rude/unhelpful/~incompet/~clueless/useless/~unprofession ~agent/~rep/~staff/~employe/~support/~custom/~personnel/~manag/~repres/~peopl/~person/~team/~advisor
    ~agent/~rep/~staff/~employe/~repres/~manag/~supervisor/~advisor/~personnel ... ~rude/~unhelp/~useless/~incompet/~clueless/~ignor/~lie/~lied/~unprofession/~refus/~hung/~hang/~yell/~condescend/~attitude
    ~wait ... ~call/~callback/~repli/~respons/~answer/~rep/~agent/~hold/~speak/~repres/~email
    ~chatbot/bot ... ~useless/~not/~loop/~terrible/~no/~doesn't/~can't
    ~ticket/~case/~complaint ... ~ignor/~close/unanswer/~open/unresolved/nothing/no
    keep/keeps ~transfer/~send me/us
    ~transfer/~bounc/passed/pass me/us/from/around ... ~time/~depart/~person/~depart/around/another/other
    ~told/~tell/~give/~gave me/us ... ~different/wrong/~lie/~conflict/nothing
    ~repair/~servic/~garag/~mechan ... ~fail/~botch/~twice/~again/~wrong/still
    ~lie/~lied/lying to me/us
    ~disput/~investig ... ~deni/~fail/~ignor/~close/not/never/no/without
    fail/failed/fails/refuse/refused/refuses to ~investig/~respond/~help/~correct/~resolv/~answer/~remov/~assist/~fix/~verifi
    your call is important
    ~unrespons/~unhelp`,
  ],
  [
    "support",
    "there",
    `
    ~call/~phone/~rang/~email/~contact/~messag/~text/~chat/~written/~wrote/~tweet/~dm'd ... # times
    ~call/~phone/~rang/~email/~contact/~messag/~chat/~spoke/~speak/~talk/~wrote/~written/~spoken to/with ... ~support/~servic/~agent/~rep/~repres/~manag/~supervisor/~helpdesk/~custom/~someone/~person/advisor
    called/phoned/rang/emailed/contacted/messaged/dmed ... ~support/~servic/~custom/you/them/twice/again/helpline/hotline/bank/company
    i/we/i've/have called/phoned/rang/emailed/contacted/messaged/dmed/spoke/spoken
    ~agent/~rep/~repres/~advisor/~manag/~supervisor/support/~servic/she/he/they ~said/told/~told ... ~me/us/~that
    ~file/~open/~rais/~submit/~made/~lodg ... ~complaint/~ticket/~case/~disput
    # ~call/~email/~messag/~phone
    hour/hours/minutes/mins/min/hrs ... on ... phone/chat/call
    wait/waiting/response ... ~reply/~repli/~respons/~callback
    dm/dms/dm'd/emails ~sent/~ignor/~unansw`,
  ],
  [
    "return",
    "broke",
    `
    ${NOT} ... ~refund/~reimburs/~money back/yet/me/my/for/the/received/credited/~process
    ${NOT} ~get/~receiv/~got/give/given/gotten ... ~refund
    ${NOT} ~refund
    where's/where/wheres my/is/are ... ~refund/~money
    ~wait/~await ... ~refund/~credit/~reimburs
    ~refund ... never/~not/hasn't/~still/~yet/~deni/~refus/~week/~month/~late/~pending/~reject/~delai/nothing/haven't
    ~deni/~denied/~refus/no/still/without/~reject ... ~refund/~exchang
    no/zero ~refund
    won't/wont/doesn't/didn't/refuse/refused/refuses/refusing ... ~exchang/~refund
    ~return/~exchang ~polici/~process/~label/~fee ... ~terribl/~not/~wrong/~never/~nightmar/~ridicul/~expens/~didn't/joke
    ~return ... ~reject/~refus/~lost/~deni/never/~nightmar/~still
    can't/cannot/couldn't/unable/won't/impossible ... ~return/~exchang ... it/them/the/my/item/items/this
    give/giving me/us my ~monei back
    compensation ... ~not/~refus/~never/~deni/~offer`,
  ],
  [
    "return",
    "there",
    `
    ~want/~need/~demand/~request/~ask/~like/~give/~get/~expect/~issue/~due/~owe/~promis ... ~refund/~reimburs
    ~want/~need/~demand/~give/~get ... my/our/the money back
    my/our money back
    returned/returning/sent/sending/send/return it/them/the/back/my ... ~back/~store/~refund/~shop
    returned/returning/return the/this/it/them
    i/we/i've returned my/our
    ~refund/~reimburs me/my/us/please/now/the
    how/can/when ... ~refund
    ~claim/~seek/~request ... ~compens`,
  ],
  [
    "cancellation",
    "broke",
    `
    can't/cannot/couldn't/unable/won't/impossible/hard/difficult/trying/tried/cant/nightmare ... ~cancel/~unsubscrib/~terminat ... ~subscript/~account/~membership/~contract/~plan/~policy/~polici/~servic/it/this/trial/insurance
    can't/cannot/cant/unable/impossible/impossible/won't/hard to ~cancel/~unsubscrib/~terminat
    can't/cannot/cant/couldn't ~cancel/~unsubscrib/~terminat
    ~cancel/~close/~terminat/~unsubscrib/~delet ... but/and/yet/still ... still ~charg/~bill/~active/~take/~took/~get
    still ~charg/~bill me/us/after ... ~cancel/~close/~terminat
    ~charg/~bill ... after ... ~cancel/~terminat/closing/closed
    won't/doesn't/didn't/not/refuse/refused/refuses/refusing ~let/~allow/to/letting ... ~cancel/~close/~terminat/~delet
    trying/tried/try/want/attempt/attempting to ~cancel/~close/~delet/~terminat ... ~subscript/~account/~membership/~contract/~plan/~polici/~servic/it/card
    ~earli ~terminat/~cancel ~fee/~charg
    ~auto/~automat ~renew
    ~renew ... ~without/automatically/anyway/again
    no way/option/button/link to ~cancel/~delet/~close/~unsubscrib
    how ... ~cancel/~delet/~close ... ~subscript/~account/~membership/~contract/~plan/~polici`,
  ],
  [
    "cancellation",
    "there",
    `
    i/we/i'm/just/have/will/am/going/i'll/i've/immediately/to/we're/gonna ~cancel ... ~subscript/~account/~membership/~contract/~plan/~polici/~servic/it/mine/insurance/card/tomorrow/today/now/prime
    ~cancel my/our ~subscript/~account/~membership/~contract/~plan/~polici/~servic/~insur/~card/~prime
    ~close/~closing/~delet my/our/the ~account/~accounts
    ~uninstal/uninstalled/~unsubscrib
    ~delet/~remov the/this/your app`,
  ],
  [
    "support",
    "topic",
    `customer service/services/support/care/care\nhelpdesk/helpline/hotline/callback\ncall center/centre\ntech support`,
  ],
  [
    "delivery",
    "topic",
    `~deliveri/~courier/~parcel/~shipment/~shipping\n~luggag/~baggag\nflight/flights/plane ~delai/~cancel`,
  ],
  ["purchase", "topic", `~checkout/~reserv\n~booking`],
  ["payment", "topic", `~billing/~invoic/~overdraft\npayment/payments/fee/fees`],
  ["return", "there", `refund/refunds/refunded`],
  ["setup", "topic", `~registr/~verif/~instal/kyc`],
  [
    "use",
    "topic",
    `app/apps/application/wifi/internet/broadband/battery/interface/login\nseat/seats/legroom`,
  ],
]);

/** Other languages: few plain failures. */
export const OTHER_STAGES: ReadonlyMap<string, CueTable<StageCue>> = new Map(
  Object.entries({
    es: stageTable([
      ["purchase", "broke", `no ... comprar/reservar\nagotado/agotados`],
      [
        "payment",
        "broke",
        `cobraron/cobrado/cobran/cobrando ... veces/doble/más/mal/sin\nme/nos cobraron/cobran\ntarjeta/pago ... rechazada/rechazado/rechazan/falla\ncargo/cargos no/indebido/indebidos/duplicado`,
      ],
      [
        "delivery",
        "broke",
        `no/nunca ... llegó/llega/llegado/entregado/entregaron/recibido/recibí\nsin ... recibir/entregar\npaquete/pedido/vuelo/maleta/envío ... retrasado/perdido/perdida/cancelado/dañado/roto/tarde\nperdieron mi/la\nvuelo cancelado/retrasado\nretraso/retrasado/retrasados`,
      ],
      ["setup", "broke", `no ... instalar/activar/registrarme/registrar`],
      [
        "use",
        "broke",
        `no funciona/funcionan/sirve/carga/abre\nse cierra/cuelga/traba/cae/bloquea\nsin internet/luz/señal/conexión/agua\ndejó de funcionar\nno ... entrar/acceder/abrir`,
      ],
      [
        "support",
        "broke",
        `no/nadie ... responden/responde/contestan/contesta/respondido/contestado\nsin respuesta\natención/servicio ... pésima/pésimo/mala/malo/fatal/horrible\npésima/mala/pésimo/mal/peor atención/servicio`,
      ],
      [
        "return",
        "broke",
        `no/sin/nunca ... reembolso/devolución/devuelto/devolvieron/devuelven/reembolsado\nesperando ... reembolso/devolución`,
      ],
      ["cancellation", "broke", `no/imposible ... baja/cancelar\ndarme de baja`],
    ]),
    de: stageTable([
      ["purchase", "broke", `ausverkauft\nnicht ... bestellen/buchen/kaufen`],
      [
        "payment",
        "broke",
        `doppelt abgebucht/berechnet/bezahlt\nabgebucht/abgezogen ... obwohl/zweimal/doppelt\nkarte/zahlung ... abgelehnt/fehlgeschlagen\nrechnung ... falsch/zu`,
      ],
      [
        "delivery",
        "broke",
        `nicht/nie/noch/nichts ... angekommen/geliefert/erhalten/gekommen\npaket/lieferung/bestellung/sendung ... verspätet/verloren/beschädigt/nicht/weg/fehlt/storniert\nzug/flug/bus ... verspätet/verspätung/ausgefallen/gestrichen/annulliert/fällt\nverspätung\nwarte/warten ... paket/lieferung/bestellung/koffer`,
      ],
      ["setup", "broke", `nicht ... installieren/aktivieren/registrieren/einrichten`],
      [
        "use",
        "broke",
        `funktioniert/geht/lädt/startet/klappt ... nicht\nstürzt ... ab\nkaputt/defekt\nkein/keine ... internet/netz/empfang/strom/verbindung\nnicht ... einloggen/anmelden/öffnen`,
      ],
      [
        "support",
        "broke",
        `keine/niemand/nie ... antwort/rückmeldung/erreichbar/erreichen/antwortet\nwarteschleife\nkundenservice/support/kundendienst/hotline ... schlecht/unfreundlich/katastrophe/nicht/nie/miserabel\nschlechter/mieser/miserabler/schlechtester kundenservice/service/support/kundendienst`,
      ],
      [
        "return",
        "broke",
        `kein/keine/nicht/warte/nie/immer ... erstattung/rückerstattung/erstattet\nerstattung/rückerstattung ... nicht/nie/seit/verweigert`,
      ],
      [
        "cancellation",
        "broke",
        `kündigung ... ignoriert/nicht/abgelehnt\nnicht ... kündigen\ntrotz kündigung`,
      ],
    ]),
    fr: stageTable([
      ["purchase", "broke", `rupture de stock\nimpossible ... commander/réserver/acheter`],
      [
        "payment",
        "broke",
        `débité/prélevé/facturé ... fois/trop/deux/double\ncarte/paiement ... refusé/refusée/échoué`,
      ],
      [
        "delivery",
        "broke",
        `pas/jamais/rien/toujours ... reçu/livré/livrée/arrivé/arrivée\ncolis/commande/livraison/bagage/valise ... perdu/perdue/retard/abîmé/endommagé/cassé/annulée\nvol/train ... annulé/retard/retardé\nretard de/livraison`,
      ],
      ["setup", "broke", `impossible ... installer/activer/inscrire/enregistrer`],
      [
        "use",
        "broke",
        `ne ... marche/fonctionne/charge/s'ouvre\nmarche/fonctionne pas/plus\nen panne\nplante/bugue/bug\nplus d'internet/de réseau/internet\nimpossible ... connecter/ouvrir/accéder`,
      ],
      [
        "support",
        "broke",
        `aucune/pas/sans/jamais ... réponse/répond/rappelé\npersonne ... répond\nservice client ... nul/inexistant/lamentable/déplorable/injoignable/catastrophique/répond`,
      ],
      ["return", "broke", `pas/jamais/toujours/attends/aucun ... remboursement/remboursé/remboursée`],
      [
        "cancellation",
        "broke",
        `impossible ... résilier/annuler/désabonner\nrésiliation ... refusée/ignorée`,
      ],
    ]),
    pt: stageTable([
      ["purchase", "broke", `não/nao ... comprar/reservar\nesgotado`],
      [
        "payment",
        "broke",
        `cobraram/cobrado/cobrança/cobrando ... vezes/indevida/duas/dobro/duplicada\ncartão/pagamento ... recusado/negado`,
      ],
      [
        "delivery",
        "broke",
        `não/nao/nunca/nada ... chegou/recebi/entregue/entregaram/entregam\npedido/encomenda/voo/mala/entrega ... atrasado/atrasada/perdido/perdida/cancelado/danificado/atraso\nvoo cancelado/atrasado`,
      ],
      ["setup", "broke", `não/nao consigo instalar/ativar/cadastrar`],
      [
        "use",
        "broke",
        `não/nao funciona/funcionam/abre/carrega/presta\ntrava/travando/travou\nsem internet/sinal/luz/água/conexão\nparou de funcionar\nnão/nao consigo entrar/acessar/abrir`,
      ],
      [
        "support",
        "broke",
        `ninguém ... respondem/responde/atende/atendem\nnão/nao respondem/responde/atende/atendem\nsem resposta/retorno\npéssimo/péssima/pior atendimento/suporte\natendimento péssimo/horrível`,
      ],
      [
        "return",
        "broke",
        `não/nao/sem/nunca/aguardando/esperando ... reembolso/estorno/devolução/devolveram`,
      ],
      ["cancellation", "broke", `não/nao ... cancelar\nimpossível cancelar`],
    ]),
    it: stageTable([
      ["purchase", "broke", `esaurito\nnon riesco ... prenotare/comprare/ordinare`],
      [
        "payment",
        "broke",
        `addebitato/addebitati/pagato ... due/volte/doppio\ncarta/pagamento ... rifiutata/rifiutato`,
      ],
      [
        "delivery",
        "broke",
        `non/mai/ancora ... arrivato/arrivata/consegnato/ricevuto\npacco/ordine/volo/valigia/treno/consegna ... ritardo/perso/persa/cancellato/danneggiato\nvolo cancellato`,
      ],
      ["setup", "broke", `non riesco ... installare/attivare/registrarmi`],
      [
        "use",
        "broke",
        `non funziona/funzionano/va/carica\nsi blocca/chiude/spegne\nsenza internet/segnale/luce/connessione\nguasto/rotto\nnon riesco ... entrare/accedere/aprire`,
      ],
      [
        "support",
        "broke",
        `non/nessuno ... risponde/rispondono/risposto\nnessuna risposta\npessimo/pessima servizio/assistenza\nassistenza pessima/inesistente`,
      ],
      ["return", "broke", `non/senza/mai/attesa/aspetto ... rimborso/rimborsato`],
      [
        "cancellation",
        "broke",
        `non riesco ... disdire/annullare/cancellare\ndisdetta ... ignorata/rifiutata`,
      ],
    ]),
  }),
);
