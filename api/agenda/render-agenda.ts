import { escapeHtml, escapeMarkdown, escapeXml, htmlPage } from "../page.ts";
import type { AgendaEntry, AgendaPage } from "./agenda-page.ts";

export const AGENDA_FORMATS = ["markdown", "html", "rss"] as const;
export type AgendaFormat = (typeof AGENDA_FORMATS)[number];

export const AGENDA_MEDIA: Readonly<Record<AgendaFormat, { readonly type: string; readonly file: string }>> =
  {
    markdown: { type: "text/markdown; charset=utf-8", file: "agenda.md" },
    html: { type: "text/html; charset=utf-8", file: "agenda.html" },
    rss: { type: "application/rss+xml; charset=utf-8", file: "agenda.xml" },
  };

/** A name that is no address of anything, where nobody says where the page is published. */
const NO_LINK = "urn:earshot:agenda";

/**
 * The agenda as a page or feed; everything that others wrote is escaped.
 * @param link where the page is published, for the feed
 */
export function renderAgenda(page: AgendaPage, format: AgendaFormat, link = NO_LINK): string {
  switch (format) {
    case "markdown":
      return asMarkdown(page);
    case "html":
      return asHtml(page);
    case "rss":
      return asRss(page, link);
  }
}

function asMarkdown(page: AgendaPage): string {
  const lines = [`# ${escapeMarkdown(page.title)}`, "", `As of ${page.at.slice(0, 10)}.`];
  for (const { heading, entries } of page.sections) {
    lines.push("", `## ${heading}`);
    if (entries.length === 0) lines.push("", "Nothing.");
    for (const entry of entries) {
      lines.push("", `### ${escapeMarkdown(entry.text)}`, "", escapeMarkdown(entry.reason), "");
      lines.push(...factsOf(entry).map((fact) => `- ${escapeMarkdown(fact)}`));
      for (const mark of marksOf(entry)) lines.push(`- **${escapeMarkdown(mark)}**`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function asHtml(page: AgendaPage): string {
  const parts = [`<h1>${escapeHtml(page.title)}</h1>`, `<p class="soft">As of ${page.at.slice(0, 10)}.</p>`];
  for (const { heading, entries } of page.sections) {
    parts.push(`<h2>${heading}</h2>`);
    if (entries.length === 0) parts.push(`<p class="soft">Nothing.</p>`);
    for (const entry of entries)
      parts.push(
        `<article>`,
        `<h3 dir="auto">${escapeHtml(entry.text)}</h3>`,
        `<p dir="auto">${escapeHtml(entry.reason)}</p>`,
        ...marksOf(entry).map((mark) => `<p class="open">${escapeHtml(mark)}</p>`),
        `<p class="soft">${factsOf(entry).map(escapeHtml).join(" · ")}</p>`,
        `</article>`,
      );
  }
  return htmlPage(page.title, parts.join("\n"));
}

function asRss(page: AgendaPage, link: string): string {
  const items = page.sections
    .flatMap(({ heading, entries }) => entries.map((entry) => ({ heading, entry })))
    .sort((a, b) => (a.entry.decidedAt < b.entry.decidedAt ? 1 : -1))
    .map(
      ({ heading, entry }) => `<item>
<title>${escapeXml(`${heading}: ${entry.text}`)}</title>
<description>${escapeXml([entry.reason, ...marksOf(entry), ...factsOf(entry)].join(" · "))}</description>
<category>${escapeXml(heading)}</category>
<guid isPermaLink="false">${escapeXml(`earshot:${entry.tracker}:${entry.issue}:${entry.decidedAt}`)}</guid>
<pubDate>${new Date(entry.decidedAt).toUTCString()}</pubDate>
</item>`,
    );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>${escapeXml(page.title)}</title>
<link>${escapeXml(link)}</link>
<description>What we change, what not now and what not at all, each with its reason.</description>
<language>en</language>
<lastBuildDate>${new Date(page.at).toUTCString()}</lastBuildDate>
${items.join("\n")}
</channel>
</rss>
`;
}

/** What speaks for an entry, and when it is looked at again. */
function factsOf({ people, since, decidedOn, reviewOn, peopleSince, internal }: AgendaEntry): string[] {
  const count = people === 1 ? "1 person" : `${people} people`;
  return [
    `${count}${since === null ? "" : ` since ${since}`}, ${peopleSince} since the decision`,
    `decided on ${decidedOn}${internal === undefined ? "" : ` by ${internal.decidedBy}`}`,
    ...(internal === undefined || internal.owner === "" ? [] : [`owner: ${internal.owner}`]),
    ...(reviewOn === null ? [] : [`to be looked at again on ${reviewOn}`]),
  ];
}

function marksOf({ isOverdue, isForced, reviewOn, peopleSince, internal }: AgendaEntry): string[] {
  return [
    ...(isForced
      ? [`Review now: ${peopleSince} people complained since, ${internal?.reviewAtVoices ?? 0} force it.`]
      : []),
    ...(isOverdue && reviewOn !== null ? [`The review of ${reviewOn} is overdue.`] : []),
    ...(internal?.isPublic === true && !internal.isPublished
      ? ["Not published: only words of a customer name it. Decide again with a text of yours, or rename it."]
      : []),
  ];
}
