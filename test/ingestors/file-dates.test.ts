import { describe, expect, it } from "vitest";
import { decideDateOrder } from "../../ingestors/file/date-order.ts";
import { dateReader, type DateOptions } from "../../ingestors/file/dates.ts";

function read(written: string, options: Partial<DateOptions> = {}): string | undefined {
  return dateReader({ timezone: "UTC", dateOrder: "day_first", dateFormat: null, ...options })(written);
}

describe("dates in files", () => {
  it.each([
    ["2015-02-24T11:35:52Z", "2015-02-24T11:35:52.000Z"],
    ["2015-02-24T11:35:52.123456Z", "2015-02-24T11:35:52.123Z"],
    ["2015-02-24T11:35:52.5+01:00", "2015-02-24T10:35:52.500Z"],
    ["2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52.000Z"],
    ["2015-02-24 11:35:52 UTC", "2015-02-24T11:35:52.000Z"],
    ["2015-02-24 11:35", "2015-02-24T11:35:00.000Z"],
    ["2015-02-24", "2015-02-24T00:00:00.000Z"],
    ["2015/02/24", "2015-02-24T00:00:00.000Z"],
    ["2015.2.4", "2015-02-04T00:00:00.000Z"],
    ["20150224", "2015-02-24T00:00:00.000Z"],
    ["20150224T113552Z", "2015-02-24T11:35:52.000Z"],
    ["24.02.2015", "2015-02-24T00:00:00.000Z"],
    ["24.02.2015 um 11:35 Uhr", "2015-02-24T11:35:00.000Z"],
    ["24/02/2015 11:35", "2015-02-24T11:35:00.000Z"],
    ["24-02-2015", "2015-02-24T00:00:00.000Z"],
    ["24/02/15", "2015-02-24T00:00:00.000Z"],
    ["Tue Feb 24 11:35:52 +0000 2015", "2015-02-24T11:35:52.000Z"],
    ["Tue, 24 Feb 2015 11:35:52 -0800", "2015-02-24T19:35:52.000Z"],
    ["Tue, 24 Feb 2015 11:35:52 GMT", "2015-02-24T11:35:52.000Z"],
    ["Tue Feb 24 2015 11:35:52 GMT+0100 (Central European Standard Time)", "2015-02-24T10:35:52.000Z"],
    ["Feb 24, 2015 11:35 PM", "2015-02-24T23:35:00.000Z"],
    ["Feb 24, 2015 12:05 AM", "2015-02-24T00:05:00.000Z"],
    ["February 24th, 2015 at 11:35 p.m.", "2015-02-24T23:35:00.000Z"],
    ["24 February 2015", "2015-02-24T00:00:00.000Z"],
    ["31-Jul-18", "2018-07-31T00:00:00.000Z"],
    ["24 février 2015", "2015-02-24T00:00:00.000Z"],
    ["1er août 2015", "2015-08-01T00:00:00.000Z"],
    ["mar. 24 févr. 2015", "2015-02-24T00:00:00.000Z"],
    ["24. März 2015, 11:35", "2015-03-24T11:35:00.000Z"],
    ["24 de febrero de 2015", "2015-02-24T00:00:00.000Z"],
    ["24 set 2015", "2015-09-24T00:00:00.000Z"],
    ["1424777752", "2015-02-24T11:35:52.000Z"],
    ["1424777752.25", "2015-02-24T11:35:52.250Z"],
    ["1424777752123", "2015-02-24T11:35:52.123Z"],
    ["1424777752123456", "2015-02-24T11:35:52.123Z"],
    ["1424777752123456789", "2015-02-24T11:35:52.123Z"],
    ["42059.48", "2015-02-24T11:31:12.000Z"],
    ["42059", "2015-02-24T00:00:00.000Z"],
    ["2016-02-29", "2016-02-29T00:00:00.000Z"],
  ])("reads %s", (written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it("reads 03/04/2015 by the order decided for the file", () => {
    expect(read("03/04/2015", { dateOrder: "day_first" })).toBe("2015-04-03T00:00:00.000Z");
    expect(read("03/04/2015", { dateOrder: "month_first" })).toBe("2015-03-04T00:00:00.000Z");
    expect(read("24/02/2015", { dateOrder: "month_first" })).toBeUndefined();
  });

  it("takes a date without zone in the file's time zone, summer time included", () => {
    const timezone = "Europe/Berlin";
    expect(read("2015-02-24 11:35", { timezone })).toBe("2015-02-24T10:35:00.000Z");
    expect(read("24.07.2015", { timezone })).toBe("2015-07-23T22:00:00.000Z");
    expect(read("24 juillet 2015 11:35", { timezone })).toBe("2015-07-24T09:35:00.000Z");
    expect(read("42059.5", { timezone })).toBe("2015-02-24T11:00:00.000Z");
    expect(read("2015-02-24 11:35:00Z", { timezone })).toBe("2015-02-24T11:35:00.000Z");
  });

  it.each([
    "",
    "yesterday",
    "2 days ago",
    "0000-00-00 00:00:00",
    "0001-01-01",
    "9999-12-31",
    "1969-12-31",
    "2015-02-30",
    "2015-13-01",
    "2015-02-24 25:00",
    "2015-02-24 13:00 PM",
    "2015-02-24 11:35 XYZ",
    "31/04/2015",
    "Feb 2015",
    "2015",
    "12:44",
    "1.42481E+12",
    "24 Blub 2015",
    "99999999999999999999999",
    "x".repeat(100_000),
    "9".repeat(100_000),
  ])("refuses %.30s", (written) => {
    expect(read(written)).toBeUndefined();
  });

  it("reads only the given format where there is one", () => {
    const dateFormat = "yyyy|dd|MM HH.mm";
    expect(read("2015|24|02 11.35", { dateFormat, timezone: "America/New_York" })).toBe(
      "2015-02-24T16:35:00.000Z",
    );
    expect(read("2015-02-24", { dateFormat })).toBeUndefined();
  });

  it("gives the same answer whatever was read before", () => {
    const written = ["2015-02-24", "24.02.2015", "42059", "20150224", "24 Feb 2015", "1424777752"];
    const used = dateReader({ timezone: "UTC", dateOrder: "day_first", dateFormat: null });
    for (const first of written) {
      for (const second of written) {
        used(first);
        expect(used(second)).toBe(read(second));
      }
    }
  });
});

describe("the order of day and month", () => {
  it("is decided by a number above 12", () => {
    expect(decideDateOrder(["03/04/2015", "24/02/2015"], "UTC")).toMatchObject({
      dateOrder: "day_first",
      isDecided: true,
    });
    expect(decideDateOrder(["03/04/2015", "02/24/2015"], "UTC")).toMatchObject({
      dateOrder: "month_first",
      isDecided: true,
    });
  });

  it("is decided by the many against the few", () => {
    const values = ["02/24/2015", "02/25/2015", "24/02/2015"];
    expect(decideDateOrder(values, "UTC")).toMatchObject({ dateOrder: "month_first", isDecided: true });
  });

  it("is decided by the rows being sorted in one order only", () => {
    const values = ["01/02/2015", "02/02/2015", "05/02/2015", "09/02/2015", "01/03/2015", "03/03/2015"];
    expect(decideDateOrder(values, "UTC")).toMatchObject({ dateOrder: "day_first", isDecided: true });
    const american = values.map((value) => value.replace(/(\d+)\/(\d+)/, "$2/$1"));
    expect(decideDateOrder(american, "UTC")).toMatchObject({ dateOrder: "month_first", isDecided: true });
  });

  it("is assumed and said to be where both are possible", () => {
    expect(decideDateOrder(["03/04/2015"], "UTC")).toMatchObject({
      dateOrder: "day_first",
      isDecided: false,
    });
    expect(decideDateOrder(["03/04/2015"], "America/Chicago")).toMatchObject({
      dateOrder: "month_first",
      isDecided: false,
    });
    expect(decideDateOrder(["03/04/2015 1:05 PM"], "UTC")).toMatchObject({ dateOrder: "month_first" });
  });

  it("is no question where no date has it", () => {
    expect(decideDateOrder(["2015-02-24", "24.02.2015", ""], "UTC")).toBeUndefined();
  });
});
