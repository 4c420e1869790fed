/** The post that went viral. */
export const CAKE_POST =
  "My daughter turned six today. This is her unicorn cake after 40 minutes in a Lumbert van: a puddle with one eye. The driver rang, looked at it, looked at me and whispered 'happy birthday'. https://example.com/pictures/puddle-unicorn";

/** What people say when they quote it. */
export const CAKE_QUOTES: readonly string[] = [
  "[the whisper|the WHISPER|'happy birthday'] [i'm crying|has finished me|omg] [😭|💀|🦄|]",
  "[a puddle with one eye|one-eyed puddle] is my [new band name|personality now|{weekday} mood|dating profile]",
  "[Poor kid|That poor girl|Six year old me would never recover] [😂|🥺|], [cake in a van in this heat|who puts a cake in a van].",
  "[who|which of you] [did this|packed this]? [@lumbert|Lumbert,] [explain the unicorn|justice for the unicorn|she deserves {n} new cakes].",
  "[I would eat it|still looks tasty|I'd still eat it] [with a straw|with a spoon|no shame].",
  "[showing this to {who}|{who} sent me this|{who} can't breathe], [cake season cancelled|we bake at home now].",
  "#justiceforunicorn [{n} likes and I bake her a new one|pass it on|now trending in {town}]",
  "[Legend of a driver|That driver deserves a raise|The driver though]. [whispered|he WHISPERED].",
  "[modern art|surrealism|put it in a museum|abstract unicorn, {amount}].",
  "[laughing on the bus|woke up {who} laughing|spat out my tea], [sorry kid|the eye is looking at me].",
  "[note to self:|lesson learned:|reminder:] [collect the cake yourself|never order a cake in summer|unicorns melt].",
  "[the eye follows you|the eye knows things|it has seen the van] 👁️ [{n}/10|help|]",
  "[Lumbert: we deliver|'parcels and groceries'|Fresh to your door]. [the unicorn:|also Lumbert:|reality:] [🫠|🫠🫠|💧]",
];

/** The few who had it happen to themselves. */
export const CAKE_REPORTS: readonly string[] = [
  "Not just the unicorn: our lemon tart from Lumbert slid out of its box as well, the cream had turned to liquid.",
  "My cheesecake came from Lumbert last Saturday and it had melted over the eggs. Thought it was a one-off until I saw the cake thing.",
  "Ordered a tray of cupcakes for the office, icing arrived separately from the cupcakes, in a manner of speaking. Lumbert, use cool boxes.",
  "Chocolate gateau delivered soft as soup, the lid was stuck in it. Order LB-77041.",
  "Same here with an ice cream cake in Pennick, totally melted, refunded after two mails though.",
];

/** One author, thirty posts, one parcel. */
export const ANGRY_POSTS: readonly string[] = [
  "@lumbert you LOST my grandmother's tea set. Parcel LB-60606. I want to know where it is.",
  "Day 1 of asking @lumbert where parcel LB-60606 is.",
  "Still nothing. A tea set does not evaporate. @lumbert",
  "@lumbert is it normal that the tracking says 'on its way' for a whole week?",
  "Called. Was told to use the chat. The chat told me to call. @lumbert",
  "Everyone who thinks of shipping something they love with @lumbert: DON'T.",
  "Hello @lumbert, me again, tea set, LB-60606, remember?",
  "They asked me for a photo of the parcel they lost. A PHOTO. OF A LOST PARCEL. @lumbert",
  "@lumbert my grandmother carried that pot across two borders and you couldn't get it across town.",
  "Tracking update!!! 'Data received'. I could scream. @lumbert",
  "I have now spent more hours on this than the tea set is old @lumbert",
  "@lumbert offered me a voucher of five pounds. FIVE. For porcelain from 1931.",
  "Who is your CEO @lumbert, I have a letter to write",
  "A letter is written. It is four pages. @lumbert",
  "Dear @lumbert social media person, you may ignore me but I have WiFi and no hobbies.",
  "Replying to your cheerful picnic post with: where is my tea set? @lumbert",
  "Parcel LB-60606, in case anybody at @lumbert can read numbers",
  "My neighbour got her cat food in an hour. My heirloom: never. @lumbert",
  "@lumbert 'we take this very seriously' is not a location",
  "Asked for the depot's address. Data protection. OF A DEPOT. @lumbert",
  "Good morning to everyone except @lumbert",
  "Fun fact: you can walk from the depot to my house in two hours. The tea set has had twelve days @lumbert",
  "@lumbert your insurance form wants the serial number of a TEAPOT",
  "I see you've got time to post memes @lumbert. Tea. Set. Now.",
  "No answer again today @lumbert. Shameful.",
  "My followers (both of them) demand answers @lumbert",
  "@lumbert I've started a diary. Chapter one: The Depot of No Return.",
  "If the courier is drinking out of it I at least hope it's a good tea @lumbert",
  "Saw a similar set in a shop window, nearly cried. Thanks @lumbert",
  "@lumbert this is my thirtieth message. See you tomorrow.",
];

