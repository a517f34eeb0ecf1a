/** Where in the room someone stands. */

/** Factors for left and right at `pan` (-1 left … 1 right): their powers add up to 1, so nobody gets louder on the way. */
export function panGains(pan: number): readonly [left: number, right: number] {
  const angle = ((pan + 1) * Math.PI) / 4;
  return [Math.cos(angle), Math.sin(angle)];
}
