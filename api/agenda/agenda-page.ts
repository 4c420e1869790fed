import type { z } from "zod";
import type { agenda } from "../../queries/agenda.ts";
import { DECISIONS } from "../../schemas/issue.ts";

export type AgendaRow = z.infer<typeof agenda.row>;

/** An entry of the agenda as a page has it. */
export interface AgendaEntry {
  readonly tracker: string;
  readonly issue: string;
  readonly decision: AgendaRow["decision"];
  readonly text: string;
  readonly reason: string;
  readonly people: number;
  readonly since: string | null;
  readonly decidedOn: string;
  readonly decidedAt: string;
  readonly reviewOn: string | null;
  readonly isOverdue: boolean;
  readonly isForced: boolean;
  readonly peopleSince: number;
  /** What only we read; undefined on the page that is published. */
  readonly internal:
    | {
        readonly owner: string;
        readonly decidedBy: string;
        readonly reviewAtVoices: number;
        readonly isPublic: boolean;
        /** False of one that is public and called by words of a customer only. */
        readonly isPublished: boolean;
      }
    | undefined;
}

export interface AgendaPage {
  readonly title: string;
  readonly isPublic: boolean;
  /** By decision: changing, not now, will not. */
  readonly sections: readonly {
    readonly decision: AgendaRow["decision"];
    readonly heading: string;
    readonly entries: readonly AgendaEntry[];
  }[];
  /** Time it was made, ISO 8601 UTC. */
  readonly at: string;
}

const HEADINGS = { changing: "We are changing", not_now: "Not now", will_not: "We will not change" } as const;

export interface AgendaPageSetting {
  readonly rows: readonly AgendaRow[];
  /** Only what may be published, without names. */
  readonly isPublic: boolean;
  readonly at: Date;
}

/**
 * The agenda as a page. One that is published has the entries marked for it alone, under what we call them, and no name of
 * anybody, no quote and no date of a review that is late. One that only a customer's words name is not published.
 */
export function agendaPage({ rows, isPublic, at }: AgendaPageSetting): AgendaPage {
  const entries = rows.filter((row) => !isPublic || row.is_published).map((row) => entryOf(row, isPublic));
  return {
    title: "What we change, what not, and why",
    isPublic,
    sections: DECISIONS.map((decision) => ({
      decision,
      heading: HEADINGS[decision],
      entries: entries.filter((entry) => entry.decision === decision),
    })),
    at: at.toISOString(),
  };
}

function entryOf(row: AgendaRow, isPublic: boolean): AgendaEntry {
  const { owner, decided_by: decidedBy, review_at_voices: reviewAtVoices } = row;
  return {
    tracker: row.tracker,
    issue: row.issue_id,
    decision: row.decision,
    text: isPublic && row.public_text !== "" ? row.public_text : row.title,
    reason: row.reason,
    people: row.people,
    since: row.first_at === null ? null : row.first_at.slice(0, 10),
    decidedOn: row.decided_at.slice(0, 10),
    decidedAt: row.decided_at,
    reviewOn: isPublic && row.is_overdue ? null : row.review_on,
    isOverdue: !isPublic && row.is_overdue,
    isForced: !isPublic && row.is_forced,
    peopleSince: row.people_since,
    internal: isPublic
      ? undefined
      : { owner, decidedBy, reviewAtVoices, isPublic: row.is_public, isPublished: row.is_published },
  };
}
