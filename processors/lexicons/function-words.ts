import { wordsOf } from "./language-rules.ts";

/**
 * Small words that tell a language even in a text of three words. A word of several languages is listed under each,
 * so that only the difference between two counts says anything.
 */
export const FUNCTION_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: wordsOf(`the and of to a in is i it you that for was on are with as they be at this have from or had by not but what
    all were we when your can an there how she he his her him if will do so has been than its who did get come made may
    just my me no our about out up into them then some would could should these those more any very after only other
    because which where why while off again also too over under never ever even still please thanks thank thx don't
    doesn't didn't isn't aren't wasn't weren't won't can't couldn't wouldn't shouldn't haven't hasn't hadn't ain't i'm
    i've i'll i'd you're you've you'll it's that's there's what's he's she's we're we've they're let's cant dont wont
    didnt im ive u ur yall y'all another every nothing something anything everything anyone someone much many most been
    being having doing got getting want need know think really always way now here today tomorrow yesterday tonight`),
  es: wordsOf(`el la los las un una unos unas de del en y a que es por para con no se lo su como más pero al le o este esta
    esto si sí ya mi me te tu muy sin sobre también hasta hay donde quien desde todo nos durante todos uno les ni contra
    ese eso ante ellos soy eres somos son está están estoy ser tengo tiene fue porque cuando qué cómo nada algo gracias
    hoy ahora siempre nunca yo él ella usted ustedes vosotros`),
  de: wordsOf(`der die das und in zu den mit von ist im für auf nicht ein eine einer einem einen des sich auch als an es aus
    bei nach wie am wird war noch nur ich du er sie wir ihr mich mir dich dir uns euch sind hat habe haben hatte wenn aber
    oder dass so schon mehr kann man immer wieder heute jetzt kein keine was warum wer wo da doch mal sehr ja nein bin
    bist werden wurde über vor zum zur mein dein danke hier diese dieser dieses`),
  fr: wordsOf(`le la les un une des de du et en à a que qui est pour dans pas ne sur au aux ce cette ces il elle on nous vous
    ils elles je tu me te se son sa ses mon ma mes ton ta tes avec plus par mais ou où si tout tous très bien c'est j'ai
    n'est qu'il d'un d'une l'on y sont ont été être avoir fait faire comme quand encore jamais rien merci leur même
    aujourd'hui ça ca quoi pourquoi chez`),
  pt: wordsOf(`o a os as um uma de do da dos das em no na nos nas e que é para por com não nao se mais como mas ao à foi ele
    ela eu tu você voce vc me te lhe meu minha seu sua isso isto esse essa este esta muito já também só pelo pela até
    quando ser tem ter está estou são sou era nem sem mesmo aqui hoje agora nunca sempre porque pq tudo nada obrigado
    obrigada vai vou pra`),
  it: wordsOf(`il lo la i gli le un uno una di del della dei delle da dal in nel nella a al alla e è ed che non per con su sul
    sono ho hai ha abbiamo hanno mi ti ci vi si se ma come più anche io tu lui lei noi voi loro mio tuo suo questo questa
    quello quella quando dove chi cosa perché perche molto tutto tutti sempre mai ancora già oggi ora grazie niente solo
    essere c'è era o`),
  nl: wordsOf(`de het een en van in is ik je niet dat die te voor op met zijn er aan om ook als bij maar dan nog wel naar was
    wat of ze we hij zij mijn dit heeft hebben had wordt door over uit geen al kan zo nu weer altijd nooit waarom hoe
    jullie ons onze bedankt`),
  ca: wordsOf(`el la els les un una de del i que és per amb no es al en a però més molt també això aquest aquesta si ja jo tu
    ens quan com on què perquè avui ara sempre mai gràcies són està hem ha`),
};

/** Everyday English words of customers. In a text too short for statistics they say it is English. */
export const EVERYDAY_ENGLISH: readonly string[] =
  wordsOf(`able account add ads agent airline airport amazing annoying
  answer app apps arrived awesome awful back bad bag bags bank best better bill boarding book booked booking bought
  broken bug bugs buy call called cancel canceled cancelled card change charge charged cheap check clean code cold
  company complaint crash crashed crashes crashing customer customers dead delay delayed deliver delivered delivery
  device disappointed disappointing door down download easy email empty enjoy error everyone excellent expensive
  experience extra fabulous fake fast fee fees feel fine fix fixed flight flights food found free freezes friend
  friendly friends full fun game gate gone good great guys happy hard hate head help helped helpful helps home hotel
  hour hours impressed issue issues job keep keeps kids late later learn less life like liked line live login long lost
  lots love loved loves luggage lying mad make makes message minutes missed missing money month months music new nice
  nobody number old open opens order ordered parcel password pay payment people perfect phone phones plane play please
  poor price problem problems product products quality quick read received recommend refund refunded rent reply response
  return ride room rubbish rude safe save scam screen seat seats seconds sent service services settings shipping shop
  shoes show sick simple site slow sound speaker staff star stars stock stolen stop stopped store stuck stupid super
  support sure sweet talk talking team terrible thank thanked thing things third ticket tickets time tired trash tried
  trip try trying twice unable update updates upgrade use used useful useless user users using video voice wait waited
  waiting waste watch website week weeks well wifi wonderful wont work worked working works world worse worst worth
  wrong year years`);
