import type { z } from "zod";
import { keyOf, type Reading } from "../../../core/alerts/fold-alert.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import {
  forecastSpread,
  type ShareSample,
  type SpreadForecast,
} from "../../../processors/forecast-spread.ts";
import { spreadingPosts } from "../../../queries/watch-issues.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const HOUR = 3_600_000;
/** As good as crossed: it falls short, or it has stopped. */
const ALMOST = 0.99;
/** Looking takes at most this share of the time: posts are read again after minutes, where many are shared it may wait. */
const LOOKING_SHARE = 0.05;

/** Watches for one mention being shared so fast that very many will see it. */
export function watchPostSpread({ rule, app }: WatchOptions<RuleOf<"post_spread">>): RuleWatch {
  /** Up to which sample each was measured: another look at the same says nothing new. */
  let measured = new Map<string, number>();
  let lookAgainAt = -Infinity;
  return {
    async measure(date, open) {
      const now = date.getTime();
      if (now < lookAgainAt) return [];
      const started = performance.now();
      const since = new Date(now - rule.maxAgeHours * HOUR).toISOString();
      const posts = await app.ask(spreadingPosts, {
        since,
        complaint: rule.complaint,
        shares: rule.minShares,
        reach: rule.reach,
      });
      lookAgainAt = now + (performance.now() - started) / LOOKING_SHARE;
      const before = measured;
      measured = new Map();
      const all = posts.flatMap((post) => {
        const latest = Math.max(Date.parse(post.published_at), ...post.samples.map(([at]) => at));
        measured.set(post.id, latest);
        const subjects = post.trackers.map((tracker, index) =>
          subjectOf(rule, tracker, post.issues[index] ?? "", { mention: post.id }),
        );
        const isOpen = subjects.some((subject) => open.has(keyOf(subject)));
        if (before.get(post.id) === latest && !isOpen) return [];
        const samples = post.samples.flatMap(([at, shares]) => (at <= now ? [{ at, shares }] : []));
        const forecasts = forecastsOf(post, samples);
        return subjects.flatMap((subject): Measured[] => {
          if (rule.trackers.length > 0 && !rule.trackers.includes(subject.tracker)) return [];
          const readings = [
            ...reachOf(post),
            ...forecasts
              .filter(({ shares }) => shares >= rule.minShares)
              .map((forecast) => readingOf(forecast, post)),
          ];
          const isTold = open.has(keyOf(subject)) || readings.some(({ score }) => score >= 1);
          return isTold ? [{ subject, readings }] : [];
        });
      });
      return withGone(rule, all, open, now);
    },
  };

  /** What was known at each sample: somebody who complains again, and is not answered, is told of sooner. */
  function forecastsOf(post: Post, samples: readonly ShareSample[]): Forecast[] {
    const spreading = { publishedAt: Date.parse(post.published_at), samples };
    const towards = (target: number) =>
      forecastSpread(spreading, target).map((forecast): Forecast => ({ ...forecast, target }));
    const forecasts = towards(rule.target);
    if (post.complained_at === null) return forecasts;
    const repliedAt = post.replied_at === null ? Infinity : Date.parse(post.replied_at);
    return towards(Math.max(rule.minShares, Math.round(rule.target * rule.urgentShare))).flatMap(
      (urgent, nth) => (urgent.at < repliedAt ? urgent : (forecasts[nth] ?? [])),
    );
  }

  /** Who is followed by very many needs nobody to pass it on. */
  function reachOf(post: Post): Reading[] {
    const { followers, platform, published_at: at } = post;
    if (followers === null || followers < rule.reach) return [];
    return [
      {
        at: Date.parse(at),
        score: followers / rule.reach,
        isKnown: true,
        facts: {
          sentence: `said on ${platform} to ${followers.toLocaleString("en")} followers`,
          reasons: [answered(post)],
          to: at,
        },
      },
    ];
  }

  function readingOf(forecast: Forecast, post: Post): Reading {
    const { at, shares, sharesPerHour, minutesToTarget, target } = forecast;
    const reached = forecast.forecast.shares / target;
    const isCrossed = forecast.willPass || forecast.hasPassed;
    const perHour = Math.round(sharesPerHour.in60Min);
    const rounded = Math.round(forecast.forecast.shares);
    return {
      at,
      score: isCrossed ? Math.max(1, reached) : Math.min(reached, ALMOST),
      isKnown: true,
      facts: {
        sentence: `shared ${shares} times so far, ${perHour} in the last hour on ${post.platform}`,
        forecast: forecast.hasPassed
          ? `it has passed ${target} shares; nine posts of ten like it come to ${rounded}`
          : `will pass ${target} shares${minutesToTarget === null ? "" : ` in about ${Math.round(minutesToTarget)} minutes`}`,
        reasons: [
          answered(post),
          ...(post.complained_at === null ? [] : ["its author has complained before"]),
          ...(post.followers === null ? [] : [`its author has ${post.followers} followers`]),
        ],
        shares,
        to: new Date(at).toISOString(),
      },
    };
  }
}

/** A forecast, and the number of shares it was held against. */
type Forecast = SpreadForecast & { readonly target: number };
type Post = z.infer<typeof spreadingPosts.row>;

function answered({ replied }: Post): string {
  return replied === 0 ? "nobody of us has answered it yet" : `we have answered it ${replied} times`;
}
