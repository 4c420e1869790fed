import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link in a message can do; `open` only shows the alert. */
export const LINK_ACTIONS = ["acknowledge", "false_alarm", "known", "snooze", "open"] as const;
export type LinkAction = (typeof LINK_ACTIONS)[number];

/** What a link does, as far as it can be believed. */
export type CheckedLink =
  | { readonly state: "right" | "expired"; readonly alertId: string; readonly action: DoingAction }
  /** Not ours, or changed on the way. */
  | { readonly state: "wrong" };

/** What a signature is needed for. */
export type DoingAction = Exclude<LinkAction, "open">;

/** Makes links for messages, and tells ours from others'. */
export interface LinkSigner {
  /** The address of a page that does something with an alert after one press of a button, for two weeks. */
  link(alertId: string, action: LinkAction, now: Date): string;
  check(query: URLSearchParams, now: Date): CheckedLink;
}

/** Where the page of such a link is. */
export const LINK_PATH = "/alerts/do";

const VALID_MS = 14 * 24 * 60 * 60 * 1_000;

/**
 * Signs links with HMAC-SHA256 over alert, action and the time they end.
 * @param key secret; whoever has it can act on every alert
 * @param publicUrl where people reach this Earshot, with a path where it has one
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function linkSigner(key: string, publicUrl: string): LinkSigner {
  const base = publicUrl.replace(/\/+$/, "");
  const sign = (alertId: string, action: string, until: string): Buffer =>
    // the parts are told apart whatever is in them
    createHmac("sha256", key)
      .update(JSON.stringify(["earshot alert link", alertId, action, until]))
      .digest();
  return {
    link(alertId, action, now) {
      if (action === "open") return `${base}/?${new URLSearchParams({ alert: alertId }).toString()}`;
      const until = String(Math.floor((now.getTime() + VALID_MS) / 1_000));
      const sig = sign(alertId, action, until).toString("base64url");
      return `${base}${LINK_PATH}?${new URLSearchParams({ alert: alertId, action, until, sig }).toString()}`;
    },
    check(query, now) {
      const [alertId, action, until, sig] = ["alert", "action", "until", "sig"].map((name) => {
        const values = query.getAll(name);
        return values.length === 1 ? (values[0] ?? "") : "";
      }) as [string, string, string, string];
      const given = Buffer.from(sig, "base64url");
      const expected = sign(alertId, action, until);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { state: "wrong" };
      if (!isDoing(action)) return { state: "wrong" };
      const isOver = Number(until) * 1_000 <= now.getTime();
      return { state: isOver ? "expired" : "right", alertId, action };
    },
  };
}

function isDoing(action: string): action is DoingAction {
  return action !== "open" && LINK_ACTIONS.some((one) => one === action);
}
