import { describe, expect, it } from "vitest";
import { parseConfig } from "../../core/config.ts";

const parse = (changes: object) =>
  parseConfig({ trackers: [{ id: "acme", name: "Acme" }], changes }, [], {}, "earshot.yaml").changes;

function faultOf(changes: object): string {
  try {
    parse(changes);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const feed = { id: "app", github: "acme/app" };
const price = { kind: "price", title: "Parcels cost 4.90", at: "2026-02-01" };

describe("changes in the config", () => {
  it("may be none", () => {
    expect(parseConfig(null, [], {}, "earshot.yaml").changes).toEqual({ feeds: [], list: [] });
  });

  it("are feeds of releases unless something else is said, and times as people write them", () => {
    const { feeds, list } = parse({ feeds: [feed], list: [{ ...price, tracker: "acme" }] });
    expect(feeds).toMatchObject([{ kind: "release", endpoint: "https://github.com", pollEveryMinutes: 60 }]);
    expect(list).toMatchObject([{ at: "2026-02-01T00:00:00.000Z", tracker: "acme", fixes: [] }]);
  });

  it.each<[object, string]>([
    [{ feeds: [feed, feed] }, "changes.feeds[1].id: app is used twice"],
    [{ feeds: [{ id: "app" }] }, "changes.feeds[0]: needs url or github"],
    [{ feeds: [{ ...feed, url: "https://acme.example/feed" }] }, "changes.feeds[0]: needs url or github"],
    [{ feeds: [{ ...feed, id: "config" }] }, "changes.feeds[0].id: must not be one of"],
    [
      { feeds: [{ ...feed, github: "https://github.com/acme/app" }] },
      "changes.feeds[0].github: must be OWNER/REPO",
    ],
    [{ feeds: [{ ...feed, tracker: "acne" }] }, "changes.feeds[0].tracker: no tracker acne"],
    [{ feeds: [{ ...feed, pollEveryMinutes: 0 }] }, "changes.feeds[0].pollEveryMinutes"],
    [{ list: [{ ...price, tracker: "acne" }] }, "changes.list[0].tracker: no tracker acne"],
    [{ list: [{ ...price, at: "2026-02-30" }] }, "changes.list[0].at: there is no such time"],
    [{ list: [{ ...price, endsAt: "2026-01-01" }] }, "changes.list[0].endsAt: must not be before"],
    [
      {
        list: [
          { ...price, id: "a" },
          { ...price, id: "a", title: "other" },
        ],
      },
      "changes.list[1].id: a is used twice",
    ],
    [{ lst: [] }, "changes"],
  ])("%j is said to be wrong", (changes, message) => {
    expect(faultOf(changes)).toContain(message);
  });
});
