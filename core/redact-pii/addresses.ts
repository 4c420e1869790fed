/** Cheap to look for; without one there is no address. */
const STREET_HINT =
  /street|avenue|road|lane|drive|boulevard|court|way|place|terrace|close|crescent|square|highway|parkway|circle|gardens|\b(?:st|ave|rd|ln|dr|blvd|ct|pl|sq|hwy|pkwy|cir)\b|stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|\brue\b|chemin|impasse|quai|calle|avenida|plaza|paseo|\bvia\b|viale|piazza|corso|\brua\b|travessa|praça/i;

/** Street, number and postcode together, as each country writes them. Every repetition is bounded. */
const ADDRESSES = [
  // 12 Long Lane, London SE1 4PG; 350 Elm Street Apt 4, Springfield, IL 62704
  /(?<![\p{L}\p{N}])(?:\d{1,6}[-–])?\d{1,6}[A-Za-z]?\s{1,2}(?:[A-Z][\w'’.-]{0,20}\s{1,2}){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Close|Crescent|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Gardens)\b\.?,?\s{1,2}[\w#.,' -]{0,60}?(?:\b[A-Z]{2},?\s{1,2}\d{5}(?:-\d{4})?|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d|\b[A-Z]{2,3}\s\d{4})(?![\p{L}\p{N}])/gu,
  // Lindenstraße 12, 10969 Berlin
  /(?<![\p{L}\p{N}])\p{Lu}[\p{L}-]{0,30}(?:\s\p{L}{1,20})?(?:\s?[Ss]tra(?:ß|ss)e|\s?[Ss]tr\.|weg|\s?[Pp]latz|\s?[Aa]llee|gasse)\s{1,2}\d{1,4}\s?[a-z]?,?\s{1,3}(?:[A-Z]{1,2}-)?\d{4,5}\s{1,2}\p{Lu}[\p{L}-]{1,30}/gu,
  // 8 bis rue des Lilas, 75011 Paris
  /(?<![\p{L}\p{N}])\d{1,4}(?:\s?(?:bis|ter))?,?\s{1,2}(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai)\s{1,2}[\p{L}'’ .-]{2,50}?,?\s{1,3}\d{5}\s{1,2}\p{Lu}[\p{L}-]{1,30}/gu,
  // Calle Mayor 5, 28013 Madrid; Via Garibaldi 3, 00153 Roma; Rua do Ouro 10, 1100-060 Lisboa
  /(?<![\p{L}\p{N}])(?:[Cc]alle|[Aa]venida|[Pp]laza|[Pp]aseo|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Rr]ua|[Tt]ravessa|[Pp]raça)\s{1,2}\p{L}[\p{L}'’ .-]{1,50}?,?\s{1,2}\d{1,4}[a-z]?,?\s{1,3}(?:\d{4}-\d{3}|\d{5})\s{1,2}\p{Lu}[\p{L}-]{1,30}/gu,
];

/** The text with `[address]` for every postal address that names street, number and postcode. */
export function redactAddresses(text: string): string {
  if (!STREET_HINT.test(text)) return text;
  return ADDRESSES.reduce((rest, address) => rest.replace(address, "[address]"), text);
}
