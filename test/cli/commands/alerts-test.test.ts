import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addAlertsTest } from "../../../cli/commands/alerts-test.ts";
import { startStubServer, type StubServer } from "../../support/stub-server.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, or").toString("base64")}`;

let server: StubServer;
let directory: string;

beforeEach(async () => {
  server = await startStubServer();
  directory = await mkdtemp(join(tmpdir(), "earshot-test-"));
  server.on("/care", { status: 204 });
  server.on("/gone", { status: 404 });
  const hook = (id: string) => ({ type: "webhook", id, url: `${server.url}/${id}`, secrets: [SECRET] });
  const receivers = ["care", "gone"].map(hook);
  await writeFile(join(directory, "earshot.yaml"), JSON.stringify({ alerts: { receivers } }));
});
afterEach(async () => {
  process.exitCode = 0;
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** What the command prints, and the exit code it leaves. */
async function run(...names: string[]): Promise<{ printed: string; code: typeof process.exitCode }> {
  process.exitCode = 0;
  const program = new Command("earshot").option("--config <file>").option("--json").exitOverride();
  addAlertsTest(program.command("alerts"));
  const printed: string[] = [];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    const config = ["--config", join(directory, "earshot.yaml")];
    await program.parseAsync([...config, "alerts", "test", ...names], { from: "user" });
  } finally {
    out.mockRestore();
  }
  return { printed: printed.join(""), code: process.exitCode };
}

describe("alerts test", () => {
  it("sends to every receiver, says what came of it and what to do, and fails where one did", async () => {
    const { printed, code } = await run();
    expect(server.requests.map(({ path }) => path).sort()).toEqual(["/care", "/gone"]);
    expect(printed).toMatch(/care\s+│\s+webhook\s+│\s+taken/);
    expect(printed).toMatch(/gone: The webhook refused the message \(404\); check url/);
    expect(code).toBe(1);
    const sent = JSON.parse(server.requests[0]?.body ?? "") as Record<string, unknown>;
    expect(sent).toMatchObject({ kind: "test", number: "A-TEST", severity: "info" });
  });

  it("sends to those that are named alone, and knows no others", async () => {
    expect((await run("care")).code).toBe(0);
    expect(server.requests.map(({ path }) => path)).toEqual(["/care"]);
    await expect(run("nobody")).rejects.toThrow("there is care, gone");
  });
});
