import { describe, expect, it } from "vitest";
import { guessMapping } from "../../ingestors/file/guess-mapping.ts";
import { columnReader, parseMapping, type FileRecord } from "../../ingestors/file/mapping.ts";
import { readRating } from "../../ingestors/file/ratings.ts";

describe("a written mapping", () => {
  it("is read as field=column pairs", () => {
    expect(parseMapping("text=review, publishedAt=Date (UTC),authorName=user.name")).toEqual({
      text: "review",
      publishedAt: "Date (UTC)",
      authorName: "user.name",
    });
  });

  it("may name a column with a comma or an equals sign in it", () => {
    expect(parseMapping("text=What\\, exactly?,rating=a=b")).toEqual({
      text: "What, exactly?",
      rating: "a=b",
    });
  });

  it("is refused with the known fields when it names an unknown one", () => {
    expect(() => parseMapping("txt=review")).toThrow(/no mention field "txt".*id, text, title/);
    expect(() => parseMapping("__proto__=review")).toThrow(/no mention field/);
  });

  it.each(["text", "text=", "=review", "text=a,text=b"])("is refused when it is %s", (written) => {
    expect(() => parseMapping(written)).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
  });
});

describe("a column", () => {
  it("is a key as it is written before it is a path", () => {
    expect(columnReader("user.name")({ "user.name": "flat", user: { name: "deep" } })).toBe("flat");
    expect(columnReader("user.name")({ user: { name: "deep" } })).toBe("deep");
    expect(columnReader("tags.1")({ tags: ["a", "b"] })).toBe("b");
  });

  it.each(["constructor", "__proto__", "toString", "user.constructor.name", "user.__proto__.x"])(
    "called %s is never what objects inherit",
    (column) => {
      expect(columnReader(column)({ user: {} })).toBeUndefined();
    },
  );
});

describe("a rating", () => {
  it.each<[string, number, number | undefined]>([
    ["4", 4, undefined],
    ["4,5", 4.5, undefined],
    ["4.5", 4.5, undefined],
    ["4/5", 4, 5],
    ["8 / 10", 8, 10],
    ["4 out of 5", 4, 5],
    ["4 von 5 Sternen", 4, 5],
    ["4 sur 5", 4, 5],
    ["5 stars", 5, undefined],
    ["1 star", 1, undefined],
    ["3 étoiles", 3, undefined],
    ["★★★★☆", 4, 5],
    ["★★★★★", 5, undefined],
    ["⭐️⭐️", 2, undefined],
    ["FIVE", 5, 5],
    ["-1", -1, undefined],
  ])("is read from %s", (written, rating, max) => {
    expect(readRating(written)).toEqual({ rating, max });
  });

  it.each(["", "good", "4 apples", "1e3", "4/", "5 of", "1,234,5"])("is not seen in %s", (written) => {
    expect(readRating(written)).toBeUndefined();
  });
});

/** Rows of the given columns; each cell is made from the number of its row. */
function rows(count: number, cells: Record<string, (row: number) => unknown>): [string[], FileRecord[]] {
  const sample = Array.from({ length: count }, (_, row) =>
    Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell(row)])),
  );
  return [Object.keys(cells), sample];
}

const prose = (row: number): string => `The parcel number ${row} came two weeks late and the box was open`;
const day = (row: number): string => `2024-03-${String((row % 28) + 1).padStart(2, "0")}`;
const time = (row: number): string => `${day(row)}T10:00:00Z`;
const stars = (row: number): string => String((row % 5) + 1);

