/** The picture of a sound: for each column of pixels the lowest and the highest sample in it. */

export interface Extremes {
  readonly low: number;
  readonly high: number;
}

/** `columns` pairs over all of `samples`; a sound shorter than that repeats samples, an empty one is flat. */
export function extremesOf(samples: Float32Array, columns: number): Extremes[] {
  return Array.from({ length: columns }, (_unused, column) => {
    const begin = Math.floor((column * samples.length) / columns);
    const end = Math.max(begin + 1, Math.floor(((column + 1) * samples.length) / columns));
    let [low, high] = [0, 0];
    for (const sample of samples.subarray(begin, end)) {
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    return { low, high };
  });
}

/** Draws in the theme's colours, at the screen's own resolution; `heardShare` (0 to 1) of it is played already. */
export function drawWaveform(canvas: HTMLCanvasElement, samples: Float32Array, heardShare: number): void {
  const { clientWidth, clientHeight } = canvas;
  if (clientWidth === 0) return;
  const scale = window.devicePixelRatio;
  canvas.width = clientWidth * scale;
  canvas.height = clientHeight * scale;
  const pen = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  const middle = canvas.height / 2;
  pen.fillStyle = style.borderTopColor;
  pen.fillRect(0, Math.floor(middle), canvas.width, 1);
  if (samples.length === 0) return;
  extremesOf(samples, canvas.width).forEach(({ low, high }, column) => {
    pen.fillStyle = column < heardShare * canvas.width ? style.color : style.borderTopColor;
    const top = middle - high * middle;
    pen.fillRect(column, top, 1, Math.max(scale, (high - low) * middle));
  });
}
