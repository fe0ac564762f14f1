// Numbers as text, character for character as src/evaluate/format.rs writes them; a change goes into both.

// The text of a value in base units. The array is a compiled format; its labels begin with their space.
function format(value, [style, digits, scale, one, many], numerals) {
  const x = value / scale;
  if (!Number.isFinite(x)) return numerals.not_a_number;
  if (style === "y") return x ? numerals.yes : numerals.no;
  if (style === "t") return formatDate(x, numerals);
  if (style === "u") return formatDuration(x, numerals);
  // The shortest decimal: the same digits in every browser. Percent and bps move its point.
  let [shortest, power] = Math.abs(x).toExponential().split("e");
  shortest = shortest.replace(".", "");
  power = +power + ({ p: 2, b: 4 }[style] ?? 0);
  const auto = style === "a", fixed = "fpb".includes(style);
  const powers = style === "s" || auto && (power < -6 || power > 14);
  let places = fixed ? digits : digits - 1 - power;
  if (auto && !powers) places = Math.max(places, 0);
  // Rounds to a count of 10^-places, half away from zero.
  const keep = power + 1 + places;
  let count = "0";
  if (keep >= 0) count = `${BigInt(shortest.slice(0, keep).padEnd(keep, 0)) + BigInt(shortest[keep] > 4)}`;
  const zero = count === "0";
  if (!fixed && count.length > keep) { // 999 became 1000: as many digits again
    count = count.slice(0, -1);
    places--;
    power++;
  }
  let word = "";
  if (powers && power) {
    places += power;
    word = numerals.times + [...`${power}`].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
  } else if (style === "c") {
    const [shift, name] = numerals.scales.findLast(([scale]) => scale <= power) ?? [0, ""];
    places += shift;
    word = name;
  }
  const all = places < 0 ? count + "0".repeat(-places) : count.padStart(places + 1, 0);
  const point = all.length - Math.max(places, 0);
  const whole = all.slice(0, point).replace(/\B(?=(...)+$)/g, () => numerals.group);
  const part = auto || style === "c" ? all.slice(point).replace(/0+$/, "") : all.slice(point);
  const text = whole + (part && numerals.decimal + part) + word;
  return (x < 0 && !zero ? numerals.minus : "") + text + (text === "1" ? one : many);
}

// Seconds since 1970 as a day of the years 1 to 9999.
function formatDate(seconds, { date, months, not_a_number }) {
  const day = new Date(Math.floor(seconds) * 1000);
  const y = day.getUTCFullYear(), m = day.getUTCMonth(), d = day.getUTCDate();
  if (!(y > 0 && y < 10000)) return not_a_number;
  return [["y", y], ["year", y], ["m", m + 1], ["month", months[m] ?? ""], ["d", d], ["day", d]]
    .reduce((text, [name, value]) => text.split(`{${name}}`).join(value), date);
}

// Seconds as the two largest neighbouring parts.
function formatDuration(seconds, numerals) {
  const parts = numerals.durations, size = Math.abs(seconds), last = parts.at(-1);
  if (!last) return numerals.not_a_number;
  const part = (count, [, one, many], style = "a", digits = 6) =>
    format(count, [style, digits, 1, one, many], numerals);
  let text;
  if (size < 10 * last[0]) text = part(size / last[0], last, "c", 3);
  else {
    let at = parts.findIndex(([scale]) => scale <= size);
    const small = parts[at + 1] ?? last, count = Math.round(size / small[0]);
    if (at && count * small[0] >= parts[at - 1][0]) at--;
    const ratio = parts[at][0] / small[0], rest = count < 2 ** 53 ? count % ratio : 0;
    text = part((count - rest) / ratio, parts[at]);
    if (rest) text += (small[2][0] === "\u00a0" ? " " : "") + part(rest, small);
  }
  return (seconds < 0 ? numerals.minus : "") + text;
}
