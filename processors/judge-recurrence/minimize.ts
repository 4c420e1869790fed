const FIRST_STEP = 0.5;
const MOST_ROUNDS = 400;
const CLOSE_ENOUGH = 1e-10;

interface Corner {
  readonly point: readonly number[];
  readonly loss: number;
}

/**
 * The point near which a smooth function of a few numbers is least, searched from a start without derivatives.
 * @see Nelder, Mead, "A simplex method for function minimization", The Computer Journal 7 (1965)
 */
export function minimize(loss: (point: readonly number[]) => number, start: readonly number[]): number[] {
  const corner = (point: readonly number[]): Corner => ({ point, loss: loss(point) });
  const corners = [
    corner(start),
    ...start.map((_, axis) => corner(start.map((x, at) => (at === axis ? x + FIRST_STEP : x)))),
  ];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    corners.sort((a, b) => a.loss - b.loss);
    const [best, worst, second] = [corners[0], corners.at(-1), corners.at(-2)];
    if (best === undefined || worst === undefined || second === undefined) break;
    if (worst.loss - best.loss < CLOSE_ENOUGH * (1 + Math.abs(best.loss))) break;
    const others = corners.slice(0, -1);
    const middle = start.map((_, axis) => mean(others.map(({ point }) => point[axis] ?? 0)));
    const along = (factor: number) =>
      corner(middle.map((x, axis) => x + factor * (x - (worst.point[axis] ?? 0))));
    const mirrored = along(1);
    const next = (() => {
      if (mirrored.loss < best.loss) {
        const further = along(2);
        return further.loss < mirrored.loss ? further : mirrored;
      }
      if (mirrored.loss < second.loss) return mirrored;
      const nearer = along(mirrored.loss < worst.loss ? 0.5 : -0.5);
      return nearer.loss < Math.min(worst.loss, mirrored.loss) ? nearer : undefined;
    })();
    if (next !== undefined) corners[corners.length - 1] = next;
    else
      for (let at = 1; at < corners.length; at++) {
        const { point } = corners[at] ?? best;
        corners[at] = corner(point.map((x, axis) => (x + (best.point[axis] ?? 0)) / 2));
      }
  }
  corners.sort((a, b) => a.loss - b.loss);
  return [...(corners[0]?.point ?? start)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}
