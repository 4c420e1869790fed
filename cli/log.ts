import pino from "pino";
import pretty from "pino-pretty";
import type { Context, Observation } from "../core/context.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** Lines for a person instead of JSON; the default on a terminal. */
  readonly isPretty: boolean;
  /** Told what the loops observe. */
  readonly observe?: (observation: Observation) => void;
}

/** The context of a running program: the wall clock, and a log on stderr (stdout belongs to results). */
export function openContext(options: LogOptions): Context {
  const destination = options.isPretty
    ? pretty({ destination: 2, sync: true, ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss" })
    : pino.destination({ dest: 2, sync: true });
  const log = pino({ level: options.level, base: { pid: process.pid } }, destination);
  return { now: () => new Date(), log, observe: options.observe ?? (() => {}) };
}
