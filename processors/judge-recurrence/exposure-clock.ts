import type { IndependentReport } from "./independent-reports.ts";

const DAY_MS = 86_400_000;
/** Days with less than this heard tell nothing of how much there was to hear. */
const LEAST_HEARD = 0.25;
/** An unheard day is taken to be like those within so many days of it. */
const NEIGHBOURS = 7;
/**
 * Where the voices of others measure exposure, each heard day counts as half a voice more: with few others the clock falls
 * back to days, with many it does not matter.
 */
const PSEUDO_VOICES = 0.5;

/** Time in which not everything was heard, on one channel or on all. */
export interface NotHeard {
  /** ms since 1970; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** All channels where undefined. */
  readonly channel?: string;
  /** The share that was heard, 0 to 1; 0 unless told. */
  readonly heard?: number;
}

/** How much could have complained on a UTC day: orders, active users, installs. */
export interface DayExposure {
  /** Any time of that day, ms since 1970. */
  readonly day: number;
  readonly exposure: number;
}

/** Time as one issue could be heard in it. */
export interface IssueClock {
  /** Exposure between two times in days of the tracker's mean exposure, without what was not heard. */
  between(from: number, to: number): number;
  /** Days heard between two times, whatever their exposure. */
  heardDays(from: number, to: number): number;
  /** Exposure between two times in its own unit: what was imported, or voices of the tracker. */
  exposure(from: number, to: number): number;
  /** Relative variance of a stretch of this clock, from counting others; 0 where exposure was imported. */
  noise(from: number, to: number): number;
}

export interface ExposureClock {
  of(reports: readonly IndependentReport[]): IssueClock;
}

export interface ExposureSetting {
  /** Independent reports of each issue. */
  readonly issues: readonly (readonly IndependentReport[])[];
  readonly asOf: number;
  readonly exposures?: readonly DayExposure[] | undefined;
  readonly notHeard?: readonly NotHeard[] | undefined;
}

/** Sums up to the start of each cell; cells are UTC days, the last one ends at `asOf`. */
type Sums = Float64Array;

/**
 * Gives a clock that runs as fast as complaints could come: by imported exposure, else by the voices of the tracker's
 * other issues, so that a season or a growing number of customers is no change of an issue; and stands still where nothing
 * was heard, so that silence is no evidence there. An issue that lives on a channel is measured by what was heard of that
 * channel.
 */
