import type { Language } from "./slots.ts";

/** The points people make in German, Spanish and French, by theme. Themes not listed are told in English alone. */
export const FOREIGN: Readonly<
  Partial<Record<string, Readonly<Record<Exclude<Language, "en">, readonly string[]>>>>
> = {
  checkout_crash: {
    de: [
      "[Die App|App] [stürzt|stürzt immer|stürzt jedes Mal] [beim Bezahlen|an der Kasse|beim Checkout] ab.",
      "Seit [dem Update|Version {version}|dem letzten Update] [kann ich nicht mehr bezahlen|geht die Kasse nicht mehr|fliege ich beim Bezahlen raus].",
      "[Warenkorb voll|Alles im Korb], auf [Bezahlen|Bestellen] getippt, [App weg|schwarzer Bildschirm|zack, weg].",
      "[Neu installiert|Handy neu gestartet|Cache gelöscht], [bringt nichts|gleicher Absturz|hilft alles nicht].",
      "[{n} Mal|Heute {n} Mal] versucht zu bestellen, jedes Mal Absturz.",
      "[Wer hat das getestet?|Habt ihr das Update mal ausprobiert?] [Bezahlen unmöglich.|Kasse tot.|Stürzt sofort ab.]",
    ],
    es: [
      "[La app|La aplicación] se [cierra|bloquea|cuelga] [al pagar|en el pago|cuando voy a pagar].",
      "Desde [la actualización|la versión {version}|ayer] [no puedo pagar|es imposible terminar un pedido|me echa al pagar].",
      "[Lleno la cesta|Cesta llena], [le doy a pagar|pulso pagar] y [se cierra|adiós app|pantalla negra].",
      "[La he reinstalado|He reiniciado el móvil] y [sigue igual|nada|se vuelve a cerrar].",
      "[{n} intentos|Lo intenté {n} veces], siempre se cierra. [Así no hay quien compre.|Imposible comprar.]",
    ],
    fr: [
      "[L'appli|L'application] [plante|se ferme|crashe] [au moment de payer|au paiement|dès que je valide].",
      "Depuis [la mise à jour|la version {version}|hier] [impossible de payer|je ne peux plus commander|le paiement plante].",
      "[Panier rempli|Panier plein], je [clique sur payer|valide] et [plus rien|écran noir|l'appli disparaît].",
      "[Réinstallée|Téléphone redémarré], [toujours pareil|même plantage|rien n'y fait].",
      "[{n} essais|{n} tentatives], toujours le même plantage. [Bravo les testeurs.|Merci la mise à jour.]",
    ],
  },
  double_charge: {
    de: [
      "[Ihr habt|{brand} hat] [zweimal|doppelt] {euro} abgebucht, [eine Bestellung|ich habe nur einmal bestellt].",
      "[Doppelt|Zweimal] bezahlt: {euro} [und nochmal {euro}|und am {n}. gleich nochmal].",
      "[Doppelte Abbuchung|Schon wieder doppelt abgebucht], [wo bleibt mein Geld|Rückbuchung fehlt seit Tagen].",
      "Konto im Minus, weil [ihr|{brand}] {euro} [doppelt|zweimal] [eingezogen|abgebucht] habt.",
    ],
    es: [
      "[Me habéis cobrado|{brand} me ha cobrado] [dos veces|el doble] {euro} por [un pedido|el mismo pedido].",
      "[Doble cobro|Cobro duplicado] de {euro}, [y nadie me lo devuelve|llevo días esperando].",
      "En el banco salen dos cargos de {euro}, [solo pedí una vez|un único pedido].",
    ],
    fr: [
      "[J'ai été débitée|On m'a débité] [deux fois|en double] de {euro} pour [une seule commande|la même commande].",
      "[Double prélèvement|Prélèvement en double] de {euro}, [toujours pas remboursé|j'attends encore].",
      "Deux débits de {euro} sur mon compte, [une commande|je n'ai commandé qu'une fois].",
    ],
  },
  late_evening: {
    de: [
      "[Abendlieferung|Lieferung am Abend] [wieder zu spät|{minutes} Minuten zu spät|kam erst um {n} nach zehn].",
      "[Zeitfenster|Slot] 20-21 Uhr, [geliefert|da] um [22:10|22:40|23:05].",
      "[Die Kinder schlafen schon|Abendessen fällt aus|Wir sind ins Bett], [Einkauf kommt um 22:30|Lieferung immer noch unterwegs|seit {minutes} Minuten überfällig].",
    ],
    es: [
      "[El reparto de la noche|La entrega de la tarde] [llega siempre tarde|llegó {minutes} minutos tarde|otra vez tarde].",
      "Franja de 20 a 21, [llegó a las 22:15|llegó a las 22:50|son las 23 y nada].",
      "[Los niños sin cenar|Cena a medianoche], [pedido a las 22:40|la compra llegó {minutes} minutos tarde].",
    ],
    fr: [
      "[La livraison du soir|Le créneau du soir] [est toujours en retard|avec {minutes} minutes de retard|encore en retard].",
      "Créneau 20h-21h, [livré à 22h20|livré à 22h45|toujours rien à 23h].",
      "[Les enfants ont dîné de céréales|On s'est couchés], [courses livrées à 22h30|{minutes} minutes de retard].",
    ],
  },
  support_silent: {
    de: [
      "[Support|Kundenservice|Chat] antwortet [nicht|seit Tagen nicht|einfach nie], [{n} Nachrichten|{n} Mails] geschrieben.",
      "Im Chat seit {minutes} Minuten [in der Warteschleife|allein], [niemand da|kein Mensch kommt].",
    ],
    es: [
      "[El chat|Atención al cliente|Soporte] no [contesta|responde] [nunca|desde hace días], [{n} mensajes|{n} correos] enviados.",
      "Llevo {minutes} minutos en el chat y [nadie|ni un humano].",
    ],
    fr: [
      "[Le chat|Le service client|Le support] ne répond [jamais|pas depuis des jours], [{n} messages|{n} mails] envoyés.",
      "{minutes} minutes dans le chat et [personne|aucun humain].",
    ],
  },
  praise: {
    de: [
      "[Lieferung|Alles] [pünktlich|super schnell|sogar zu früh], [Obst frisch|nichts gefehlt|Fahrer sehr nett].",
      "[Tolle App|Beste App], [spart mir den Samstag|bestelle jede Woche|läuft einfach].",
      "[Der Fahrer|Die Fahrerin] hat [alles in den {n}. Stock getragen|meiner Oma geholfen|sogar gewartet].",
      "[Paket und Einkauf|Päckchen und Gemüse] zusammen, [genial|so praktisch|endlich].",
    ],
    es: [
      "[Todo llegó|El pedido llegó] [puntual|antes de tiempo|en {minutes} minutos], [fruta fresca|no faltaba nada|repartidor encantador].",
      "[La mejor app|Gran app] para [la compra|los paquetes], [me ahorra horas|la uso cada semana].",
      "[El repartidor|La repartidora] [subió todo al {n}º|ayudó a mi abuela|fue un encanto].",
    ],
    fr: [
      "[Livraison|Tout est arrivé] [à l'heure|en avance|en {minutes} minutes], [fruits frais|rien ne manquait|livreur adorable].",
      "[Super appli|La meilleure appli], [je gagne un temps fou|je commande chaque semaine].",
      "[Le livreur|La livreuse] a [tout monté au {n}e|aidé ma grand-mère|été très gentil].",
    ],
  },
  question: {
    de: [
      "[Liefert ihr|Liefert {brand}] auch [sonntags|nach {town}|ins Büro]?",
      "[Wie|Wo] kann ich [die Adresse ändern|den Slot verschieben|den Pass kündigen|die Rechnung finden]?",
    ],
    es: [
      "¿[Repartís|{brand} reparte] también [los domingos|en {town}|en oficinas]?",
      "¿[Cómo|Dónde] puedo [cambiar la dirección|cancelar el Pass|ver la factura|mover la franja]?",
    ],
    fr: [
      "[Livrez-vous|{brand} livre-t-il] aussi [le dimanche|à {town}|au bureau] ?",
      "[Comment|Où] puis-je [changer l'adresse|résilier le Pass|trouver la facture|décaler le créneau] ?",
    ],
  },
};
