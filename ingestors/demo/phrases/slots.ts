/** Languages the story is told in. */
export const LANGUAGES = ["en", "de", "es", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How someone feels while writing: picks the words around the point they make. */
export type Tone = "angry" | "happy" | "neutral" | "none";

/** Values of `{slot}` places, drawn anew at each place. `{brand}`, `{rival}` and `{version}` come from the story. */
export const SLOTS: Readonly<Record<string, readonly string[]>> = {
  item: "oat milk|nappies|cat litter|rice|birthday candles|sourdough|sparkling water|strawberries|coffee beans|tofu|butter|fish fingers|washing powder|basil|baby formula|lemons|frozen peas|halloumi|tomatoes|eggs|dog biscuits|pasta|toilet paper|yoghurt|mangoes|lentils|olive oil|coriander".split(
    "|",
  ),
  parcel:
    "parcel|package|box|order|delivery|shoebox|padded envelope|kettle|replacement charger|present for my sister|desk lamp|tennis racket|school book".split(
      "|",
    ),
  amount:
    "£18.60|£23.40|£31.15|£42.80|£54.99|£61.20|£77.35|£89.10|£96.45|£112.00|€27.90|€38.45|€49.99|€63.70|€84.15".split(
      "|",
    ),
  euro: "19,80 €|27,45 €|38,90 €|44,10 €|52,30 €|61,75 €|73,20 €|88,60 €".split("|"),
  late: "21:40|22:05|22:15|22:30|22:50|23:05|23:20|23:40|ten past ten|half ten|quarter to eleven|nearly midnight|gone eleven".split(
    "|",
  ),
  slotTime: "19-20|19:30-20:30|20-21|20:30-21:30|8 to 9pm|7 to 8pm|the 8pm|the 9pm".split("|"),
  minutes: "25|35|40|45|50|55|70|80|90|100|120".split("|"),
  hours: "two|three|four|five|six|nine".split("|"),
  days: "two days|three days|four days|five days|a week|eight days|ten days|nearly two weeks".split("|"),
  times: "twice|three times|four times|five times|six times|at least eight times".split("|"),
  n: "2|3|4|5|6|7|8|9|11|12|14".split("|"),
  town: "Ostermere|Kellbridge|Wexmoor|Harlow Vale|Pennick|Stanbrook|North Tarrow|Quayside|Fennley|Upper Lodden".split(
    "|",
  ),
  phone:
    "my phone|an old phone|a brand new phone|my tablet|my partner's phone|two different phones|a four year old handset".split(
      "|",
    ),
  who: "my mum|my dad|my flatmate|my wife|my husband|my gran|my cousin|my neighbour|a friend|my boss|my sister".split(
    "|",
  ),
  weekday: "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".split("|"),
  order: Array.from({ length: 60 }, (_, i) => `LB-${48_213 + i * 1_337}`),
};

/** What comes before the point. Empty pools mean people of that tone start right away. */
export const OPENERS: Readonly<Record<Language, Readonly<Record<Tone, readonly string[]>>>> = {
  en: {
    angry: [
      "[Honestly|Seriously|Genuinely], what is going on?",
      "[Not happy|Really not happy|Fuming].",
      "I [don't usually|never] write these but here we are.",
      "Customer [for two years|since the beginning|for ages] and [this is how it ends|I'm done|never seen it this bad].",
      "[Well|So|Right], that was [a waste of an evening|fun|an experience].",
      "[Ugh|Argh|Oh come on|For the love of bread].",
      "Can [someone|anyone] [at {brand}|over there] explain this?",
      "[Again|Once more|Here we go again].",
      "[Slow clap|Bravo|Great job|Top work], {brand}.",
      "I [like|liked|want to like] {brand}, [I really do|but|I do].",
      "Posting this because [the chat is useless|nobody answers|I'm out of ideas].",
      "[Is it just me?|Just me?|Anyone else?]",
      "Zero stars if I could.",
      "[Hi|Hello|Good morning|Good evening], [I need help|please read this|writing about order {order}].",
      "To whoever runs this:",
      "It's {weekday}, [I'm hungry|I'm tired|it's raining] and",
      "Let me get this straight.",
      "Ordered from {town}.",
    ],
    happy: [
      "[Just wanted to say|Credit where it's due|Got to say it|Happy to report]:",
      "[Wow|Oh wow|Well well|Okay], [{brand}|you lot].",
      "I was [sceptical|doubtful|ready to complain] but",
      "Third [month|order|week] in and",
      "[Rare|Unusual] [positive|nice] [post|review] from me.",
      "Living [in the sticks|on the fifth floor|without a car] and",
      "{weekday} [treat|win|miracle].",
      "Dear {brand},",
      "[For once|Finally]:",
      "New [mum|dad|flat|baby|job] here,",
      "Moved from {rival} and",
    ],
    neutral: [
      "[Hi|Hello|Hey|Hi all|Morning],",
      "[Quick|Silly|Genuine|Random] question:",
      "[Maybe I'm blind|Maybe I missed it|Can't find it in the app], but",
      "[New here|First order|Just signed up].",
      "[Asking for {who}|{who} asked me|Does anyone know]:",
      "[Small thing|Idea|Suggestion|Thought]:",
      "[Not urgent|No rush],",
    ],
    none: [],
  },
  de: {
    angry: [
      "[Leute|Hallo|Ehrlich jetzt|Mal im Ernst],",
      "[Schon wieder.|Zum Kotzen.|Unfassbar.|Ich fasse es nicht.]",
      "Bin seit [Monaten|zwei Jahren] Kunde,",
      "[Super gemacht|Ganz großes Kino], {brand}.",
      "Seit der letzten Woche:",
      "Null Sterne gehen ja leider nicht.",
    ],
    happy: [
      "[Muss man auch mal sagen:|Kurzes Lob:|Ehrlich,]",
      "[Wow,|Top!|Sehr fein.]",
      "War erst skeptisch, aber",
      "Seit drei Monaten dabei:",
    ],
    neutral: ["[Hallo,|Moin,|Servus,|Hi,]", "Kurze Frage:", "Weiß das jemand?"],
    none: [],
  },
  es: {
    angry: [
      "[En serio,|Sinceramente,|A ver,]",
      "[Otra vez.|Increíble.|Vergonzoso.|De verdad...]",
      "Cliente desde hace [un año|dos años],",
      "[Bravo|Enhorabuena], {brand}.",
      "No suelo quejarme, pero",
    ],
    happy: [
      "[La verdad:|Hay que decirlo:|Oye,]",
      "[Genial.|Qué maravilla.|Diez de diez.]",
      "No me fiaba, pero",
    ],
    neutral: ["[Hola,|Buenas,|Buenos días,]", "Una pregunta:", "¿Alguien sabe?"],
    none: [],
  },
  fr: {
    angry: [
      "[Franchement,|Sérieusement,|Bon,]",
      "[Encore une fois.|Incroyable.|C'est une blague ?|Ras le bol.]",
      "Cliente depuis [un an|deux ans],",
      "[Bravo|Félicitations], {brand}.",
      "Je ne me plains jamais, mais",
    ],
    happy: [
      "[Il faut le dire :|Pour une fois,|Honnêtement,]",
      "[Super.|Parfait.|Rien à redire.]",
      "J'avais des doutes, mais",
    ],
    neutral: ["[Bonjour,|Bonsoir,|Salut,]", "Petite question :", "Quelqu'un sait ?"],
    none: [],
  },
};

/** What comes after the point. */
export const CLOSERS: Readonly<Record<Language, Readonly<Record<Tone, readonly string[]>>>> = {
  en: {
    angry: [
      "[Sort it out|Please fix this|Do better|Fix it], {brand}.",
      "[Deleting the app|Uninstalled|Cancelling my Pass|Off to {rival}].",
      "[Not good enough|Unacceptable|Poor|What a mess|Shambles].",
      "[I want my money back|Refund please|I'd like a refund and an answer].",
      "[Anyone|Is anyone] [there|home|reading this]?",
      "[Two stars|One star] and that's [generous|me being kind].",
      "[Expected better|I expected more from you|You used to be good].",
      "[Will not be ordering again|Last time|Never again].",
      "[How hard can it be?|It's not rocket science.|This is your one job.]",
      "[Thanks for nothing|Cheers for that|Lovely].",
      "Order {order} if anyone cares.",
      "[Very disappointed|So disappointing|Disappointed customer here].",
      "[Please advise|Please get back to me|Waiting for a reply].",
      "[Rant over|End of rant].",
      "[My kids deserve|My cat deserves|My patience deserves] better.",
    ],
    happy: [
      "[Thank you|Thanks|Cheers|Big thanks]!",
      "[Keep it up|More of this please|Never change].",
      "[Five stars|10/10|Full marks].",
      "[Recommended|Would recommend|Tell your friends|Telling everyone].",
      "[Made my day|Made my {weekday}|Smiling all evening].",
      "[Worth the Pass|Worth every penny].",
      "[Happy customer|Happy bunny here].",
    ],
    neutral: [
      "[Thanks|Thank you|Ta|Cheers][!|.| in advance.]",
      "[Any tips?|Any idea?|Anyone?]",
      "[Would be lovely|Would help a lot|That would make my week].",
      "[No biggie|Not the end of the world] [either way|if not].",
    ],
    none: [],
  },
  de: {
    angry: [
      "[Bitte kümmert euch.|Das geht so nicht.|Nie wieder.|Ich will mein Geld zurück.]",
      "[App gelöscht.|Enttäuscht.|Setzen, sechs.]",
      "[Danke für nichts.|Schwach.|Peinlich.]",
      "Auftrag {order}.",
    ],
    happy: ["[Danke!|Weiter so!|Gerne wieder.|Klare Empfehlung.]", "[Top.|Fünf Sterne.]"],
    neutral: ["[Danke!|Danke euch|Merci]", "[Wäre super.|Wäre eine Hilfe.]"],
    none: [],
  },
  es: {
    angry: [
      "[Quiero mi dinero.|Solucionadlo ya.|Nunca más.|Muy decepcionada.]",
      "[App borrada.|Un desastre.|Penoso.]",
      "[Gracias por nada.|Ya está bien.]",
      "Pedido {order}.",
    ],
    happy: ["[¡Gracias!|¡Seguid así!|Recomendable.|Repetiré.]", "[Cinco estrellas.|Un diez.]"],
    neutral: ["[¡Gracias!|Gracias de antemano.]", "[Estaría genial.|Me ayudaría mucho.]"],
    none: [],
  },
  fr: {
    angry: [
      "[Remboursez-moi.|Réglez ça.|Plus jamais.|Très déçue.]",
      "[Application supprimée.|C'est nul.|Lamentable.]",
      "[Merci pour rien.|Ça suffit.]",
      "Commande {order}.",
    ],
    happy: ["[Merci !|Continuez !|Je recommande.|Au top.]", "[Cinq étoiles.|Parfait.]"],
    neutral: ["[Merci !|Merci d'avance.]", "[Ce serait top.|Ça m'aiderait.]"],
    none: [],
  },
};
