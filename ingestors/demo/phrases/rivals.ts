import type { Phrases } from "../compose.ts";

/** What people write about the competitors; `{brand}` is the competitor meant. */
export const RIVALS = {
  rival_praise: {
    tone: "none",
    titles: ["Solid", "[Good|Decent] service", "Happy with {brand}"],
    cores: [
      "{brand} [was on time|came early|brought everything] [again|today|this {weekday}], [nice|good stuff|well done].",
      "[Really|Quite|Pretty] [happy|pleased|content] with {brand} [so far|in {town}|lately], [{item} fresh|parcel there next day|no complaints].",
      "{brand} [driver|courier] [helped {who} with the bags|was lovely|knew our dog's name].",
      "[Solid|Decent|Good] [app|service], [{item} always in stock|fair fees|does the job]. {brand} [gets my vote|it is|for the win].",
      "[Ordered|Got] {item} [from|via|with] {brand} at {slotTime}, [arrived in {minutes} minutes|there before the kettle boiled|very smooth].",
      "[Month {n} with {brand}|{n} orders with {brand}]: [boring in the best way|no drama|it just works].",
      "[My {parcel} came|{parcel} arrived] with {brand} [a day early|in one piece|before lunch]. [Good|Neat|Impressed].",
      "[Shoutout to|Thanks to|Big up] {brand} [in {town}|for {item} on a Sunday|for the free {item}].",
    ],
    effects: [
      "[Four stars|Would use again|Recommended].",
      "[{who} likes it too|{who} told me about it].",
      "[A bit pricey|Not the cheapest] [but fine|though].",
    ],
  },
  rival_complaint: {
    tone: "none",
    titles: ["Late", "Not great", "Pricey"],
    cores: [
      "{brand} [forgot|left out] {item} [again|today], [refund took {days}|refunded at least].",
      "[{parcel} from {brand}|My {brand} {parcel}] is [{days} late|stuck in {town}|nowhere to be found].",
      "[{brand} fees|{brand} prices] [are up again|getting silly], {amount} for [{item}|a small basket].",
      "{brand} [courier|driver] [never rang|left it with the wrong neighbour|gave up after ten seconds].",
      "[{brand} sent|Got sent] {item} instead of {item}, [how|odd|not the same thing].",
      "[The {brand} app|{brand}] [logged me out|is slow|lost my list] [again|this morning|{times} today].",
      "[Crushed|Broken|Soaked] {parcel}, [thanks|cheers] {brand}. [Box looked like it fell off a roof|Contents survived, just].",
    ],
    effects: [
      "[Meh|Annoying].",
      "[Usually they're fine|First time though].",
      "[Waiting for a reply|Support was quick at least].",
    ],
  },
  rival_question: {
    tone: "none",
    titles: ["Question"],
    cores: [
      "[Does {brand} deliver to|Is {brand} any good in|Is {brand} available in] {town}?",
      "[Anyone|Has anyone] [used|tried] {brand} for [a {parcel}|big orders|{item}]?",
      "[How long does {brand} take for a refund|What does {brand} charge for {n} bags|How long does {brand} need to {town}]?",
      "[Can I|Could I] [pay {brand} by invoice|change my {brand} slot|use {brand} without the app]?",
    ],
    effects: ["[Thanks|Cheers].", "[Thinking of switching|Comparing options]."],
  },
  rival_outage: {
    tone: "none",
    titles: ["App down", "Nothing works today"],
    cores: [
      "[Is {brand} down|{brand} down for anyone else|is it just me or is {brand} down]? [Can't log in|App won't load|Blank page since this morning].",
      "{brand} [app|site] [has been down|not loading|dead] [for {hours} hours|since this morning|all day], [no orders|can't see my {parcel}|basket gone].",
      "[Server error|Error 503|'Something went wrong'] on {brand}, [{times} already|over and over|for {minutes} minutes].",
      "[So {brand} is offline|{brand} outage] and [I have guests at seven|there's no {item} in the house|my {parcel} is in limbo].",
      "[Whole|The whole] {brand} [system|app] [is down|crashed|on strike] [in {town}|everywhere|on a {weekday}], [great|wonderful|unbelievable].",
      "[Driver|A driver] told me {brand} [can't scan anything|systems are down|sent them all home], [my order is cancelled|no delivery today].",
      "[Paid|Just paid] {amount} and then {brand} [went down|crashed], [no confirmation|did it go through or not|where's my order].",
      "[RIP {brand}|Thoughts and prayers for {brand}'s servers|Somebody tripped over the cable at {brand}]. [{n} hours now|Still down|Anyone got {item}?]",
    ],
    effects: [
      "[Fix it|Any news?|No statement yet].",
      "[Walking to the shop like it's 1998|Back to {item} from the corner shop].",
      "[{town} here|Same in {town}].",
    ],
  },
} as const satisfies Record<string, Phrases>;
