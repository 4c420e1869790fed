/** Where the parts of a statement lie that HTTP needs to know about. Offsets are in UTF-16 units. */
export interface StatementShape {
  /** The first word in capitals, such as SELECT; empty when there is none. */
  readonly verb: string;
  /** The trailing `FORMAT name` of a query that returns rows. */
  readonly format: { readonly name: string; readonly start: number; readonly end: number } | undefined;
  /** Set for an INSERT whose rows come from outside the statement. */
  readonly insert: InsertHead | undefined;
  /** End of the statement: its first semicolon outside of quotes, or the end of the text. */
  readonly end: number;
  /** True for WITH TOTALS, which is a second table after the rows. */
  readonly totals: boolean;
}

export interface InsertHead {
  /** `Values` for `INSERT … VALUES`; undefined when the statement names no format. */
  readonly format: string | undefined;
  /** Where the head ends and inline rows begin. */
  readonly dataStart: number;
  /** Where `FROM INFILE` would go: before SETTINGS and FORMAT. */
  readonly sourceAt: number;
  /** True when rows pass through `input()`. */
  readonly usesInput: boolean;
}

interface Token {
  readonly kind: "word" | "quoted" | "other";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** How many parentheses are open. */
  readonly depth: number;
}

const TOKEN =
  /(?<skip>\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/)|(?<quoted>'(?:[^'\\]|\\[\s\S])*(?:'|\\?$)|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|`(?:[^`\\]|\\[\s\S])*(?:`|\\?$)|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<word>[A-Za-z_]\w*)|[\s\S]/y;

function* tokens(sql: string): Generator<Token, void, void> {
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(sql);
    if (match === null) return;
    const start = at;
    const text = match[0];
    at += text.length;
    if (match.groups?.["skip"] !== undefined) continue;
    const kind =
      match.groups?.["word"] !== undefined
        ? "word"
        : match.groups?.["quoted"] !== undefined
          ? "quoted"
          : "other";
    if (text === ")" || text === "]" || text === "}") depth--;
    yield { kind, text, start, end: at, depth };
    if (text === "(" || text === "[" || text === "{") depth++;
  }
}

/**
 * Reads the shape of one statement. It finds its way around quotes and comments but does not check syntax: the
 * engine does, and whether a statement is allowed never rests on what is found here.
 */
export function readShape(sql: string): StatementShape {
  let verb = "";
  let format: StatementShape["format"];
  let totals = false;
  let end = sql.length;
  let last: Token | undefined;
  for (const token of tokens(sql)) {
    if (token.depth <= 0 && token.text === ";") {
      end = token.start;
      break;
    }
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (verb === "") {
      if (word !== "") verb = word;
      else if (token.text !== "(") break;
      if (verb === "INSERT") return { verb, format, insert: readInsert(sql), end, totals };
    } else if (token.depth === 0) {
      if (format !== undefined && word === "SETTINGS") break;
      // only a FORMAT with nothing behind it but SETTINGS is the clause; elsewhere it is a name
      format = undefined;
      if (last?.text.toUpperCase() === "FORMAT" && token.kind !== "other" && last.kind === "word") {
        format = { name: token.text.replace(/^[`"]|[`"]$/g, ""), start: last.start, end: token.end };
      }
      if (word === "TOTALS" && last?.text.toUpperCase() === "WITH") totals = true;
    }
    last = token;
  }
  return { verb, format, insert: undefined, end, totals };
}

function readInsert(sql: string): InsertHead | undefined {
  let settingsAt: number | undefined;
  let formatAt: number | undefined;
  let selects = false;
  let usesInput = false;
  let last: Token | undefined;
  for (const token of tokens(sql)) {
    if (token.text === ";" && token.depth <= 0) break;
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    const named = last?.kind === "word" ? last.text.toUpperCase() : (last?.text ?? "");
    if (named === "INPUT" && token.text === "(") usesInput = true;
    if (token.depth === 0 && !["INTO", "TABLE", "."].includes(named)) {
      if (formatAt !== undefined && token.kind !== "other") {
        const head = {
          format: token.text.replace(/^[`"]|[`"]$/g, ""),
          sourceAt: settingsAt ?? formatAt,
          usesInput,
        };
        if (selects && !usesInput) return undefined;
        return { ...head, dataStart: skipOneBreak(sql, token.end) };
      }
      if (word === "VALUES") {
        return { format: "Values", dataStart: token.end, sourceAt: settingsAt ?? token.start, usesInput };
      }
      if (word === "SELECT" || word === "WITH" || word === "INFILE" || word === "WATCH") selects = true;
      if (word === "SETTINGS") settingsAt = token.start;
      if (word === "FORMAT") formatAt = token.start;
    }
    last = token;
  }
  if (selects) return undefined;
  return { format: undefined, dataStart: sql.length, sourceAt: settingsAt ?? sql.length, usesInput };
}

/** ClickHouse lets blanks and one line break stand between the format's name and the first row. */
function skipOneBreak(sql: string, from: number): number {
  const gap = /[ \t\f]*\r?\n?/y;
  gap.lastIndex = from;
  return from + (gap.exec(sql)?.[0].length ?? 0);
}

// They read files of this machine or call out, and a read-only connection lets them.
const FORBIDDEN =
  /^(?:file|eval|fuzzQuery|catboostEvaluate|aiClassify|aiGenerate|aiEmbed|aiExtract|aiTranslate)$/i;

/**
 * The name in a query that an untrusted reader may not use, or undefined.
 *
 * @param canonical the query as `formatQuerySingleLine` writes it: no comments, one way to quote
 * @param params values of the query's `{name:Type}` parameters, escaped as they arrived
 */
export function findForbiddenName(
  canonical: string,
  params: ReadonlyMap<string, string>,
): string | undefined {
  const pieces = canonical.matchAll(/'(?:[^'\\]|\\[\s\S])*'|`((?:[^`\\]|\\[\s\S])*)`|([A-Za-z_]\w*)/g);
  for (const piece of pieces) {
    const name = piece[1] ?? piece[2];
    if (name !== undefined && (FORBIDDEN.test(name) || (piece[1]?.includes("\\") ?? false))) return name;
  }
  for (const [, parameter = ""] of canonical.matchAll(/\{\s*(\w+)\s*:\s*Identifier\s*\}/g)) {
    const value = params.get(parameter) ?? "";
    if (FORBIDDEN.test(value) || value.includes("\\")) return value;
  }
  return undefined;
}

/**
 * Table functions that read files or call out. A read-only connection refuses them in a SELECT, but not in a DESCRIBE,
 * which opens the file or the address all the same to learn its columns. Only as functions: `url` is a column of ours.
 */
const REACHING_OUT =
  /^(?:url|s3|gcs|oss|cosn|hdfs|azureBlobStorage|(?:url|s3|hdfs|file|azureBlobStorage)Cluster|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|remote|remoteSecure|cluster|clusterAllReplicas|executable|python|(?:iceberg|deltaLake|hudi|paimon|datalake)\w*|ytsaurus|arrowFlight|prometheus\w*|input)$/i;

/** The table function of a canonical query that would read files or call out, or undefined. */
export function findOutsideCall(canonical: string): string | undefined {
  const calls = canonical.matchAll(
    /'(?:[^'\\]|\\[\s\S])*'|(?:`((?:[^`\\]|\\[\s\S])*)`|([A-Za-z_]\w*))\s*(?=\()/g,
  );
  for (const call of calls) {
    const name = call[1] ?? call[2];
    if (name !== undefined && REACHING_OUT.test(name)) return name;
  }
  return undefined;
}
