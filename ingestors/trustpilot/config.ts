import { z } from "zod";

/** What the `trustpilot` ingestor is configured with. */
export const TrustpilotConfig = z
  .strictObject({
    apiKey: z.string().min(1).max(1_000).describe("Key of your Trustpilot API application."),
    businessUnitId: z
      .string()
      .regex(/^[\da-f]{24}$/i, "must be 24 hexadecimal digits")
      .optional()
      .describe("Id of the company whose reviews are read."),
    domain: z
      .hostname()
      .optional()
      .describe("Instead of the id: the company's domain, as on its Trustpilot page (shop.example)."),
    language: z
      .string()
      .regex(/^[a-z]{2}$/, "must be two lower-case letters")
      .optional()
      .describe("Only reviews in this language: en, da …"),
    repliesAreOurs: z
      .boolean()
      .default(true)
      .describe("Whether the company that replies is you; false for a competitor."),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .default("https://api.trustpilot.com")
      .describe("Where the API is."),
  })
  .refine(({ businessUnitId, domain }) => (businessUnitId === undefined) !== (domain === undefined), {
    path: ["businessUnitId"],
    error: "give either businessUnitId or domain",
  });
export type TrustpilotConfig = z.infer<typeof TrustpilotConfig>;
