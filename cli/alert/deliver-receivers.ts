import { receiverConfig, type AlertsConfig } from "../../core/alerts/config.ts";
import { receiversOf } from "../../core/alerts/plan-deliveries/routing.ts";
import type { Context } from "../../core/context.ts";
import type { Receiver, ReceiverKind } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";

/** The receivers of a config, opened. */
export interface OpenReceivers {
  /** By id, in the order they are configured; where none is, the log of Earshot itself. */
  readonly byId: ReadonlyMap<string, OpenReceiver>;
  close(): Promise<void>;
}

export interface OpenReceiver extends Receiver {
  /** The kind of it: `slack`. */
  readonly type: string;
}

/**
 * Opens the receivers of a config; nothing is sent.
 * @throws {EarshotError} config_invalid
 */
export function openReceivers(
  alerts: Pick<AlertsConfig, "receivers">,
  kinds: readonly ReceiverKind[],
  context: Context,
): OpenReceivers {
  const byId = new Map<string, OpenReceiver>();
  for (const entry of receiversOf(alerts)) {
    const kind = kinds.find(({ name }) => name === entry.type);
    if (kind === undefined) {
      throw new EarshotError("config_invalid", `There is no kind of receiver ${entry.type} for ${entry.id}.`);
    }
    const receiver = kind.open(kind.config.parse(receiverConfig(kind, entry)), context);
    byId.set(entry.id, { ...receiver, type: entry.type });
  }
  return {
    byId,
    async close() {
      await Promise.allSettled([...byId.values()].map((receiver) => receiver.close()));
    },
  };
}
