import RssParser from "rss-parser";
import { describe, expect, it } from "vitest";
import { agendaPage, type AgendaRow } from "../../api/agenda/agenda-page.ts";
import { renderAgenda } from "../../api/agenda/render-agenda.ts";
import { escapeHtml, escapeMarkdown, escapeXml, linkHtml, linkMarkdown } from "../../api/page.ts";

const HOSTILE = `]]></title><script>alert(1)</script> "&amp;" [x](javascript:alert(1)) \u0000\u0008`;
const AT = new Date("2026-03-02T10:00:00.000Z");

function aRow(fields: Partial<AgendaRow> = {}): AgendaRow {
  return {
    tracker: "acme",
    issue_id: "abc",
    title: "parcels come late",
    decision: "will_not",
    reason: "The courier is what it is",
    owner: "Bea",
    decided_by: "ann",
    decided_at: "2026-02-01T09:30:00.000Z",
    review_on: "2026-02-20",
    review_at_voices: 3,
    is_overdue: true,
    is_forced: true,
    people: 14,
    mentions: 20,
    first_at: "2026-01-05T00:00:00.000Z",
    last_at: "2026-03-01T00:00:00.000Z",
    people_since: 7,
    verdict: "recurring",
    verdict_reason: "recurring: 14 people",
    is_public: true,
    is_published: true,
    public_text: "",
    ...fields,
  };
}

const hostile = agendaPage({
  rows: [aRow({ title: HOSTILE, reason: HOSTILE, owner: HOSTILE, decided_by: HOSTILE })],
  isPublic: false,
  at: AT,
});

describe("the agenda in other formats", () => {
  it("is Markdown with reason, evidence, owner and what must be reviewed", () => {
    const page = renderAgenda(agendaPage({ rows: [aRow()], isPublic: false, at: AT }), "markdown");
    expect(page).toContain("## We will not change\n\n### parcels come late\n\nThe courier is what it is\n");
    expect(page).toContain("- 14 people since 2026-01-05, 7 since the decision");
    expect(page).toContain("- owner: Bea");
    expect(page).toContain("- **Review now: 7 people complained since, 3 force it.**");
    expect(page).toContain("- **The review of 2026-02-20 is overdue.**");
  });

  it("names nobody and no late review where it is published", () => {
    for (const format of ["markdown", "html", "rss"] as const) {
      const page = renderAgenda(agendaPage({ rows: [aRow()], isPublic: true, at: AT }), format);
      expect(page).toContain("parcels come late");
      expect(page).not.toMatch(/Bea|ann\b|overdue|Review now|2026-02-20/);
    }
  });

  it("publishes nothing that only the words of a customer name, and says so to us", () => {
    const rows = [aRow({ is_published: false })];
    for (const format of ["markdown", "html", "rss"] as const)
      expect(renderAgenda(agendaPage({ rows, isPublic: true, at: AT }), format)).not.toContain("parcels");
    const ours = renderAgenda(agendaPage({ rows, isPublic: false, at: AT }), "markdown");
    expect(ours).toContain("- **Not published: only words of a customer name it.");
    const internal = renderAgenda(
      agendaPage({ rows: [aRow({ is_public: false, is_published: false })], isPublic: false, at: AT }),
      "markdown",
    );
    expect(internal).not.toContain("Not published");
  });

  it("is a feed that readers of RSS understand, the latest decision first", async () => {
    const rows = [
      aRow(),
      aRow({ issue_id: "def", decision: "changing", decided_at: "2026-02-10T00:00:00.000Z", title: "a & b" }),
    ];
    const feed = renderAgenda(
      agendaPage({ rows, isPublic: true, at: AT }),
      "rss",
      "https://acme.example/a?b&c",
    );
    const { items, link } = await new RssParser().parseString(feed);
    expect(link).toBe("https://acme.example/a?b&c");
    expect(items.map(({ title, guid, isoDate }) => [title, guid, isoDate])).toEqual([
      ["We are changing: a & b", "earshot:acme:def:2026-02-10T00:00:00.000Z", "2026-02-10T00:00:00.000Z"],
      [
        "We will not change: parcels come late",
        "earshot:acme:abc:2026-02-01T09:30:00.000Z",
        "2026-02-01T09:30:00.000Z",
      ],
    ]);
  });

  it("keeps hostile text as text in HTML", () => {
    const page = renderAgenda(hostile, "html");
    expect(page).not.toMatch(/<script|<a /);
    expect(page).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
  });

  it("keeps hostile text as text in Markdown", () => {
    const page = renderAgenda(hostile, "markdown");
    expect(page).not.toMatch(/(^|[^\\])[<[]/m);
    expect(page).toContain(String.raw`\<script\>alert(1)\</script\>`);
  });

  it("keeps hostile text as text in RSS, without characters XML cannot hold", async () => {
    const feed = renderAgenda(hostile, "rss");
    expect(feed).not.toMatch(/[\u0000-\u0008]|<script|\]\]>/);
    const { items } = await new RssParser().parseString(feed);
    expect(items).toHaveLength(1);
    expect(items[0]?.title).toContain("<script>alert(1)</script>");
  });
});

describe("what others wrote", () => {
  it("begins no list, heading or quote in Markdown and links nothing by itself", () => {
    expect(escapeMarkdown("- a\n# b")).toBe(String.raw`\- a \# b`);
    expect(escapeMarkdown("1. a")).toBe(String.raw`1\. a`);
    expect(escapeMarkdown("https://evil.example www.evil.example")).toBe(
      String.raw`https\://evil.example www\.evil.example`,
    );
  });

  it("turns no text around, and is no address of mail in Markdown", () => {
    expect(escapeHtml("\u202egpj.exe")).toBe("gpj.exe");
    expect(escapeXml("a\u2066b\u2069")).toBe("ab");
    expect(escapeMarkdown("\u202ea@b.example")).toBe(String.raw`a\@b.example`);
  });

  it("is linked only to addresses of pages, and cannot leave the link", () => {
    expect(linkMarkdown("x", "javascript:alert(1)")).toBe("x");
    expect(linkMarkdown("x", "https://a.example/><b>")).toBe("[x](<https://a.example/%3E%3Cb%3E>)");
    expect(linkHtml("x", `https://a.example/"onclick="x`)).not.toContain(`"onclick`);
    expect(linkHtml("x", "data:text/html,x")).toBe("x");
  });

  it("survives XML with half a character", () => {
    expect(escapeXml("a\ud800b")).toBe("a\ufffdb");
  });
});
