import { cueTable } from "../cues.ts";

/** What a review of a product gives its makers (Maalej & Nabil 2015). */
export type FeedbackCue = "bug" | "feature" | "experience" | "rating";

const BUGS = `
  ~crash
  ~freez/froze/frozen
  force/forced close/closes/closed/closing
  ~glitch/glitchy/glitches/glitched
  bug/bugs/buggy/bugged
  error/errors
  lag/lags/laggy/lagging
  black/white/blank/blue/green screen
  won't/wont/can't/cant/cannot/couldn't/couldnt/doesn't/doesnt/didn't/didnt/don't/dont/not/never/unable ... open/load/start/work/log/login/sign/connect/sync/play/download/install/update/save/access/launch/respond/upload/show/find/function/view/see/delete/send
  not/isn't/isnt/aren't/wasn't/stopped/stops/quit/quits/never working/loading/opening/responding/syncing/showing/playing/functioning/saving/updating/downloading
  no longer
  used to work/be
  keep/keeps/kept crashing/freezing/closing/saying/telling/asking/getting/giving/shutting/stopping/loading/kicking/popping/going
  shut/shuts/shutting down/off/itself
  kick/kicks/kicked/throws/boots me out
  fail/fails/failed/failing
  broken
  reinstall/reinstalled/reinstalling/re-installed/uninstalled
  since/after ... update/upgrade/updating/upgrading/updated/upgraded
  latest/last/new/recent/newest update/upgrade/version
  please/pls/plz ... fix/repair
  fix it/this/the/that/these/please/your
  needs/need to be/get fixed
  need/needs fixing
  lost/lose/losing/loses/deleted/deletes/erased/wiped all/my/everything/data
  stuck/hangs/hang/hanging/unresponsive/corrupt/corrupted
  problem/problems/issue/issues
  half the time`;

const FEATURES = `
  wish/wishing/wishes
  would/it'd/that'd/will/might be nice/great/good/cool/awesome/perfect/better/helpful/useful/amazing/lovely/handy
  would love/like/prefer/appreciate
  please/pls/plz add/make/include/bring/allow/let/give/put/enable/support/provide/consider/implement/create/change/update
  add/adding/added more/a/an/the/some/in/support/new/option/ability/feature
  needs/need a/an/more/some/to/better/option/options
  should/shouldn't be/have/allow/let/also/add/make/include
  could/can use/you/we/be/have
  if/when ... could/would/can/add/had/was/were/there
  option/options to/for/of
  ability to
  missing/lacks/lacking/lack
  suggestion/suggestions/suggest
  hope/hopefully/hoping
  want/wanted/wants
  feature/features request/requests/like/that/would
  the only/one thing/things/problem/complaint/downside/drawback/issue/suggestion
  be able to
  why can't/cant/isn't/not/no/is/don't/doesn't
  instead of
  bring back
  support for
  there was/were/is/should a/an/no/more/be
  5/five/4/four stars if/when/once
  i'd love/like/give
  next update/version
  without having to
  room for improvement
  could/can be better/improved`;

const EXPERIENCES = `
  easy/easier/simple/quick/fast/convenient/intuitive to/and/way/for
  user friendly/interface
  helpful/useful/handy/convenient/intuitive/efficient/practical/reliable/invaluable/indispensable/essential
  very/so/really/super/extremely/quite easy/helpful/useful/handy/simple/convenient/fun/informative/intuitive/addictive/addicting
  ease of
  i/we use/used it/this/the/my
  use/using it/this ... for/to/every/all/daily/everyday/on
  use/using ... every/all/daily/constantly/often/everyday/regularly
  helps/helped/keeps/lets/allows/enables/gives/makes/saves me/you/us/my/it/your
  great/good/perfect/excellent/best/nice/fun/awesome/fantastic/wonderful/amazing way/for/to/tool/resource/when/place/source
  can't/cant/couldn't/couldnt live/do/imagine/function without
  changed/saved my
  i love/like how/that/being/the/using
  love/like how/that/being/using/having
  love/like the ... feature/features/design/interface/graphics/ability/layout/effects/look/pictures/photos/reviews/way
  recommend/recommended
  addicted/addictive/addicting
  organized/organised/organize
  works/work/worked great/well/perfectly/flawlessly/beautifully/fine/good/amazing/wonderfully/smoothly
  fun to/and/for/game
  on all/my ... devices/device/computer/computers/phone
  access to/from/my/your
  share/sharing/sync/syncs/syncing
  everywhere/anywhere/anytime
  when/while ... travel/traveling/travelling/trip/vacation
  looks/look great/good/amazing/beautiful
  kids/kid/daughter/son/children/family/friends
  never had/have/experienced/fails/failed ... problem/problems/issue/issues/me
  interface/design/layout/graphics`;

const RATINGS = `
  love it/this/you
  great/good/nice/awesome/amazing/best/cool/excellent/fantastic/wonderful/brilliant/superb/fab/perfect/super/lovely app/application/apps/game/program/product/one/stuff/work/job
  best ... ever/app
  five/5/four/4/three/two/one/1/2/3 stars/star
  awesome/excellent/amazing/superb/fantastic/perfect/brilliant/fabulous/wonderful/outstanding
  very/so/pretty/really good/nice/cool/great/bad
  thank/thanks
  keep up
  must have
  not bad
  sucks/suck/stupid/horrible/terrible/crap/useless/worst/hate/garbage/lame/boring
  don't/do/not buy/waste/download/bother
  waste of
  worth it/the/every
  free`;

/** Words by which English reviews of a product tell what kind of feedback they are. */
export const FEEDBACK_CUES = cueTable<FeedbackCue>([
  ["bug", BUGS],
  ["feature", FEATURES],
  ["experience", EXPERIENCES],
  ["rating", RATINGS],
]);
