// Protocols acted out: marks the step that the reader is at.
function startTraces() {
  document.querySelectorAll(".trace-controls[hidden]").forEach(startTrace);
}

function startTrace(panel) {
  const all = (selector, inside = panel.parentNode) => [...inside.querySelectorAll(selector)];
  const runs = all(".trace-run");
  const choices = all("input");
  const buttons = all("button");
  const [now] = all(".trace-now");
  const overview = now.firstChild;
  let at = 0; // 0: none is marked

  const show = (to) => {
    const branch = Math.max(1, choices.findIndex((choice) => choice.checked) + 1);
    runs.forEach((run, i) => { run.hidden = i > 0 && i !== branch; });
    const shown = (selector) => runs.flatMap((run) => (run.hidden ? [] : all(selector, run)));
    const items = shown(".trace-steps li");
    at = Math.min(Math.max(to, 0), items.length);
    for (const marks of [items, shown(".step"), shown("tr + tr")]) {
      marks.forEach((mark, i) => {
        mark.classList.toggle("now", i === at - 1);
        mark.classList.toggle("later", at > 0 && i >= at);
      });
    }
    buttons.forEach((button, i) => { button.ariaDisabled = at === (i < 2 ? 0 : items.length); });
    if (!at) return now.replaceChildren(overview);
    const progress = now.dataset.progress.replace("{n}", at).replace("{m}", items.length);
    now.replaceChildren(progress, ...items[at - 1].cloneNode(true).childNodes);
    shown(".now")[0].scrollIntoView({ block: "nearest" });
  };

  buttons.forEach((button, i) => {
    button.onclick = () => show([1, at - 1, at + 1][i]);
    button.onkeydown = ({ key }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) show(at + step);
    };
  });
  // A branch begins at its own first step.
  choices.forEach((choice) => {
    choice.onchange = () => show(Math.min(at, all(".step", runs[0]).length + 1));
  });
  show(0);
  panel.hidden = false;
}
