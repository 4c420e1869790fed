import { withoutTurns } from "../core/one-line.ts";

/** Whatever others wrote, as it may stand in HTML: in text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return withoutTurns(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Whatever others wrote, as it may stand in XML: without the characters XML cannot hold. */
export function escapeXml(text: string): string {
  return escapeHtml(text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ""));
}

/** Whatever others wrote, as one line of Markdown that formats nothing, links to nothing and holds no HTML. */
export function escapeMarkdown(text: string): string {
  return withoutTurns(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>#|~&$@]/g, "\\$&")
    .replace(/^([-+=]|\d+(?=[.)]))/, (sign) => (/\d/.test(sign) ? `${sign}\\` : `\\${sign}`))
    .replace(/:\/\//g, "\\://")
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`);
}

/** A link in Markdown; the text alone where the address is none that a browser opens as a page. */
export function linkMarkdown(text: string, url: string): string {
  const said = escapeMarkdown(text);
  return isPage(url) ? `[${said}](<${url.replace(/[<>\\\s]/g, encodeURIComponent)}>)` : said;
}

/** A link in HTML, as {@link linkMarkdown}. */
export function linkHtml(text: string, url: string): string {
  const said = escapeHtml(text);
  return isPage(url) ? `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${said}</a>` : said;
}

function isPage(url: string): boolean {
  return /^https?:\/\/\S+$/i.test(url);
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d1d1b, #ececea); --soft: light-dark(#5c5c57, #a9a9a2); --line: light-dark(#d9d8d3, #3c3c38); --back: light-dark(#fff, #191918); --mark: light-dark(#8a4b00, #f0b35c); --link: light-dark(#0b57b0, #8ab8f5); }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem; background: var(--back); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
.soft { color: var(--soft); font-size: .875rem; }
.open { color: var(--mark); font-weight: 600; }
.known { font-weight: 600; }
blockquote { margin: .5rem 0; padding: .25rem 0 .25rem .9rem; border-left: 3px solid var(--line); }
ul { margin: .25rem 0; padding-left: 1.25rem; }
article { break-inside: avoid; }
button { margin: 1.25rem 0 .75rem; padding: .75rem 1.5rem; border: 0; border-radius: .5rem; background: var(--link); color: var(--back); font: inherit; font-weight: 600; cursor: pointer; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10.5pt; } a { color: inherit; } h2, h3 { break-after: avoid; } }
`;

/**
 * A page that stands alone: no script, nothing loaded from anywhere, readable on paper and in the dark.
 * @param body HTML in which everything that others wrote is escaped
 */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
