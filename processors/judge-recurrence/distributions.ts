const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * The natural logarithm of Γ(x) for x > 0, to about 1e-13.
 * @see Lanczos, "A precision approximation of the gamma function", SIAM J. Numer. Anal. 1 (1964), g = 7, n = 9
 */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const t = x + 6.5;
  let sum = LANCZOS[0] ?? 1;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x - 1 + i);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The natural logarithm of the beta function B(a, b), a, b > 0. */
export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/**
 * P(Z ≥ z) of the standard normal distribution, to a relative 1.2e-7 far into the tail.
 * @see Press et al., Numerical Recipes, 2nd ed., §6.2 (erfcc)
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const tail = 0.5 * t * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0));
  return z >= 0 ? tail : 1 - tail;
}

/**
 * P(X ≥ count) of a negative-binomial count with this mean and size: variance mean + mean² / size. An infinite size is
 * Poisson.
 */
export function negativeBinomialTail(count: number, mean: number, size: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  const isPoisson = size > 1e7;
  const share = isPoisson ? 0 : mean / (mean + size);
  const lnFirst = isPoisson
    ? -mean + count * Math.log(mean) - lnGamma(count + 1)
    : lnGamma(size + count) -
      lnGamma(size) -
      lnGamma(count + 1) +
      size * Math.log(size / (size + mean)) +
      count * Math.log(share);
  // the shorter side is summed: upwards from the count, or downwards from the one before it
  const step = (n: number) => (isPoisson ? mean / n : (share * (size + n - 1)) / n);
  let [term, sum] = [1, 0];
  if (count > mean) {
    for (let n = count; term > 1e-17 * sum || n === count; n++) {
      sum += term;
      term *= step(n + 1);
    }
    return Math.min(1, Math.exp(lnFirst) * sum);
  }
  for (let n = count; n > 0 && term > 1e-17 * sum; n--) {
    term /= step(n);
    sum += term;
  }
  return Math.max(0, 1 - Math.exp(lnFirst) * sum);
}

/**
 * The 95 % interval of a Poisson mean of which this count was seen.
 * @see Byar's approximation in Breslow, Day, Statistical Methods in Cancer Research II, IARC 1987, §2.3 (to .1 of Garwood 1936)
 */
export function poissonInterval(count: number): readonly [low: number, high: number] {
  const z = 1.959963985;
  const bound = (n: number, sign: number) => n * (1 - 1 / (9 * n) + (sign * z) / (3 * Math.sqrt(n))) ** 3;
  return [count <= 0 ? 0 : Math.max(0, bound(count, -1)), bound(count + 1, 1)];
}

/**
 * The q-value of each p-value: the false-discovery rate at which it would just count as found. In their order.
 * @see Benjamini, Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995)
 */
export function falseDiscoveryRates(ps: readonly number[]): number[] {
  const order = ps.map((_, at) => at).sort((a, b) => (ps[b] ?? 1) - (ps[a] ?? 1));
  const qs = new Array<number>(ps.length).fill(1);
  let least = 1;
  order.forEach((at, passed) => {
    least = Math.min(least, ((ps[at] ?? 1) * ps.length) / (ps.length - passed));
    qs[at] = least;
  });
  return qs;
}
