import type { IncomingMessage, ServerResponse } from "node:http";

/** Who uses the store. A lease is a response that stays open and ends with the holder's TCP connection. */
export interface Leases {
  /** Answers a lease request: 200 and an open body, or 409 naming who has the exclusive lease. */
  grant(message: IncomingMessage, response: ServerResponse, query: URLSearchParams): void;
  /** Ends every lease, so that holders learn the store is going. */
  close(): void;
}

const BEAT_MS = 10_000;

/** @param onChange told the number of open leases after each change */
export function createLeases(onChange: (open: number) => void): Leases {
  const open = new Set<ServerResponse>();
  const exclusive = new Map<string, string>();

  return {
    grant(message, response, query) {
      const holder = (query.get("holder") ?? "").slice(0, 200);
      const name = query.get("exclusive");
      const taken = name === null ? undefined : exclusive.get(name);
      if (taken !== undefined) {
        response.writeHead(409, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ exclusive: name, holder: taken }));
        return;
      }
      if (name !== null) exclusive.set(name, holder);
      open.add(response);
      message.socket.setKeepAlive(true, BEAT_MS);
      response.writeHead(200, { "Content-Type": "text/plain; charset=UTF-8" });
      response.write("\n");
      const beat = setInterval(() => response.write("\n"), BEAT_MS);
      response.once("close", () => {
        clearInterval(beat);
        open.delete(response);
        if (name !== null) exclusive.delete(name);
        onChange(open.size);
      });
      onChange(open.size);
    },
    close() {
      for (const response of open) response.destroy();
    },
  };
}
