import { describe, expect, it } from "vitest";
import { withEntry, withTrackerQuery } from "../../cli/config-file.ts";

const ENTRY = { type: "rss", id: "b" };

describe("a config with one entry more", () => {
  it.each([
    ["there is nothing", "", "sources:\n  - type: rss\n    id: b\n"],
    ["there are only comments", "# ours\n", "# ours\n\nsources:\n  - type: rss\n    id: b\n"],
    [
      "entries are less deep than usual",
      "sources:\n- type: rss\n  id: a\nlogLevel:   warn\n",
      "sources:\n- type: rss\n  id: a\n- type: rss\n  id: b\nlogLevel:   warn\n",
    ],
    [
      "entries stand in braces",
      "sources:\n    - {type: rss, id: a} # old\n",
      "sources:\n    - {type: rss, id: a} # old\n    - type: rss\n      id: b\n",
    ],
    [
      "comments follow: those of the entry stay with it, those of the next part with that",
      "sources:\n  - type: rss\n    id: a\n    # keepDays: 30\n\n# how we log\nlogLevel: warn\n",
      "sources:\n  - type: rss\n    id: a\n    # keepDays: 30\n  - type: rss\n    id: b\n\n# how we log\nlogLevel: warn\n",
    ],
    [
      "the last line does not end",
      "sources:\n  - type: rss\n    id: a",
      "sources:\n  - type: rss\n    id: a\n  - type: rss\n    id: b\n",
    ],
    [
      "the list is empty",
      "sources: []\nlogLevel: warn\n",
      "sources:\n  - type: rss\n    id: b\nlogLevel: warn\n",
    ],
    [
      "the list has no value",
      "sources:\nlogLevel: warn\n",
      "sources:\n  - type: rss\n    id: b\nlogLevel: warn\n",
    ],
  ])("keeps the lines where %s", (_case, before, after) => {
    expect(withEntry(before, "sources", ENTRY)).toBe(after);
  });

  it("writes what has meaning in YAML so that it is only text", () => {
    const entry = { id: "a", query: '"acme: late" OR #acme' };
    expect(withEntry("", "trackers", entry)).toBe(
      "trackers:\n  - id: a\n    query: '\"acme: late\" OR #acme'\n",
    );
  });
});

describe("a config with a query for a tracker", () => {
  it("puts it behind the tracker's own keys and comments", () => {
    const before = "trackers:\n  - id: a\n    name: A\n    # ours\n  - id: b\n    name: B\n";
    expect(withTrackerQuery(before, "a", "acme")).toBe(
      before.replace("# ours\n", "# ours\n    query: acme\n"),
    );
  });

  it("puts it into the braces of one that has them", () => {
    expect(withTrackerQuery("trackers:\n  - { id: a, name: A }\n", "a", "acme")).toBe(
      "trackers:\n  - { id: a, name: A, query: acme }\n",
    );
  });
});
