/** What an event tells by name; nothing where its payload cannot be read. */
export type Payload = Readonly<Record<string, unknown>>;

/** The payload of an event, which is JSON. */
export function payloadOf({ payload }: { readonly payload: string }): Payload {
  try {
    const read: unknown = JSON.parse(payload);
    return typeof read === "object" && read !== null ? (read as Payload) : {};
  } catch {
    return {};
  }
}

/** A text of a payload, empty where there is none. */
export function textOf(payload: Payload, name: string): string {
  const value = payload[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** How many entries a list of a payload has. */
export function lengthOf(payload: Payload, name: string): number {
  const value = payload[name];
  return Array.isArray(value) ? value.length : 0;
}
