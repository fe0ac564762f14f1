// The same bits as src/evaluate/math.rs in every browser, unlike Math.exp, Math.log and Math.pow.
/*! From FreeBSD's msun by way of musl and Rust's libm 0.2.16.
Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
distribute this software is freely granted, provided that this notice is preserved.
© 2005-2020 Rich Felker, et al. © 2018 Jorge Aparicio. MIT licence, https://opensource.org/license/mit */
const double = new Float64Array([1]), words = new Int32Array(double.buffer);
const HIGH = words[1] ? 1 : 0; // where the high word is
const LN2_HIGH = 0.6931471803691238, LN2_LOW = 1.9082149292705877e-10;

// x without its low word
function highPart(x) {
  double[0] = x;
  words[1 - HIGH] = 0;
  return double[0];
}

// x * 2^n, if normal
function shiftExponent(x, n) {
  double[0] = x;
  words[HIGH] += n << 20;
  return double[0];
}

// x * 2^n, rounded once
function scaleExponent(x, n) {
  return shiftExponent(x, n >> 1) * shiftExponent(1, n - (n >> 1));
}

// x = 2^n * double[0]
function splitExponent(x, offset) {
  double[0] = x < 1 ? x * 0x40000000000000 : x;
  const high = words[HIGH] + offset;
  words[HIGH] = (high & 0xfffff) + 0x3ff00000 - offset;
  return (high >> 20) - (x < 1 ? 1077 : 1023);
}

// exp(r) = 1 + r + r * c / (2 - c)
function expPart(r) {
  const t = r * r;
  return r - t * (0.16666666666666602 + t * (-0.0027777777777015593 + t * (0.00006613756321437934
    + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
}

// e_exp.c
function exp(x) {
  if (x > 1024 * Math.LN2) return Infinity;
  if (x < -1075 * Math.LN2) return 0;
  if (Math.abs(x) < 3.725293851175593e-9) return 1 + x;
  const k = Math.abs(x) < Math.fround(Math.LN2) / 2 ? 0 : round(Math.LOG2E * x);
  const h = x - k * LN2_HIGH, t = k * LN2_LOW, r = h - t, c = expPart(r);
  return scaleExponent(1 + (r * c / (2 - c) - t + h), k);
}

// e_log.c; `ten`: e_log10.c
function logarithm(x, ten) {
  if (!(x > 0 && x < Infinity)) return x < 0 ? NaN : x === 0 ? -Infinity : x;
  const k = splitExponent(x, 0x95f62), f = double[0] - 1, h = f * f / 2, s = f / (2 + f), z = s * s, w = z * z;
  const r = s * (h + (z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805
    + w * 0.14798198605116586))) + w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))));
  if (!ten) return r + k * LN2_LOW - h + f + k * LN2_HIGH;
  const g = highPart(f - h), t = f - g - h + r, u = g * 0.4342944818781689, v = k * 0.30102999566361177, y = v + u;
  return k * 3.694239077158931e-13 + (t + g) * 2.5082946711645275e-11 + t * 0.4342944818781689 + (v - y + u) + y;
}

function ln(x) {
  return logarithm(x);
}

function log10(x) {
  return logarithm(x, true);
}

// e_pow.c; l + m is log2 |x|
function pow(x, y) {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  if (x !== x || y !== y || x < 0 && x > -Infinity && y % 1) return NaN;
  const sign = Math.abs(y % 2) === 1 && (x < 0 || 1 / x < 0) ? -1 : 1;
  let a = Math.abs(x), n = 0, d = 0, u, v;
  if (a === 1) return sign;
  const limit = sign * (a < 1 === y < 0 ? Infinity : 0);
  if (a === 0 || a === Infinity || Math.abs(y) > 1e20) return limit;
  if (Math.abs(y) >= 0x80000800 && a < 2) {
    const t = a - 1;
    u = t * Math.fround(Math.LOG2E);
    v = t * 1.9259629911266175e-8 - t * t * (0.5 - t * (1 / 3 - t / 4)) * Math.LOG2E;
  } else {
    n = splitExponent(a, 0x44986);
    a = double[0];
    const k = a < 1.224745750427246 ? 0 : 0.5, c = 1 + k, o = a - c, g = 1 / (a + c), s = o * g, t = highPart(s);
    const r = highPart(highPart(a) + c), m = g * (o - t * r - t * (a - (r - c))), z = s * s, e = t * t;
    const f = z * z * (0.5999999999999946 + z * (0.4285714285785502 + z * (0.33333332981837743
      + z * (0.272728123808534 + z * (0.23066074577556175 + z * 0.20697501780033842))))) + m * (t + s);
    const l = highPart(3 + e + f), h = t * l, j = m * l + (f - (l - 3 - e)) * s, w = highPart(h + j);
    d = k * 1.1699249744415283;
    u = w * 0.9617967009544373;
    v = (j - (w - h)) * 0.9617966939259756 - w * 7.028461650952758e-9 + k * 2.700078404259498e-8;
  }
  const l = highPart(u + v + d + n), m = v - (l - n - d - u);
  const e = highPart(y), t = e * l, j = (y - e) * l + y * m, f = t + j;
  if (f > 1024 || f === 1024 && j + Math.LOG2E / 0x40000000000000 > f - t) return limit;
  if (f < -1075 || f === -1075 && j <= f - t) return limit;
  const k = Math.abs(f) < 0.5000004768371582 ? 0 : round(f), h = t - k, w = highPart(h + j);
  const p = w * Math.fround(Math.LN2), g = (j - (w - h)) * Math.LN2 - w * 1.904654299957768e-9;
  const r = p + g, c = expPart(r), s = g - (r - p);
  return sign * scaleExponent(1 - (r * c / (c - 2) - (s + r * s) - r), k);
}

// half away from zero
function round(x) {
  return Math.trunc(x + Math.sign(x) * 0.49999999999999994);
}
