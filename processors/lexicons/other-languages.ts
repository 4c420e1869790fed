import { phraseTable, wordTable, type LanguageRules } from "./language-rules.ts";

interface Lists {
  readonly words: Readonly<Record<number, string>>;
  readonly phrases?: Readonly<Record<number, string>>;
  readonly strong: string;
  readonly weak: string;
  readonly negators: string;
  readonly contrasts: string;
}

function rules(vocabularyWeight: number, lists: Lists): LanguageRules {
  const intensifiers = new Map<string, number>();
  for (const word of lists.strong.split(/\s+/)) intensifiers.set(word, 0.25);
  for (const word of lists.weak.split(/\s+/)) intensifiers.set(word, -0.25);
  return {
    vocabularyWeight,
    words: wordTable(lists.words),
    phrases: phraseTable(lists.phrases ?? {}),
    intensifiers,
    negators: new Set(lists.negators.split(/\s+/)),
    negationWindow: 3,
    expected: new Set(),
    contrasts: new Set(lists.contrasts.split(/\s+/)),
    openers: new Set(),
  };
}

/** Spanish, on top of AFINN as natural brings it. */
export const SPANISH = rules(0.5, {
  words: {
    4: `maravilla flipante fabuloso fabulosa magnífico magnífica insuperable inolvidable encantan flipo
    excelente maravilloso maravillosa increíble espectacular genial fantástico fantástica encanta perfecto
    perfecta`,
    3: `adora disfruto disfrutado genio genia crack felices felicidad preciosos preciosas hermosos
    hermosas maravillosos maravillosas enamorado enamorada enamora orgullosos campeones ganamos ganaron
    triunfo chulo chula chulos chulas cojonudo cojonuda molan bendiciones bendición emoción emocionado
    emocionada feliz felicidades felicitaciones enhorabuena hermoso hermosa precioso preciosa amor amo adoro
    mejor mejores recomendable alegría alegra orgullo orgulloso orgullosa bonito bonita bonitos bonitas
    linda lindo lindas lindos guapo guapa guapos guapas campeón victoria éxito`,
    2: `sonreír sonríe sonrisas rico rica delicioso deliciosa buenísimo buenísima buenísimos guapísima
    guapísimo mejorar mejora ganar gana ganado ganó celebrar celebrando fiesta interesante simpático
    simpática amable amables majo maja listo talento bienvenido bienvenida bienvenidos alegre animarte
    merece paz ilusionado ilusionada reír riendo jajajajajaja jeje jejeje jejejeje xd jijiji viva olé ole
    gracioso graciosa tierno tierna ternura adorable aprobado aprobada conseguido logrado logro besitos
    abrazos abrazote saludos muak gracias bien bueno buena buenos buenas buen gusta gustó gustado contento
    contenta rápido rápida fácil útil divertido divertida risa guay mola gran grande recomiendo suerte ánimo
    disfrutar disfrutando ilusión jaja jajaja jajajaja jajajajaja bravo tranquilo encantado encantada
    esperanza cariño abrazo besos beso sonrisa`,
    [-2]: `tristes tristemente cansa cansancio aburro aburre aburridos dolores duelen lágrimas llora llorando
    llorado enferma enfermedad fiebre miedos agobio agobiada agobiado agobia nervios nerviosa nervioso
    ansiedad estrés extraño extrañar sufro sufre sufriendo fracaso fracasado perdí perdió perdemos perdiendo
    suspenso suspendido suspendida pereza resaca lástima penoso penosa rabia enfadada enfadado enfado enfada
    molesta molesto odian hartos hartas fatales feos feas tontos tontas idiotas imbéciles estúpida
    gilipollez tontería tonterías chorrada mentirosa falso falsa falsos injusto injusta injusticia amenaza
    amenazas violencia matar mata mató muertos asesino asesinos asesinato accidente ataque terrorismo
    dictadura cáncer paro imposible cuesta insoportable complicado mal malo mala malos malas peor problema
    problemas error errores lento lenta tarde retraso retrasos cancelado cancelada roto rota caro cara queja
    quejas triste tristeza llorar lloro miedo dolor duele enfermo cansado cansada harto harta aburrido
    aburrida culpa pierde perdido perder falta fallo falla fallan feo fea pobre sufrir odia pena preocupa
    preocupado lamentable difícil tonto tonta idiota imbécil estúpido muerte muerto morir mentira mentiras
    mentiroso crisis corrupción corruptos ladrones robo robar robado guerra crimen víctimas basta vergonzoso`,
    [-3]: `asquerosos putas puto putos mierdas jodida jodido jodidos jodas cojones hijoputa hijosdeputa
    cabrona cabreo cabreada cabreado capullo subnormal subnormales maldita maldito malditos malditas
    desgraciado desgraciados sinvergüenza sinvergüenzas vomitar vómito repugnante pesadilla deprimente
    deprimida deprimido depresión ridículo ridícula lamentables infierno horrorosa horroroso horror pésimo
    pésima horrible terrible fatal asco asqueroso asquerosa odio estafa estafadores vergüenza mierda puta
    basura peores inútil inútiles inaceptable decepción decepcionado decepcionada decepcionante joder coño
    desastre indignante patético patética nefasto cabrón cabrones gilipollas`,
    0: `no si todo vida gente`,
  },
  phrases: {
    [-3]: `nunca más|no funciona|no recomiendo|no lo recomiendo|no sirve|no vale|no responden|no contestan|no ha llegado
      no llega|estoy hasta|hasta los|qué asco|que asco|ni idea|atención al cliente|sin respuesta|me aburro|no puedo más`,
    3: `me encanta|te quiero|te amo|muchas gracias|lo mejor|la mejor|el mejor|qué bien|que bien|me alegro|buen día
      buenos días|feliz cumpleaños|ganas de`,
  },
  strong: `muy más mucho muchísimo mucha tan tanto super súper totalmente realmente demasiado absolutamente bastante`,
  weak: `poco algo casi apenas menos`,
  negators: `no nunca jamás ni sin nada nadie ningún ninguna tampoco`,
  contrasts: `pero aunque sino`,
});

