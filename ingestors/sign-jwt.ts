import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";

/** Who says what for how long. */
export interface JwtPlan {
  readonly algorithm: "ES256" | "RS256";
  /** PEM (PKCS #8); line ends may be written as `\n`, as they are in environment variables. */
  readonly privateKey: string;
  /** The config key it came from, for messages. */
  readonly keyName: string;
  /** `kid` of the header. */
  readonly keyId?: string;
  /** Everything but `iat` and `exp`. */
  readonly claims: Readonly<Record<string, string>>;
  readonly issuedAt: Date;
  readonly lifetimeMs: number;
}

/**
 * A signed JSON Web Token in its compact form.
 * @throws {EarshotError} source_unauthorized when the key is none
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export async function signJwt(plan: JwtPlan): Promise<string> {
  const { algorithm, privateKey, keyName, keyId, claims, issuedAt, lifetimeMs } = plan;
  const { importPKCS8, SignJWT } = await import("jose");
  const seconds = Math.floor(issuedAt.getTime() / 1_000);
  try {
    const key = await importPKCS8(privateKey.replaceAll("\\n", "\n").trim(), algorithm);
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) })
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + Math.floor(lifetimeMs / 1_000))
      .sign(key);
  } catch {
    // without its cause, which may quote the key
    throw new EarshotError(
      "source_unauthorized",
      `${keyName} holds no private key that can sign ${algorithm}; copy the whole PEM (PKCS #8), its BEGIN and END lines included.`,
    );
  }
}

/** A credential and when it stops working. */
export interface Token {
  readonly token: string;
  readonly expiresAt: Date;
}

const EARLY_MS = 60_000;

/** Gives the same token until a minute before it expires, then a new one. */
export function keepToken(make: () => Promise<Token>, context: Context): () => Promise<string> {
  let kept: Token | undefined;
  return async () => {
    if (kept === undefined || kept.expiresAt.getTime() - EARLY_MS <= context.now().getTime()) {
      kept = await make();
    }
    return kept.token;
  };
}
