import { z } from "zod";

const Budget = z.strictObject({
  requestsPerDay: z.int().positive().optional().describe("Most requests a day."),
  tokensPerDay: z.int().positive().optional().describe("Most tokens a day, asked and answered together."),
  usdPerDay: z.number().positive().optional().describe("Most US dollars a day, at `prices`."),
  usdPerMonth: z
    .number()
    .positive()
    .optional()
    .describe("Most US dollars a calendar month, at `prices`. Days and months are UTC."),
});

const Prices = z.strictObject({
  input: z.number().nonnegative().describe("US dollars for a million tokens asked."),
  output: z.number().nonnegative().describe("US dollars for a million tokens answered."),
});

/** Keys of a request that make it what it is. */
const FIXED_KEYS = ["model", "messages", "stream", "n"];

/** How a model behind an OpenAI-compatible endpoint is asked. Without `endpoint` none is. */
export const AskModel = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .refine(isPlain, "must have no user, password, query or fragment; a key belongs under apiKey")
      .optional()
      .describe(
        "Base address of an OpenAI-compatible API: http://localhost:11434/v1. Absent: nothing is asked.",
      ),
    model: z.string().min(1).max(80).optional().describe("Model to ask for, as the endpoint names it."),
    apiKey: z
      .string()
      .regex(/^[\x21-\x7e]*$/, "has a character that cannot be sent; paste the key again")
      .default("")
      .describe("Key of the endpoint; refer to a variable: ${READER_KEY}. Empty: none is sent."),
    only: z
      .enum(["all", "complaints", "unsure"])
      .default("all")
      .describe(
        "Which mentions it is asked about: all, what the built-in readers call a complaint, or where they are unsure.",
      ),
    redact: z
      .boolean()
      .default(true)
      .describe("Replace e-mail addresses, phone numbers and the like by marks before anything is sent."),
    batchSize: z
      .int()
      .min(1)
      .max(100)
      .default(20)
      .describe("Texts of one request. 1 keeps any text from swaying what is said of another."),
    concurrency: z.int().min(1).max(64).default(2).describe("Most requests under way at a time."),
    timeoutMs: z.int().min(100).max(600_000).default(30_000).describe("Longest wait for a whole answer, ms."),
    maxTextLength: z
      .int()
      .min(100)
      .max(16_000)
      .default(4_000)
      .describe("Characters sent of a text; of a longer one its beginning."),
    cacheSize: z
      .int()
      .nonnegative()
      .max(1_000_000)
      .default(10_000)
      .describe("Readings kept in memory, about 1 kB each, so that no text is paid for twice."),
    requestBody: z
      .record(z.string(), z.unknown())
      .refine((body) => !FIXED_KEYS.some((key) => key in body), `must not hold ${FIXED_KEYS.join(", ")}`)
      .default({})
      .describe(
        "Further keys of each request, in place of ours of the same name; null leaves one out: { temperature: null }.",
      ),
    budget: Budget.prefault({}).describe(
      "What it may spend; the built-in readers decide when that is spent. Counted from the start of each process.",
    ),
    prices: Prices.optional().describe("What the endpoint bills; a budget in dollars needs it."),
  })
  .refine(({ endpoint, model }) => endpoint === undefined || model !== undefined, {
    path: ["model"],
    message: "an endpoint needs the name of a model",
  })
  .refine(
    ({ budget, prices }) =>
      prices !== undefined || (budget.usdPerDay === undefined && budget.usdPerMonth === undefined),
    { path: ["prices"], message: "a budget in dollars needs what a million tokens cost: input and output" },
  );
export type AskModel = z.infer<typeof AskModel>;

/** What is written into an address ends up in logs of proxies. */
function isPlain(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return username === "" && password === "" && search === "" && hash === "";
}
