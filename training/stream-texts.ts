import { readSet, textIn, type Row } from "./sets.ts";

/** Real texts a stream is made of: of the same issue, and each of its own. */
export interface StreamTexts {
  readonly issues: readonly { readonly issue: string; readonly texts: readonly string[] }[];
  readonly oneOffs: readonly string[];
}

/** The texts of streams, or undefined where the folder lacks a set. */
export function readStreamTexts(folder: string): StreamTexts | undefined {
  const [banking, clinc, airline] = ["banking77_50intents", "clinc150", "airline"].map((name) =>
    readSet(folder, name),
  );
  if (banking === undefined || clinc === undefined || airline === undefined) return undefined;
  return {
    issues: [
      ...byLabel(banking, "category").map(([label, texts]) => ({ issue: `banking ${label}`, texts })),
      ...byLabel(clinc, "intent")
        .filter(([label]) => label !== "oos")
        .map(([label, texts]) => ({ issue: `clinc ${label}`, texts })),
    ],
    oneOffs: airline
      .filter((row) => row["airline_sentiment"] === "negative")
      .map((row) => textIn(row, "text"))
      .filter((text) => text.split(" ").length >= 8),
  };
}

function byLabel(rows: readonly Row[], column: string): [string, string[]][] {
  const texts = new Map<string, string[]>();
  for (const row of rows) {
    const label = String(row[column]);
    const known = texts.get(label);
    if (known === undefined) texts.set(label, [textIn(row, "text")]);
    else known.push(textIn(row, "text"));
  }
  return [...texts];
}
