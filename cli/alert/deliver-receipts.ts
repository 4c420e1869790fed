import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../../core/context.ts";
import { AlertDelivery } from "../../schemas/alert.ts";

/**
 * What was told and is not in the store yet, in a folder beside it: a store takes long enough to write for a process to be
 * killed meanwhile, and what it sent last would be sent again. A small file takes no time. Nothing depends on it: without
 * the folder, messages may come twice more often.
 */
export interface ReceiptFolder {
  /** Keeps what was told, at once. */
  keep(rows: readonly AlertDelivery[]): void;
  /** What was kept and never forgotten: the process ended before. */
  left(): readonly AlertDelivery[];
  /** Forgets it: it is in the store. */
  forget(rows: readonly AlertDelivery[]): void;
}

const Kept = z.array(AlertDelivery);

/** Opens the folder, which may not exist yet. */
export function openReceiptFolder(folder: string, context: Context): ReceiptFolder {
  let isWarned = false;
  const fileOf = ([first]: readonly AlertDelivery[]) =>
    join(
      folder,
      `${createHash("sha256")
        .update(first?.id ?? "")
        .digest("hex")
        .slice(0, 32)}.json`,
    );
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!isWarned)
        context.log.warn({ folder, error }, "receipts of messages cannot be kept beside the store");
      isWarned = true;
    }
  };
  return {
    keep(rows) {
      attempt(() => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(fileOf(rows), JSON.stringify(rows));
      });
    },
    left() {
      const rows: AlertDelivery[] = [];
      for (const name of namesIn(folder)) {
        attempt(() => {
          const file = join(folder, name);
          const kept = Kept.safeParse(jsonOf(readFileSync(file, "utf8")));
          // half a file: it ended while it was written
          if (kept.success) rows.push(...kept.data);
          else rmSync(file);
        });
      }
      return rows;
    },
    forget(rows) {
      attempt(() => rmSync(fileOf(rows), { force: true }));
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}