export function exposureClock({ issues, asOf, exposures, notHeard = [] }: ExposureSetting): ExposureClock {
  let first = asOf;
  for (const [report] of issues) if (report !== undefined) first = Math.min(first, report.at);
  const start = Math.floor(first / DAY_MS) * DAY_MS;
  const cells = Math.max(1, Math.ceil((asOf - start) / DAY_MS));
  const lengthOf = (cell: number) => Math.min(1, (asOf - start) / DAY_MS - cell);
  const cellOf = (at: number) => Math.min(cells - 1, Math.max(0, Math.floor((at - start) / DAY_MS)));

  const counts = new Float64Array(cells);
  const byChannel = new Map<string, number>();
  let total = 0;
  for (const reports of issues)
    for (const { at, channel } of reports) {
      const cell = cellOf(at);
      counts[cell] = (counts[cell] ?? 0) + 1;
      byChannel.set(channel, (byChannel.get(channel) ?? 0) + 1);
      total++;
    }

  const heardOf = (channel: string | undefined) => {
    const heard = new Float64Array(cells).fill(1);
    for (const gap of notHeard) {
      if (gap.channel !== undefined && gap.channel !== channel) continue;
      const lost = 1 - Math.min(1, Math.max(0, gap.heard ?? 0));
      const [from, to] = [Math.max(gap.from, start), Math.min(gap.to, asOf)];
      for (let cell = cellOf(from); from < to && cell < cells; cell++) {
        const begins = start + cell * DAY_MS;
        const ends = begins + lengthOf(cell) * DAY_MS;
        const overlap = Math.min(to, ends) - Math.max(from, begins);
        if (overlap <= 0) break;
        heard[cell] = Math.max(0, (heard[cell] ?? 0) - (lost * overlap) / (ends - begins));
      }
    }
    return heard;
  };
  const heardByAll = heardOf(undefined);
  const ownGaps = new Set(notHeard.flatMap(({ channel }) => (channel === undefined ? [] : [channel])));
  const heardBy = new Map([...ownGaps].map((channel) => [channel, heardOf(channel)]));
  const heard = new Float64Array(cells);
  let shareWithoutGaps = 1;
  for (const [channel, own] of heardBy) {
    const share = (byChannel.get(channel) ?? 0) / (total || 1);
    shareWithoutGaps -= share;
    own.forEach((part, cell) => (heard[cell] = (heard[cell] ?? 0) + share * part));
  }
  heardByAll.forEach((part, cell) => (heard[cell] = (heard[cell] ?? 0) + shareWithoutGaps * part));

  const known = knownLevels();
  const levels = fillLevels(known);
  const pseudo = exposures === undefined ? PSEUDO_VOICES : 0;

  function knownLevels(): (number | undefined)[] {
    if (exposures !== undefined) {
      const byCell = new Map(
        exposures
          .filter(({ exposure }) => Number.isFinite(exposure) && exposure >= 0)
          .map(({ day, exposure }) => [Math.floor((day - start) / DAY_MS), exposure]),
      );
      return Array.from({ length: cells }, (_, cell) => byCell.get(cell));
    }
    return Array.from(counts, (count, cell) => {
      const part = heard[cell] ?? 0;
      return part < LEAST_HEARD ? undefined : count / (part * lengthOf(cell));
    });
  }

  const sumsOf = (part: Float64Array): { levels: Sums; days: Sums } => {
    const sums = { levels: new Float64Array(cells + 1), days: new Float64Array(cells + 1) };
    for (let cell = 0; cell < cells; cell++) {
      const days = (part[cell] ?? 0) * lengthOf(cell);
      sums.days[cell + 1] = (sums.days[cell] ?? 0) + days;
      sums.levels[cell + 1] = (sums.levels[cell] ?? 0) + days * (levels[cell] ?? 0);
    }
    return sums;
  };
  const sumsByAll = sumsOf(heardByAll);
  const sumsBy = new Map([...heardBy].map(([channel, part]) => [channel, sumsOf(part)]));

  /** A sum up to a time, within a day by its share of the day. */
  const upTo = (sums: Sums, at: number): number => {
    const cell = cellOf(at);
    const share = Math.min(1, Math.max(0, (at - start - cell * DAY_MS) / (lengthOf(cell) * DAY_MS)));
    const before = sums[cell] ?? 0;
    return before + share * ((sums[cell + 1] ?? before) - before);
  };

  return {
    of(reports) {
      const parts = profileOf(reports);
      const own = exposures === undefined ? ownCells(reports) : [];
      const all = (kind: "levels" | "days", at: number) =>
        parts.reduce((sum, { share, sums }) => sum + share * upTo(sums[kind], at), 0);
      const ownUpTo = (at: number) => {
        if (own.length === 0) return 0;
        const cell = cellOf(at);
        const found = lastBefore(own, cell);
        const before = own[found]?.upTo ?? 0;
        const within = own[found + 1];
        if (within?.cell !== cell) return before;
        const share = Math.min(1, Math.max(0, (at - start - cell * DAY_MS) / (lengthOf(cell) * DAY_MS)));
        return before + share * (within.upTo - before);
      };
      const heardDays = (from: number, to: number) => Math.max(0, all("days", to) - all("days", from));
      const others = (from: number, to: number) =>
        Math.max(0, all("levels", to) - all("levels", from) - (ownUpTo(to) - ownUpTo(from)));
      const raw = (from: number, to: number) => others(from, to) + pseudo * heardDays(from, to);
      const perDay = raw(start, asOf) / heardDays(start, asOf);
      const mean = Number.isFinite(perDay) && perDay > 0 ? perDay : 1;
      return {
        between: (from, to) => raw(from, to) / mean,
        heardDays,
        exposure: (from, to) => Math.max(0, all("levels", to) - all("levels", from)),
        noise: (from, to) => (exposures === undefined ? 1 / Math.max(raw(from, to), 0.1) : 0),
      };
    },
  };

  /** Through which channels an issue is heard; what is only known of few reports is drawn to the tracker's channels. */
  function profileOf(reports: readonly IndependentReport[]) {
    if (sumsBy.size === 0) return [{ share: 1, sums: sumsByAll }];
    const counted = new Map<string, number>();
    for (const { channel } of reports) counted.set(channel, (counted.get(channel) ?? 0) + 1);
    let rest = 1;
    const parts = [...sumsBy].map(([channel, sums]) => {
      const ofAll = (byChannel.get(channel) ?? 0) / (total || 1);
      const share = ((counted.get(channel) ?? 0) + ofAll) / (reports.length + 1);
      rest -= share;
      return { share, sums };
    });
    return [...parts, { share: Math.max(0, rest), sums: sumsByAll }];
  }

  /** Days on which an issue was reported, and how many reports there were to their end. */
  function ownCells(reports: readonly IndependentReport[]) {
    const found: { cell: number; upTo: number }[] = [];
    reports.forEach(({ at }, index) => {
      const cell = cellOf(at);
      const last = found.at(-1);
      if (last?.cell === cell) last.upTo = index + 1;
      else found.push({ cell, upTo: index + 1 });
    });
    return found;
  }
}

/** Index of the last entry before a cell, -1 where there is none. */
function lastBefore(entries: readonly { cell: number }[], cell: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.cell ?? cell) < cell) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function fillLevels(known: readonly (number | undefined)[]): Float64Array {
  const levels = new Float64Array(known.length);
  const present = known.filter((level) => level !== undefined);
  const overall = present.length === 0 ? 1 : present.reduce((sum, level) => sum + level, 0) / present.length;
  known.forEach((level, cell) => {
    if (level !== undefined) {
      levels[cell] = level;
      return;
    }
    const near = known
      .slice(Math.max(0, cell - NEIGHBOURS), cell + NEIGHBOURS + 1)
      .filter((other) => other !== undefined);
    levels[cell] = near.length === 0 ? overall : near.reduce((sum, other) => sum + other, 0) / near.length;
  });
  return levels;
}
