/* Instance norm with gain and shift, then Snake, y = x + sin(a x)^2 / a, on bf16 values laid out [rows, channels].
   gcc -O3 -march=native -ffast-math -shared -fPIC kokoro.c -o kokoro.so -lmvec -lm */
#include <math.h>
#include <stdint.h>
#include <string.h>
typedef uint16_t bf;
static inline float up(bf v) { uint32_t u = (uint32_t)v << 16; float f; memcpy(&f, &u, 4); return f; }
static inline bf down(float f) { uint32_t u; memcpy(&u, &f, 4); return (bf)((u + 0x7fff + ((u >> 16) & 1)) >> 16); }
#define MOST 512
void activate(const bf *restrict x, const float *restrict gain, const float *restrict shift, const float *restrict a, bf *restrict y, long rows, long c) {
  double all[MOST] = {0}, square[MOST] = {0};
  float g[MOST], s[MOST], t[MOST], v[MOST];
  for (long r = 0; r < rows; r += 64) {
    float sum[MOST] = {0}, sums[MOST] = {0};
    for (long k = r; k < rows && k < r + 64; k++) {
      const bf *p = x + k * c;
      for (long i = 0; i < c; i++) { float f = up(p[i]); sum[i] += f; sums[i] += f * f; }
    }
    for (long i = 0; i < c; i++) { all[i] += sum[i]; square[i] += sums[i]; }
  }
  for (long i = 0; i < c; i++) {
    double mean = all[i] / rows, variance = square[i] / rows - mean * mean;
    g[i] = gain[i] / sqrt((variance > 0 ? variance : 0) + 1e-5);
    s[i] = shift[i] - mean * g[i];
    t[i] = 2 * a[i];
    v[i] = 0.5f / a[i];
  }
  for (long r = 0; r < rows; r++) {
    const bf *p = x + r * c; bf *q = y + r * c;
    for (long i = 0; i < c; i++) { float f = up(p[i]) * g[i] + s[i]; q[i] = down(f + v[i] * (1 - cosf(t[i] * f))); }
  }
}
void add(bf *restrict x, const bf *restrict y, long n) {
  for (long i = 0; i < n; i++) x[i] = down(up(x[i]) + up(y[i]));
}
