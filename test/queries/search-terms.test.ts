import { afterAll, beforeAll, expect, test } from "vitest";
import { showSql } from "../../core/show-sql.ts";
import { latestMentions } from "../../queries/latest-mentions.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

let opened: TestStore;

const SAID: Record<string, { text: string; title?: string; authorHandle?: string }> = {
  refund: { text: "No REFUND, still waiting.Terrible service" },
  refunds: { text: "They promised refunds" },
  dash: { text: "it’s terrible—avoid" },
  title: { title: "Terrible parcel service", text: "Never again" },
  phrase: { text: "My parcel\nnever   arrived" },
  reverse: { text: "It arrived, the parcel. I never complain" },
  party: { text: "A party" },
  german: { text: "ÄRGERLICH und über teuer" },
  russian: { text: "ПОСЫЛКА не пришла, посылкам нет конца" },
  chinese: { text: "包裹一直没有到，客服也不回复" },
  thai: { text: "พัสดุยังไม่มาถึง" },
  arabic: { text: "لم يصل الطرد بعد" },
  mixed: { text: "我要refund现在" },
  handle: { text: "nothing special", authorHandle: "AcmeFan" },
  named: { text: "hey @acmefan look" },
  symbols: { text: "100% of C++ (really) cost $5.00 \\o/ [x] {y:String} it's 'odd'" },
  emoji: { text: "so angry 😡😡" },
};

beforeAll(async () => {
  opened = await openTestStore();
  const events = Object.entries(SAID).map(([nativeId, fields]) => ({
    type: "upsert" as const,
    mention: aMention({ nativeId, ...fields }),
    enrichment: anEnrichment(),
  }));
  await opened.store.table(mentionRows).write(events, AbortSignal.timeout(60_000));
});

afterAll(() => opened.close());

async function find(q: string): Promise<string[]> {
  const statement = latestMentions.statement(latestMentions.params.parse({ q, limit: 200 }));
  const rows = await opened.reader.query(statement, latestMentions.row);
  const shown = await opened.reader.query({ sql: showSql(statement), params: {} }, latestMentions.row);
  expect(shown).toEqual(rows);
  return rows.map((row) => row.id.slice("x:".length)).sort();
}

test.each<[string, string[]]>([
  ["refund", ["mixed", "refund"]],
  ["ReFund", ["mixed", "refund"]],
  ["refund*", ["mixed", "refund", "refunds"]],
  ["(refund),", ["mixed", "refund"]],
  ["terrible", ["dash", "refund", "title"]],
  ["terrible service", ["refund", "title"]],
  ["terrible parcel", ["title"]],
  ["never parcel", ["phrase", "reverse", "title"]],
  ['"parcel never arrived"', ["phrase"]],
  ["“parcel never arrived”", ["phrase"]],
  ['"parcel never', ["phrase"]],
  ['arrived "the parcel"', ["reverse"]],
  ["art", []],
  ["ärgerlich", ["german"]],
  ["ber", []],
  ["посылка", ["russian"]],
  ["没有到", ["chinese"]],
  ["包裹 客服", ["chinese"]],
  ["ไม่มา", ["thai"]],
  ["الطرد", ["arabic"]],
  ["it's", ["dash", "symbols"]],
  ["@acmefan", ["handle", "named"]],
  ["acmefan", ["named"]],
  ["C++", ["symbols"]],
  ["100%", ["symbols"]],
  ["$5.00", ["symbols"]],
  ["$5x00", []],
  ['"\\o/ [x]"', ["symbols"]],
  ["{y:String}", ["symbols"]],
  ["😡", ["emoji"]],
  ["' OR 1=1 --", []],
  ["refund.*waiting", []],
])("a search for %s finds what a person would expect", async (q, expected) => {
  expect(await find(q)).toEqual([...expected].sort());
});

test.each(["", "   ", '""'])("a search for nothing (%j) does not narrow", async (q) => {
  expect(await find(q)).toHaveLength(Object.keys(SAID).length);
});

test("lone punctuation is searched for as it is typed", async () => {
  expect(await find("—")).toEqual(["dash"]);
  expect(await find("**")).toEqual([]);
});

test("a list cuts long texts, says how long they are, splits no character, and is searched whole", async () => {
  const nativeId = "long";
  const text = `${"😡".repeat(1_500)} ${"x".repeat(1_000)} needle`;
  await opened.store
    .table(mentionRows)
    .write(
      [{ type: "upsert", mention: aMention({ nativeId, text }), enrichment: anEnrichment() }],
      AbortSignal.timeout(60_000),
    );
  const statement = latestMentions.statement(latestMentions.params.parse({ q: "needle" }));
  const [row] = await opened.reader.query(statement, latestMentions.row);
  expect(row?.text_length).toBe(text.length);
  expect(text.startsWith(row?.text ?? "?")).toBe(true);
  expect([...(row?.text ?? "")]).toHaveLength(2_000);
});
