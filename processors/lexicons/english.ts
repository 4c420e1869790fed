import { phraseTable, wordTable, type LanguageRules } from "./language-rules.ts";

/** Words AFINN lacks or that mean something else when customers speak. Values as in AFINN, −5..5; 0 removes a word. */
const WORDS = wordTable({
  4: `outstanding superb phenomenal flawless amazing excellent`,
  3: `loved loving lovely delicious yay hooray stellar impeccable exceptional impressive pleasantly kudos
    gorgeous fab fabulous magnificent marvelous blessed exceeded legend bless seamless seamlessly goat epic
    dope ecstatic`,
  2: `reliable easy easier easily intuitive convenient friendly courteous polite prompt promptly responsive
    professional spacious affordable simple smooth smoothly sleek sturdy comfy comfortable quick quickly
    handy efficient knowledgeable attentive accommodating cozy tasty fresh helpful helps helped saved saves
    resolved appreciate appreciated thx thankyou ty tysm thanx props congrats congratulations excited
    exciting stoked pumped hyped recommend recommended recommending enjoying enjoyed cute sweet cool favorite
    favourite fave lit fire fav upgraded upgrade bravo cheers woot woop worth glad happy laugh laughing smile
    smiling thank thanks proud good nice fun sexy beautiful celebrate celebrating grateful bomb`,
  1: `lol haha hahaha hahah hehe lmao lmfao rofl win wins won winner winning victory fan hope hopefully yes
    ready works fast faster free clean classy solid fine decent ok okay adequate better improved improvement
    forward wow best`,
  [-1]: `confusing confused slow slower late lag laggy lags missing unclear expensive overpriced pricey mediocre
    meh lacking lacks stuck wait delay noisy outdated clunky cheaply smaller glitch glitches bug spam ads
    apologies apology sorry tired`,
  [-2]: `delayed delays broken breaks broke crashed crashes crashing crash fails failed failing fail failure bugs
    buggy glitchy freezes freezing froze unresponsive unhelpful unanswered ignored ignoring ignores cancelled
    canceled cancels cancelling stranded overcharged misleading misled refused refuses refuse refusing
    declined rejected stolen stole lost lose loses losing damaged defective faulty error errors useless
    wasted pointless rude poor poorly dirty filthy stale bland soggy nasty uncomfortable cramped unreliable
    inaccurate incorrect wrong unacceptable disappointed disappointing disappointment disappoints frustrating
    frustrated frustration frustrates annoying annoyed annoys inconvenience inconvenient joke lied lying
    unable complained complaint complain complaining complaints stupid mess messed lousy lame crap crappy
    sucks suck sucked sucky uninstall uninstalled uninstalling unusable unprofessional incompetent clueless
    mislead blames downgrade downgraded struggling struggle worse sad hell damn ugh smh boring bored shame
    shameful sick hurts hurt afraid scared problem problems trouble ruined ruin ruins ruining wtf idiot
    idiots idiotic fool fools dumb loser losers unfair greedy refund beware rubbish trash garbage junk flop
    cheat cheated cheats cheating tragic disgrace nope bullshit bs`,
  [-3]: `worst awful terrible horrible horrid horrendous appalling atrocious abysmal dreadful pathetic disgusting
    disgusted disgraceful scam scams scammed scammer scammers fraud fraudulent thieves thief crooks ripoff
    nightmare hate hated hates hating furious outrageous ridiculous ludicrous deplorable inexcusable
    unbearable unsafe infuriating shambles fiasco despise loathe racist racism evil fucked shit shitty
    asshole bitch`,
  0: `want wants wanted like true mobile help helping natural united big top certain yearning vision agree
    matter matters share shared sharing reach reached growth join interest interested interests alive cut
    dear ha responsible active advanced cover cutting demand demands sue leave left no yeah justice chance
    chances promise promised wish wishes wishing hopes hoping god reward playful capable save dream dreams
    number straight stop stopped stops pay please charge charged fight fights fighting hide anti awards award
    war allow game block kill killing dick super clear clearly spirit grand supreme fair kind leading
    progress talent exclusive likes crazy ass miss missed cry crying dead died dies ill rip waiting swift
    freedom peace legal accept savings care solution solutions commit commitment jesus christ lawl support
    supported supporting gun drop black attack rig intense strong huge`,
});

