/** Differences of results, as `npm run parity` measures them. */
export { largestDifference, peakOf } from '../../scripts/parity/findings.js';
