import { afterEach, describe, expect, it, vi } from "vitest";
import { consoleReceiver } from "../../../sinks/receivers/console.ts";
import { receiverContract, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aNotification } from "../../support/notification-builder.ts";

/** Takes what is written to a stream of this process for as long as it is open. */
function listen(stream: "stderr" | "stdout", answer: (error?: Error) => Error | undefined = () => undefined) {
  const taken: string[] = [];
  const spy = vi.spyOn(process[stream], "write").mockImplementation(((
    text: string,
    done?: (error?: Error) => void,
  ) => {
    taken.push(text);
    done?.(answer());
    return true;
  }) as typeof process.stderr.write);
  return { taken: () => taken, restore: () => spy.mockRestore() };
}

function start(): StubService {
  const { taken, restore } = listen("stderr");
  return { config: {}, secrets: [], taken, close: async () => restore() };
}

const reason = "nothing is asked";

receiverContract("console", {
  kind: consoleReceiver,
  open: start,
  idOf: (message) => /A-[0-9A-F]{6}/.exec(message)?.[0] ?? "",
  textsOf: (message) => [message],
  expectHarmless(message) {
    expect(message).not.toContain("\u001b");
    expect(message).not.toContain("\r");
    expect(message.length).toBeLessThan(40_000);
  },
  without: {
    busy: reason,
    failing: reason,
    malformed: reason,
    forbidden: reason,
    missing: reason,
    hang: reason,
    closed: reason,
  },
});

describe("console", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("prints one block people can read, to stdout where it is told to", async () => {
    const { taken } = listen("stdout");
    const receiver = consoleReceiver.open(consoleReceiver.config.parse({ stream: "stdout" }), aContext());
    await receiver.deliver(aNotification(), undefined, new AbortController().signal);
    expect(taken().join("")).toBe(`
[critical] A-3F9C2B Acme Parcels: parcels left in the rain
New alert, critical, 2026-03-02 10:00 UTC

84 people complained in the last hour, where 6 are normal for a Monday at 10 (14 times as many).

Who and where
  People: 84, in 97 posts
  Platforms: x 61, bluesky 20, trustpilot 16
  Countries: Germany 70, Austria 9
  Reach: about 41 000 followers (an estimate)

Why we think so
  - The biggest burst of the last 14 days.
  - 71 of the 84 speak of rain or wet parcels.

What people say
  Most shared: a…a on x, 2026-03-02 09:12 UTC, 320 shares
  > Third parcel this month left in the pouring rain.
  > The box fell apart in my hands.
  https://x.example/1
  Newest: Somebody on app store, 2026-03-02 09:58 UTC
  > Soaked again. Is there nobody who rings the bell?

What they told us before
  - 12 of them complained of the same on 3 February; we promised covers by March.

Known issue
  What to say: We know of wet parcels in the north and are changing the boxes.
  Workaround: Choose a pick-up point.
  Do not promise: A date for the new boxes.

Beside that
  Spread: Likely to pass 500 shares in about 40 minutes.
  Our answers: We answered 3 of 97 posts, the last 20 minutes ago.
  Owner: Delivery care
  Not heard: Reddit could not be heard from 09:20 to 09:40.

I take it: https://earshot.example/a/ack?t=aaa&s=bbb
False alarm: https://earshot.example/a/false?t=aaa&s=ccc
Open: https://earshot.example/alerts/A-3F9C2B

`);
  });

  it("tries again where the stream takes nothing", async () => {
    listen("stderr", () => new Error("EPIPE"));
    const receiver = consoleReceiver.open(consoleReceiver.config.parse({}), aContext());
    await expect(
      receiver.deliver(aNotification(), undefined, new AbortController().signal),
    ).rejects.toMatchObject({ code: "sink_unavailable" });
  });
});
