import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** A mail as it lies on the server. */
export interface ServedMail {
  /** Headers, an empty line, the body. */
  readonly raw: string;
  /** When it came; every second thereafter the next, unless said otherwise. */
  readonly receivedAt?: string;
  /** As `\\Seen` or `$Junk`. */
  readonly flags?: readonly string[];
}

export interface ServedMailbox {
  uidValidity: number;
  readonly specialUse?: string;
}

/** What goes wrong from now on. */
export type ImapTrouble =
  "garbage" | "garbage_greeting" | "wrong_password" | "not_now" | "forbidden" | "bye" | "hang_up" | "hang";

/** An IMAP4rev1 server on this machine: as much of one as reading mail needs. */
export interface ImapServer {
  /** `imap://127.0.0.1:<port>` */
  readonly url: string;
  /** Commands without their tags, as they were sent, oldest first. */
  readonly commands: readonly string[];
  /** Adds a mailbox; `INBOX` is there from the start. */
  create(name: string, mailbox?: Partial<ServedMailbox>): void;
  /** Puts a mail into a mailbox. @returns its UID */
  deliver(mail: ServedMail, mailbox?: string): number;
  /** Numbers the mails of a mailbox anew, under another UIDVALIDITY. */
  renumber(mailbox?: string): void;
  /** Removes a mail. */
  expunge(uid: number, mailbox?: string): void;
  trouble(trouble: ImapTrouble | undefined): void;
  /** Resolves when somebody has connected and said something since it was troubled. */
  asked(): Promise<void>;
  /** Resolves when no connection is open any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Stored {
  readonly uid: number;
  readonly raw: Buffer;
  readonly receivedAt: Date;
  readonly flags: readonly string[];
}

interface Mailbox extends ServedMailbox {
  uidNext: number;
  mails: Stored[];
}

const FIRST = Date.parse("2026-03-01T10:00:00Z");
const DAY_MS = 86_400_000;

/** Starts an IMAP server on a free port; `user` with `password` may log in. */
export async function startImapServer(user: string, password: string): Promise<ImapServer> {
  const mailboxes = new Map<string, Mailbox>();
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const waiters = new Set<() => void>();
  let trouble: ImapTrouble | undefined;
  let before = 0;
  let heard = 0;
  let delivered = 0;
  const wake = () => waiters.forEach((check) => check());
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isTrue()) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  const boxOf = (name: string): Mailbox => {
    const box = mailboxes.get(name);
    if (box === undefined) throw new Error(`there is no mailbox ${name}`);
    return box;
  };

