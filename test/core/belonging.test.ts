import { describe, expect, it } from "vitest";
import { belonging } from "../../core/belonging.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { aMention } from "../support/builders.ts";

const queries = [
  { tracker: "acme", query: parseQuery("acme AND parcel*") },
  { tracker: "birch", query: parseQuery("birch") },
];

describe("whose a mention is", () => {
  it("is that of every tracker of a source that belongs to them", () => {
    expect(belonging("all", ["acme", "birch"], queries)).toEqual({ trackers: ["acme", "birch"] });
    expect(belonging("query", ["acme"], [])).toEqual({ trackers: ["acme"] });
  });

  it("is that of the trackers whose query matches, and nobody's when none does", () => {
    const { match } = belonging("query", ["acme", "birch"], queries);
    expect(match?.(aMention({ text: "My Acme parcels and Birch" }))).toEqual(["acme", "birch"]);
    expect(match?.(aMention({ text: "Acme alone" }))).toBeUndefined();
  });

  it("is that of every tracker it matches, whichever source brought it", () => {
    const [acme, birch] = [["acme"], ["birch"]].map((own) => belonging("query", own, queries).match);
    const both = aMention({ text: "My Acme parcels and Birch" });
    expect(acme?.(both)).toEqual(birch?.(both));
    expect(acme?.(aMention({ text: "Birch alone" }))).toBeUndefined();
  });

  it("is also that of a tracker without a query", () => {
    const { match } = belonging("query", ["acme", "all-posts"], queries.slice(0, 1));
    expect(match?.(aMention({ text: "Something else" }))).toEqual(["all-posts"]);
  });
});