/** Fixed expressions, whatever their words say on their own. The longest match wins. */
/** What is mended is no blame: "thanks for fixing the problem". */
const MENDED = ["fixing", "fixed", "solving", "solved", "resolving", "resolved"]
  .flatMap((verb) => ["the", "my", "this", "our", "that"].map((article) => `${verb} ${article}`))
  .flatMap((words) => ["problem", "problems", "issue", "issues"].map((fault) => `${words} ${fault}`))
  .join("|");

const PHRASES = phraseTable({
  4: `best ever|love it|love this|love these|highly recommend|highly recommended|above and beyond|second to none
    well worth|can't recommend enough|couldn't be happier|could not be happier|blown away|top notch|game changer
    5 stars|five stars|10/10`,
  3: `can't wait|cant wait|cannot wait|can not wait|couldn't wait|can't stop|can't get enough|looking forward
    look forward|thank you|thanks so much|well done|good job|great job|nice job|must have|must see|must watch|on point
    no complaints|no complaint|never fails|never failed|never disappoints|never disappointed|never let me down
    not disappointed|wasn't disappointed|won't be disappointed|happy birthday|at its best|shout out|hats off|the bomb
    never had a problem|never had any problems|never had an issue|never had any issues|works great|works well
    works perfectly|work perfectly|as described|as advertised|so far so good|made my day|worth the wait|worth it
    can't beat|no better|feels like home|gotta love`,
  2: `${MENDED}|no problem|no problems|no issue|no issues|not a single issue|not a single problem|without a problem|hassle free
    without any problems|without any issues|without issue|no trouble|no worries|not bad|not too bad|wasn't bad|isn't bad
    can't complain|cannot complain|nothing but good|nothing but great|nothing but praise|no doubt|no hassle|in love
    in stock|pretty good|to die for|killing it|killed it|nailed it|like a charm|good luck|how cool|as expected
    works fine|worked fine|feel better|highly rated|good to go|would recommend|will recommend|do recommend`,
  1: `not only|no wonder|at least|of course|all good|makes sense|as promised|not a problem|no matter`,
  [-1]: `at all|a joke|rip off|let's see|what happened|used to be|used to|supposed to|should have|should've|would have been
    could have been|so much for|no one|no reason|just ok|just okay|nothing special|what a shame|not sure|not so much
    it's not|not even|pretty bad|can't even|how come|why can't|why is|why are|why do|why does|why don't|why would`,
  [-2]: `let down|on hold|ripped off|shut down|go down|going down|went down|fed up|sick of|tired of|had enough|give up
    gave up|giving up|nothing but|no way to|no longer|not happy|not impressed|no help|not helpful|no response|no reply
    no answer|no show|no communication|no explanation|no apology|no customer service|still no|still not|still waiting
    still haven't|still hasn't|still doesn't|still don't|still can't|yet again|once again|not again|third time|3rd time
    second time|every time|charged twice|charged me twice|double charged|never got|never received|never arrived|never came|never heard
    hung up|hangs up|hang up|stop working|stopped working|quit working|locked out|kicked out|ran out|falls apart
    fell apart|falling apart|keeps crashing|too long|too small|too big|too expensive|too slow|too much|too late|too bad
    way too|no sense|not ok|not okay|not cool|not worth|not fair|not good|no good|not acceptable|bait and switch
    false advertising|do better|get it together|fix this|fix it|fix your|needs to be fixed|needs work|need to fix
    how hard is it|step up|not right|doesn't make sense|makes no sense|not a fan|no thanks|going downhill|gone downhill
    over priced|rather have|if only|out of order|out of stock|what's going on|what is going on|wrong with|piece of
    nothing works|can't believe|cannot believe|how is this|do not use|don't use|do not trust|don't trust|don't like
    do not like|didn't like|not like|don't care|doesn't care|do not care|could care less|couldn't care less
    don't bother|do not bother|would not|wouldn't recommend|no thank you|bad luck|last time|good riddance|smh|rolling my eyes`,
  [-3]: `waste of money|waste of time|wasted my|wasting my|stay away|steer clear|avoid at all costs|do not buy|don't buy
    never buy|never again|never use|never using|never fly|never flying|never order|never ordering|never shop|never going
    never go|never coming|never return|never deal|never be back|not recommend|don't recommend|do not recommend
    cannot recommend|can't recommend|wouldn't recommend|would not recommend|won't recommend|want my money back
    my money back|zero stars|0 stars|one star|1 star|if i could give|thanks for nothing|thank you for nothing
    thx for nothing|no stars|not acceptable|last straw|worst ever|the worst|at its worst|not worth it|a disgrace
    customer no service|customer disservice|shame on|screw you|screwed up|screwed me|screwed over|messed up|fuck you
    fuck this|fuck off|go to hell|kiss my|piss me off|pissed off|pissing me off|pisses me off|bored to death|hate it
    a scam|total scam|be ashamed|should be ashamed|lost customer|lost a customer|losing a customer|bring back`,
});

