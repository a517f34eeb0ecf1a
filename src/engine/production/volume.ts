/** What a sample is multiplied by at a volume of `percent`, 0 to 100: half the volume is half as loud to the ear, 10 dB less. */
export function volumeGain(percent: number): number {
  return percent <= 0 ? 0 : (percent / 100) ** Math.log2(Math.sqrt(10));
}
