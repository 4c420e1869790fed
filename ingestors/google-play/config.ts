import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";

const ServiceAccount = z.looseObject({
  client_email: z.string().min(1),
  private_key: z.string().regex(/-----BEGIN PRIVATE KEY-----/),
  token_uri: z.url({ protocol: /^https?$/ }).default("https://oauth2.googleapis.com/token"),
});
/** What is needed of a service account's key. */
export type ServiceAccount = z.infer<typeof ServiceAccount>;

const PackageName = z
  .string()
  .regex(/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/, "must be a package name such as com.example.shop")
  .max(200);

/** How an app of Google Play is listened to. */
export const GooglePlayConfig = z.strictObject({
  appId: PackageName.describe("The app's package name: com.example.shop."),
  serviceAccount: z
    .string()
    .refine(
      (json) => readServiceAccount(json) !== undefined,
      "must be the JSON of a service account's key, client_email and private_key included",
    )
    .optional()
    .describe(
      "JSON key of a service account that may reply to reviews in your Play Console; refer to a variable: ${PLAY_SERVICE_ACCOUNT}.",
    ),
  scrape: z
    .boolean()
    .default(false)
    .describe(
      "Without a key: read the public pages. Google's terms of service forbid automated access that it does not allow, and pages break without notice; switch it on only if you may.",
    ),
  locales: z
    .array(z.string().regex(/^[a-z]{2,3}-[A-Z]{2}$/, "must be language and country such as de-DE"))
    .min(1)
    .default(["en-US"])
    .describe("Languages and countries whose public pages are read: reviews are shown per language."),
  canaryAppId: PackageName.default("com.google.android.apps.maps").describe(
    "An app that always has reviews, asked when the public pages show none: they are empty for whoever is blocked.",
  ),
  maxPages: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe("Most public pages of 150 reviews read of one language and country at a time."),
  pauseMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(6_000)
    .describe("Pause between two requests to the public pages."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Default https://androidpublisher.googleapis.com, for public pages https://play.google.com."),
});
export type GooglePlayConfig = z.infer<typeof GooglePlayConfig>;

/** A key's content, or undefined when it is none. */
function readServiceAccount(json: string): ServiceAccount | undefined {
  try {
    return ServiceAccount.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/**
 * The key to read with, or undefined when the public pages are to be read.
 * @throws {EarshotError} config_invalid when neither is configured
 */
export function serviceAccountOf({ serviceAccount, scrape }: GooglePlayConfig): ServiceAccount | undefined {
  if (serviceAccount === undefined && !scrape) {
    throw new EarshotError(
      "config_invalid",
      "A Google Play source needs serviceAccount, the key of a service account of the app's owner, or scrape: true to read the public pages.",
    );
  }
  return serviceAccount === undefined ? undefined : readServiceAccount(serviceAccount);
}
