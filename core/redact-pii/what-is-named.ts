/**
 * Words between the naming word and the number: at most three, no digits and no marks, so that what stands further
 * back never decides.
 */
const BETWEEN = String.raw`[\s:;,.#=*"'’–-]{0,4}(?:\p{L}[\p{L}'’]{0,14}[\s:;,.#=*"'’–-]{1,3}){0,3}$`;

const PHONE_WORDS = [
  "phones?|phoned|telephone|tel|ph|mobile|cell|cellphone|landline|call|called|calling|ring|dial|text|sms|whatsapp|fax",
  "contact|reach|numbers?|contact no|mob",
  "tel[ée]fono|tlf|tfno|m[óo]vil|cel|celular|llama|llamar|llamad|llamadme|ll[áa]mame|ll[áa]menme|n[úu]mero",
  "telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|rufnummer|ruf|rufen|anrufen|erreichbar|nummer",
  "t[ée]l[ée]phone|t[ée]l|portable|appelez|appeler|joindre|joignable|num[ée]ro",
  "telefone|telem[óo]vel|telemovel|liga|ligar|ligue|ligaram|cellulare|chiamare|chiamate|chiamatemi|chiamami|chiamarmi|numero",
].join("|");

const ORDER_WORDS = [
  "orders?|ord|ref|refs|reference|booking|bookings|reservation|confirmation|conf|cases?|tickets?|invoices?|tracking|track|tracked",
  "parcels?|packages?|shipment|consignment|accounts?|acct|acc|a/c|tags?|serial|sn|imei|model|sku|item|article|part|policy|claim|claims",
  "member|membership|customer|id|uid|pnr|flights?|locator|transaction|txn|receipt|incident|complaint|code|barcode|isbn|ean|upc",
  "batch|lot|version|build|awb|voucher|coupon|contract|meter|registration|usd|eur|gbp|rs|inr|ngn|price|total|amount|balance",
  "pedido|factura|seguimiento|env[íi]o|reserva|contrato|cliente|caso|referencia|c[óo]digo",
  String.raw`bestell\p{L}{0,12}|auftrag\p{L}{0,12}|sendung\p{L}{0,12}|rechnung\p{L}{0,12}|kunden\p{L}{0,12}|vertrag\p{L}{0,12}|buchung\p{L}{0,12}|artikel\p{L}{0,12}|vorgang\p{L}{0,12}`,
  "commande|facture|suivi|colis|dossier|r[ée]servation|contrat|client",
  "encomenda|fatura|rastreio|rastreamento|protocolo|ordine|fattura|spedizione|pratica|prenotazione|contratto|pacco|codice",
].join("|");

const NAMES_PHONE = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${PHONE_WORDS})(?![\p{L}\p{N}])${BETWEEN}`,
  "iu",
);
const NAMES_ORDER = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${ORDER_WORDS})(?![\p{L}\p{N}])${BETWEEN}`,
  "iu",
);
const NUMBERED = /[#№$€£¥₹]\s?$/u;
/** "or", "and", a comma after a phone number: another one follows. */
const AFTER_PHONE = /\[phone\](?:[\s,;/&|–-]|or|and|oder|und|ou|et|o|y|e){0,4}$/iu;
/** Words that name both: "phone number" and "order number". */
const NEUTRAL = /^(?:numbers?|contact|n[úu]mero|num[ée]ro|nummer|reach|call|called|calling|text|track)$/iu;

/** Whether the words just before a number say that it is one to call. */
export function namesAPhone(before: string): boolean {
  if (NUMBERED.test(before)) return false;
  if (AFTER_PHONE.test(before)) return true;
  const phone = NAMES_PHONE.exec(before);
  if (phone === null) return false;
  const order = NAMES_ORDER.exec(before);
  if (order === null) return true;
  // "my order, call me on": the nearer word holds; of "order number" the first
  return phone.index > order.index && !NEUTRAL.test(/^\p{L}+/u.exec(phone[0])?.[0] ?? "");
}

/** Whether the words just before a number say that it is an order's, a parcel's, an amount's, and not one to call. */
export function namesAnOrder(before: string): boolean {
  return (NUMBERED.test(before) || NAMES_ORDER.test(before)) && !namesAPhone(before);
}
