import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";

/** How an app of the App Store is listened to. */
export const AppStoreConfig = z.strictObject({
  appId: z
    .string()
    .regex(/^\d{1,20}$/, "must be the digits of the app's address: 284882215 of …/id284882215")
    .describe("The app: the digits of its address in the App Store, in quotes."),
  countries: z
    .array(z.string().regex(/^[a-z]{2}$/, "must be two lower-case letters such as de"))
    .min(1)
    .default(["us"])
    .describe("Stores whose public reviews are read, ISO 3166 alpha-2. With keys all stores are."),
  issuerId: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Issuer ID of an App Store Connect API key; with keyId and privateKey it reads all of your app.",
    ),
  keyId: z.string().min(1).optional().describe("ID of that key."),
  privateKey: z
    .string()
    .regex(/-----BEGIN PRIVATE KEY-----/, "must be the content of the .p8 file, its BEGIN line included")
    .optional()
    .describe("Content of its .p8 file; refer to a variable: ${APP_STORE_KEY}."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Default https://itunes.apple.com, with keys https://api.appstoreconnect.apple.com."),
  pauseMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(3_000)
    .describe("Pause between two requests without keys: Apple wants no more than 20 a minute."),
});
export type AppStoreConfig = z.infer<typeof AppStoreConfig>;

/** What signs requests to App Store Connect. */
export interface ConnectKeys {
  readonly issuerId: string;
  readonly keyId: string;
  readonly privateKey: string;
}

/**
 * The keys to App Store Connect, or undefined when only the public feed is to be read.
 * @throws {EarshotError} config_invalid when some are missing
 */
export function connectKeys({ issuerId, keyId, privateKey }: AppStoreConfig): ConnectKeys | undefined {
  if (issuerId === undefined && keyId === undefined && privateKey === undefined) return undefined;
  if (issuerId !== undefined && keyId !== undefined && privateKey !== undefined) {
    return { issuerId, keyId, privateKey };
  }
  throw new EarshotError(
    "config_invalid",
    "issuerId, keyId and privateKey of an App Store source belong together; set all three, or none to read the public feed.",
  );
}

/** The endpoint without a slash at its end. */
export function baseOf(endpoint: string): string {
  return endpoint.replace(/\/+$/, "");
}