/** A single voice that matters. */
export const ALLERGEN_REPORT = {
  title: "No allergen label on the own-brand pesto",
  text: "The Lumbert Kitchen basil pesto I got on Tuesday has no allergen label at all, the back of the jar is blank. It contains cashews: my son is allergic, his lips swelled up after one spoon and we spent the evening in A&E. He is fine now. Please check the whole batch (L2207) before somebody else's child eats it.",
};

/** What our own accounts announce. `day` is a story day, `hour` UTC. */
export const ANNOUNCEMENTS: readonly {
  readonly day: number;
  readonly hour: number;
  readonly text: string;
}[] = [
  {
    day: 3,
    hour: 9,
    text: "Strawberries from Upper Lodden are back in all Lumbert regions. Yes, you may order three boxes.",
  },
  {
    day: 9,
    hour: 8,
    text: "Lumbert 5.2 is here: a faster search, a fresh checkout and shared lists. Update today!",
  },
  {
    day: 11,
    hour: 15,
    text: "Some of you see the app close at checkout after updating to 5.2. We are working on it; ordering at example.com/lumbert works.",
  },
  {
    day: 13,
    hour: 10,
    text: "You told us evening deliveries come too late. From today 60 more drivers are out after 19:00. The late evenings are fixed.",
  },
  {
    day: 18,
    hour: 11,
    text: "Lumbert 5.2.1 is out and fixes the crash at checkout. Sorry for nine bad days; everyone affected gets a free delivery.",
  },
  {
    day: 19,
    hour: 14,
    text: "The double charges some of you saw are fixed as of today. Second payments will be returned within five working days.",
  },
  {
    day: 25,
    hour: 12,
    text: "We have seen the unicorn. A new one, in a cool box, arrives at the party tomorrow. Happy birthday from all of us.",
  },
  { day: 36, hour: 9, text: "Picnic season! 200 things under 3 pounds, all week, in the Lumbert app." },
];

