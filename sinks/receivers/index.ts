import type { ReceiverKind } from "../../core/contracts.ts";
import { consoleReceiver } from "./console.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { pagerduty } from "./pagerduty.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { webhook } from "./webhook.ts";

/** Every kind of receiver there is. */
export const RECEIVER_KINDS: readonly ReceiverKind[] = [
  slack,
  teams,
  email,
  pagerduty,
  webhook,
  discord,
  consoleReceiver,
];
