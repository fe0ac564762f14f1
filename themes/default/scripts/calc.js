// Makes calculations adjustable: each input gets a field and a slider, and all that depends on it follows.
const PLOT_POINTS = 121, SLIDER_END = 1000;

function startCalcs(data) {
  for (const table of document.querySelectorAll(".example-inputs")) {
    if (!table.querySelector("input")) startCalc(table.closest("figure"), data);
  }
  const compute = (key, inputs = []) => computeCalc(data, key, inputs);
  globalThis.bilayer = { keys: Object.keys(data.models), compute };
}

// What the page shows at these inputs, a list or an object by name, in base units; others are as they were.
function computeCalc({ models, values, formats, numerals }, key, asked) {
  const model = models[key], machines = {}, bound = values.filter(([of]) => of === key);
  const inputs = model.i.map(([name, usual], n) => asked[n] ?? asked[name] ?? usual);
  const runWith = (moved) => machines[moved] ??= run(model, inputs, Object.fromEntries(moved || []));
  const machine = runWith(0), raw = bound.map(([, slot,, moved]) => runWith(moved).slots[slot]);
  const text = bound.map(([,, at,, brackets], n) => {
    const text = format(raw[n], formats[at], numerals);
    // 1: round negative numbers, 2: round all that is more than digits.
    return [0, text.startsWith(numerals.minus), /[^\d.,]/.test(text)][brackets] ? `(${text})` : text;
  });
  const draw = ([x, from, to, isLogX, isLogY, slots, names, formatX, formatY, labelX, labelY]) => {
    const input = model.i[x], rows = input && abscissae(from, to, isLogX, PLOT_POINTS).map((at) => {
      const value = stepped(at, input[2], input[4]);
      return [value, run(model, inputs, { [x]: value }).slots];
    });
    return drawing({
      x: { format: formats[formatX], label: labelX, is_log: isLogX },
      y: { format: formats[formatY], label: labelY, is_log: isLogY },
      lines: slots.map((slot, n) => ({
        name: names[n],
        points: rows ? rows.map(([x, slots]) => [x, slots[slot]]) : machine.histories[slot].map((y, x) => [x, y]),
        at_marker: rows ? machine.slots[slot] : null,
      })),
      marker: rows ? inputs[x] : null,
      numerals,
    });
  };
  const applies = isGiven(model, machine) && bound.every(([,,, moved], n) => moved || Number.isFinite(raw[n]));
  // A drawing takes a hundred runs: only when it is asked for.
  return { raw, text, applies, get chart() { return model.c.map(draw); } };
}

// Makes the inputs of a figure adjustable.
function startCalc(figure, data) {
  const key = figure.dataset.example, { values, formats, words } = data, bound = values.filter(([of]) => of === key);
  const inputs = data.models[key].i.map(([name, usual, min, max, step, isLog,, at]) =>
    ({ name: `${key}.${name}`, value: usual, usual, min, max, step, isLog, how: formats[at] }));
  const compute = () => computeCalc(data, key, inputs.map(({ value }) => value)), usual = compute(), drawn = [];
  const places = [...document.querySelectorAll("[data-v]")].map((element) =>
    ({ element, n: bound.indexOf(values[element.dataset.v]), text: element.textContent, value: element.value }));
  const reset = document.createElement("button");
  let frame, saving, waiting, results, cost = 0;

  // Touches only what changes; where a value is as it was, so is its text.
  const show = () => {
    results = compute();
    frame = 0;
    const { raw, text, applies } = results;
    for (const { element, n, ...place } of places) {
      const isUsual = Object.is(raw[n], usual.raw[n]), next = isUsual ? place.text : text[n];
      if (n < 0 || element.textContent === next) continue;
      element.textContent = next;
      element.value = isUsual ? place.value : raw[n] / formats[bound[n][2]][2];
    }
    figure.querySelector(".example-outside").hidden = applies;
    reset.hidden = inputs.every(({ value, usual }) => value === usual);
    // Plots that take longer than two frames are drawn less often.
    if (cost < 30) draw();
    else waiting ||= setTimeout(draw, 100);
  };
  const draw = () => {
    const start = performance.now();
    results.chart.forEach((next, n) => {
      if (next !== drawn[n]) figure.querySelectorAll(".drawing")[n].innerHTML = drawn[n] = next;
    });
    cost = performance.now() - start;
    waiting = 0;
  };
  // Changed inputs are in the address; the rest of it stays.
  const save = () => {
    const url = new URL(location);
    for (const input of inputs) {
      if (input.value === input.usual) url.searchParams.delete(input.name);
      else url.searchParams.set(input.name, typedAmount(input));
    }
    history.replaceState(history.state, "", url);
  };
  const setters = inputs.map((input, n) =>
    addControls(figure.querySelector(`[data-input="${n}"]`), input, data, () => {
      frame ||= requestAnimationFrame(show);
      clearTimeout(saving);
      saving = setTimeout(save, 200);
    }));

  reset.type = "button";
  reset.hidden = true;
  reset.textContent = words.reset;
  reset.onclick = () => {
    inputs.forEach(({ usual }, n) => setters[n](usual));
    figure.querySelector("input").focus({ preventScroll: true }); // the button goes
  };
  figure.querySelector(".example-actions").append(reset);
  inputs.forEach((input, n) => {
    const asked = new URLSearchParams(location.search).get(input.name), value = settled(input, asked || NaN);
    if (value === value) setters[n](value);
  });
}

