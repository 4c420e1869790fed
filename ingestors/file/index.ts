import { defineIngestor } from "../../core/contracts.ts";
import { parseItem, positionOf } from "./parse-item.ts";
import { FileConfig } from "./plan.ts";
import { planFile } from "./plan-import.ts";
import { FileCursor, readRecords } from "./read-records.ts";

/**
 * Reads a CSV, TSV, JSON or JSON-lines file, gzipped or not, of any size. Broken rows become dead letters and the rest
 * is read; an interrupted import resumes behind its last checkpoint.
 */
export const fileIngestor = defineIngestor({
  name: "file",
  summary: "Mentions from a CSV, TSV, JSON or JSON-lines file: exports, surveys, call notes.",
  source: { mode: "import", schedule: "0 3 * * *", scope: "all" },
  config: FileConfig,
  cursor: FileCursor,
  async *poll({ config, cursor, signal }) {
    signal.throwIfAborted();
    const { shape, plan } = await planFile(config);
    yield* readRecords({ path: config.path, shape, plan, cursor, signal });
  },
  parse: parseItem,
  position: positionOf,
});

export { dateReader } from "./dates.ts";
export { guessMapping } from "./guess-mapping.ts";
export { cellValue, columnReader, parseMapping } from "./mapping.ts";
export { openRecords, type ByteSource, type OpenRecords, type RecordFormat } from "./open-records.ts";
export {
  chooseColumns,
  planColumns,
  planRecords,
  UNDATED,
  type RecordColumns,
  type RecordPlan,
} from "./plan-records.ts";
export { readRecord, type CutRecords } from "./read-records.ts";
export { FILE_FORMATS } from "./plan.ts";
export { readStored } from "./read-text.ts";
export { planImport } from "./plan-import.ts";
export { sniffFile } from "./sniff-file.ts";
