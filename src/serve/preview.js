// What an open page does in the preview: it follows the book while that is written, shows what is wrong with it, and
// leads from a block of text to the author's editor. The server adds this script to its answers; no site has it.
(() => {
  "use strict";
  const own = document.currentScript, BASE = new URL("../", own.src).href, PATH = own.dataset.path;
  // The server's line is no part of the page, neither here nor in what is fetched.
  const OWN = 'script[src$=".bilayer/preview.js"]';
  own.remove();

  const PATIENCE = 20_000; // milliseconds until an answer is no longer waited for

  const BLOCKS = "p,h1,h2,h3,h4,h5,h6,li,pre,table,blockquote,dt,dd,figure,img,tr";
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // 1. Events: what the server knows of this page. Browsers allow six connections to a host, so that only a page in
  // view has one; the first event of a connection tells what was missed.

  let stream, retry, lost, lastBuild, isFirst;

  function listen() {
    silence();
    if (document.hidden) return;
    stream = new EventSource(`${BASE}.bilayer/events?path=${encodeURIComponent(PATH)}`);
    stream.onmessage = ({ data }) => hear(JSON.parse(data));
    stream.onopen = () => {
      isFirst = true;
      lost = clearTimeout(lost);
      isLost = false;
      render();
    };
    stream.onerror = () => {
      lost ??= setTimeout(() => { isLost = true; render(); }, 4000);
      // Browsers come back by themselves when a connection breaks, not when its answer is an error.
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(listen, 2000);
    };
  }

  const silence = () => { clearTimeout(retry); stream?.close(); };

  function hear(event) {
    if ((event.go ?? PATH) !== PATH) return location.assign(BASE + event.go.split("/").map(encodeURIComponent).join("/"));
    const edition = `${event.start}-${event.build}`; // a server that starts again counts from 1
    const hasMissed = isFirst && lastBuild !== undefined && lastBuild !== edition;
    isFirst = false;
    lastBuild = edition;
    wanted = event;
    if (hasMissed) assets.add(""); // any
    for (const asset of event.assets ?? []) assets.add(asset);
    tell(event);
    update();
  }

  // 2. The page: `shown` is what it was made of, as the server sent it. The live page differs from that by what its
  // scripts have done.

  const assets = new Set(); // site paths of files that have changed under their names
  let shown = { key: own.dataset.key, page: null }, wanted = shown, isBusy = false;

  // One at a time; what comes meanwhile is looked at afterwards.
  async function update() {
    if (isBusy) return;
    isBusy = true;
    for (let seen; seen !== wanted;) {
      seen = wanted;
      try {
        await follow(seen.key);
        await refreshImages();
      } catch { /* The server is away: its first event on return asks again. */ }
    }
    isBusy = false;
  }

  async function follow(key) {
    if (shown.page ? isBlocked || !key || key === shown.key : !key && !shown.key) return;
    const served = await fetchPage();
    if (!served.key) return; // a page that is gone or broken stays as it was
    const canPatch = served.key === shown.key || shown.page && await patch(shown.page, served.page);
    if (canPatch) shown = served;
    else location.reload();
  }

  async function fetchPage() {
    const response = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html"), script = page.querySelector(OWN);
    script?.remove();
    return { page, key: script?.dataset.key };
  }

  // Makes the live page what the new one would be; false where only loading it can.
  async function patch(old, next) {
    const added = addedScripts(next);
    if (!added) return false;
    const swapStyles = await loadStyles(old, next), start = performance.now();
    try {
      const bound = new Set(all("[data-v]")), keepPlace = placeKept(), keepFocus = focusKept();
      changed.clear();
      patchNode(document.documentElement, old.documentElement, next.documentElement);
      swapStyles();
      if (haveExamplesChanged(old, next, bound)) renewExamples(next);
      all("script").filter(({ src }) => added.includes(src)).forEach(runScript);
      document.dispatchEvent(new CustomEvent("bilayer:patch")); // scripts of themes start what is new
      keepFocus();
      keepPlace();
    } catch (error) {
      console.error(error);
      return false;
    }
    flash();
    performance.measure("bilayer:patch", { start });
    return true;
  }

  // 3. Patching: of three trees, the old and the new one as served, and the live one. What is equal in old and new is
  // not touched in the live one; what differs is changed as deep down as can be.

  const changed = new Set(); // live elements with something new to see
  const WHOLE = ".example, noscript, template, iframe, object"; // never changed inside

  // Gives the node that stands there afterwards.
  function patchNode(live, old, next) {
    if (old.isEqualNode(next)) return live;
    if (live.nodeType !== Node.ELEMENT_NODE) return patchText(live, old, next);
    const lives = live.matches(WHOLE) ? null : mirrored(live, old);
    if (!lives) {
      if (live.matches("html, head, body")) throw new Error("the page is not as it was served");
      const fresh = replace(live, next);
      changed.add(fresh);
      return fresh;
    }
    patchAttributes(live, old, next);
    patchChildren(live, lives, parts(old), parts(next));
    return live;
  }

  // Only the characters that differ, so that a selection outside of them stays.
  function patchText(live, old, next) {
    const { data: a } = old, { data: b } = next, [start, end] = common(a, b);
    if (live.data === a) live.replaceData(start, a.length - start - end, b.slice(start, b.length - end));
    else live.data = b;
    if (b.trim()) changed.add(live.parentElement);
    return live;
  }

  function patchAttributes(live, old, next) {
    for (const name of new Set([...old.getAttributeNames(), ...next.getAttributeNames()])) {
      const [was, now] = [old.getAttribute(name), next.getAttribute(name)];
      if (was === now) continue;
      if (name === "class") { // scripts have added some of their own
        live.classList.remove(...old.classList);
        live.classList.add(...next.classList);
        if (!live.classList.length) live.removeAttribute(name);
      } else if (now === null) live.removeAttribute(name);
      else live.setAttribute(name, now);
      if (name === "src") changed.add(live);
    }
  }

  function patchChildren(live, lives, olds, nexts) {
    let last = null;
    for (const [i, j] of aligned(olds, nexts)) {
      if (j === null) lives[i].remove();
      else if (i !== null) last = patchNode(lives[i], olds[i], nexts[j]);
      else {
        last = live.insertBefore(document.importNode(nexts[j], true), last ? last.nextSibling : live.firstChild);
        if (last.tagName || last.data.trim()) changed.add(last.tagName ? last : live);
      }
    }
  }

  // The children that are compared: style sheets go their own way.
  const isSheet = (node) => node.nodeName === "LINK" && node.relList.contains("stylesheet");
  const parts = (parent) => [...parent.childNodes].filter((node) => !isSheet(node));

  // The live children that stand for the old ones; null if one is missing. Scripts may have put others between.
  function mirrored(live, old) {
    const nodes = parts(live), found = [];
    let at = 0;
    for (const node of parts(old)) {
      while (at < nodes.length && (nodes[at].nodeName !== node.nodeName || nodes[at].id !== node.id)) at++;
      if (at === nodes.length) return null;
      found.push(nodes[at++]);
    }
    return found;
  }

  const MOST_PAIRS = 250_000;

  // Which of the old children is which of the new: pairs of places, null for one that went or came, in the order of
  // the page. Finds the alignment with the greatest sum of likeness; where that would take too long, there is none.
  function aligned(olds, nexts) {
    let start = 0, end = 0;
    while (start < olds.length && nexts[start]?.isEqualNode(olds[start])) start++;
    while (end < Math.min(olds.length, nexts.length) - start && olds.at(-1 - end).isEqualNode(nexts.at(-1 - end))) end++;
    const pairs = olds.slice(0, start).map((_, i) => [i, i]);
    const described = (node) => ({ name: node.nodeName, id: node.id, html: node.outerHTML ?? node.data });
    const [a, b] = [olds, nexts].map((nodes) => nodes.slice(start, nodes.length - end).map(described));
    if (a.length * b.length > MOST_PAIRS) throw new Error("too much is different to be changed in place");
    const width = b.length + 1, best = new Float64Array((a.length + 1) * width), alike = new Float64Array(best.length);
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        const at = i * width + j;
        alike[at] = likeness(a[i], b[j]);
        best[at] = Math.max(best[at + width], best[at + 1], alike[at] && alike[at] + best[at + width + 1]);
      }
    }
    for (let i = 0, j = 0; i < a.length || j < b.length;) {
      const at = i * width + j, isPair = i < a.length && j < b.length && alike[at] && best[at] === alike[at] + best[at + width + 1];
      if (isPair) pairs.push([start + i++, start + j++]);
      else if (i < a.length && (j === b.length || best[at] === best[at + width])) pairs.push([start + i++, null]);
      else pairs.push([null, start + j++]);
    }
    for (let i = end; i > 0; i--) pairs.push([olds.length - i, nexts.length - i]);
    return pairs;
  }

  // Equal nodes count most, then those of the same id, then those of the same kind, by how much text they share.
  function likeness(a, b) {
    if (a.name !== b.name) return 0;
    if (a.html === b.html) return a.html.trim() ? 1000 : 0.1;
    if (!a.html.trim() || !b.html.trim()) return 0.01;
    if (a.id && a.id === b.id) return 10;
    const [start, end] = common(a.html, b.html);
    return 1 + (start + end) / Math.max(a.html.length, b.html.length);
  }

  // How many characters two texts share at their starts, and at their ends.
  function common(a, b) {
    const most = Math.min(a.length, b.length);
    let start = 0, end = 0;
    while (start < most && a[start] === b[start]) start++;
    while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    return [start, end];
  }

  // Puts a new element in the place of a live one, whose folds stay open.
  function replace(live, next) {
    const fresh = document.importNode(next, true), folds = all("details", fresh), were = all("details", live);
    if (folds.length === were.length) folds.forEach((fold, i) => { fold.open ||= were[i].open; });
    live.replaceWith(fresh);
    return fresh;
  }

  // 4. Examples are started anew, all of them: they share the page's data, and values in the text are bound to them.
  // Inputs that the reader has moved are in the address, where the theme's scripts find them.

  function haveExamplesChanged(old, next, bound) {
    const served = (page) => all("#bilayer-data, .example, [data-v]", page).map(({ outerHTML }) => outerHTML).join();
    return served(old) !== served(next) || all("[data-v]").some((element) => !bound.has(element));
  }

  function renewExamples(next) {
    const pairs = (selector) => {
      const [live, wanted] = [all(selector), all(selector, next)];
      if (live.length !== wanted.length) throw new Error(`scripts have changed the number of ${selector}`);
      return live.map((element, i) => [element, wanted[i]]);
    };
    for (const [figure, wanted] of pairs(".example")) if (!changed.has(figure)) replace(figure, wanted);
    for (const [element, wanted] of pairs("[data-v]")) {
      if (!element.isEqualNode(wanted)) Object.assign(element, { textContent: wanted.textContent, value: wanted.value });
    }
  }

  // 5. Style sheets and scripts: their names change with their bytes.

  // Loads the new sheets beside the old ones, without effect; gives what exchanges them at one stroke.
  async function loadStyles(old, next) {
    const sheets = (page) => [...page.head.children].filter(isSheet), added = [], loads = [];
    const live = new Map(sheets(document).map((link) => [link.href, link]));
    const gone = new Set(sheets(old).map(({ href }) => live.get(href)));
    let last = null;
    for (const link of sheets(next)) {
      let here = live.get(link.href);
      gone.delete(here);
      if (!here) {
        here = document.importNode(link);
        here.media = "not all";
        loads.push(new Promise((resolve) => { here.onload = here.onerror = resolve; }));
        added.push([here, link.getAttribute("media") ?? "all"]);
        document.head.insertBefore(here, last ? last.nextSibling : sheets(document)[0]);
      }
      last = here;
    }
    if (loads.length) await Promise.race([Promise.all(loads), new Promise((resolve) => setTimeout(resolve, 3000))]);
    return () => {
      for (const [link, media] of added) link.media = media;
      for (const link of gone) link?.remove();
    };
  }

  // What runs, by address or, for scripts within the page, by text.
  const programs = (page) => all("script", page).filter(({ type }) => !type || /^module$|javascript$/i.test(type))
    .map(({ src, textContent }) => src || textContent);
  const ran = new Set(programs(document));

  // The scripts that a page needs beyond those that ran; null if one that ran is not what it was.
  function addedScripts(next) {
    const needed = programs(next), added = needed.filter((program) => !ran.has(program));
    const canAdd = added.every((program) => program.startsWith(BASE)) && [...ran].every((program) => needed.includes(program));
    return canAdd || !added.length ? added : null;
  }

  // Scripts of a parsed text do not run; new elements do.
  function runScript(script) {
    const live = document.createElement("script");
    for (const { name, value } of script.attributes) live.setAttribute(name, value);
    live.async = false;
    ran.add(script.src);
    script.replaceWith(live);
  }

  // 6. Images keep their addresses when they change. The query, which the server does not read, tells the browser.

  // A path as it was before it was written into an address; one that is no such path stays as it is.
  function unescaped(path) {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  }

  async function refreshImages() {
    const paths = [...assets];
    assets.clear();
    const hasChanged = (url) => url.href.startsWith(BASE)
      && paths.some((path) => !path || unescaped(url.pathname).endsWith(`/${path}`));
    const refreshed = (text) => {
      const url = new URL(text, location.href);
      if (!hasChanged(url)) return text; // a width is not an address of the site either
      url.searchParams.set("build", lastBuild);
      return url.href;
    };
    for (const image of all("img[src]")) if (hasChanged(new URL(image.src))) image.src = refreshed(image.src);
    for (const source of all("[srcset]")) source.srcset = source.srcset.replace(/[^\s,]\S*(?=\s|,|$)/g, refreshed);
  }

  // 7. The reader's place, the focus, and a sign of what has changed.

  // What is read stays where it is on the screen, whatever grows or shrinks above it.
  function placeKept() {
    const blocks = all(BLOCKS, document.querySelector("main") ?? document.body);
    const places = blocks.filter((block) => scrollY > 0 && !block.closest("nav"))
      .map((block) => [block, block.getBoundingClientRect()]).filter(([, { bottom }]) => bottom > 0);
    const isCut = ({ top }) => top < 0 || top > innerHeight;
    places.sort(([, a], [, b]) => isCut(a) - isCut(b)); // first those that begin in view
    const before = scrollY;
    return () => {
      const [block, was] = places.find(([block]) => block.isConnected) ?? [];
      // Where nothing is left of what is read and comes after it, at least the page is where it was.
      scrollTo({ top: block ? scrollY + block.getBoundingClientRect().top - was.top : before, behavior: "instant" });
    };
  }

  // An element that is made anew gets the focus back, by its place in the next element around it that has a name.
  function focusKept() {
    const active = document.activeElement, around = active?.parentElement?.closest("figure[id]") ?? active?.parentElement?.closest("[id]");
    const { tagName, value, defaultValue } = active ?? {}, at = around ? all(tagName, around).indexOf(active) : -1;
    return () => {
      const home = at < 0 || active.isConnected ? null : document.getElementById(around.id), again = home && all(tagName, home)[at];
      again?.focus({ preventScroll: true });
      if (again?.matches("input:not([type])") && value !== defaultValue) again.value = value;
    };
  }

  function flash() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const blocks = new Set([...changed].filter((element) => element.isConnected && element.closest("main") && !element.closest("nav"))
      .map((element) => element.closest(".example") ?? element.closest(BLOCKS) ?? element));
    const colour = "rgb(250 190 60 / .3)";
    for (const block of blocks) {
      if (block.matches("main, .page, .prose") || blocks.has(block.parentElement?.closest(BLOCKS))) continue;
      block.animate([{ backgroundColor: colour, boxShadow: `0 0 0 .3em ${colour}`, borderRadius: "2px", offset: 0 }],
        { duration: 1400, easing: "ease-out" });
    }
  }

  // 8. Problems: a pill in the corner, or a sheet over the lower part of the page that lists them. They live in a
  // shadow root behind the body: no style of the page reaches them, and they are not in the way of patches.

  const counted = (word) => (n) => `${n} ${word}${n === "1" ? "" : "s"}`; // "1+" is more than one
  const WORDS = {
    en: {
      problems: "Problems", errors: counted("error"), warnings: counted("warning"), error: "error", warning: "warning", and: ", ",
      inFile: (what, file) => `${what} in ${file}`, more: (n) => `… and ${n} more`, fold: "Hide", explain: "What this means",
      help: "Help: ", fix: "Write: ", remove: "Remove what is marked", open: (place) => `${place}: open in the editor`,
      gone: "This page is no longer in the book", lost: "The preview does not answer", failed: "The editor could not be opened",
    },
    zh: {
      problems: "问题", errors: (n) => `${n} 个错误`, warnings: (n) => `${n} 个警告`, error: "错误", warning: "警告", and: "，",
      inFile: (what, file) => `${what}：${file}`, more: (n) => `……另有 ${n} 个`, fold: "收起", explain: "这是什么问题",
      help: "建议：", fix: "改为：", remove: "删去标出的部分", open: (place) => `${place}：在编辑器中打开`,
      gone: "书中已没有这一页", lost: "预览服务没有回应", failed: "没能打开编辑器",
    },
  };
  const words = () => WORDS[/^zh/i.test(document.documentElement.lang) ? "zh" : "en"];

  let state = { problems: [] }, isOpen = false, isBlocked = false, isAsked = false, isLost = false, listed;

  function tell(event) {
    const had = isBlocked, { problems } = state = { ...event, problems: event.problems ?? [] };
    isBlocked = problems.some(({ severity, here }) => severity === "error" && here);
    // Opens for what is wrong here, once: when it is folded away it stays so until that is mended.
    if (isBlocked && !had) isOpen = true;
    if (!problems.length || !isBlocked && had && !isAsked) isOpen = false;
    if (!isOpen) isAsked = false;
    render();
  }

  // The author opens and folds the sheet; the focus goes along if it was there.
  function turn(open, hasFocus = true) {
    isOpen = isAsked = open;
    render();
    if (hasFocus) (open ? ui.fold : ui.pill).focus({ preventScroll: true });
  }

  function render() {
    const { problems, more = 0, gone } = state, t = words(), [first] = problems, { lang } = document.documentElement;
    const counts = ["error", "warning"].map((kind) => [kind, problems.filter(({ severity }) => severity === kind).length])
      .filter(([, n]) => n).map(([kind, n]) => t[`${kind}s`](n + (more && problems.at(-1).severity === kind ? "+" : ""))).join(t.and);
    const where = first?.file && problems.every(({ file }) => file === first.file) ? t.inFile(counts, first.file) : counts;
    const isGone = shown.key && gone, summary = isLost ? t.lost : [isGone && t.gone, where].filter(Boolean).join(t.and);
    const list = JSON.stringify([lang, problems, more]), wasInside = ui.list.contains(shadow.activeElement);
    ui.root.lang = lang;
    ui.root.className = `root ${isLost ? "lost" : first?.severity ?? "warning"}`;
    if (ui.status.textContent !== summary) ui.status.textContent = summary; // read out when it changes
    ui.pill.textContent = summary;
    ui.pill.disabled = !first;
    ui.pill.hidden = isOpen || !summary;
    ui.sheet.hidden = !isOpen;
    ui.pill.ariaExpanded = ui.fold.ariaExpanded = isOpen;
    ui.sheet.ariaLabel = t.problems;
    ui.title.textContent = isLost ? t.lost : counts;
    ui.fold.textContent = t.fold;
    if (list === listed) return;
    listed = list;
    const rank = ({ severity, here }) => (severity === "error" ? 0 : 2) + (here ? 0 : 1);
    ui.list.replaceChildren(...problems.toSorted((a, b) => rank(a) - rank(b)).map((problem) => problemItem(problem, t)));
    if (more) ui.list.append(h("li", { className: "more" }, t.more(more)));
    if (wasInside) ui.fold.focus();
  }

  // Like the terminal says it: what, where, the text with the place marked, what to do.
  function problemItem({ code, severity, message, file, line, column, source = [], label, help, fix, explain }, t) {
    const place = [file, line, column].filter((part) => part ?? "").join(":");
    const row = (number, ...text) => h("div", {}, h("span", { className: "number", ariaHidden: "true" }, number), h("code", {}, ...text));
    const isPoint = source.every(({ marked }) => !marked); // nothing is marked but a place between characters
    const lines = source.map(({ number, before, marked, after }) => row(number, before, (marked || isPoint) && h("mark", {}, marked), after));
    const note = (title, ...text) => h("p", { className: "note" }, h("b", {}, title), ...text);
    return h("li", { className: severity },
      h("p", { className: "message" }, h("b", {}, `${t[severity]}[`, h("span", { lang: "en" }, code), "]"), " ", ...prose(message)),
      place && h("button", { type: "button", className: "place", ariaLabel: t.open(place),
        onclick: () => edit({ file, line: line ?? 1, column: column ?? 1 }) }, place),
      (lines.length || label) && h("div", { className: "source" }, ...lines, label && row("", h("span", { className: "label" }, ...prose(label)))),
      help && note(t.help, ...prose(help)),
      typeof fix === "string" && (fix ? note(t.fix, h("code", {}, fix)) : note("", t.remove)),
      explain && h("details", {}, h("summary", {}, t.explain), h("p", {}, ...prose(explain))));
  }

  // Texts of messages mark code like Markdown does.
  const prose = (text) => text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? h("code", {}, part) : part));

  function h(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child));
    return element;
  }

  // 9. The editor: Alt and a click on a block of the text, or a click on the place of a problem.

  async function edit(request) {
    const t = words();
    try {
      const response = await fetch(`${BASE}.bilayer/edit`, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request),
      });
      const { file, line, url, error } = await response.json();
      if (/^https?:/i.test(url)) open(url, "_blank", "noopener");
      else if (url && !/^(javascript|data|blob):/i.test(url)) ui.door.replaceChildren(h("iframe", { src: url })); // the page stays
      toast(error || `${file}:${line}`, error);
    } catch {
      toast(t.failed, true);
    }
  }

  let toastEnd;
  function toast(text, isError) {
    clearTimeout(toastEnd);
    ui.toast.textContent = text;
    ui.toast.className = isError ? "toast error" : "toast";
    toastEnd = setTimeout(() => ui.toast.replaceChildren(), isError ? 8000 : 4000);
  }

  // The block that an element of the page belongs to, and how the server finds it in the source.
  function blockOf(target) {
    const content = document.querySelector("main .prose") ?? document.querySelector("main");
    if (!(target instanceof Element)) return null;
    if (!content?.contains(target)) { // the title and what else the front matter says
      const element = target.closest("nav, footer, aside") ? null : target.closest("main")?.contains(content) && target.closest(BLOCKS);
      return element ? { element, request: { path: PATH, tag: "", nth: 0, under: "" } } : null;
    }
    const figure = target.closest(".example");
    if (figure) return { element: figure, request: { example: figure.dataset.example ?? figure.dataset.quiz } };
    const element = target.closest(BLOCKS), tag = element?.localName;
    if (!element || element.contains(content)) return null;
    let under = "", nth = 0;
    for (const block of all(BLOCKS, content)) {
      if (block === element) break;
      if (block.closest(".example")) continue;
      if (/^h[1-6]$/.test(block.localName) && block.id) [under, nth] = [block.id, 0];
      else if (block.localName === tag) nth++;
    }
    return { element, request: { path: PATH, tag, nth, under } };
  }

  let pointed; // the element under the pointer
  function outline(isAlt) {
    const block = isAlt ? blockOf(pointed) : null;
    ui.outline.hidden = !block;
    if (!block) return;
    const box = block.element.getBoundingClientRect();
    for (const side of ["left", "top", "width", "height"]) ui.outline.style[side] = `${box[side]}px`;
  }

  let hasClicked;
  function click(event) {
    const block = event.altKey && event.button === 0 ? blockOf(event.target) : null;
    if (!block) return;
    event.preventDefault(); // no download of a link
    event.stopImmediatePropagation();
    hasClicked = true;
    edit(block.request);
  }

  function key(event) {
    const isDown = event.type === "keydown", isAlt = event.key === "Alt";
    outline(isAlt ? isDown : event.altKey);
    if (isAlt && !isDown && hasClicked) event.preventDefault(); // or the browser's menu takes the focus
    if (isAlt && !isDown) hasClicked = false;
    if (event.key === "Escape" && isDown && isOpen && !event.defaultPrevented) turn(false, shadow.activeElement);
  }

  // 10. The look of it.

  const CSS = `
    :host { all: initial; position: fixed; inset: auto 0 0; z-index: 2147483647; pointer-events: none; color-scheme: light;
      --paper: #fff; --tint: #f5f3ef; --line: #d9d5cc; --ink: #22262a; --muted: #5c6268; --red: #b3261e; --amber: #8a5300; --blue: #1b5e79;
      --han: "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC";
      --code: ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Liberation Mono", var(--han), monospace }
    @media (prefers-color-scheme: dark) { :host { color-scheme: dark;
      --paper: #1d2023; --tint: #282c30; --line: #41464c; --ink: #dedbd5; --muted: #a3a8ad; --red: #ff9d92; --amber: #e8bc70; --blue: #86c5dd } }
    @media print { :host { display: none } }
    * { box-sizing: border-box; margin: 0; padding: 0; font: inherit; color: inherit }
    [hidden], .toast:empty, iframe { display: none !important }
    .root { position: relative; --mood: var(--muted); color: var(--ink); overflow-wrap: anywhere;
      font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, var(--han), sans-serif }
    .root:lang(zh) { line-height: 1.7; line-break: strict; text-autospace: normal }
    .error { --mood: var(--red) } .warning { --mood: var(--amber) }
    section, button, .toast { pointer-events: auto }
    button { border: 0; background: none; text-align: start } button:enabled, summary { cursor: pointer }
    :focus-visible { outline: 2px solid var(--blue); outline-offset: 2px }
    .status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
    .pill { position: absolute; right: 12px; bottom: max(12px, env(safe-area-inset-bottom)); max-width: calc(100% - 24px); padding: 6px 14px;
      background: var(--paper); border: 1px solid var(--line); border-radius: 18px; box-shadow: 0 2px 10px rgb(0 0 0 / .18); font-size: 14px }
    .pill::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-inline-end: 8px; border-radius: 50%; background: var(--mood) }
    .pill:enabled:hover, .fold:hover { border-color: var(--mood) }
    section { width: min(100%, 64rem); max-height: min(60vh, 36rem); margin: 0 auto; overflow: auto; overscroll-behavior: contain; background: var(--paper);
      border: solid var(--line); border-width: 3px 1px 0; border-top-color: var(--mood); border-radius: 10px 10px 0 0; box-shadow: 0 -4px 30px rgb(0 0 0 / .25) }
    header { position: sticky; top: 0; display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 8px 12px 8px 20px;
      background: var(--paper); border-bottom: 1px solid var(--line) }
    h2, b { font-weight: 600 }
    h2, .message b, mark, .label { color: var(--mood) }
    .fold { padding: 4px 12px; border: 1px solid var(--line); border-radius: 6px; font-size: 14px; white-space: nowrap }
    ol { padding: 0 20px max(12px, env(safe-area-inset-bottom)); list-style: none }
    li { display: grid; grid-template-columns: minmax(0, 1fr); justify-items: start; gap: 6px; padding: 14px 0 }
    li + li { border-top: 1px solid var(--line) }
    .place { font: 13px/1.5 var(--code); color: var(--blue); text-decoration: underline 1px; text-underline-offset: 3px }
    code, .number { font: 13px/1.6 var(--code); text-autospace: no-autospace; white-space: pre-wrap }
    p code { padding: 1px 4px; background: var(--tint); border-radius: 3px }
    .source { display: grid; grid-template-columns: max-content 1fr; gap: 0 12px; width: 100%; padding: 8px 12px; background: var(--tint); border-radius: 5px; tab-size: 4 }
    .source div { display: contents }
    .number { color: var(--muted); text-align: end; user-select: none }
    mark { background: none; font-weight: 600; text-decoration: underline wavy 1px; text-underline-offset: 4px; text-decoration-skip-ink: none }
    mark:empty { margin-inline: 1px; border-inline-start: 2px solid }
    .note, details { font-size: 14px } details, .more { color: var(--muted) }
    .toast { position: fixed; left: 50%; bottom: 64px; translate: -50%; width: max-content; max-width: calc(100% - 24px); padding: 8px 16px;
      background: var(--ink); color: var(--paper); border-radius: 6px; font-size: 14px; box-shadow: 0 2px 12px rgb(0 0 0 / .3) }
    .toast.error { border-inline-start: 4px solid var(--mood) }
    .outline { position: fixed; box-sizing: content-box; margin: -4px; padding: 4px; border-radius: 4px; outline: 2px solid var(--blue); background: rgb(80 160 200 / .1) }`;

  const host = document.createElement("bilayer-preview"), shadow = host.attachShadow({ mode: "open" }), sheet = new CSSStyleSheet();
  shadow.adoptedStyleSheets = [sheet];
  sheet.replaceSync(CSS);
  const ui = {
    status: h("p", { className: "status", role: "status", ariaLive: "polite" }),
    outline: h("div", { className: "outline", hidden: true }),
    pill: h("button", { type: "button", className: "pill", hidden: true, onclick: () => turn(true) }),
    title: h("h2", {}),
    fold: h("button", { type: "button", className: "fold", onclick: () => turn(false) }),
    list: h("ol", { role: "list" }),
    toast: h("p", { className: "toast", role: "status" }),
    door: h("div", {}),
  };
  ui.sheet = h("section", { hidden: true, role: "region" }, h("header", {}, ui.title, ui.fold), ui.list);
  ui.root = h("div", {}, ui.status, ui.outline, ui.toast, ui.sheet, ui.pill, ui.door);
  shadow.append(ui.root);
  document.documentElement.append(host);

  addEventListener("click", click, true);
  addEventListener("mousemove", ({ target, altKey }) => { pointed = target; outline(altKey); }, { passive: true });
  addEventListener("scroll", () => outline(false), { passive: true });
  addEventListener("blur", () => outline(false));
  for (const type of ["keydown", "keyup"]) addEventListener(type, key);
  document.addEventListener("visibilitychange", () => (document.hidden ? silence() : listen()));
  addEventListener("pagehide", silence);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); });

  update();
  listen();
})();
