/** Random numbers, handed in: everything that samples takes them from an argument, so that a seed repeats a result. */

/** Gives a number in [0, 1). */
export type Rng = () => number;

/**
 * Random numbers from a seed: sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand), 96 bits of state and a counter,
 * 32 bits a number. The seed is the state's last word, and the first 15 numbers are dropped, so that near seeds give unlike
 * numbers. The same seed gives the same numbers on every machine: the arithmetic is of 32-bit integers throughout.
 */
export function seededRng(seed: number): Rng {
  let [a, b, c, counter] = [0, 0, seed | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  return () => next() / 0x1_0000_0000;
}
