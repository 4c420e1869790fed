import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import { aDataDir, cliOutput, runCli, sqlRows } from "../support/cli.ts";

let home: Awaited<ReturnType<typeof aDataDir>>;
let folder: string;
beforeAll(async () => {
  home = await aDataDir();
  folder = await mkdtemp(join(tmpdir(), "earshot-rescore-"));
});
afterAll(async () => {
  await home.remove();
  await rm(folder, { recursive: true, force: true });
});

it("earshot rescore reads what is stored again by the aspects of the config, after showing what would change", async () => {
  const path = join(folder, "reviews.csv");
  await writeFile(
    path,
    'id,text,date\nr1,"The parcel is late again, terrible",2026-03-01\nr2,"Great app",2026-03-02\n',
  );
  const config = join(folder, "earshot.yaml");
  await writeFile(config, "aspects:\n  doorstep:\n    - parcel\n");
  const data = ["--data", home.dataDir];
  await cliOutput(["import", path, "--platform", "app_store", "--tracker", "acme", "--yes", ...data]);
  const aspects = () =>
    sqlRows<{ id: string; names: string[]; at: string }>(
      home.dataDir,
      "SELECT id, aspects.aspect AS names, processed_at AS at FROM mentions ORDER BY published_at",
    );
  const before = await aspects();
  expect(before).toHaveLength(2);

  expect(await cliOutput(["rescore", ...data])).toBe("There is nothing to read again.\n");
  const since = ["rescore", "--until", "2026-03-02", "--all", "--config", config, ...data];
  const dry: unknown = JSON.parse(await cliOutput([...since, "--dry-run", "--json"]));
  expect(dry).toEqual({
    dryRun: true,
    modelVersion: MODEL_VERSION,
    versions: [{ version: MODEL_VERSION, mentions: 1 }],
    read: 1,
    changed: 0,
    failed: 0,
    sentiment: { changed: 0, transitions: [] },
    complaints: { gained: 0, lost: 0 },
    intent: { changed: 0, transitions: [] },
    language: { changed: 0, transitions: [] },
    examples: [],
    failures: [],
  });
  expect(await aspects()).toEqual(before);

  const said = await cliOutput(since);
  expect(said).toMatch(
    `1 mention was read again, 0 of them with another verdict. Readers: ${MODEL_VERSION} (1) → ${MODEL_VERSION}.`,
  );
  expect(said).toMatch(/│ negative +│ +1 │/);
  const [parcel, app] = await aspects();
  expect(parcel?.names).toContain("doorstep");
  expect(app).toEqual(before[1]);
});

it("earshot rescore refuses a time that is none", async () => {
  const { code, stderr } = await runCli(["rescore", "--since", "yesterday", "--data", home.dataDir]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "--since yesterday: must be a time like 2026-03-02T10:00:00Z or a day like 2026-03-02. (request_invalid)\n",
  });
});