describe("a guessed mapping", () => {
  it("knows a dump of tweets", () => {
    const guess = guessMapping(
      ...rows(50, {
        tweet_id: (row) => `5703061336777${row}`,
        airline: () => "Example Air",
        name: (row) => `traveller_${row}`,
        retweet_count: (row) => row % 3,
        text: prose,
        tweet_created: (row) => `${day(row)} 11:35:52 -0800`,
        airline_sentiment: () => "negative",
      }),
    );
    expect(guess.map).toEqual({
      id: "tweet_id",
      text: "text",
      publishedAt: "tweet_created",
      authorHandle: "name",
      authorId: "name",
      shares: "retweet_count",
      product: "airline",
    });
    expect(guess.unused).toEqual(["airline_sentiment"]);
    expect(guess.kind).toBe("post");
  });

  it("knows nested tweets, and whose id is whose", () => {
    const guess = guessMapping(
      [
        "id_str",
        "full_text",
        "created_at",
        "user.id_str",
        "user.screen_name",
        "user.followers_count",
        "lang",
      ],
      [
        {
          id_str: "1",
          full_text: prose(1),
          created_at: "Tue Feb 24 11:35:52 +0000 2015",
          user: { id_str: "77", screen_name: "ann", followers_count: 12 },
          lang: "en",
        },
      ],
    );
    expect(guess.map).toMatchObject({
      id: "id_str",
      text: "full_text",
      publishedAt: "created_at",
      authorId: "user.id_str",
      authorHandle: "user.screen_name",
      authorFollowers: "user.followers_count",
      language: "lang",
    });
  });

  it("knows a Trustpilot export, and takes no reply for the review", () => {
    const guess = guessMapping(
      ...rows(20, {
        "Review Created (UTC)": time,
        "Review Username": (row) => `Ann Example ${row}`,
        "Review Title": () => "Came late",
        "Review Content": prose,
        "Review Stars": stars,
        "Company Reply Date (UTC)": time,
        "Company Reply Content": (row) => `We are very sorry about ${prose(row)} and will look into it`,
        "Review Id": (row) => `abc${row}`,
      }),
    );
    expect(guess.map).toEqual({
      publishedAt: "Review Created (UTC)",
      authorName: "Review Username",
      title: "Review Title",
      text: "Review Content",
      rating: "Review Stars",
      id: "Review Id",
    });
    expect([guess.kind, guess.ratingMax]).toEqual(["review", 5]);
  });

  it("knows Google Play's monthly CSV", () => {
    const guess = guessMapping(
      ...rows(20, {
        "Package Name": () => "com.example.app",
        "App Version Name": () => "1.2.3",
        "Reviewer Language": () => "en",
        Device: () => "oriole",
        "Review Submit Date and Time": time,
        "Review Last Update Date and Time": time,
        "Star Rating": stars,
        "Review Title": () => "",
        "Review Text": prose,
        "Developer Reply Text": () => "",
        "Review Link": (row) => `https://play.example.com/r/${row}`,
      }),
    );
    expect(guess.map).toEqual({
      product: "Package Name",
      version: "App Version Name",
      language: "Reviewer Language",
      publishedAt: "Review Submit Date and Time",
      updatedAt: "Review Last Update Date and Time",
      rating: "Star Rating",
      title: "Review Title",
      text: "Review Text",
      url: "Review Link",
    });
  });

  it("knows AppFollow's and Appbot's columns", () => {
    const appFollow = guessMapping(
      ...rows(9, {
        Date: day,
        "App name": () => "Example",
        Country: () => "DE",
        Rating: stars,
        Title: () => "Came late",
        Review: prose,
        Author: (row) => `Ann Example ${row}`,
        Version: () => "1.2",
        "Review ID": (row) => `r-${row}`,
      }),
    );
    expect(appFollow.map).toMatchObject({ text: "Review", product: "App name", authorName: "Author" });
    const appbot = guessMapping(
      ...rows(9, {
        Date: day,
        Stars: stars,
        Subject: () => "Came late",
        Body: prose,
        "Translated Body": prose,
      }),
    );
    expect(appbot.map).toMatchObject({
      text: "Body",
      title: "Subject",
      rating: "Stars",
      publishedAt: "Date",
    });
  });

  it("knows German, French and Spanish columns", () => {
    const german = guessMapping(
      ...rows(9, { Datum: day, Bewertung: stars, Kommentar: prose, Titel: () => "Zu spät" }),
    );
    expect(german.map).toEqual({
      publishedAt: "Datum",
      rating: "Bewertung",
      text: "Kommentar",
      title: "Titel",
    });
    const french = guessMapping(
      ...rows(9, { "Date de publication": day, Note: stars, Avis: prose, Auteur: () => "Anne Ex" }),
    );
    expect(french.map).toEqual({
      publishedAt: "Date de publication",
      rating: "Note",
      text: "Avis",
      authorName: "Auteur",
    });
    const spanish = guessMapping(
      ...rows(9, { Fecha: day, Calificación: stars, Reseña: prose, País: () => "ES" }),
    );
    expect(spanish.map).toEqual({
      publishedAt: "Fecha",
      rating: "Calificación",
      text: "Reseña",
      country: "País",
    });
  });

  it("keeps NPS answers on their scale of ten and calls them a survey", () => {
    const question = "How likely are you to recommend us to a friend?";
    const typeform = guessMapping(
      ...rows(9, {
        "#": (row) => `t${row}k`,
        [question]: (row) => String(row % 4),
        "Why?": prose,
        "Submit Date (UTC)": time,
      }),
    );
    expect(typeform.map).toEqual({
      id: "#",
      rating: question,
      text: "Why?",
      publishedAt: "Submit Date (UTC)",
    });
    expect([typeform.ratingMax, typeform.kind]).toEqual([10, "survey"]);
    const delighted = guessMapping(...rows(11, { NPS: String, Comment: prose, "Created at": time }));
    expect(delighted.ratingMax).toBe(10);
  });

  it("knows a Zendesk export", () => {
    const guess = guessMapping(
      ...rows(9, {
        "Ticket ID": (row) => 9000 + row,
        "Ticket subject": () => "Parcel is late",
        Description: prose,
        "Created at": time,
        "Updated at": time,
        "Requester ID": (row) => 500 + row,
      }),
    );
    expect(guess.map).toEqual({
      id: "Ticket ID",
      title: "Ticket subject",
      text: "Description",
      publishedAt: "Created at",
      updatedAt: "Updated at",
      authorId: "Requester ID",
    });
    expect(guess.kind).toBe("ticket");
  });

  it("looks at the values where no name is known", () => {
    const guess = guessMapping(...rows(9, { F1: day, F2: (row) => `code-${row}`, F3: prose }));
    expect(guess.fields).toEqual([
      expect.objectContaining({ field: "text", column: "F3", confidence: "guessed" }),
      expect.objectContaining({ field: "publishedAt", column: "F1", confidence: "guessed" }),
    ]);
    expect(guess.unused).toEqual(["F2"]);
  });

  it.each([
    ["the likes of a score", { score: (row: number) => row * 100, text: prose }],
    ["the mean of many ratings", { rating: (row: number) => 2.726315 + row / 7, text: prose }],
    ["a polarity", { rating: (row: number) => (row % 2 === 0 ? -1.5 : 2), text: prose }],
    ["a verdict in words", { rating: () => "Good", text: prose }],
  ])("takes no %s for a rating", (_, cells) => {
    expect(guessMapping(...rows(40, cells)).map.rating).toBeUndefined();
  });

  it("takes no product's name for an author, and no address for a text", () => {
    const guess = guessMapping(
      ...rows(9, { name: () => "Kettle", review: prose, content: (row) => `https://example.com/${row}` }),
    );
    expect(guess.map).toEqual({ text: "review" });
  });

  it("is not led astray by a few broken cells", () => {
    const guess = guessMapping(
      ...rows(8, {
        text: prose,
        date: (row) => (row < 3 ? ["rubbish", "", "9999-99-99"][row] : day(row)),
        rating: (row) => (row === 4 ? "9" : row === 5 ? "bad" : stars(row)),
        id: (row) => (row === 6 ? "" : `r${row}`),
      }),
    );
    expect(guess.map).toEqual({ text: "text", publishedAt: "date", rating: "rating", id: "id" });
    expect(guess.ratingMax).toBe(5);
  });

  it("keeps what the user mapped and guesses the rest", () => {
    const guess = guessMapping(...rows(9, { text: prose, remark: prose, date: day }), { text: "remark" });
    expect(guess.map).toEqual({ text: "remark", publishedAt: "date" });
  });

  it("says so when there is neither text nor rating", () => {
    const guess = guessMapping(...rows(9, { sku: (row) => `k${row}`, price: String }));
    expect(guess.isUsable).toBe(false);
    expect(guess.problems[0]).toMatch(
      /No column looks like text or a rating \(its columns are sku, price\).*--map/,
    );
  });

  it("says so when there is no date, when a date order was assumed, and when an id only numbers rows", () => {
    const undated = guessMapping(...rows(9, { id: String, text: prose }));
    expect(undated.problems.join(" ")).toMatch(/No column looks like a date/);
    expect(undated.problems.join(" ")).toMatch(/id only numbers the rows/);
    const ambiguous = guessMapping(...rows(2, { text: prose, date: () => "03/04/2024" }));
    expect(ambiguous.problems.join(" ")).toMatch(/day first/);
  });

  it("knows ids that only number the rows from ids that name them", () => {
    const counted = (first: number) =>
      guessMapping(...rows(9, { id: (row) => String(row + first), text: prose }));
    expect(counted(0).isIdCounter).toBe(true);
    expect(guessMapping(...rows(9, { id: (row) => `r${row * 7}`, text: prose })).isIdCounter).toBe(false);
    const chosen = guessMapping(...rows(9, { id: String, text: prose }), { id: "id" });
    expect(chosen.isIdCounter).toBe(false);
  });

  it("survives columns called like what objects inherit", () => {
    const record = JSON.parse(
      `{"__proto__":"x","constructor":"y","text":${JSON.stringify(prose(1))},"date":"2024-01-01"}`,
    ) as FileRecord;
    const guess = guessMapping(Object.keys(record), [record]);
    expect(guess.map).toEqual({ text: "text", publishedAt: "date" });
    expect(guess.unused).toEqual(["__proto__", "constructor"]);
  });
});
