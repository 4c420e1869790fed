import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { Receipt, Receiver, ReceiverKind } from "../../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../../core/errors.ts";
import { Notification, NOTIFICATION_KINDS } from "../../schemas/notification.ts";
import { aContext } from "../support/builders.ts";
import { aBareNotification, aHostileNotification, aNotification } from "../support/notification-builder.ts";

/** What can be wrong with a service. `busy` asks to wait; `hang` takes the message and never answers. */
export type ServiceTrouble = "busy" | "failing" | "malformed" | "forbidden" | "missing" | "hang";

/** A running stand-in of a service, made anew for each test. */
export interface StubService {
  /** What `kind.config` is given, the address of the stand-in included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What must never be shown; when it refuses, the stand-in gives all of it back. */
  readonly secrets: readonly string[];
  /** What the service took so far, oldest first, as it came. */
  taken(): readonly string[];
  /** What happens to whoever sends from now on; undefined = all is well again. */
  readonly trouble?: (trouble: ServiceTrouble | undefined) => void;
  /** Resolves when something was sent since the service was troubled. */
  readonly asked?: () => Promise<void>;
  /** Closes the port; nobody answers there any more. */
  close(): Promise<void>;
}

export interface ReceiverHarness {
  readonly kind: ReceiverKind;
  open(): Promise<StubService> | StubService;
  /** By what the other side knows that a message came before. */
  idOf(message: string): string;
  /** All that people are shown of a message, and whoever else reads it. */
  textsOf(message: string): readonly string[];
  /** What this service makes of text that strangers must not write unescaped. */
  expectHarmless(message: string): void;
  /** What a `busy` service asks for; absent: it has no way to ask. */
  readonly retryAfterMs?: number;
  /** What the service cannot do, each with the reason why; `markup`: what it takes is data, not text for people. */
  readonly without?: Readonly<Partial<Record<ServiceTrouble | "closed" | "markup", string>>>;
}

