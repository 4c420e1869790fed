/** Of a standard normal, what lies below in 97.5 of 100 cases. */
const Z = 1.959964;

/**
 * The share that is surely reached: lower end of the 95 % interval of Wilson (1927) of `hits` among `all`, which may be
 * fractions. 0 where there is nothing.
 * @see https://doi.org/10.1080/01621459.1927.10502953
 */
export function wilsonLower(hits: number, all: number): number {
  if (all <= 0) return 0;
  const share = hits / all;
  const centre = share + (Z * Z) / (2 * all);
  const spread = Z * Math.sqrt((share * (1 - share)) / all + (Z * Z) / (4 * all * all));
  return Math.max(0, (centre - spread) / (1 + (Z * Z) / all));
}