// Adds the field and the slider of an input to its row; gives what sets them.
function addControls(row, input, { numerals, words }, changed) {
  const [{ id }, cell] = row.cells, { how } = input, box = document.createElement("span");
  box.className = "example-control";
  box.append(...cell.childNodes);
  box.insertAdjacentHTML("afterbegin", `<span><input inputmode="decimal" autocomplete="off" aria-labelledby="${id}"
    aria-describedby="${id}-note"> <span></span></span>
    <input type="range" max="${SLIDER_END}" aria-labelledby="${id}">`);
  box.insertAdjacentHTML("beforeend", `<span id="${id}-note" role="status"></span>`);
  cell.append(box);
  const [field, slider] = box.querySelectorAll("input");
  const set = (value) => {
    const isInvalid = value !== value;
    field.setAttribute("aria-invalid", isInvalid);
    box.lastChild.textContent = isInvalid ? words.invalid : "";
    if (isInvalid) return;
    if (value !== input.value) changed(input.value = value);
    const text = format(value, how, numerals), amount = typedAmount(input);
    const plain = [amount < 1e9 ? "a" : "c", 15, 1, "", ""];
    field.readOnly = "tuy".includes(how[0]); // dates and durations are not typed
    field.value = field.defaultValue = field.readOnly ? text : format(amount, plain, numerals);
    field.nextElementSibling.textContent = how[amount === 1 ? 3 : 4].trim();
    slider.value = positionOf(input, value);
    slider.style.setProperty("--part", slider.value / SLIDER_END);
    slider.setAttribute("aria-valuetext", text);
  };
  field.onchange = () =>
    set(field.value === field.defaultValue ? input.value : settled(input, readAmount(field.value, how, numerals)));
  field.onkeydown = ({ key }) => {
    if (key === "Escape") set(input.value);
  };
  slider.oninput = () => set(sliderValue(input, +slider.value));
  slider.onkeydown = (event) => {
    const move = (/Up|Right/.test(event.key) - /Down|Left/.test(event.key)) * (/Page/.test(event.key) ? 100 : 10);
    if (!move) return;
    event.preventDefault();
    let position = positionOf(input, input.value), value;
    do value = sliderValue(input, position += move);
    while (value === input.value && position > 0 && position < SLIDER_END);
    set(value);
  };
  set(input.value);
  return set;
}

// Base units in what a reader types 1 for: percent and basis points are parts of one.
function typedScale([style,, scale]) {
  return scale / ({ p: 100, b: 10000 }[style] ?? 1);
}

// An amount in base units, without the noise of the last digit.
function toBase(amount, how) {
  return +(amount * typedScale(how)).toPrecision(15);
}

function stepped(value, min, step) {
  return step ? min + round((value - min) / step) * step : value;
}

// The value that an input takes when this amount of its unit is asked for; NaN beyond its limits.
function settled({ usual, min, max, step, how }, amount) {
  const value = toBase(amount, how), isAt = (known) => Math.abs(known - value) <= 1e-12 * Math.abs(known);
  if (isAt(usual)) return usual;
  return value >= min && value <= max || isAt(min) || isAt(max) ? clamp(stepped(value, min, step), min, max) : NaN;
}

// The number of fewest digits that is near x.
function shortest(x, isNear) {
  for (let digits = 1; digits < 17; digits++) if (isNear(+x.toPrecision(digits))) return +x.toPrecision(digits);
  return x;
}

// The value of an input as a reader would type it.
function typedAmount(input) {
  return shortest(input.value / typedScale(input.how), (amount) => settled(input, amount) === input.value);
}

// The number that a reader writes, in the unit of a format, which may be written too: 1,000 · 2.5% · 1e3 · 3万 ·
// 5 × 10⁻⁶. NaN for anything else.
function readAmount(text, how, { decimal, group, scales }) {
  const plain = text.normalize("NFKC").replace(/−/g, "-").replace(/\s*×\s*10\^?/, "e")
    .replace(RegExp(`(\\d)[${group}](?=\\d{3}(?!\\d))`, "g"), "$1").replace(decimal, ".");
  const [, digits, rest = ""] = /^\s*([-+.\d]+(?:e[-+]?\d+)?)\s*(.*?)\s*$/.exec(plain) ?? [];
  const [shift, word] = scales.findLast(([, word]) => rest.startsWith(word.trim())) ?? [0, ""];
  const unit = rest.slice(word.trim().length).trim(), labels = ["", ...how.slice(3).map((label) => label.trim())];
  return digits * 10 ** shift * (labels.includes(unit) ? 1 : unit === "%" && !labels[1] ? 0.01 : NaN);
}

function positionOf({ min, max, isLog }, value) {
  return Math.round(SLIDER_END * (isLog ? (ln(value) - ln(min)) / (ln(max) - ln(min)) : (value - min) / (max - min)));
}

// The value at a slider's position: the roundest of those that are nearer to it than to the next.
function sliderValue(input, position) {
  const { usual, min, max, step, isLog, how } = input;
  if (position === positionOf(input, usual)) return usual;
  const at = (part) => (isLog ? exp(ln(min) + part * (ln(max) - ln(min))) : min + part * (max - min)) / typedScale(how);
  const x = at(position / SLIDER_END), reach = Math.abs(at((position + 0.5) / SLIDER_END) - x);
  const value = toBase(shortest(x, (y) => Math.abs(y - x) <= reach), how);
  return clamp(stepped(position > 0 ? position < SLIDER_END ? value : max : min, min, step), min, max);
}
