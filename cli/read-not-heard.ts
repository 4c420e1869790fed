import { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import { openRecords, readStored } from "../ingestors/file/index.ts";
import type { NotHeard } from "../processors/judge-recurrence/exposure-clock.ts";
import { HEARD_OF_PARTIAL } from "../processors/judge-recurrence/not-heard.ts";
import { COVERAGE_STATES } from "../schemas/coverage.ts";

const HOUR_MS = 3_600_000;
const Instant = z.coerce.string().transform((written, context) => {
  const at = Date.parse(/\d \d\d:/.test(written) ? `${written.replace(" ", "T")}Z` : written);
  if (Number.isNaN(at)) context.addIssue({ code: "custom", message: `"${written}" is no time` });
  return at;
});

/** A row of the view `coverage`, or a stretch of time. */
const Row = z
  .object({
    hour: Instant.optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    state: z.enum(COVERAGE_STATES).default("none"),
    source: z.coerce.string().optional(),
    channel: z.coerce.string().optional(),
  })
  .transform(
    ({ hour, from = hour, to = hour === undefined ? undefined : hour + HOUR_MS, ...row }, context) => {
      if (from === undefined || to === undefined || to <= from)
        context.addIssue({ code: "custom", message: "there is no hour, nor from and to" });
      return { from: from ?? 0, to: to ?? 0, ...row };
    },
  );

/**
 * Reads the time that was not heard from a file of coverage: rows of the view `coverage` (`source`, `hour`, `state`), or
 * stretches (`from`, `to`, `state`), as JSON lines or CSV. A `channel`, or a `source` named like one, counts for that
 * channel; other sources share all of them.
 * @param channels of the mentions that are judged
 * @throws {EarshotError} config_invalid for a file or row that cannot be read, with its line
 */
export async function readNotHeard(file: string, channels: ReadonlySet<string>): Promise<NotHeard[]> {
  const opened = await openRecords(
    { name: file, bytes: readStored(file), isSlow: false },
    { format: "auto", hasColumns: true },
  );
  const rows: z.infer<typeof Row>[] = [];
  for await (const group of opened.records) {
    for (const { record, line } of group) {
      const row = Row.safeParse(record);
      if (row.success) rows.push(row.data);
      else {
        const { path = [], message = "" } = row.error.issues[0] ?? {};
        const where = path.length === 0 ? "" : `${path.join(".")}: `;
        throw new EarshotError(
          "config_invalid",
          `Line ${line} of ${file} is no coverage: ${where}${message}. Write it like {"hour":"2026-03-01T09:00:00Z","state":"none"}.`,
        );
      }
    }
  }
  const channelOf = ({ channel, source }: (typeof rows)[number]): string | undefined =>
    [channel, source].find((name) => name !== undefined && channels.has(name));
  const sharing = new Set(rows.filter((row) => channelOf(row) === undefined).map(({ source }) => source))
    .size;
  return rows
    .filter(({ state }) => state !== "complete")
    .map((row) => {
      const channel = channelOf(row);
      const missed = row.state === "none" ? 1 : 1 - HEARD_OF_PARTIAL;
      const { from, to } = row;
      if (channel !== undefined) return { from, to, channel, heard: 1 - missed };
      return { from, to, heard: 1 - missed / sharing };
    });
}
