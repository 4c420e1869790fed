/** What a scrape holds: every family's type, and every sample by `name{label="value",…}`, labels in order of name. */
export interface Scrape {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: ReadonlyMap<string, number>;
  /** The samples whose name starts so. */
  readonly of: (prefix: string) => Record<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?,?\\})? (\\S+)$`);

/**
 * Reads Prometheus' text format, and throws at what Prometheus would refuse.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readMetrics(text: string): Scrape {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ")) continue;
    const [, family, type] =
      new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`).exec(line) ?? [];
    if (family !== undefined && type !== undefined) {
      if (types.has(family)) throw new Error(`${family} is there twice`);
      types.set(family, type);
      continue;
    }
    const [, name = "", labels = "", shown = ""] = SAMPLE.exec(line) ?? [];
    if (name === "") throw new Error(`no sample: ${line}`);
    if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, "")))
      throw new Error(`no type: ${line}`);
    const sorted = [...labels.matchAll(new RegExp(LABEL, "g"))].map(([label]) => label).sort();
    const key = sorted.length === 0 ? name : `${name}{${sorted.join(",")}}`;
    if (samples.has(key)) throw new Error(`${key} is there twice`);
    samples.set(key, readValue(shown, line));
  }
  const of = (prefix: string) => Object.fromEntries([...samples].filter(([key]) => key.startsWith(prefix)));
  return { types, samples, of };
}

function readValue(shown: string, line: string): number {
  if (/^nan$/i.test(shown)) return NaN;
  const value = Number(shown.replace(/^([+-]?)Inf$/, "$1Infinity"));
  if (Number.isNaN(value)) throw new Error(`no value: ${line}`);
  return value;
}