/** Portuguese, on top of AFINN as natural brings it. */
export const PORTUGUESE = rules(0.5, {
  words: {
    4: `maravilhosos maravilhosas perfeitos perfeitas magnífico magnífica inesquecível excelente
    maravilhoso maravilhosa incrível espetacular fantástico fantástica perfeito perfeita amei`,
    3: `lindíssima lindíssimo apaixonada apaixonado amando adorando felizes felicidade orgulhosa orgulhoso
    abençoado abençoada campeão vitória gratidão feliz parabéns lindo linda lindos lindas amo amor adoro
    adorei melhor melhores maravilha alegria orgulho arrasou arrasa diva rainha talentoso talentosa
    emocionante emocionada`,
    2: `alegre animada animado ansiosa gostosos risos rsrsrs haha hahaha hahahaha kkkkkkk kkkkkkkk sorriso
    sorrir bonito bonita bonitos bonitas simpático simpática inteligente talento vencer venceu ganhou ganhar
    bjs abraço abraços obg valeu bacana daora torço obrigado obrigada bom boa bons boas bem gosto gostei
    gostando legal rápido rápida fácil útil divertido divertida recomendo sorte kkk kkkk kkkkk kkkkkk rindo
    rsrs top fofo fofa fofos torcendo merece merecido saudade curtindo sucesso delícia ótimo ótima massa
    show gostoso gostosa querido querida beijo beijos sensacional`,
    [-2]: `tristes choro chorei sofrendo sofri odeia cansaço sozinha sozinho irritada irritado irritante
    raiva ódios estressada estressado fracasso derrota falsidade falsos injusto injustiça violência matar
    matou assassino acidente desgraça péssimos feios feias burros chatas preguiça enjoada enjoei saco
    sacanagem preconceito absurdo vergonhoso mal mau má maus ruim ruins pior problema problemas erro erros
    lento lenta atraso atrasado cancelado cancelada quebrado quebrada caro cara reclamação triste tristeza
    chorar chorando medo dor dói doente cansado cansada chato chata chatos culpa perdeu perder falta falha
    feio feia pobre sofrer preocupado difícil burro burra idiota morte morreu morrer mentira mentiroso
    corrupto corrupção ladrão ladrões roubo guerra crime vítimas falsa falso nojento enjoado forçado forçada
    sono tédio fraco fraca`,
    [-3]: `bosta caralho cu foda-se desgraçado desgraçada nojenta nojentos lixos imbecil babaca otário otária
    idiotas escroto escrota arrombado vagabunda vagabundo insuportáveis podre péssimo péssima horrível
    horroroso terrível nojo odeio odiei ódio golpe vergonha merda puta lixo inútil inaceitável decepção
    decepcionado decepcionante porra desastre ridículo ridícula insuportável descaso piores aff`,
    0: `não sim tudo vida gente`,
  },
  phrases: {
    [-3]: `nunca mais|não funciona|não recomendo|não presta|não vale|não respondem|não chegou|sem resposta|que nojo
      ninguém merece|não aguento|não gosto|não gostei|que raiva|que saco`,
    3: `muito obrigado|muito obrigada|o melhor|a melhor|que lindo|que linda|te amo|bom dia|boa sorte`,
  },
  strong: `muito mais muita tão super totalmente realmente demais bastante mt mto`,
  weak: `pouco quase menos meio`,
  negators: `não nao n nunca jamais nem sem nada ninguém nenhum nenhuma`,
  contrasts: `mas porém`,
});