const context = aContext();
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** What every receiver promises whoever delivers. Call it in the receiver's own test. */
export function receiverContract(name: string, harness: ReceiverHarness): void {
  const { kind, without = {} } = harness;
  const services: StubService[] = [];
  const receivers: Receiver[] = [];

  async function start(): Promise<StubService> {
    const service = await harness.open();
    services.push(service);
    return service;
  }

  function receiverOf(service: StubService): Receiver {
    const receiver = kind.open(kind.config.parse(service.config), context);
    receivers.push(receiver);
    return receiver;
  }

  function deliver(
    service: StubService,
    notification: Notification,
    { earlier, signal = new AbortController().signal }: { earlier?: Receipt; signal?: AbortSignal } = {},
  ): Promise<Receipt> {
    return receiverOf(service).deliver(notification, earlier, signal);
  }

  async function failure(service: StubService): Promise<EarshotError> {
    try {
      await deliver(service, aNotification());
    } catch (error) {
      if (error instanceof EarshotError) return error;
      throw error;
    }
    throw new Error("the notification was delivered although the service is in trouble");
  }

  function expectNoSecret(error: EarshotError, service: StubService): void {
    const shown = [error.message, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)];
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) shown.push(cause.message);
    const leaked = service.secrets.filter((secret) => shown.some((text) => text.includes(secret)));
    expect(leaked).toEqual([]);
  }

  function promise(title: string, needs: ServiceTrouble | "closed", test: () => Promise<void>): void {
    const why = without[needs];
    if (why === undefined) it(title, test);
    else it.skip(`${title} (without ${needs}: ${why})`, test);
  }

  describe(`the receiver contract, kept by ${name}`, () => {
    afterEach(async () => {
      await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
      await Promise.all(services.splice(0).map((service) => service.close()));
    });

    it("refuses options it does not know, and tells of no secret when it does", async () => {
      const service = await start();
      expect(kind.config.safeParse(service.config).success).toBe(true);
      const refused = kind.config.safeParse({ ...service.config, noSuchOption: 1 });
      expect(refused.success).toBe(false);
      const shown = inspect(refused.error, { depth: 20 });
      expect(service.secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    });

    it("says of every option what it is", () => {
      const silent = Object.entries(kind.config.shape).filter(
        ([, option]) => (option as { description?: string }).description === undefined,
      );
      expect(silent.map(([option]) => option)).toEqual([]);
    });

    it("delivers once, asks nothing before, and answers a receipt of plain texts", async () => {
      const service = await start();
      const receiver = receiverOf(service);
      expect(service.taken()).toHaveLength(0);
      const signal = new AbortController().signal;
      const receipt = await receiver.deliver(aNotification(), undefined, signal);
      expect(service.taken()).toHaveLength(1);
      expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt);
      for (const value of Object.values(receipt)) expect(value).toBeTypeOf("string");
    });

    it("sends the same notification again under the same id, and another under another", async () => {
      const service = await start();
      await deliver(service, aNotification());
      await deliver(service, aNotification());
      const other = { id: "al_777777:fired:care", dedupeKey: "other", number: "A-777777" };
      await deliver(service, aNotification(other));
      const [first, again, another] = service.taken().map((message) => harness.idOf(message));
      expect(first).not.toBe("");
      expect(again).toBe(first);
      expect(another).not.toBe(first);
    });

    it.each(NOTIFICATION_KINDS)("can tell of %s, first or later", async (change) => {
      const service = await start();
      const notification = aNotification({ kind: change, id: `al_3f9c2b:${change}:care` });
      expect(() => Notification.parse(notification)).not.toThrow();
      await deliver(service, notification);
      const before = service.taken().length;
      expect(before).toBeGreaterThan(0);
      const earlier = await deliver(service, aNotification());
      await deliver(service, notification, { earlier });
      expect(service.taken().length).toBeGreaterThan(before + 1);
    });

    it("tells of a notification with nothing in all that may be empty", async () => {
      const service = await start();
      await deliver(service, aBareNotification());
      const texts = service.taken().flatMap((message) => harness.textsOf(message));
      expect(texts.join("\n")).toContain("A-3F9C2B");
      if (without.markup === undefined) expect(texts.join("\n")).not.toMatch(/undefined|null|NaN|\[object/);
    });

    it("makes hostile text harmless, wherever in a notification it stands", async () => {
      const service = await start();
      await deliver(service, aHostileNotification());
      // short enough for all of it to be shown
      await deliver(service, aHostileNotification({ quotes: [], known: null, earlier: [] }, ""));
      await deliver(service, aHostileNotification({ reasons: [], facts: [], known: null }, ""));
      const messages = service.taken();
      expect(messages.length).toBeGreaterThan(2);
      for (const message of messages) {
        const texts = harness.textsOf(message);
        if (without.markup === undefined) expect(texts.filter((text) => CONTROLS.test(text))).toEqual([]);
        expect(texts.filter((text) => !text.isWellFormed())).toEqual([]);
        expect(texts.filter((text) => /javascript:/i.test(text))).toEqual([]);
        harness.expectHarmless(message);
      }
    });

    it("cuts within no character, wherever the limit falls", async () => {
      const service = await start();
      for (let shift = 0; shift < 4; shift++) {
        const text = `${"x".repeat(shift)}${"🌧".repeat(900)}`;
        await deliver(service, aNotification({ title: text, summary: text, reasons: [text], owner: text }));
      }
      const texts = service.taken().flatMap((message) => harness.textsOf(message));
      expect(texts.filter((text) => !text.isWellFormed() || text.includes("\ufffd"))).toEqual([]);
    });

    promise("waits as long as a busy service asks", "busy", async () => {
      const service = await start();
      troubled(service, "busy");
      const error = await failure(service);
      expect(error.code).toBe("sink_unavailable");
      expect(error.retryAfterMs).toBe(harness.retryAfterMs);
      troubled(service, undefined);
      await deliver(service, aNotification());
      expect(service.taken()).toHaveLength(1);
    });

    const troubles: readonly [ServiceTrouble, ErrorCode][] = [
      ["failing", "sink_unavailable"],
      ["malformed", "sink_rejected"],
      ["forbidden", "sink_rejected"],
      ["missing", "sink_rejected"],
    ];
    for (const [trouble, code] of troubles) {
      promise(`calls a service that is ${trouble} ${code}, and gives away no secret`, trouble, async () => {
        const service = await start();
        troubled(service, trouble);
        const error = await failure(service);
        expect(error.code).toBe(code);
        expect(error.message).toMatch(/; .*\.$/s);
        expect(error.message.length).toBeLessThan(500);
        expectNoSecret(error, service);
      });
    }

    promise("calls a closed port sink_unavailable, and gives away no secret", "closed", async () => {
      const service = await start();
      await service.close();
      const error = await failure(service);
      expect(error.code).toBe("sink_unavailable");
      expect(error.message).toContain("ECONNREFUSED");
      expectNoSecret(error, service);
    });

    promise("gives up on a service that never answers", "hang", async () => {
      const service = await start();
      troubled(service, "hang");
      const receiver = kind.open(kind.config.parse({ ...service.config, timeoutMs: 150 }), context);
      receivers.push(receiver);
      const sent = receiver.deliver(aNotification(), undefined, new AbortController().signal);
      await expect(sent).rejects.toMatchObject({ name: "EarshotError", code: "sink_unavailable" });
    });

    promise("stops within a second when it is aborted, with the reason given", "hang", async () => {
      const service = await start();
      troubled(service, "hang");
      const abort = new AbortController();
      const reason = new Error("enough");
      const sent = deliver(service, aNotification(), { signal: abort.signal }).catch(
        (error: unknown) => error,
      );
      await service.asked?.();
      abort.abort(reason);
      expect(await Promise.race([sent, sleep(1_000, "it hangs", { ref: false })])).toBe(reason);
    });

    it("sends nothing when it is aborted already", async () => {
      const service = await start();
      const reason = new Error("enough");
      const sent = deliver(service, aNotification(), { signal: AbortSignal.abort(reason) });
      await expect(sent).rejects.toBe(reason);
      expect(service.taken()).toHaveLength(0);
    });

    it("can be closed twice", async () => {
      const receiver = receiverOf(await start());
      await receiver.close();
      await expect(receiver.close()).resolves.toBeUndefined();
    });
  });

  function troubled(service: StubService, trouble: ServiceTrouble | undefined): void {
    if (service.trouble === undefined)
      throw new Error(`the harness of ${name} cannot be troubled; say why in without`);
    service.trouble(trouble);
  }
}

/** Every text in a value, keys left out. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
