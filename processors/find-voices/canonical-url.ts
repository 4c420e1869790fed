/** Parts of an address that tell who shared it, and not what is shown. */
const TELLS_WHO_SHARED =
  /^(?:utm_|mc_|pk_|hsa_|_ga|ga_|fbclid$|gclid$|dclid$|msclkid$|twclid$|igshid$|igsh$|yclid$|ref$|ref_src$|ref_url$|cmpid$|share$|smid$|spm$|si$|feature$|amp$)/i;

/**
 * The address of a page without what differs between two links to it: scheme, `www.`, `m.` and `amp.`, port, fragment,
 * tracking parameters, the order of parameters, a trailing slash. Undefined where it is no http address.
 */
export function canonicalUrl(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname, searchParams } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  const host = hostname.toLowerCase().replace(/^(?:www|m|mobile|amp)\./, "");
  const path = pathname.replace(/\/(?:amp\/?|index\.html?)?$/, "");
  const kept = [...searchParams].filter(([name]) => !TELLS_WHO_SHARED.test(name));
  if (kept.length === 0) return host + path;
  const query = kept
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  return `${host}${path}?${query.join("&")}`;
}