/** German, on top of the Pattern lexicon as natural brings it. */
export const GERMAN = rules(0.5, {
  words: {
    4: `hervorragend fantastisch großartig wunderbar perfekt genial ausgezeichnet traumhaft`,
    3: `super toll tolle toller tolles geil geile liebe liebt lieben glücklich herrlich klasse spitze
    beste besten bester bestes schön schöne schönen schöner schönes wunderschön wunderschöne begeistert
    glückwunsch herzlichen freude`,
    2: `gut gute guten guter gutes danke dank dankeschön freue freuen freut gefällt lecker nett nette netten gern
    gerne hilfreich schnell einfach empfehle empfehlen empfehlenswert zufrieden lustig haha hahaha lachen
    cool coole süß süße spaß erfolg gewonnen gewinnt gewinnen sieg glück hoffe hoffentlich besser angenehm
    freundlich freundliche stolz yeah juhu endlich`,
    [-2]: `schlecht schlechte schlechter schlechten schlimm schlimmer leider traurig problem probleme fehler langsam
    verspätung verspätet kaputt defekt teuer beschwerde enttäuscht enttäuschend enttäuschung nervt nervig
    nerven ärgerlich ärgern angst krank müde langweilig schade unfreundlich falsch verloren verliert stört
    weh schmerzen schmerz dumm dumme blöd blöde blöder doof doofe peinlich armes sinnlos weinen heulen
    vermisse ausfall ausgefallen gestrichen warten warte gewalt krieg tot tote toten stirbt gestorben lüge
    lügen tod mist verdammt unfall opfer`,
    [-3]: `scheiße scheiß scheisse scheiss hasse hass hassen furchtbar schrecklich katastrophe katastrophal ekelhaft
    eklig widerlich unverschämt frechheit betrug abzocke miserabel grauenhaft schlimmste schlechteste
    arschloch idiot idioten kotzen kotzt sauer wütend wut unmöglich unerträglich beschissen müll`,
    0: `ganz neue neuen neuer neu alt alte alten`,
  },
  phrases: {
    [-3]: `nie wieder|funktioniert nicht|geht nicht|nicht empfehlen|keine antwort|nicht angekommen|keinen bock|kein bock
      keine lust|zum kotzen|geht gar nicht|auf den sack|auf die nerven|reicht es|kein wunder`,
    3: `vielen dank|ich liebe|freue mich|freu mich|alles gute|guten morgen|gute nacht|viel spaß|sehr gut|liebe dich`,
  },
  strong: `sehr so total echt richtig wirklich absolut extrem viel mega voll ganz unglaublich besonders`,
  weak: `etwas bisschen kaum fast wenig einigermaßen`,
  negators: `nicht nie niemals kein keine keinen keiner keines nix nichts ohne niemand weder`,
  contrasts: `aber jedoch sondern`,
});

