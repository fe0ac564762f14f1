// Line charts, character for character as src/render/example/plot.rs draws them; a change goes into both.

// Values from one end to the other, evenly by difference or by ratio.
function abscissae(from, to, isLog, count) {
  const [start, end] = isLog ? [ln(from), ln(to)] : [from, to];
  return Array.from({ length: count }, (_, i) => {
    const at = start + (end - start) * (i / (count - 1));
    return i ? i < count - 1 ? isLog ? exp(at) : at : to : from;
  });
}

// About how wide a text is: Han characters are as wide as they are high.
function chartWidth(text) {
  return [...text].reduce((sum, c) => sum + (c > "\u2e7f" ? 13 : 8), 0);
}

// An axis with room for all values, drawn between `from` and `to`.
function chartAxis({ format: [style, digits, scale], is_log }, values, from, to, numerals) {
  const { durations } = numerals, largest = Math.max(...values.filter(Number.isFinite).map(Math.abs));
  // The unit's label is at the axis, not at its ticks.
  const [unit, one, many = one] = {
    p: [scale / 100, "%"],
    b: [scale / 1e4, "\u00a0bps"],
    u: durations.find(([part]) => part <= largest) ?? durations.at(-1),
  }[style] ?? [scale, ""];
  const place = (value) => {
    const amount = (value ?? NaN) / unit, place = is_log ? log10(amount) : amount;
    return Math.abs(place) < (is_log ? 290 : 1e290) ? place : NaN;
  };
  const places = values.map(place).filter(Number.isFinite);
  let lo = Math.min(...places), hi = Math.max(...places);
  const size = is_log ? 1 : Math.max(-lo, hi), half = size > 1e-290 ? size : 1;
  if (hi - lo <= 1e-9 * half) [lo, hi] = [lo - half, hi + half]; // a single value
  if (from > to) { // upright: with air, or with 0 where that is near
    const span = hi - lo, end = (end) => !is_log && end < 1e-9 * span && end > -0.5 * span ? 0 : end + 0.05 * span;
    [lo, hi] = [-end(-lo), end(hi)];
  }
  const span = hi - lo;
  const axis = {
    from, to, isEmpty: !places.length,
    at: (value) => Math.floor((axis.from + (place(value) - lo) / span * (axis.to - axis.from)) * 10 + 0.5) / 10,
    has: (at) => (at - axis.from) * (at - axis.to) <= 0,
    // As many ticks as have room; a higher level has fewer.
    ticks(room) {
      const [low, high] = is_log ? [lo, hi].map((place) => exp(place * 2.302585092994046)) : [lo, hi];
      let outermost, finest, step = 3 * Math.floor(log10((high - low) / 7));
      if (style === "f" && !digits && high - low >= 2) step = Math.max(step, 0);
      for (let level = 0;; level++, step++) {
        const ticks = [];
        const add = (count, power) => {
          const value = +`${count}e${power}`, size = Math.abs(value), at = axis.at(value * unit);
          const [kind, digits] = style === "t" ? [style] : size < 1e-4 || size >= 1e15 ? ["a", 6] : ["c", 15];
          if (axis.has(at)) ticks.push({ at, text: format(value, [kind, digits, 1, one, many], numerals) });
        };
        if (is_log && span >= 1) {
          const stage = span < 3 ? level : level + 2, every = Math.floor(span / 6) + Math.max(stage - 1, 1);
          for (let power = Math.floor(lo); power <= hi; power++)
            if (power % every === 0) for (const count of [[1, 2, 5], [1, 3]][stage] ?? [1]) add(count, power);
        } else {
          const power = Math.floor(step / 3), count = [1, 2, 5][step - 3 * power], size = +`${count}e${power}`;
          for (let i = Math.floor(low / size); i <= high / size + 1; i++) add(i * count, power);
        }
        const haveRoom = (ticks) => ticks.every(({ at, text }, i) =>
          !i || 2 * Math.abs(at - ticks[i - 1].at) >= room(text) + room(ticks[i - 1].text));
        if (ticks.length < 2) return haveRoom(outermost) ? outermost : finest;
        if (ticks.length < (is_log ? 10 : 8) && haveRoom(ticks)) return ticks;
        outermost = [ticks[0], ticks.at(-1)];
        finest ??= outermost;
      }
    },
  };
  return axis;
}

