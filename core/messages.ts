import type { UnreadMessage } from "../schemas/dead-letter.ts";
import { fromWire, toWire } from "../schemas/wire.ts";
import type { Poison, TopicSpec } from "./contracts.ts";
import { EarshotError } from "./errors.ts";

/** A message as it is handed to the broker. */
export interface OutgoingMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A message as the broker hands it out. */
export interface IncomingMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const VERSION_HEADER = "schema-version";

/** The message of a record: JSON in snake_case, with the schema version and content type in its headers. */
export function toMessage<T>(spec: TopicSpec<T>, record: T): OutgoingMessage {
  return {
    key: spec.key(record),
    value: Buffer.from(JSON.stringify(toWire(record))),
    headers: { [VERSION_HEADER]: String(spec.version), "content-type": "application/json" },
  };
}

/**
 * The record of a message.
 * @throws {EarshotError} record_invalid when it is of another version, no JSON, not what the topic promises, or filed
 * under another key than its own, where a deletion would never find it
 */
export function toRecord<T>(spec: TopicSpec<T>, message: IncomingMessage): T {
  checkVersion(spec, versionOf(message));
  if (message.value === null) {
    throw new EarshotError(
      "record_invalid",
      `This message of ${spec.name} has no value; a deletion is written as an event of type delete.`,
    );
  }
  const record = readValue(spec, message.value.toString("utf8"));
  const key = message.key?.toString("utf8") ?? "";
  if (key === spec.key(record)) return record;
  throw new EarshotError(
    "record_invalid",
    `This message of ${spec.name} has the key ${JSON.stringify(key.slice(0, 200))}; it must be ${JSON.stringify(spec.key(record))}.`,
  );
}

/** @throws {EarshotError} record_invalid */
function checkVersion<T>({ name, version }: TopicSpec<T>, found: string): void {
  if (found === String(version)) return;
  const advice =
    found === ""
      ? `has no ${VERSION_HEADER} header; its writer must set it to ${version}.`
      : `has schema version ${found.slice(0, 40)}; this program reads version ${version}. ` +
        "If its writer is newer, upgrade this process and replay the dead letter.";
  throw new EarshotError("record_invalid", `This message of ${name} ${advice}`);
}

/** @throws {EarshotError} record_invalid */
function readValue<T>(spec: TopicSpec<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new EarshotError(
      "record_invalid",
      `This message of ${spec.name} is not JSON (${detail}); mend its writer, then discard the dead letter.`,
      {
        cause: error,
      },
    );
  }
  const checked = spec.record.safeParse(fromWire(value));
  if (checked.success) return checked.data;
  const faults = checked.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new EarshotError(
    "record_invalid",
    `This message is not what ${spec.name} promises (schemas/json/topics): ${faults.join("; ")}. Mend its writer.`,
  );
}

/** What is kept of a message that cannot be read. */
export function toPoison(topic: string, partition: number, message: IncomingMessage, error: unknown): Poison {
  if (!(error instanceof EarshotError)) throw error;
  return {
    position: `${topic}/${partition}@${message.offset}`,
    payload: {
      topic,
      schemaVersion: versionOf(message),
      key: message.key?.toString("utf8") ?? "",
      value: message.value?.toString("utf8") ?? "",
    },
    error,
  };
}

function versionOf({ headers }: IncomingMessage): string {
  const value = headers?.[VERSION_HEADER];
  if (Buffer.isBuffer(value)) return value.toString("utf8");
  return typeof value === "string" ? value : "";
}

/**
 * Tries a kept message again, with the program as it is now; its key does not matter any more.
 * @throws {EarshotError} record_invalid
 */
export function rereadMessage<T>(spec: TopicSpec<T>, { schemaVersion, value }: UnreadMessage): T {
  checkVersion(spec, schemaVersion);
  return readValue(spec, value);
}
