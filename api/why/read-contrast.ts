import type { z } from "zod";
import type { DrivenMention } from "../../processors/find-drivers/index.ts";
import type { RatedMention } from "../../processors/match-changes/measure-impact.ts";
import { phrasesOf, type NamedText } from "../../processors/name-issue.ts";
import { createReader } from "../../processors/read-text.ts";
import { contrastedMentions } from "../../queries/contrasted-mentions.ts";
import type { Ask } from "./asking.ts";
import type { IssueRow } from "./find-issue.ts";
import { isoOf } from "./read-past.ts";

const DAY_MS = 86_400_000;

/** Set beside others for so long at least. */
const FEWEST_CONTRAST_DAYS = 28;
/** Most mentions of each side, and texts that terms are read from. */
const MOST_CONTRASTED = 25_000;
const ISSUE_TEXTS = 400;
const OTHER_TEXTS = 2_000;

/** What an issue was set beside. */
export interface ContrastRead {
  readonly from: string;
  readonly to: string;
  /** Mentions read, and how many there are. */
  readonly ofIssue: number;
  readonly ofIssueThereAre: number;
  readonly others: number;
  readonly othersThereAre: number;
}

/** An issue beside everything else that was said of its tracker, person by person. */
export interface Contrast {
  readonly driven: readonly DrivenMention[];
  readonly rated: readonly RatedMention[];
  readonly issueTexts: readonly NamedText[];
  readonly otherTexts: readonly NamedText[];
  readonly read: ContrastRead;
}

export interface ContrastSetting {
  readonly ask: Ask;
  readonly row: IssueRow;
  /** The time that is looked at, ms since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Reads both sides over the time of the issue: what was said elsewhere then, not whenever, so that what is new is not a driver. */
export async function readContrast({ ask, row, from, to }: ContrastSetting): Promise<Contrast> {
  const last = row.last_at === null ? to : Math.min(to, Date.parse(row.last_at) + 1);
  const first = row.first_at === null ? last : Date.parse(row.first_at);
  const window = {
    from: isoOf(Math.max(from, Math.min(first, last - FEWEST_CONTRAST_DAYS * DAY_MS))),
    to: isoOf(last),
  };
  const rows = await ask(contrastedMentions, {
    tracker: row.tracker,
    issue: row.issue_id,
    ...window,
    limit: MOST_CONTRASTED,
    issue_texts: ISSUE_TEXTS,
    other_texts: OTHER_TEXTS,
  });
  type Row = z.infer<typeof contrastedMentions.row>;
  const voices = new Map(
    rows.flatMap(({ person, voice }) => (voice === "" ? [] : [[person, voice] as const])),
  );
  const voiceOf = ({ person, voice }: Row) =>
    voice === "" ? (voices.get(person) ?? `person ${person}`) : voice;
  const sideOf = (isOfIssue: boolean) => rows.filter(({ is_of_issue }) => is_of_issue === isOfIssue);
  const [own, others] = [sideOf(true), sideOf(false)];
  const read = createReader();
  const textsOf = (side: readonly Row[]): NamedText[] =>
    side.flatMap((said) =>
      said.text === "" && said.title === ""
        ? []
        : [
            {
              phrases: phrasesOf([...read(said.title), ...read(said.text)], said.language),
              voice: voiceOf(said),
            },
          ],
    );
  return {
    driven: rows.map((said) => ({
      voice: voiceOf(said),
      isOfIssue: said.is_of_issue,
      values: {
        ...told("version", said.version),
        ...told("platform", said.platform),
        ...told("country", said.country),
        ...told("language", said.language === "und" ? "" : said.language),
        ...told("stage", said.stage_broke === "unknown" ? "" : said.stage_broke),
        ...told("product", said.product),
        aspect: said.aspects,
        tracker: said.trackers,
      },
    })),
    rated: rows.flatMap((said) =>
      said.rating === null
        ? []
        : [
            {
              voice: voiceOf(said),
              isOfIssue: said.is_of_issue,
              rating: said.rating,
              stratum: `${said.platform} ${said.product}`,
            },
          ],
    ),
    issueTexts: textsOf(own),
    otherTexts: textsOf(others),
    read: {
      ...window,
      ofIssue: own.length,
      ofIssueThereAre: own[0]?.side ?? 0,
      others: others.length,
      othersThereAre: others[0]?.side ?? 0,
    },
  };
}

/** A value under its name, nothing where it is empty: not known. */
export function told<const D extends string>(dimension: D, value: string): Partial<Record<D, string>> {
  return value === "" ? {} : ({ [dimension]: value } as Partial<Record<D, string>>);
}
