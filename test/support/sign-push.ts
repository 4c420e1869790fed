import { createHmac } from "node:crypto";

/** The headers that sign a body as whoever pushes it does. `at`: seconds since 1970. */
export function signPush(body: string | Uint8Array, secret: string, at: number): Record<string, string> {
  const signature = createHmac("sha256", secret).update(`${at}.`).update(body).digest("hex");
  return { "x-earshot-timestamp": String(at), "x-earshot-signature": `v1=${signature}` };
}
