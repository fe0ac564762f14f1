// Computes what src/evaluate/code.rs computes, bit for bit; a change goes into both.
const MAX_WORK = 200000, MAX_ROUNDS = 10000, compiled = new Map();

// An operation on operands that are functions of the machine m is one, too. The first of `sum` and `at` is a slot.
const OPERATIONS = {
  neg: (x) => (m) => -x(m),
  not: (x) => (m) => +(x(m) === 0),
  or: (x, y) => (m) => x(m) === 0 ? +(y(m) !== 0) : 1,
  and: (x, y) => (m) => x(m) === 0 ? 0 : +(y(m) !== 0),
  if: (x, y, z) => (m) => x(m) === 0 ? z(m) : y(m),
  "==": (x, y) => (m) => +(x(m) === y(m)),
  "!=": (x, y) => (m) => +(x(m) !== y(m)),
  "<": (x, y) => (m) => +(x(m) < y(m)),
  "<=": (x, y) => (m) => +(x(m) <= y(m)),
  ">": (x, y) => (m) => +(x(m) > y(m)),
  ">=": (x, y) => (m) => +(x(m) >= y(m)),
  "+": (x, y) => (m) => x(m) + y(m),
  "-": (x, y) => (m) => x(m) - y(m),
  "*": (x, y) => (m) => x(m) * y(m),
  "/": (x, y) => (m) => x(m) / y(m),
  "^": (x, y) => (m) => pow(x(m), y(m)),
  pow: (x, y) => (m) => pow(x(m), y(m)),
  exp: (x) => (m) => exp(x(m)),
  ln: (x) => (m) => ln(x(m)),
  log10: (x) => (m) => log10(x(m)),
  sqrt: (x) => (m) => Math.sqrt(x(m)),
  abs: (x) => (m) => Math.abs(x(m)),
  floor: (x, y) => (m) => toMultiple(Math.floor, x(m), y?.(m)),
  ceil: (x, y) => (m) => toMultiple(Math.ceil, x(m), y?.(m)),
  round: (x, y) => (m) => toMultiple(round, x(m), y?.(m)),
  min: (...all) => (m) => all.map((x) => x(m)).reduce((least, next) => next < least ? next : least),
  max: (...all) => (m) => all.map((x) => x(m)).reduce((most, next) => next > most ? next : most),
  clamp: (x, y, z) => (m) => clamp(x(m), y(m), z(m)),
  choose: (x, y) => (m) => choose(x(m), y(m), m),
  sum: (slot, x, y, z) => (m) => sum(slot, x(m), y(m), z, m),
  at: (slot, x) => (m) => m.histories[slot]?.[x(m)] ?? NaN,
};

function toMultiple(whole, x, step) {
  return step === undefined ? whole(x) : whole(x / step) * step;
}

function clamp(x, low, high) {
  return x < low ? low : x > high ? high : x;
}

// How many sets of k there are among n things.
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

// A code as a function of the machine, which counts its work: a number, a slot as a string, or an operation. JSON has
// null for what is too large.
function compile(code) {
  if (typeof code === "string") return (m) => ++m.work > MAX_WORK ? NaN : m.slots[code];
  if (!Array.isArray(code)) return (m) => ++m.work > MAX_WORK ? NaN : code ?? Infinity;
  const [name, ...operands] = code, hasSlot = name === "sum" || name === "at";
  const value = OPERATIONS[name](...operands.map((operand, n) => hasSlot && !n ? operand : prepare(operand)));
  return (m) => ++m.work > MAX_WORK ? NaN : value(m);
}

// The same, once for each code.
function prepare(code) {
  if (!compiled.has(code)) compiled.set(code, compile(code));
  return compiled.get(code);
}

// The value of a code at what the machine holds.
function evaluate(code, machine) {
  return prepare(code)(machine);
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