// The inside of a chart's <svg>; empty if there is nothing to draw.
function drawing({ x, y, lines, marker, numerals }) {
  lines = lines.map(({ points, ...line }, i) => {
    const every = Math.ceil(points.length / 240), last = points.length - 1;
    return { ...line, style: `line-${i % 6 + 1}`, points: points.filter((_, i) => i === last || i % every === 0) };
  });
  const points = lines.flatMap(({ points }) => points), top = 24;
  const across = chartAxis(x, points.map(([x]) => x), 0, 352, numerals), marked = across.has(across.at(marker));
  const dots = marked ? lines.map(({ at_marker }) => at_marker) : [];
  const up = chartAxis(y, [...points.map(([, y]) => y), ...dots], 202, top, numerals);
  if (across.isEmpty || up.isEmpty) return "";

  // Names of several lines stand in rows below, or at their ends where there is room.
  let rows = 0, used = 372, widest = 0;
  const names = lines.filter(({ name }) => name && lines[1]).map(({ name, points, style }) => {
    const width = chartWidth(name);
    widest = Math.max(widest, width + 6);
    if (used + width > 332) [used, rows] = [0, rows + 1];
    used += width + 40;
    return { name, style, x: used - width - 12, y: 235 + 17 * rows, end: points.at(-1)?.[1] };
  });
  up.from += 17 * rows;
  const ends = names.map(({ end }) => up.at(end)).sort((a, b) => a - b);
  const isBeside = widest < 114 && ends.every((end, i) => end - (ends[i - 1] ?? 0) >= 15);
  if (isBeside) across.to -= widest;
  else up.from = 202;

  const upTicks = up.ticks(() => 15), fit = () => across.ticks((text) => chartWidth(text) + 6);
  across.from = 10 + Math.max(...upTicks.map(({ text }) => chartWidth(text)));
  // The outermost ticks may need more than that.
  const beyond = ({ at, text }, end) => Math.max(0, Math.ceil(chartWidth(text) / 2 - Math.abs(at - end)));
  const found = fit();
  across.from += beyond(found[0], 0);
  across.to -= beyond(found.at(-1), 360);

  const acrossTicks = fit(), left = across.from, right = across.to, bottom = up.from, zero = up.at(0);
  const upright = (at) => `M${at} ${top}V${bottom}`, level = (at) => `M${left} ${at}H${right}`;
  const all = (list, write) => list.map(write).join("");
  const path = (style, d) => `<path class="${style}" d="${d}"/>`;
  const text = (style, x, y, text) =>
    `<text class="${style}" x="${x}" y="${y}">${text.replace(/[&<>]/g, (c) => `&#${c.codePointAt()};`)}</text>`;
  const line = (style, points) => {
    let isDrawn;
    return path(style, all(points, ([x, y]) => {
      const spot = `${across.at(x)} ${up.at(y)}`, piece = isDrawn ? `L${spot}` : `M${spot}h0`;
      isDrawn = !spot.includes("N");
      return isDrawn ? piece : "";
    }));
  };
  return path("grid", all(acrossTicks, ({ at }) => upright(at)) + all(upTicks, ({ at }) => level(at)))
    + path("axis", upright(left) + level(bottom) + (up.has(zero) ? level(zero) : ""))
    + all(acrossTicks, (tick) => text("x", tick.at, bottom + 15, tick.text))
    + all(upTicks, (tick) => text("y", left - 6, tick.at, tick.text))
    + text("x-label", Math.max(right, Math.min(360, chartWidth(x.label))), bottom + 32, x.label)
    + text("y-label", 0, 9, y.label)
    + (marked ? path("marker", upright(across.at(marker))) : "")
    + all(lines, ({ points, at_marker, style }) =>
      line(style, points) + (marked ? line(`${style} dot`, [[marker, at_marker]]) : ""))
    + all(names, ({ name, style, x, y, end }) => isBeside ? text(style, right + 6, up.at(end), name)
      : path(style, `M${x - 28} ${y}h22`) + text("name", x, y, name));
}
