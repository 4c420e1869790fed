/** Query parameters that say how a reader came, not what is read. */
const TRACKING =
  /^(?:utm_[^=]*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi)(?:=|$)/i;

/**
 * The one address of a page that feeds link in many ways: absolute, unwrapped from Google's redirects, without tracking
 * parameters. What stays keeps its order and spelling. Empty when it is no http(s) address.
 */
export function canonicalUrl(link: string, base: string): string {
  const written = link.trim().replaceAll("&amp;", "&");
  if (written === "" || !URL.canParse(written, base === "" ? undefined : base)) return "";
  const url = unwrapGoogle(new URL(written, base === "" ? undefined : base));
  if (url.protocol !== "http:" && url.protocol !== "https:") return "";
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((parameter) => !TRACKING.test(parameter));
  url.search = kept.join("&");
  return url.href;
}

/** Google Alerts and Google search link through `https://www.google.com/url?...&url=<page>`. */
function unwrapGoogle(url: URL): URL {
  if (!/^www\.google\.[a-z.]{2,6}$/.test(url.hostname) || url.pathname !== "/url") return url;
  const page = url.searchParams.get("url") ?? url.searchParams.get("q") ?? "";
  return URL.canParse(page) ? new URL(page) : url;
}
