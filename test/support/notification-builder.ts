import type { Notification } from "../../schemas/notification.ts";

/** A plausible notification with something in every part; say only what the test is about. */
export function aNotification(fields: Partial<Notification> = {}): Notification {
  return {
    id: "al_3f9c2b:fired:care",
    alertId: "al_3f9c2b",
    number: "A-3F9C2B",
    dedupeKey: "complaint_spike/acme/2026-03-02T09",
    kind: "fired",
    severity: "critical",
    rule: "complaint_spike",
    tracker: "Acme Parcels",
    at: "2026-03-02T10:00:00.000Z",
    title: "Acme Parcels: parcels left in the rain",
    summary:
      "84 people complained in the last hour, where 6 are normal for a Monday at 10 (14 times as many).",
    reasons: ["The biggest burst of the last 14 days.", "71 of the 84 speak of rain or wet parcels."],
    facts: [
      { label: "People", value: "84, in 97 posts" },
      { label: "Platforms", value: "x 61, bluesky 20, trustpilot 16" },
      { label: "Countries", value: "Germany 70, Austria 9" },
      { label: "Reach", value: "about 41 000 followers (an estimate)" },
    ],
    quotes: [
      {
        role: "most_shared",
        text: "Third parcel this month left in the pouring rain.\nThe box fell apart in my hands.",
        author: "a…a",
        platform: "x",
        url: "https://x.example/1",
        at: "2026-03-02T09:12:00.000Z",
        shares: 320,
      },
      {
        role: "newest",
        text: "Soaked again. Is there nobody who rings the bell?",
        author: "",
        platform: "app_store",
        url: null,
        at: "2026-03-02T09:58:00.000Z",
        shares: null,
      },
    ],
    earlier: ["12 of them complained of the same on 3 February; we promised covers by March."],
    forecast: "Likely to pass 500 shares in about 40 minutes.",
    replies: "We answered 3 of 97 posts, the last 20 minutes ago.",
    known: {
      wording: "We know of wet parcels in the north and are changing the boxes.",
      workaround: "Choose a pick-up point.",
      mustNotPromise: "A date for the new boxes.",
    },
    owner: "Delivery care",
    completeness: "Reddit could not be heard from 09:20 to 09:40.",
    actions: [
      { name: "acknowledge", label: "I take it", url: "https://earshot.example/a/ack?t=aaa&s=bbb" },
      { name: "false_alarm", label: "False alarm", url: "https://earshot.example/a/false?t=aaa&s=ccc" },
      { name: "open", label: "Open", url: "https://earshot.example/alerts/A-3F9C2B" },
    ],
    ...fields,
  };
}

/** A notification with nothing in all parts that may be empty. */
export function aBareNotification(fields: Partial<Notification> = {}): Notification {
  return aNotification({
    tracker: "",
    summary: "",
    reasons: [],
    facts: [],
    quotes: [],
    earlier: [],
    forecast: "",
    replies: "",
    known: null,
    owner: "",
    completeness: "",
    actions: [],
    ...fields,
  });
}

/** What strangers may write to harm whoever reads it. */
export const HOSTILE_TEXT = [
  "<script>alert(1)</script>",
  "@everyone @here @channel <!channel> <!here|here> <@U123456> <@&42>",
  "[free parcels](http://evil.example) ](http://evil.example) <http://evil.example|click>",
  "http://evil.example/pay",
  "one\r\nBcc: everyone@evil.example\r\n\r\ntwo",
  "\u001b[2J\u001b]0;owned\u0007\u0000\u009b31m",
  "**bold** _it_ `code` ```block``` ~~gone~~ ||spoiler|| # heading",
  "\u202egnp.exe\u2066",
  "lone \ud800 and \udc00",
  '" onmouseover="alert(1)" \' ${7*7} {{DATE(2026)}}',
].join("\n");

/** A notification that is hostile in every text. @param filler makes each far longer than any should be */
export function aHostileNotification(fields: Partial<Notification> = {}, filler = "wet ".repeat(25_000)) {
  const text = `${HOSTILE_TEXT}\n${"👩‍👩‍👧‍👦🌧️".repeat(10)}${filler}`;
  const many = filler === "" ? 1 : 12;
  const [quote] = aNotification().quotes;
  if (quote === undefined) throw new Error("a notification has a quote");
  return aNotification({
    rule: text,
    tracker: text,
    title: text,
    summary: text,
    reasons: Array.from({ length: many }, () => text),
    facts: Array.from({ length: many }, (_, at) => ({ label: `${at} ${HOSTILE_TEXT}`, value: text })),
    quotes: [
      { ...quote, text, author: text, url: "https://x.example/a|b>(c)\"'<d>" },
      { ...quote, text, author: text, url: "javascript:alert(1)" },
    ],
    earlier: [text],
    forecast: text,
    replies: text,
    known: { wording: text, workaround: text, mustNotPromise: text },
    owner: text,
    completeness: text,
    ...fields,
  });
}