/** French, on top of the Pattern lexicon as natural brings it. */
export const FRENCH = rules(1, {
  words: {
    4: `exceptionnel exceptionnelle extraordinaire époustouflant géniaux magnifiques grandiose inoubliable
    excellent excellente magnifique incroyable parfait parfaite génial géniale formidable fantastique
    sublime`,
    3: `adorable adorables adoré adorer aimer aimé aimée kiffe kiffé kiff heureuses bonheurs splendide
    mignon mignonne mignons délicieux délicieuse régal génie champion champions passionnant passionnante
    touchant émouvant super adore heureux heureuse merveilleux merveilleuse bravo félicitations amour aime
    j'aime meilleur meilleure meilleurs ravi ravie bonheur joie`,
    2: `mercii remercie remercier remercions félicite réussit gagner gagnent gagnant soutien apprécie
    apprécié agréable agréables intéressant intéressante drôles marrant rire rires rigole ptdrr mdrr mdrrr
    haha hahaha xd jolies jolis belles bises bisous bisou câlin courage bienvenue calme fierté respect
    chaleureux amis amitié paix libre solidarité fête fêter vacances soleil profiter profite amusant rassuré
    soulagé merci bon bonne bons bonnes bien beau belle beaux content contente facile utile rapide drôle
    recommande plaisir mdr lol ptdr cool top espoir succès gagné gagne victoire sympa gentil gentille joli
    jolie chance hâte sourire fier fière mieux efficace réussi réussite`,
    [-2]: `tristes pleures pleurs souffre souffrir souffrance malades maladie fatigue épuisé épuisée ennui
    ennuie chiant chiante chiants énerve énervé énervée énervant agace agaçant perd perdent perdue défaite
    défaites échoué échouer ratée raté rater solitude angoisse stress stressé stressée inquiétude inquiétant
    cauchemar morte mortes décès décédé tué tués tuer tue blessé blessés attaque attaques terroriste
    terroristes victime otage viol violent violente violences fraude corruption corrompu mensonges menteurs
    mentir ment hypocrite hypocrites injuste injustice chômage faillite licenciement licenciements grève
    coupable coupables prison inondation inondations sécheresse incendie catastrophes désastre alerte
    urgence polluants dégâts destruction détruit détruire réchauffement pesticides toxique toxiques dangers
    dangereuse dangereuses menaces moches débile débiles idiot idiots idiote imbécile imbéciles stupide
    stupides absurde bizarre louche gêne gênant gênante trahison trahi regrette regret impossible refuse
    pleuvoir froid bouchons panique mal mauvais mauvaise problème problèmes erreur erreurs lent lente retard
    retards annulé annulée cassé cher chère plainte déçu déçue décevant triste tristesse pleurer pleure peur
    douleur malade fatigué fatiguée marre ennuyeux faute perdu perdre panne moche pauvre inquiet inquiète
    difficile con cons conne connard bête mort morts mourir mensonge menteur guerre crime victimes danger
    dangereux pollution menace menacée crise scandale attentat grave malheureusement hélas dommage
    catastrophe risque risques accident condamné violence échec manque`,
    [-3]: `dégueu dégoute dégoûte dégoûtant vomir vomi gerber putains salope connards connerie conneries
    bordel enculé enculés fdp ntm tg pute foutre foutu foutue honteuse honteuses ordure ordures nulles nuls
    nullité minable misérable détestable détester haineux raciste racistes racisme merdes merdique chier
    atroce atroces effroyable horribles infect abject ignoble nul nulle horrible terrible affreux affreuse
    dégueulasse déteste haine arnaque voleurs honte honteux merde putain pire inadmissible inacceptable
    scandaleux lamentable dégoûté dégoûtée insupportable pitoyable ridicule`,
    0: `vrai vraie grand grande petit petite seul seule nouveau nouvelle premier première même autre`,
  },
  phrases: {
    [-3]: `plus jamais|ne marche pas|marche pas|ne fonctionne pas|fonctionne pas|ne recommande pas|pas de réponse|aucune réponse
      toujours pas|ras le bol|n'importe quoi|j'en ai marre|service client|ça me saoule|me saoule|fait chier`,
    3: `j'adore|merci beaucoup|je t'aime|trop bien|bon anniversaire|bonne journée|trop beau|le meilleur|la meilleure`,
  },
  strong: `très trop tellement vraiment super si totalement absolument beaucoup hyper`,
  weak: `peu presque moins assez`,
  negators: `pas jamais ne n' rien aucun aucune sans ni plus`,
  contrasts: `mais cependant pourtant`,
});

