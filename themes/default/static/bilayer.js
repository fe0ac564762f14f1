// What the default theme does when there are scripts. Every page reads the same without.
(() => {
  "use strict";
  const KEY = "bilayer-language";
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Storage may be denied: then nothing is remembered, and nothing else changes.
  const saved = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const save = (language) => { try { localStorage.setItem(KEY, language); } catch { /* denied */ } };

  const languages = all("a[data-language]");
  let section = ""; // the id of the heading that the reader is below

  // Headings have the same id in all languages, so a switch can keep the reader's place.
  for (const link of languages) {
    link.addEventListener("click", () => {
      save(link.dataset.language);
      link.hash = section;
      link.search = location.search; // the inputs of examples that the reader has moved
    });
  }

  // The root page goes on to the saved language, else to the first of the browser's that there is.
  if (document.documentElement.hasAttribute("data-choose-language")) {
    const primary = (tag) => tag.toLowerCase().split("-")[0];
    const choice = languages.find((link) => link.dataset.language === saved())
      ?? (navigator.languages ?? [])
        .map((tag) => languages.find((link) => link.hreflang.toLowerCase() === tag.toLowerCase())
          ?? languages.find((link) => primary(link.hreflang) === primary(tag)))
        .find(Boolean);
    if (choice) location.replace(choice.href);
    return;
  }

  // On wide screens the style sheet shows what is folded; browsers that cannot do that open it here.
  const unfold = () => {
    for (const fold of all("details.sidebar, details.contents")) {
      if (getComputedStyle(fold.firstElementChild).display === "none") fold.open = true;
    }
  };
  if (!CSS.supports("selector(::details-content)")) {
    unfold();
    addEventListener("resize", unfold);
  }

  // A long menu starts at the current page.
  const menu = document.querySelector(".sidebar");
  const current = menu?.querySelector('[aria-current="page"]');
  if (current && current.offsetTop > menu.clientHeight * 0.8) menu.scrollTop = current.offsetTop - menu.clientHeight / 2;

  // Marks the entry of the section in view: that of the last heading above a line near the top.
  let entries, headings;
  const mark = () => {
    const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.3);
    section = above.at(-1)?.id ?? "";
    for (const [id, link] of entries) {
      if (id === section) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  // Reaches far up, so that a heading cannot cross the line unseen in a jump.
  const observer = new IntersectionObserver(mark, { rootMargin: "999999px 0px -70% 0px" });
  const follow = () => {
    entries = new Map(all(".contents a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    headings = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    observer.disconnect();
    headings.forEach((heading) => observer.observe(heading));
  };
  follow();
  document.addEventListener("bilayer:patch", follow); // a preview has changed the page
})();