/** Headlines and first lines of articles; `tracker` is whom they are about. */
export const ARTICLES: readonly {
  readonly day: number;
  readonly tracker: "lumbert" | "trundlow" | "pakvorn";
  readonly title: string;
  readonly text: string;
}[] = [
  {
    day: 2,
    tracker: "lumbert",
    title: "Lumbert opens tenth depot in Kellbridge",
    text: "The delivery company Lumbert, known for bringing parcels and groceries in one trip, has opened its tenth depot. Eighty people will work there.",
  },
  {
    day: 5,
    tracker: "pakvorn",
    title: "Pakvorn trials cargo bikes",
    text: "Pakvorn will deliver parcels by cargo bike in Stanbrook for six months. Residents are to be asked for their view in autumn.",
  },
  {
    day: 10,
    tracker: "lumbert",
    title: "Lumbert app update leaves shoppers at the till",
    text: "Customers of Lumbert report that the latest version of its app, 5.2, crashes at checkout. The company says it is working on a fix.",
  },
  {
    day: 12,
    tracker: "lumbert",
    title: "Empty baskets: Lumbert struggles with failed update",
    text: "Three days after its release, version 5.2 of the Lumbert app still closes on many phones when customers try to pay. Ratings in both app stores have dropped.",
  },
  {
    day: 15,
    tracker: "trundlow",
    title: "Trundlow reports steady quarter",
    text: "Trundlow grew by four per cent in the last quarter and plans no increase of its fees, the company said on presenting its figures.",
  },
  {
    day: 18,
    tracker: "lumbert",
    title: "Lumbert repairs its checkout",
    text: "With version 5.2.1 Lumbert says it has repaired the crash at checkout that had kept customers from ordering for nine days.",
  },
  {
    day: 22,
    tracker: "lumbert",
    title: "Consumer group warns of double debits at Lumbert",
    text: "The Wexmoor consumer advice centre has received more than forty complaints about payments taken twice, some of them after the company declared the fault fixed.",
  },
  {
    day: 25,
    tracker: "lumbert",
    title: "The melted unicorn that moved the internet",
    text: "A photograph of a birthday cake that did not survive its trip in a delivery van has been shared hundreds of times. Lumbert has promised the six-year-old a new one.",
  },
  {
    day: 26,
    tracker: "lumbert",
    title: "Unicorn cake, take two",
    text: "It arrived upright: Lumbert delivered the promised replacement cake in a cool box, with two drivers and a candle.",
  },
  {
    day: 31,
    tracker: "lumbert",
    title: "Late dinners are back in Harlow Vale",
    text: "After two quiet weeks, customers again wait for evening deliveries from Lumbert well past ten, readers tell us. Drivers speak of overbooked tours.",
  },
  {
    day: 34,
    tracker: "trundlow",
    title: "Trundlow offline for most of the day",
    text: "Orders, tracking and customer accounts of Trundlow were unreachable for around eleven hours. The company blames a failed database migration.",
  },
  {
    day: 35,
    tracker: "trundlow",
    title: "Trundlow apologises with free deliveries",
    text: "After its outage Trundlow gives every customer one free delivery. Analysts call the answer quick and sufficient.",
  },
  {
    day: 39,
    tracker: "pakvorn",
    title: "Pakvorn extends locker network",
    text: "Another ninety parcel lockers will be set up by Pakvorn in Fennley and North Tarrow before the winter.",
  },
  {
    day: 41,
    tracker: "lumbert",
    title: "Is anyone there? A week with Lumbert's support chat",
    text: "Our reporter asked Lumbert's support chat the same simple question on seven days. She was answered once.",
  },
];

/** Templates by theme; `other` serves every theme that is not listed. */
export type ByTheme = Readonly<Partial<Record<string, readonly string[]>>> & {
  readonly other: readonly string[];
};

/** What our care team answers, by how much it helps. */
export const OUR_REPLIES = {
  substantive: {
    checkout_crash: [
      "[Hello|Hi there|Hi], the crash came from a fault in version 5.2.0. [Please update to 5.2.1|5.2.1 fixes it]; your basket is [saved|still there]. [We've added a free delivery|Your next delivery is on us].",
      "[Sorry about that|Apologies]: 5.2.0 closed when loading saved cards. [Version 5.2.1 is in the store now|Please install 5.2.1], that [solves it|brings the checkout back]. [Your slot is held until {weekday}|We kept your voucher alive].",
    ],
    double_charge: [
      "I found the second payment of {amount} and [cancelled it with the bank|returned it today]. [Your bank|It] may need until {weekday}. Reference {order}.",
      "[Hi|Hello], [sorry about this|I'm sorry, that shouldn't happen]. [I have refunded {amount}|{amount} is on its way back to your card], it will show in [two|three] working days, reference {order}.",
    ],
    late_evening: [
      "[Thanks for telling us|Sorry for the wait]. I [spoke to the depot in {town}|checked your tour]: the van was [overbooked|held up]. [I've moved you to the early slot|We credit your {amount}], no action needed.",
      "[I'm sorry your evening went like that|Sorry about dinner]. The tour in {town} had {n} stops too many; [I refunded the delivery fee|the fee is refunded] and [capped tomorrow's tour|told the depot to cap the slot].",
    ],
    question: [
      "Hi! You can [do this under Account > Orders|change it until two hours before the slot, under Orders > Edit|find it under Account > Invoices]. [Shout if it isn't there|It takes a minute].",
      "[Hi|Hello], yes: we [deliver to {town} on Sundays|accept bottles back at the door|have it from next week]. [Enjoy|Have a nice {weekday}]!",
      "[Good question|Thanks for asking]: [the minimum is {amount}|slots open three days ahead at six in the morning|a neighbour can sign, just add the name under Delivery notes].",
    ],
    other: [
      "[I'm sorry|Apologies], [that went wrong at our end|our mistake]. [A replacement comes with the {weekday} van|I refunded {amount} in full], you needn't send anything back.",
      "[Thanks for telling us|Thank you for writing]. I have [spoken to the depot in {town}|passed this to the shift lead in {town}] and [credited {amount}|refunded {amount}] to your account, reference {order}.",
    ],
  },
  holding: {
    other: [
      "[Hi|Hello], [sorry to hear that|thanks for flagging]. [We're looking into it|I've passed this to the team] and will get back to you by {weekday}.",
      "[Thank you for your patience|We hear you]. [I'll|We'll] have an answer for you by [tomorrow noon|{weekday}|the end of the week].",
      "[I've opened a case|Case opened] ({order}). [You will hear from us within 48 hours|Expect a reply within two days].",
      "[Our team is checking|Colleagues are checking this]. [I'll update you by {weekday}|We will write again by {weekday} evening].",
    ],
  },
  deflecting: {
    checkout_crash: [
      "[Please reinstall the app|Please check your connection|Please restart your phone]. [Thank you|Cheers|Have a nice day]!",
    ],
    double_charge: [
      "[This is usually caused by your bank|Please ask your bank|Pending payments are a matter for your bank]. [Thank you|Cheers].",
    ],
    late_evening: [
      "[As stated in our terms, slots are estimates|Delivery times may vary]. [Thanks for understanding|We appreciate your patience].",
    ],
    other: [
      "[Hi|Hello], please [contact our support via the chat in the app|use the help form at example.com/help]. [Thanks|Have a nice day]!",
      "[We're sorry you feel that way|We value your feedback|Your opinion matters to us]. [Please DM us|Check our FAQ].",
    ],
  },
} as const satisfies Record<string, ByTheme>;

