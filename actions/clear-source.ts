import type { Store } from "../core/contracts.ts";
import { placesOf, purgePlaces } from "./purge-places.ts";

const OF_SOURCE = "source = {source:String}";
const PLACES = [
  ...placesOf(`SELECT id FROM mention_rows WHERE ${OF_SOURCE}`),
  ["dead_letter_rows", OF_SOURCE],
  ["coverage_rows", OF_SOURCE],
  ["cursor_rows", OF_SOURCE],
  ["poll_rows", OF_SOURCE],
  ["mention_rows", OF_SOURCE],
] as const;

/** Takes everything a source ever brought out of the store for good, its cursor included: as if it had never run. */
export async function clearSource(store: Store, source: string): Promise<void> {
  await purgePlaces(store, PLACES, { source });
}
