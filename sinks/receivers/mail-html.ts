import type { Layout, Part, Quote } from "./lay-out.ts";

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK = "#1c2430";
const SOFT = "#5b6675";
const RULE = "#e3e7ec";

interface Tone {
  readonly bar: string;
  /** Of the label, dark enough to be read on `tint`. */
  readonly ink: string;
  readonly tint: string;
}

const TONES: Readonly<Record<Layout["tone"], Tone>> = {
  info: { bar: "#2f6fde", ink: "#1d4fa8", tint: "#e8f0fd" },
  warning: { bar: "#d9a400", ink: "#7a5c00", tint: "#fdf5dc" },
  high: { bar: "#e8710a", ink: "#9a4700", tint: "#fdeedf" },
  critical: { bar: "#c62828", ink: "#a31515", tint: "#fbe7e7" },
  resolved: { bar: "#2e7d32", ink: "#1e5c22", tint: "#e5f3e6" },
};

/**
 * The layout as an HTML mail: tables and inline styles, which is what mail programs understand; no image, no script, and
 * nothing fetched when it is opened.
 * @see https://www.caniemail.com
 */
export function asHtml(layout: Layout): string {
  const { title, status, summary, parts, links, omission, tone } = layout;
  const { bar, ink, tint } = TONES[tone];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:0;background:#f3f5f7;${FONT};color:${INK}">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(summary)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f5f7">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:620px;background:#ffffff;border:1px solid ${RULE};border-top:5px solid ${bar};border-radius:6px">
<tr><td style="padding:24px 28px 8px">
<div style="display:inline-block;padding:3px 10px;border-radius:10px;background:${tint};color:${ink};font-size:13px;line-height:18px;font-weight:600">${escapeHtml(status)}</div>
<h1 style="margin:12px 0 0;font-size:21px;line-height:28px;font-weight:700;${BREAKING}">${escapeHtml(withoutMark(title))}</h1>
${summary === "" ? "" : `<p style="margin:10px 0 0;font-size:16px;line-height:24px;${BREAKING}">${multiline(summary)}</p>`}
</td></tr>
${links.length === 0 ? "" : `<tr><td style="padding:12px 28px 4px">${links.map(buttonOf(ink)).join("\n")}</td></tr>`}
${parts.map((part) => `<tr><td style="padding:14px 28px 0">${htmlOf(part)}</td></tr>`).join("\n")}
<tr><td style="padding:22px 28px 22px"><div style="border-top:1px solid ${RULE};padding-top:12px;font-size:12px;line-height:18px;color:${SOFT}">${omission === "" ? "" : `${escapeHtml(omission)} `}Sent by Earshot.</div></td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

const BREAKING = "word-break:break-word;overflow-wrap:anywhere";

function htmlOf(part: Part): string {
  const heading = `<h2 style="margin:0 0 6px;font-size:13px;line-height:18px;font-weight:600;color:${SOFT}">${escapeHtml(part.heading)}</h2>`;
  switch (part.kind) {
    case "facts": {
      const rows = part.facts.map(
        ({ label, value }) =>
          `<tr><td valign="top" style="padding:3px 16px 3px 0;width:120px;font-size:14px;line-height:20px;color:${SOFT}">${escapeHtml(label)}</td><td valign="top" style="padding:3px 0;font-size:14px;line-height:20px;${BREAKING}">${escapeHtml(value)}</td></tr>`,
      );
      return `${heading}<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${rows.join("")}</table>`;
    }
    case "lines": {
      const items = part.lines.map(
        (text) =>
          `<li style="margin:0 0 4px;font-size:14px;line-height:20px;${BREAKING}">${escapeHtml(text)}</li>`,
      );
      return `${heading}<ul style="margin:0;padding:0 0 0 18px">${items.join("")}</ul>`;
    }
    case "quotes":
      return `${heading}${part.quotes.map(quoteOf).join("")}`;
  }
}

function quoteOf({ label, text, by, url }: Quote): string {
  const open =
    url === null
      ? ""
      : ` · <a href="${escapeHtml(url)}" style="color:${SOFT};text-decoration:underline">open</a>`;
  return `<div style="margin:0 0 10px;padding:8px 14px;border-left:3px solid #c9d0d9;background:#f8f9fb">
<div style="font-size:14px;line-height:21px;${BREAKING}">${multiline(text)}</div>
<div style="margin-top:4px;font-size:12px;line-height:17px;color:${SOFT};${BREAKING}">${escapeHtml(label)}: ${escapeHtml(by)}${open}</div>
</div>`;
}

/** The first is what should be done; the others stand back. */
function buttonOf(colour: string) {
  return ({ label, url }: { label: string; url: string }, at: number): string => {
    const colours =
      at === 0
        ? `background:${colour};border:1px solid ${colour};color:#ffffff`
        : `background:#ffffff;border:1px solid #c9d0d9;color:${INK}`;
    return `<a href="${escapeHtml(url)}" style="display:inline-block;margin:0 6px 8px 0;padding:7px 14px;border-radius:5px;font-size:14px;line-height:20px;font-weight:600;text-decoration:none;${colours}">${escapeHtml(label)}</a>`;
  };
}

/** The severity stands in the label already. */
function withoutMark(title: string): string {
  return title.replace(/^\[\w+\] /, "");
}

function multiline(text: string): string {
  return escapeHtml(text).replaceAll("\n", "<br>");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