/** Italian, on top of the Pattern lexicon as natural brings it. */
export const ITALIAN = rules(1, {
  words: {
    4: `eccellente meraviglioso meravigliosa fantastico fantastica perfetto perfetta stupendo stupenda splendido`,
    3: `ottimo ottima adoro amo amore felice felici bellissimo bellissima bellissimi complimenti migliore
    migliori auguri grandissimo bravissimo bravissima gioia`,
    2: `grazie buono buona buoni buone buon bene bello bella belli belle piace piacciono contento contenta facile
    utile veloce divertente consiglio bravo brava bravi ahah ahahah ahahaha haha lol vittoria vinto successo
    sorriso speranza spero simpatico simpatica gentile meglio fortuna interessante riforma forza orgoglio
    orgoglioso`,
    [-2]: `male cattivo brutto brutta brutti peggio problema problemi errore errori lento lenta ritardo
    ritardi cancellato rotto rotta caro cara reclamo deluso delusa deludente triste tristezza piangere paura
    dolore malato stanco stanca noioso noiosa colpa perso perdere perde guasto povero difficile stupido
    stupida idiota morte morto morti morire bugia bugie bugiardo guerra crisi vittime tasse precari sciopero
    scioperi protesta proteste corruzione mafia ladri odia balle casta disoccupati disoccupazione purtroppo
    fallimento incapaci incapace rabbia sbagliato`,
    [-3]: `pessimo pessima orribile terribile schifo odio truffa vergogna vergognoso vergognatevi merda cazzo
    coglione coglioni inutile inaccettabile disastro schifoso vaffanculo ridicolo ridicola peggiore peggior
    disgustoso buffone buffoni stronzo stronzi`,
    0: `grande nuovo nuova primo prima solo vero vera piccolo stesso`,
  },
  phrases: {
    [-3]: `mai più|non funziona|non consiglio|non va|nessuna risposta|che schifo|non risponde|che palle|presa in giro
      a casa|basta con|ma basta|che vergogna`,
    3: `grazie mille|ti amo|che bello|che bella|buon compleanno|buona fortuna|in bocca al lupo`,
  },
  strong: `molto più tanto troppo davvero così super veramente assolutamente proprio`,
  weak: `poco quasi meno abbastanza`,
  negators: `non mai né senza niente nulla nessun nessuno nessuna`,
  contrasts: `ma però`,
});
