import { z } from "zod";
import { ChangeRequest } from "./change.ts";
import { Timestamp } from "./primitives.ts";

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:\d{2}|[+-]\d{4})?)?$/;

/** A time as people and exporters write it: a day, or a day and a time, in UTC unless it names an offset. */
export const WrittenTime = z
  .string()
  .trim()
  .regex(WRITTEN, "must be a time like 2026-03-02T10:00:00Z, or a day like 2026-03-02")
  .transform((text, context) => {
    const [, day = "", time = "00:00", zone = "Z"] = WRITTEN.exec(text) ?? [];
    const at = new Date(`${day}T${time}${zone}`);
    // the 30th of February is read as another day
    const midnight = new Date(`${day}T00:00:00Z`);
    const isThere = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
    if (isThere && !Number.isNaN(at.getTime())) return at.toISOString();
    context.addIssue({ code: "custom", message: `there is no such time as ${text}` });
    return z.NEVER;
  })
  .pipe(Timestamp);

const said = ChangeRequest.shape;

/** A change as people write it: in the config, on the command line, in a file, over HTTP. */
export const WrittenChange = z
  .strictObject({
    ...said,
    kind: said.kind.describe("What it was."),
    title: said.title
      .regex(/[^\p{C}\s]/u, "must have characters that can be read")
      .describe("What people call it."),
    at: WrittenTime.describe("When it began to be there for customers; UTC unless it names an offset."),
    endsAt: WrittenTime.optional().describe("When it was over: of outages and campaigns."),
    description: said.description.describe("More about it."),
    url: said.url.describe("Where more is said of it."),
    version: said.version.describe("The version that has it."),
    platform: said.platform.describe("Where customers notice it: ios, android, web."),
    country: said.country.describe("Where it holds, if not everywhere."),
    product: said.product.describe("Which product it concerns."),
  })
  .refine(({ at, endsAt }) => endsAt === undefined || endsAt >= at, {
    path: ["endsAt"],
    message: "must not be before it began",
  });
