import type { ReactNode } from "react";
import type { Span } from "../../../schemas/reading.ts";

export interface MarkedTextProps {
  readonly text: string;
  /** Stretches to mark, UTF-16 offsets into `text`, in any order; what lies outside the text is ignored. */
  readonly spans: readonly Span[];
}

/** A text with stretches of it marked. The text is only ever text: React escapes it. */
export function MarkedText({ text, spans }: MarkedTextProps) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of mergeSpans(text, spans)) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}

/** Spans inside the text, in order, overlapping ones joined, none cutting a surrogate pair. */
function mergeSpans(text: string, spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = isInsidePair(text, span.start) ? span.start - 1 : span.start;
    const end = Math.min(text.length, isInsidePair(text, span.end) ? span.end + 1 : span.end);
    const last = merged.at(-1);
    if (start >= end) continue;
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function isInsidePair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}
