// Questions: one of several, a number, an order. What is said of an answer stands in the fold.
function startQuizzes(data) {
  document.querySelectorAll("[data-quiz]:not(.live)").forEach((figure) => startQuiz(figure, data));
}

function startQuiz(figure, { quizzes, formats, numerals }) {
  const quiz = quizzes[figure.dataset.quiz], all = (selector) => [...figure.querySelectorAll(selector)];
  const [form] = all("form"), [field] = all("form input"), [said] = all("[role]"), [another] = all(".quiz-actions [type]");
  const items = all("form li"), howAt = (at) => formats[quiz.t[at][1]], show = (value, at) => format(value, howAt(at), numerals);
  const read = () => toBase(readAmount(field.value.replace("*", "×"), howAt(0), numerals), howAt(0));
  const say = (mood, text, ...parts) => {
    said.className = `quiz-said ${mood}`;
    said.innerHTML = "<b></b> ";
    said.firstChild.textContent = text;
    said.append(...parts.map((part) => part.cloneNode(true)));
  };
  const forget = () => {
    said.replaceChildren();
    if (field) field.ariaInvalid = false;
  };
  const shuffle = () => {
    for (const [, item] of items.map((item) => [Math.random(), item]).sort()) item.parentNode.append(item);
  };

  // The values on the page; those that can be answered come first.
  let inputs = quiz.i, values;
  const compute = () => {
    const machine = run(quiz, inputs);
    values = quiz.t.map(([code]) => evaluate(code, machine));
  };
  // Draws other inputs than the last.
  const draw = () => {
    const last = `${inputs}`;
    inputs = [...inputs];
    while (`${inputs}` === last) {
      for (const [at, from] of quiz.v) inputs[at] = from[Math.floor(Math.random() * from.length)];
    }
    compute();
    for (const element of all("[data-q]")) {
      const at = element.dataset.q;
      element.textContent = show(values[at], at);
      element.value = values[at] / howAt(at)[2];
    }
    form.reset();
    forget();
    all("details")[0].open = false;
    if (quiz.m) shuffle();
  };

  figure.classList.add("live");
  for (const part of all("[hidden]")) part.hidden = false;
  const start = quiz.o ? startOrder : field ? startNumber : startChoice;
  const check = start({ figure, quiz, all, items, field, read, show, say, words: said.dataset, answers: () => values });
  if (quiz.m) shuffle();
  if (another) {
    const [ask] = all("legend");
    ask.ariaLive = "polite"; // reads new numbers out: the focus stays
    ask.ariaAtomic = true;
    another.onclick = draw;
  }
  compute();
  form.oninput = forget;
  form.onsubmit = (event) => {
    event.preventDefault();
    check();
  };
}

function startNumber({ quiz, all, field, read, show, say, words, answers }) {
  return () => {
    const typed = read(), off = (value) => Math.abs(typed - value), [right, ...wrong] = answers().slice(0, quiz.a);
    const isNear = (value) => off(value) <= quiz.w * Math.abs(value) || show(typed, 0) === show(value, 0);
    field.ariaInvalid = typed !== typed;
    if (typed !== typed) return say("", words.unread);
    if (isNear(right)) return say("right", words.right, ...all(".quiz-number"), ...all(".quiz-because"));
    const [hit] = wrong.filter(isNear).sort((a, b) => off(a) - off(b));
    say("wrong", words.wrong, all(".quiz-reasons p")[wrong.indexOf(hit)] ?? new Text(words.far));
  };
}

function startChoice({ figure, all, items, say, words }) {
  for (const item of items) {
    item.innerHTML = `<label><input type="radio" name="${figure.id}"> <span>${item.innerHTML}</span></label>`;
  }
  return () => {
    const reason = all(".quiz-reasons > li")[items.findIndex((item) => item.querySelector(":checked"))];
    if (!reason) return say("", words.choose);
    const why = reason.querySelectorAll("p");
    if (reason.className === "right") say("right", words.right, ...why, ...all(".quiz-because"));
    else say("wrong", words.wrong, ...why);
  };
}

function startOrder({ quiz, all, items, say, words }) {
  const list = items[0].parentNode, count = (text, n) => text.replace("{n}", n).replace("{m}", items.length);
  const move = (item, isDown, button) => {
    if (isDown) item.nextElementSibling?.after(item);
    else item.previousElementSibling?.before(item);
    button.focus(); // it went with the item
    say("aloud", count(words.moved, [...list.children].indexOf(item) + 1));
  };
  for (const item of items) {
    item.querySelectorAll("button").forEach((button, isDown) => { button.onclick = () => move(item, isDown, button); });
  }
  return () => {
    const placed = [...list.children].filter((item, at) => quiz.o[items.indexOf(item)] === at).length;
    if (placed === items.length) say("right", words.right, ...all(".quiz-because"));
    else say("wrong", count(words.wrong, placed));
  };
}
