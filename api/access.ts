import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopback, Role } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";

/** Who may use the API. Tokens themselves are nowhere: the config holds their hashes. */
export interface Access {
  readonly tokens: readonly { readonly name: string; readonly sha256: string; readonly role: Role }[];
  /** True when the API can be reached from other machines: every request then needs a token. */
  readonly required: boolean;
  /** Host names besides loopback the API answers to without a token, with or without a port. */
  readonly allowedHosts: readonly string[];
}

/** The access of an address to listen on, by the `api` part of the config. */
export function accessAt(
  host: string,
  { tokens, allowedHosts }: Pick<Access, "tokens" | "allowedHosts">,
): Access {
  // behind a proxy every request comes from this machine, so tokens that exist are always asked for
  return { tokens, required: !isLoopback(host) || tokens.length > 0, allowedHosts };
}

/** The headers that say who asks and from where. */
export interface Claims {
  readonly authorization: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/** The claims of a request. */
export function claimsOf({ headers }: Request): Claims {
  return {
    authorization: headers.get("authorization") ?? undefined,
    host: headers.get("host") ?? undefined,
    origin: headers.get("origin") ?? undefined,
  };
}

/**
 * Where analysts tell what they know: what a mention means, what becomes of an issue or alert, of what nobody is told, what
 * we did, how many could complain.
 */
const TOLD_BY_ANALYSTS =
  /^\/api\/v1\/(mentions\/[^/]+\/corrections|issues\/[^/]+\/[^/]+\/[^/]+|alerts\/[^/]+\/events|(alert-silences|changes|exposures)(\/[^/]+)?)$/;

/** Reading is for every token; telling is for analysts, setting something off for admins. */
export function neededRole({ method, path }: { readonly method: string; readonly path: string }): Role {
  if (method === "GET" || method === "HEAD") return "viewer";
  return TOLD_BY_ANALYSTS.test(path) ? "analyst" : "admin";
}

/**
 * Returns when the request may do what `needs` asks for. A token decides by its role. Without one, where none is
 * required, only a request that this machine's own browser could send to our own page passes: a foreign Host is DNS
 * rebinding, a foreign Origin is another site's page.
 * @returns the name of the token, if there is one
 * @throws {EarshotError} unauthorized, forbidden
 */
export function checkAccess(claims: Claims, access: Access, needs: Role): string | undefined {
  if (claims.authorization !== undefined) {
    const token = findToken(claims.authorization, access);
    checkRole(token, needs);
    return token.name;
  }
  if (access.required) {
    throw new EarshotError(
      "unauthorized",
      "This API needs a token: send `Authorization: Bearer <token>`. An admin makes one with `earshot token`.",
    );
  }
  checkSite(claims, access);
  return undefined;
}

/**
 * Returns when a request that brings credentials of its own, a signature, may come in. Where no token is required only
 * this machine is meant to ask, so a foreign Host or Origin is refused as in {@link checkAccess}.
 * @throws {EarshotError} forbidden
 */
export function checkSite({ host, origin }: Claims, access: Access): void {
  if (access.required) return;
  checkHost(host, access.allowedHosts);
  checkOrigin(origin, host);
}

type Token = Access["tokens"][number];

function findToken(authorization: string, access: Access): Token {
  const presented = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
  const digest = createHash("sha256").update(presented).digest();
  let found: Token | undefined;
  // every token is compared, so that the time taken tells nothing about which one nearly matched
  for (const token of access.tokens) {
    const expected = Buffer.from(token.sha256, "hex");
    if (expected.length === digest.length && timingSafeEqual(expected, digest)) found = token;
  }
  if (found !== undefined) return found;
  throw new EarshotError(
    "unauthorized",
    "This token is not known; check it, or make a new one with `earshot token` and put its hash under api.tokens.",
  );
}

function checkRole(token: Token, needs: Role): void {
  if (Role.options.indexOf(token.role) >= Role.options.indexOf(needs)) return;
  throw new EarshotError(
    "forbidden",
    `This needs the role ${needs}; the token ${token.name} has the role ${token.role}.`,
  );
}

function checkHost(host: string | undefined, allowedHosts: readonly string[]): void {
  const asked = (host ?? "").toLowerCase();
  const name = asked.replace(/:\d+$/, "");
  if (isLoopback(name)) return;
  if (allowedHosts.some((allowed) => [asked, name].includes(allowed.toLowerCase()))) return;
  throw new EarshotError(
    "forbidden",
    `Earshot does not answer to the host name ${JSON.stringify(asked.slice(0, 200))}; open it as localhost, or add ` +
      "the name to api.allowedHosts.",
  );
}

function checkOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === (host ?? "").toLowerCase()) return;
  throw new EarshotError(
    "forbidden",
    "A page of another site asked for this; open Earshot's own page, or use a token from a program.",
  );
}
