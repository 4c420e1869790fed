import { eventsIn, listEvents } from "./chart-events.ts";
import { formatValue, type ChartSpec } from "./chart-spec.ts";
import { describeMark, listNames } from "./coverage-marks.ts";
import { formatBucket } from "../format.ts";

/**
 * The tooltip of one bucket as an element: its date, what happened, how it was not heard in full, and a line per series with colour,
 * name and number.
 */
export function tooltipOf(
  spec: ChartSpec,
  index: number | undefined,
  colour: (variable: string) => string,
): HTMLElement | string {
  const bucket = index === undefined ? undefined : spec.buckets[index];
  if (index === undefined || bucket === undefined) return "";
  const tooltip = element("div", "tooltip");
  tooltip.append(element("div", "tooltip-title", formatBucket(bucket, spec.interval)));
  const events = eventsIn(spec, index);
  if (events.length > 0) tooltip.append(element("div", "tooltip-note", listEvents(events)));
  const mark = spec.marks[index];
  if (mark) {
    const note = element("div", "tooltip-note", describeMark(mark));
    if (mark.sources.length > 0) note.append(element("div", "muted", listNames(mark.sources, 3)));
    tooltip.append(note);
  }
  if (mark?.state === "none") return tooltip;
  const list = element("div", "tooltip-rows");
  for (const series of spec.series) {
    const swatch = element("span", series.shape === "none" ? "swatch swatch-none" : "swatch");
    swatch.style.backgroundColor = series.shape === "none" ? "transparent" : colour(series.colour);
    list.append(
      swatch,
      element("span", "tooltip-name", series.label),
      element("span", "tooltip-value", formatValue(series, index)),
    );
  }
  tooltip.append(list);
  return tooltip;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
