// Computes what src/evaluate/code.rs computes, bit for bit; a change goes into both.
const MAX_WORK = 200000, MAX_ROUNDS = 10000, compiled = new Map();

const OPERATIONS = {
  neg: (x) => -x,
  not: (x) => +(x === 0),
  "==": (x, y) => +(x === y),
  "!=": (x, y) => +(x !== y),
  "<": (x, y) => +(x < y),
  "<=": (x, y) => +(x <= y),
  ">": (x, y) => +(x > y),
  ">=": (x, y) => +(x >= y),
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  // Unlike those of Math, these keep the first unless the next is beyond it, also beside NaN.
  min: (x, y) => y < x ? y : x,
  max: (x, y) => y > x ? y : x,
  floor: (x, step) => step === undefined ? Math.floor(x) : Math.floor(x / step) * step,
  ceil: (x, step) => step === undefined ? Math.ceil(x) : Math.ceil(x / step) * step,
  round: (x, step) => step === undefined ? round(x) : round(x / step) * step,
  "^": pow, pow, exp, ln, log10, sqrt: Math.sqrt, abs: Math.abs,
};

// A code as a function of the machine m: a number, a slot as a string, or an operation with its operands. JSON has
// null for what is too large.
function compile(code) {
  if (typeof code === "string") return (m) => m.slots[code];
  if (!Array.isArray(code)) return () => code ?? Infinity;
  const [name, slot] = code, operands = code.slice(1).map(prepare), [a, b, c, d] = operands, apply = OPERATIONS[name];
  return {
    if: (m) => a(m) === 0 ? c(m) : b(m),
    and: (m) => a(m) === 0 ? 0 : +(b(m) !== 0),
    or: (m) => a(m) === 0 ? +(b(m) !== 0) : 1,
    clamp: (m) => clamp(a(m), b(m), c(m)),
    choose: (m) => choose(a(m), b(m), m),
    sum: (m) => sum(slot, b(m), c(m), d, m),
    at: (m) => m.histories[slot]?.[b(m)] ?? NaN,
  }[name] ?? (b ? operands.reduce((x, y) => (m) => apply(x(m), y(m))) : (m) => apply(a(m)));
}

// The same, once for each code, with its share of the work.
function prepare(code) {
  if (!compiled.has(code)) {
    const value = compile(code);
    compiled.set(code, (m) => ++m.work > MAX_WORK ? NaN : value(m));
  }
  return compiled.get(code);
}

// The value of a code at what the machine holds.
function evaluate(code, machine) {
  return prepare(code)(machine);
}

function clamp(x, low, high) {
  return x < low ? low : x > high ? high : x;
}

function choose(n, k, machine) {
  if (!(n >= 0 && k >= 0 && n % 1 === 0 && k % 1 === 0 && k <= MAX_WORK)) return NaN;
  machine.work += k;
  let product = 1;
  for (let j = 1; j <= k; j++) product = product * (n - k + j) / j;
  return product;
}

function sum(slot, first, last, term, machine) {
  if (first * 0 + last * 0 !== 0) return NaN; // not finite
  let total = 0;
  for (let step = 0; first + step <= last && machine.work <= MAX_WORK; step++) {
    machine.slots[slot] = first + step;
    total += term(machine);
  }
  return machine.work > MAX_WORK ? NaN : total;
}

function runSeries(rounds, index, states, machine) {
  const { slots, histories } = machine, isBounded = rounds >= 0 && rounds <= MAX_ROUNDS;
  const codes = states.map((state) => state.map(prepare));
  for (const [slot] of states) histories[slot] = [];
  for (let round = 0; !round || isBounded && round <= rounds && machine.work <= MAX_WORK; round++) {
    slots[index] = round;
    codes.map(([, start, next]) => round ? next(machine) : start(machine))
      .forEach((value, n) => histories[states[n][0]].push(slots[states[n][0]] = value));
  }
  if (!isBounded || machine.work > MAX_WORK) for (const [slot] of states) slots[slot] = NaN;
}

// Computes a model at these inputs, in base units, with others in place of some: { slots, histories by slot, work }.
function run({ n, p }, inputs, moved) {
  const machine = { slots: Object.assign(Array(n).fill(0), inputs, moved), histories: {}, work: 0 };
  for (const [first, second, states] of p) {
    if (states) runSeries(evaluate(first, machine), second, states, machine);
    else machine.slots[first] = evaluate(second, machine);
  }
  return machine;
}

// Whether the model speaks of the inputs it was run with.
function isGiven(model, machine) {
  return model.g.every((code) => evaluate(code, machine) !== 0);
}