  /** Lines to send back, the tagged one last; bytes stand for themselves. */
  function answer(tag: string, line: string, session: { box: Mailbox | undefined }): (string | Buffer)[] {
    const words = wordsOf(line);
    const name = (words[0] ?? "").toUpperCase();
    const ok = (text = "done") => `${tag} OK ${text}`;
    if (trouble === "garbage") return ["<html><body>It works!</body></html>", "((((", `${tag} {{{ "`];
    if (name === "CAPABILITY") return ["* CAPABILITY IMAP4rev1 SPECIAL-USE", ok()];
    if (name === "NOOP") return [ok()];
    if (name === "LOGOUT") return ["* BYE", ok()];
    if (name === "LOGIN") {
      const isRight = words[1] === user && words[2] === password;
      if (trouble === "not_now") return [`${tag} NO [UNAVAILABLE] try ${password} later`];
      if (isRight && trouble !== "wrong_password") return [ok()];
      return [`${tag} NO [AUTHENTICATIONFAILED] ${words[2] ?? ""} is wrong`];
    }
    if (name === "LIST" || name === "LSUB") {
      const listed = [...mailboxes]
        .filter(([path]) => words[2] === "*" || words[2] === path)
        .map(([path, { specialUse }]) => `* ${name} (\\HasNoChildren ${specialUse ?? ""}) "/" "${path}"`);
      return [...listed, ok()];
    }
    if (name === "EXAMINE") {
      if (trouble === "forbidden") return [`${tag} NO [NOPERM] not for you`];
      const box = mailboxes.get(words[1] ?? "");
      if (box === undefined) return [`${tag} NO [NONEXISTENT] no such mailbox`];
      session.box = box;
      return [
        "* FLAGS (\\Seen \\Answered \\Deleted \\Draft)",
        `* ${box.mails.length} EXISTS`,
        "* 0 RECENT",
        `* OK [UIDVALIDITY ${box.uidValidity}] valid`,
        `* OK [UIDNEXT ${box.uidNext}] next`,
        ok("[READ-ONLY] examined"),
      ];
    }
    const { box } = session;
    if (name !== "UID" || box === undefined) return [`${tag} BAD what?`];
    if (words[1]?.toUpperCase() === "SEARCH") {
      const found = box.mails.filter((mail) => isMeant(mail, words.slice(2), box));
      return [`* SEARCH ${found.map(({ uid }) => uid).join(" ")}`, ok()];
    }
    if (words[1]?.toUpperCase() === "FETCH") return [...fetched(box, words[2] ?? "", line), ok()];
    return [`${tag} BAD what?`];
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      wake();
    });
    socket.on("error", () => {});
    if (trouble === "hang_up") return void socket.destroy();
    if (trouble === "bye") return void socket.end("* BYE closed for today\r\n");
    socket.setNoDelay(true);
    socket.write("* OK ready\r\n");
    const session: { box: Mailbox | undefined } = { box: undefined };
    let input = "";
    socket.on("data", (chunk: Buffer) => {
      input += chunk.toString("latin1");
      for (;;) {
        const taken = takeCommand(input);
        if (taken === "literal") return void socket.write("+ go on\r\n");
        if (taken === undefined) return;
        input = taken.rest;
        commands.push(taken.line.replace(/^\S+ /, ""));
        heard++;
        wake();
        if (trouble === "hang") continue;
        const tag = /^\S+/.exec(taken.line)?.[0] ?? "";
        const parts = answer(tag, taken.line.slice(tag.length + 1), session);
        socket.write(
          Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\r\n`) : part))),
        );
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const create = (name: string, mailbox: Partial<ServedMailbox> = {}) =>
    void mailboxes.set(name, { uidValidity: 1_700_000_001, ...mailbox, uidNext: 1, mails: [] });
  create("INBOX");
  return {
    url: `imap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    create,
    deliver({ raw, receivedAt, flags = [] }, mailbox = "INBOX") {
      const box = boxOf(mailbox);
      const uid = box.uidNext++;
      box.mails.push({
        uid,
        raw: Buffer.from(raw.replace(/\r?\n/g, "\r\n")),
        receivedAt: new Date(receivedAt ?? FIRST + delivered++ * 1_000),
        flags,
      });
      return uid;
    },
    renumber(mailbox = "INBOX") {
      const box = boxOf(mailbox);
      box.uidValidity++;
      box.mails = box.mails.map((mail, at) => ({ ...mail, uid: at + 1 }));
      box.uidNext = box.mails.length + 1;
    },
    expunge(uid, mailbox = "INBOX") {
      const box = boxOf(mailbox);
      box.mails = box.mails.filter((mail) => mail.uid !== uid);
    },
    trouble(next) {
      trouble = next;
      before = heard;
    },
    asked: () => until(() => heard > before),
    idle: () => until(() => sockets.size === 0),
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** One command with its literals put in as quoted words, once it is there in full. */
function takeCommand(input: string): { line: string; rest: string } | "literal" | undefined {
  let line = "";
  let rest = input;
  for (;;) {
    const end = rest.indexOf("\r\n");
    if (end < 0) return undefined;
    const literal = /\{(\d+)\+?\}$/.exec(rest.slice(0, end));
    if (literal === null) return { line: line + rest.slice(0, end), rest: rest.slice(end + 2) };
    const length = Number(literal[1]);
    const start = end + 2;
    if (rest.length === start) return "literal";
    if (rest.length < start + length) return undefined;
    line += `${rest.slice(0, literal.index)}"${rest.slice(start, start + length)}"`;
    rest = rest.slice(start + length);
  }
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s"]+/g)].map(([word, quoted]) =>
    quoted === undefined ? word : quoted.replace(/\\(.)/g, "$1"),
  );
}

function isMeant({ uid, receivedAt }: Stored, criteria: readonly string[], box: Mailbox): boolean {
  const day = Math.floor(receivedAt.getTime() / DAY_MS);
  const dayOf = (at: number) => Math.floor(Date.parse(`${criteria[at] ?? ""} UTC`) / DAY_MS);
  return criteria.every((word, at) => {
    if (word === "UID") return isWithin(uid, criteria[at + 1] ?? "", box);
    if (word === "SINCE") return day >= dayOf(at + 1);
    if (word === "BEFORE") return day < dayOf(at + 1);
    return true;
  });
}

/** As the protocol has it: `7:*` holds the last mail, however small its UID. */
function isWithin(uid: number, set: string, box: Mailbox): boolean {
  const last = box.mails.at(-1)?.uid ?? 0;
  return set.split(",").some((range) => {
    const ends = range.split(":").map((end) => (end === "*" ? last : Number(end)));
    return uid >= Math.min(...ends) && uid <= Math.max(...ends);
  });
}

function fetched(box: Mailbox, set: string, line: string): (string | Buffer)[] {
  const [, start = "0", length = "Infinity"] = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/.exec(line) ?? [];
  return box.mails.flatMap(({ uid, raw, receivedAt, flags }, at) => {
    if (!isWithin(uid, set, box)) return [];
    const part = raw.subarray(Number(start), Number(start) + Number(length));
    const told = `UID ${uid} FLAGS (${flags.join(" ")}) INTERNALDATE "${internalDate(receivedAt)}"`;
    const head = `* ${at + 1} FETCH (${told} RFC822.SIZE ${raw.length} BODY[]<${start}> {${part.length}}`;
    return [head, part, ")"];
  });
}

function internalDate(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}
