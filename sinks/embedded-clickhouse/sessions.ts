import type { Engine, EngineConnection } from "./engine.ts";
import { sqlString } from "../../core/show-sql.ts";
import { EngineError, sqlName } from "./engine.ts";

/** Connections that outlive a request because the client named a session. */
export interface Sessions {
  /**
   * Lends the session's connection to `work` and undoes the settings and database of the request afterwards.
   * What `work` itself SETs, USEs or creates as a temporary table stays.
   * @throws {EngineError} code 373 when the session stays busy, 372 when it must exist and does not
   */
  use<T>(
    session: { readonly id: string; readonly timeoutMs: number; readonly mustExist: boolean },
    settings: readonly string[],
    work: (connection: EngineConnection) => Promise<T>,
  ): Promise<T>;
  close(): void;
}

const MAX_SESSIONS = 100;
// A request's answer is out before its session is free again, so the next one may come a moment early.
const WAIT_MS = 5_000;

interface Session {
  readonly connection: EngineConnection;
  /** Settles when the last request in line is done. */
  tail: Promise<void>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** An empty set of sessions. */
export function createSessions(engine: Engine): Sessions {
  const open = new Map<string, Session>();

  return {
    async use(wanted, settings, work) {
      const session = open.get(wanted.id) ?? create(wanted);
      clearTimeout(session.timer);
      const before = session.tail;
      let release: () => void = () => undefined;
      session.tail = new Promise((resolve) => (release = resolve));
      session.users++;
      try {
        if (!(await settlesWithin(before, WAIT_MS))) {
          throw new EngineError(
            373,
            "SESSION_IS_LOCKED",
            `Session ${wanted.id} is locked by a concurrent client.`,
          );
        }
        const undo = await undoStatement(session.connection, settings);
        try {
          return await work(session.connection);
        } finally {
          await session.connection.run(undo);
        }
      } finally {
        void before.then(release);
        session.users--;
        if (session.users === 0) {
          session.timer = setTimeout(() => drop(wanted.id), wanted.timeoutMs).unref();
        }
      }
    },
    close() {
      for (const id of [...open.keys()]) drop(id);
    },
  };

  function create(wanted: { readonly id: string; readonly mustExist: boolean }): Session {
    if (wanted.mustExist) throw new EngineError(372, "SESSION_NOT_FOUND", `Session ${wanted.id} not found.`);
    if (open.size >= MAX_SESSIONS) dropOldestIdle();
    const session = { connection: engine.connect(), tail: Promise.resolve(), users: 0, timer: undefined };
    open.set(wanted.id, session);
    return session;
  }

  function drop(id: string): void {
    const session = open.get(id);
    open.delete(id);
    clearTimeout(session?.timer);
    session?.connection.close();
  }

  function dropOldestIdle(): void {
    for (const [id, session] of open) {
      if (session.users === 0) return drop(id);
    }
    throw new EngineError(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many sessions are open.");
  }
}

async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

async function undoStatement(connection: EngineConnection, settings: readonly string[]): Promise<string> {
  const names = [...settings, "readonly"].map(sqlString).join(", ");
  const before = await connection.run(
    `SELECT name, value, changed, currentDatabase() FROM system.settings WHERE name IN (${names})`,
    "JSONCompactEachRow",
  );
  const rows = before.bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as [string, string, number, string]);
  const changes = rows.map(([name, value, changed]) => `${name} = ${changed ? sqlString(value) : "DEFAULT"}`);
  return `SET ${changes.join(", ")}; USE ${sqlName(rows[0]?.[3] ?? "default")}`;
}
