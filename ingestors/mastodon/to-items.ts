import { z } from "zod";
import { handleOf, parentOf, type Config, type ParentStatus, type Server } from "./server.ts";

const Reply = z.object({
  in_reply_to_id: z.string().nullish(),
  account: z.object({ acct: z.string() }),
});

/** Statuses with what only their server knows: its domain, and what they answer. */
export async function toItems(
  statuses: readonly unknown[],
  server: Server,
  domain: string,
  { ownAccounts }: Config,
): Promise<unknown[]> {
  const answered = statuses.flatMap((status) => Reply.safeParse(status).data?.in_reply_to_id ?? []);
  const parents: Map<string, ParentStatus> = new Map(
    statuses.flatMap((status) => {
      const known = parentOf(status, domain);
      return known === undefined ? [] : [[known.id, known.parent]];
    }),
  );
  const unknown = [...new Set(answered)].filter((id) => !parents.has(id));
  for (const [id, parent] of await server.parents(unknown, domain)) parents.set(id, parent);

  const ours = new Set(ownAccounts.map((account) => handleOf(account, domain)));
  return statuses.map((status) => {
    const { data } = Reply.safeParse(status);
    const byUs = data !== undefined && ours.has(handleOf(data.account.acct, domain));
    const parent = parents.get(data?.in_reply_to_id ?? "");
    return {
      domain,
      status: trimmed(status),
      ...(parent === undefined ? {} : { parentUri: parent.uri }),
      ...(parent?.isRoot === true ? { rootUri: parent.uri } : {}),
      ...(byUs ? { byUs } : {}),
      ...(parent !== undefined && !byUs && ours.has(parent.handle) ? { inReplyToUs: true } : {}),
    };
  });
}

/** The bulk of a status is what surrounds its words. */
const LEFT_OUT = new Set(["application", "card", "emojis", "filtered", "media_attachments", "poll"]);
const LEFT_OUT_OF_ACCOUNT = new Set(["emojis", "fields", "note", "roles"]);

function trimmed(status: unknown): unknown {
  if (!isRecord(status)) return status;
  const { account } = status;
  const kept = without(status, LEFT_OUT);
  return isRecord(account) ? { ...kept, account: without(account, LEFT_OUT_OF_ACCOUNT) } : kept;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(record: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}
