import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { packageRoot } from "../../cli/package.ts";

/** Where Kafka lies on this computer. */
export interface KafkaFiles {
  readonly version: string;
  /** For `java -cp`. */
  readonly classpath: string;
  /** Kafka's classes as the JVM has them in memory, which halves what a start costs; written by the first broker. */
  readonly classArchive: string;
}

const run = promisify(execFile);
const POM = join(packageRoot, "bench", "kafka", "pom.xml");
const CACHE = join(packageRoot, "node_modules", ".cache");
const INSTEAD = "or set KAFKA_BROKERS=host:port to use a broker that runs already";

/**
 * Fetches what pom.xml names from Maven Central into node_modules/.cache, unless it is there.
 * @throws {Error} without Java 17, Maven or network, saying what to do
 */
export async function fetchJars(): Promise<KafkaFiles> {
  const java = await javaVersion();
  const pom = await readFile(POM, "utf8");
  const version = /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? "unknown";
  const digest = createHash("sha256").update(pom).digest("hex").slice(0, 8);
  const folder = join(CACHE, `earshot-kafka-${version}-${digest}`);
  if (!existsSync(folder)) await copyJars(folder);
  return { version, classpath: join(folder, "*"), classArchive: join(folder, `classes-${java}.jsa`) };
}

async function javaVersion(): Promise<string> {
  const remedy = `Install a Java runtime (Debian: apt-get install openjdk-17-jre-headless), ${INSTEAD}.`;
  const { stderr } = await run("java", ["-version"]).catch((cause: unknown) => {
    throw new Error(`Kafka needs Java 17 or newer, and there is no working \`java\` here. ${remedy}`, {
      cause,
    });
  });
  const version = /version "([\w.+-]+)"/.exec(stderr)?.[1] ?? "";
  if (Number.parseInt(version, 10) < 17) {
    throw new Error(`Kafka needs Java 17 or newer, and \`java\` here is ${version}. ${remedy}`);
  }
  return version;
}

async function copyJars(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(`${folder}.`);
  try {
    const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${draft}`];
    await run("mvn", ["-q", "-B", "-f", POM, ...goal], { timeout: 600_000, maxBuffer: 2 ** 26 });
    await rename(draft, folder);
  } catch (cause) {
    // two that fetch at once write the same files: the first rename wins
    if (existsSync(folder)) return;
    throw new Error(fetchTrouble(cause), { cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function fetchTrouble(cause: unknown): string {
  const { code, stdout = "" } = cause as { code?: unknown; stdout?: string };
  if (code === "ENOENT") {
    return `Kafka's jars come through Maven, and there is no \`mvn\` here. Install it (Debian: apt-get install maven), ${INSTEAD}.`;
  }
  const said = stripVTControlCharacters(stdout)
    .split("\n")
    .find((line) => line.startsWith("[ERROR]"));
  return `Maven could not fetch Kafka's jars. Check that Maven Central can be reached, ${INSTEAD}. Maven said: ${said ?? String(cause)}`;
}
