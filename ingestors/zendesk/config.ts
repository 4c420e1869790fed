import { z } from "zod";

const Secret = z.string().min(1).max(2_000);

/** What the `zendesk` ingestor is configured with. */
export const ZendeskConfig = z
  .strictObject({
    subdomain: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be the first part of your address: acme of acme.zendesk.com")
      .describe("Your account: acme of acme.zendesk.com. It is part of every mention's id."),
    email: z.email().optional().describe("Mail address of the admin the API token is used for."),
    token: Secret.optional().describe("API token, with email."),
    oauthToken: Secret.optional().describe(
      "Instead of email and token: an OAuth access token that may read.",
    ),
    since: z
      .union([z.iso.date(), z.iso.datetime({ offset: true })])
      .optional()
      .describe("The first poll reads tickets changed since then: 2026-01-31. Absent: the last 30 days."),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Where the API is, if not at https://<subdomain>.zendesk.com."),
  })
  .refine(
    ({ email, token, oauthToken }) =>
      oauthToken === undefined
        ? email !== undefined && token !== undefined
        : email === undefined && token === undefined,
    { path: ["token"], error: "give either email and token, or oauthToken" },
  );
export type ZendeskConfig = z.infer<typeof ZendeskConfig>;