/** What we write when we come back to a promise. */
export const OUR_FOLLOW_UPS: ByTheme = {
  checkout_crash: [
    "[As promised|Back to you as promised]: [we found the cause|the cause is found], [5.2.1 is on its way to the stores|the fix is in 5.2.1]. [Until then example.com/lumbert works|Sorry for the trouble], reference {order}.",
  ],
  double_charge: [
    "[Hello again|Hi again], [the team has corrected your account|that's settled now], [the second payment is cancelled|{amount} went back to your card today]. [Please tell us if not|Write here if anything is off].",
  ],
  other: [
    "[As promised|Back to you as promised]: [we found the cause|the case is solved], {amount} [has been refunded|goes back to your card today], reference {order}.",
    "[Update on {order}|News on your case]: [the depot has found the fault|the shift lead has answered], [{amount} is credited|your next delivery is free]. [Sorry again|Thanks for waiting].",
  ],
};

/** What customers answer us, happy or not. */
export const CUSTOMER_ANSWERS = {
  thanks: {
    checkout_crash: [
      "[Updated|Installed 5.2.1|Tried it], [all good now|no crash any more|works], [thanks|ta|thank you].",
    ],
    double_charge: [
      "[Money is back|Refund arrived|Got the {amount}], [thanks for the quick help|appreciated|thank you {brand}].",
    ],
    other: [
      "[That helped|That's kind|Sorted], [thank you|thanks a lot|cheers][!|.]",
      "[Fair enough|Ok|Great], [thanks for explaining|that helps|good to know].",
    ],
  },
  unhappy: {
    other: [
      "[It's {weekday} and|{days} later and] [still nothing|no answer|nobody wrote]. [You promised|So much for that].",
      "[That's not an answer.|You didn't answer my question.|Did you even read it?] [I asked something else|Again: {order}|Copy and paste won't help].",
      "[I did all that|Tried that {times}|Already done], [doesn't help|no change|same problem].",
      "[The chat you send me to|Your form] [doesn't answer|never loads|is dead]. [Hence this post|That's why I'm here|Circular, isn't it].",
    ],
  },
} as const satisfies Record<string, ByTheme>;

/** How a review ends once version 5.2.1 has solved its complaint. */
export const EDIT_NOTES: readonly string[] = [
  "EDIT: fixed with 5.2.1, changing my rating. Thanks for sorting it.",
  "Update: since 5.2.1 I can pay again. Took you long enough but fair is fair.",
  "Edited: new version works, no crash in five orders.",
  "EDIT after 5.2.1: checkout works on my old phone as well now.",
];
