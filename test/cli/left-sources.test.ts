import { afterAll, beforeAll, expect, it } from "vitest";
import { noteLeftSources } from "../../cli/left-sources.ts";
import { hoursHeard } from "../../core/coverage.ts";
import { coverageHours } from "../../queries/coverage-hours.ts";
import { coverageRows } from "../../schemas/rows.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

async function heard(source: string, at: string): Promise<void> {
  const window = { from: at, to: at };
  const rows = hoursHeard({ source, window, coveredFrom: at, gaps: [], isFirst: true, at });
  await opened.store.table(coverageRows).write(rows, signal);
}

/** Runs with these sources in the config, then gives the hours that are not expected to be heard. */
async function leftWith(configured: readonly string[], at: string): Promise<string[]> {
  const { store } = opened;
  const ids = configured.map((id) => ({ id }) as never);
  await noteLeftSources(
    {
      context: aContext(at),
      store,
      ask: (query, params) => store.query(query.statement(params), query.row),
      config: { sources: ids },
    },
    signal,
  );
  const rows = await store.query(coverageHours.statement(coverageHours.params.parse({})), coverageHours.row);
  return rows
    .filter(({ reason }) => reason.includes("not in the config"))
    .map(({ source, hour }) => `${source} ${hour.slice(11, 13)}`);
}

it("notes once that a source was taken out of the config, and again after it was put back", async () => {
  for (const source of ["kept", "left"]) await heard(source, "2026-03-02T08:10:00.000Z");
  expect(await leftWith(["kept", "left"], "2026-03-02T09:10:00.000Z")).toEqual([]);
  expect(await leftWith(["kept"], "2026-03-02T10:10:00.000Z")).toEqual(["left 10"]);
  expect(await leftWith(["kept"], "2026-03-02T11:10:00.000Z")).toEqual(["left 10"]);
  await heard("left", "2026-03-02T12:10:00.000Z");
  expect(await leftWith(["kept"], "2026-03-02T13:10:00.000Z")).toEqual(["left 13", "left 10"]);
});
