import { lookup as resolveHost, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { EarshotError } from "../../core/errors.ts";

/** Resolves a host name to all its addresses; `dns.lookup` unless a test says otherwise. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Whether an address is one anybody on the internet can reach: not private, loopback, link-local, shared, reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() === "rfc6052") {
    // Networks with NAT64 see every IPv4 host as 64:ff9b::a.b.c.d; what counts is the host behind it.
    return isPublicAddress(parsed.toByteArray().slice(-4).join("."));
  }
  return parsed.range() === "unicast";
}

/**
 * A `lookup` for node:http that refuses names with any address that is not public. The address it checked is the
 * address the socket connects to, so a name that changes its mind between check and connect (DNS rebinding) gains nothing.
 */
export function publicLookup(resolve: Resolve = resolveHost): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, "", 0);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), "", 0);
      else if (!addresses.every(({ address }) => isPublicAddress(address)))
        callback(refusal(hostname), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Refuses addresses written as numbers, which node:http connects to without asking `lookup`.
 * @throws {EarshotError} source_changed
 */
export function assertPublicLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refusal(host);
}

function refusal(host: string): EarshotError {
  return new EarshotError(
    "source_changed",
    `${host} is on a private network, which a feed may not lead to; ` +
      "set allowPrivateHosts: true if this feed is on your own network.",
  );
}
