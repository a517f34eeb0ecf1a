/** The arithmetic lies a floor below, for the runtime room brings 24 kHz to the 16 kHz of the semantic encoder with it too. */
export { resample } from '../resample.js';
