import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { agenda } from "../queries/agenda.ts";
import { Flag, Instant, SlugList } from "../queries/values.ts";
import { toWire } from "../schemas/wire.ts";
import { agendaPage } from "./agenda/agenda-page.ts";
import { AGENDA_FORMATS, AGENDA_MEDIA, renderAgenda } from "./agenda/render-agenda.ts";
import { answer, ERROR_ANSWER, jsonSchema, pathParameter, withErrors, type Schema } from "./describe.ts";
import type { Exchange, HttpApp } from "./http.ts";
import { readSearch } from "./read-search.ts";
import type { Ask } from "./why/asking.ts";
import { explainIssue } from "./why/explain-issue.ts";
import { fillSheet } from "./why/fill-sheet.ts";
import { judgeIssueFix } from "./why/judge-issue-fix.ts";
import { renderSheet, SHEET_FORMATS } from "./why/render-sheet.ts";

export interface WhyRouteOptions {
  /** Reads with the limits of a reader. */
  readonly store: Pick<Store, "query">;
  readonly context: Context;
  /** The imported exposure rates are per where there are several; by default the one of the most days. */
  readonly exposureMeasure?: string | undefined;
}

const at = Instant.optional().describe(
  "As of this time: of what was published and judged by then; default now. What people decided is as it stands.",
);

const whyParams = z.strictObject({ at });

const verdictParams = z.strictObject({
  at,
  change: z
    .string()
    .max(200)
    .optional()
    .describe("Id of the change; default the latest that is meant to mend the issue."),
});

const sheetParams = z.strictObject({
  at,
  format: z
    .enum(["json", ...SHEET_FORMATS])
    .default("json")
    .describe("As what it is given."),
});

const agendaParams = z.strictObject({
  tracker: SlugList.optional().describe("Of any of these trackers."),
  public: Flag.default(false).describe(
    "Only what may be published, under what it is called there, without names.",
  ),
  format: z
    .enum(["json", ...AGENDA_FORMATS])
    .default("json")
    .describe("As what it is given."),
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe("Where the page is published, for the feed."),
});

const UNASKABLE = "This cannot be asked for.";

const SHEET_MEDIA = {
  markdown: { type: "text/markdown; charset=utf-8", extension: "md" },
  html: { type: "text/html; charset=utf-8", extension: "html" },
} as const;

/** Adds why an issue is there, its sheet, whether a change mended it, and the agenda as a page. */
export function addWhyRoutes(app: HttpApp, options: WhyRouteOptions): void {
  const { store, context, exposureMeasure } = options;
  const ask: Ask = (query, params) => store.query(query.statement(params), query.row);
  const asOf = (given: string | undefined) => (given === undefined ? context.now() : new Date(given));

  app.get("/api/v1/issues/:tracker/:issue/why", async (c) => {
    const asked = readSearch(whyParams, c.req.url, UNASKABLE);
    const explained = await explainIssue({ ask, ...c.req.param(), asOf: asOf(asked.at), exposureMeasure });
    return c.json(toWire(explained) as object);
  });

  app.get("/api/v1/issues/:tracker/:issue/verdict", async (c) => {
    const { change, at } = readSearch(verdictParams, c.req.url, UNASKABLE);
    const judged = await judgeIssueFix({
      ask,
      ...c.req.param(),
      asOf: asOf(at),
      exposureMeasure,
      ...(change === undefined ? {} : { change }),
    });
    return c.json(toWire(judged) as object);
  });

  app.get("/api/v1/issues/:tracker/:issue/sheet", async (c) => {
    const { format, at } = readSearch(sheetParams, c.req.url, UNASKABLE);
    const sheet = await fillSheet({ ask, ...c.req.param(), asOf: asOf(at), exposureMeasure });
    if (format === "json") return c.json(toWire(sheet) as object);
    const { type, extension } = SHEET_MEDIA[format];
    return download(c, renderSheet(sheet, format), type, `issue-${sheet.issue}.${extension}`);
  });

  app.get("/api/v1/agenda", async (c) => {
    const { format, tracker, link, public: isPublic } = readSearch(agendaParams, c.req.url, UNASKABLE);
    const now = context.now();
    const rows = await ask(
      agenda,
      agenda.params.parse({
        at: now.toISOString(),
        ...(tracker === undefined ? {} : { tracker }),
        ...(isPublic ? { public: true } : {}),
      }),
    );
    const page = agendaPage({ rows, isPublic, at: now });
    if (format === "json") return c.json(toWire(page) as object);
    const { type, file } = AGENDA_MEDIA[format];
    return download(c, renderAgenda(page, format, link), type, file);
  });
}

/** A page that is kept, not shown here: it brings its own style, which the policy of this site forbids. */
function download(c: Exchange, body: string, type: string, file: string): Response {
  return c.body(body, 200, {
    "Content-Type": type,
    "Content-Disposition": `attachment; filename="${file.replace(/[^\w.-]/g, "_")}"`,
  });
}

const ofIssue = [
  pathParameter("tracker", "Tracker of the issue."),
  pathParameter("issue", "Id of the issue, as in the query issues."),
];

/** Describes them for OpenAPI. */
export function whyPaths(): Schema {
  const body = (description: string) => answer(description, z.record(z.string(), z.unknown()));
  const page = (description: string, ...types: readonly string[]) => {
    const inJson = body(description) as { content: object };
    const texts = types.map((type) => [type, { schema: { type: "string" } }] as const);
    return { ...inJson, content: { ...inJson.content, ...Object.fromEntries(texts) } };
  };
  const get = (operationId: string, summary: string, params: z.ZodObject, answers: Schema) => ({
    get: {
      operationId,
      summary,
      parameters: [...(operationId === "agenda_page" ? [] : ofIssue), ...searchParameters(params)],
      responses: withErrors({ 200: answers, 404: ERROR_ANSWER }),
    },
  });
  return {
    "/api/v1/issues/{tracker}/{issue}/why": get(
      "why_issue",
      "When an issue began or rose, what is over-represented in it, which words set it apart, what moves with it, which changes came just before, and what it costs in rating points.",
      whyParams,
      body("Each part with how sure it is, and the statements it was counted from."),
    ),
    "/api/v1/issues/{tracker}/{issue}/verdict": get(
      "fix_verdict",
      "Whether a change mended an issue: fell, held, moved, came_back, or too_early and how many more days it needs.",
      verdictParams,
      body("The verdict, its sentence and what it was counted from."),
    ),
    "/api/v1/issues/{tracker}/{issue}/sheet": get(
      "issue_sheet",
      "The WHAT / WHY / DIFFERENT sheet of an issue: what is known of each question, cited, and what nobody knows.",
      sheetParams,
      page("The sheet.", "text/markdown", "text/html"),
    ),
    "/api/v1/agenda": get(
      "agenda_page",
      "What we change, what not now and what not at all, and why: for us, or as it may be published.",
      agendaParams,
      page("The agenda.", "text/markdown", "text/html", "application/rss+xml"),
    ),
  };
}

function searchParameters(params: z.ZodObject): Schema[] {
  const described = jsonSchema(params, "input") as { properties: Readonly<Record<string, Schema>> };
  return Object.entries(described.properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: false,
    description,
    schema,
  }));
}