const INTENSIFIERS = new Map<string, number>([
  ...entries(
    `absolutely amazingly awfully completely considerably decidedly deeply enormously entirely especially
    exceptionally extremely fabulously flipping fricking frigging friggin freaking freakin fucking fuckin fuckn fully
    greatly hella highly hugely incredibly insanely intensely majorly mad more most particularly purely quite real really
    remarkably ridiculously seriously so substantially super such thoroughly too total totally tremendously truly
    uber unbelievably unusually utterly very damn bloody beyond always literally soo sooo`,
    0.25,
  ),
  ...entries(
    `almost barely hardly kinda sorta less little marginally occasionally partly scarcely slightly somewhat
    moderately fairly relatively sometimes maybe might could bit`,
    -0.25,
  ),
]);

const NEGATORS = new Set(
  `not no never none nobody nothing neither nor nowhere without hardly barely rarely seldom lacks lacking cannot
    cant can't wont won't dont don't doesnt doesn't didnt didn't isnt isn't arent aren't wasnt wasn't werent weren't
    couldnt couldn't wouldnt wouldn't shouldnt shouldn't havent haven't hasnt hasn't hadnt hadn't aint ain't mustn't
    needn't mightn't n't zero`.split(/\s+/),
);

/** What ought to happen, as stems: denied, it is a failure ("isn't working", "never arrived", "won't open"). */
const EXPECTED = new Set(
  `work function arriv deliv deliveri load open connect start login log sign sync updat download instal play charg respond
    repli answer receiv help fix resolv solv refund return credit show appear come ship sent send access find reach
    process accept recogn fit turn power boot print allow let compli honor honour call email turnup understand notifi
    inform listen book check confirm`.split(/\s+/),
);

/** English, on top of natural's AFINN. */
export const ENGLISH: LanguageRules = {
  vocabularyWeight: 1,
  words: WORDS,
  phrases: PHRASES,
  intensifiers: INTENSIFIERS,
  negators: NEGATORS,
  negationWindow: 4,
  expected: EXPECTED,
  contrasts: new Set(["but", "however", "yet", "except", "unfortunately"]),
  openers: new Set(
    "great nice awesome lovely fantastic wonderful brilliant perfect amazing excellent good super fabulous".split(
      " ",
    ),
  ),
};

function entries(words: string, value: number): [string, number][] {
  return words.split(/\s+/).map((word) => [word, value]);
}
