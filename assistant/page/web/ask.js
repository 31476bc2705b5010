// What the page does in the browser. Gradio hands each piece of HTML over by dateline.start: `trigger` sends an event
// to the server, `watch` tells of new content.
/** The place where questions are asked. */
(() => {
  const { pieces, el } = window.dateline;
  const STALLED = 60_000; // milliseconds without news after which another question may be asked
  let lastNews = 0;
  let asked = {}; // the last question, and what was to be searched
  let stopped = false; // whether it was stopped
  let opened = null; // the button that opened the article shown; null where it was shown by itself
  const find = (selector) => document.querySelector(selector);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");

  const isBusy = () => find('.exchange[data-state="busy"]') !== null && Date.now() - lastNews < STALLED;

  function ask(question, trigger) {
    if (!question.trim() || isBusy()) return false;
    lastNews = Date.now();
    opened = null;
    asked = { question, ...filters() };
    stopped = false;
    trigger("submit", asked);
    showBusy(true);
    return true;
  }

  /** What is searched: days and publishers; only what is set. */
  function filters() {
    const form = find("#composer form");
    const sources = [...form.querySelectorAll("[name=source]:checked")].map((box) => box.value);
    return { since: form.since.value, until: form.until.value, sources };
  }

  function showFilters() {
    const { since, until, sources } = filters();
    const set = [since && `from ${since}`, until && `until ${until}`, ...sources].filter(Boolean);
    find("#filters summary").textContent = set.length ? `Searching ${set.join(", ")}` : "Search all dates and publishers";
  }

  /** The publishers to choose from. */
  async function offerSources(chosen) {
    const box = find("#filters .sources");
    try {
      const { sources } = await dateline.api("/v1/library");
      box.replaceChildren(
        ...sources.slice(0, 40).map(({ value, articles }) =>
          el("label", {}, el("input", { type: "checkbox", name: "source", value, checked: chosen.includes(value) }),
            ` ${value} `, el("span", { class: "number" }, String(articles)))));
    } catch {
      box.replaceChildren(); // a key that may ask but not read
    }
    showFilters();
  }

  /** When the conversation has begun; what is asked before would be forgotten then. */
  async function begun() {
    while (!find("#conversation .welcome")) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const showBusy = (busy) => {
    find("#composer .stop").hidden = !busy;
    find("#composer .ask").hidden = busy;
  };

  function composer(element, trigger) {
    const form = element.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (ask(form.question.value, trigger)) form.question.value = "";
    });
    form.querySelector("[data-new]").addEventListener("click", () => {
      opened = null;
      trigger("clear", {});
      showBusy(false);
      form.question.focus();
    });
    form.querySelector(".stop").addEventListener("click", () => {
      lastNews = 0;
      stopped = true;
      trigger("stop", asked); // with the question, for the server may not have begun with it
      showBusy(false);
      form.question.focus();
    });
    form.addEventListener("change", showFilters);
    const link = new URLSearchParams(location.search);
    form.since.value = link.get("since") ?? "";
    form.until.value = link.get("until") ?? "";
    const offered = offerSources(link.getAll("source"));
    const shared = link.get("q");
    if (shared) Promise.all([offered, begun()]).then(() => {
      history.replaceState(null, "", location.pathname); // asked once, not again whenever the page is loaded anew
      ask(shared, trigger);
    });
    // A keyboard that slides in over a phone's page is no welcome.
    if (matchMedia("(pointer: fine)").matches) form.question.focus({ preventScroll: true });
  }

  function conversation(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.question) ask(button.dataset.question, trigger);
      else if (button?.dataset.article) open(button, trigger);
      else if (button?.dataset.copy) copy(button, button.dataset.copy, "Copied");
      else if (button?.matches("[data-share]")) share(button);
      else if (button?.dataset.rating) rate(button);
    });
    watch("value", () => {
      lastNews = Date.now();
      const busy = find('.exchange[data-state="busy"]') !== null;
      if (busy && stopped) trigger("stop", asked); // what it had begun came after it was stopped
      showBusy(busy && !stopped);
      const newest = element.querySelector('.exchange[data-newest="true"]');
      find("#status").textContent = newest?.dataset.status ?? "";
      tellWhatIsShown();
      if (newest) bringToTop(newest);
    });
  }

  /** Put words on the clipboard, and say so on the button for a moment. */
  async function copy(button, words, said) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(words);
      button.textContent = said;
    } catch {
      button.textContent = "The browser does not allow it";
    }
    find("#status").textContent = button.textContent;
    setTimeout(() => (button.textContent = label), 2_000);
  }

  /** A link that asks the same question of the same days and publishers. */
  function share(button) {
    const { question, since, until, sources } = JSON.parse(button.closest(".exchange").dataset.asked);
    const link = new URL(location.pathname, location.origin);
    link.searchParams.set("q", question);
    if (since) link.searchParams.set("since", since);
    if (until) link.searchParams.set("until", until);
    for (const name of sources ?? []) link.searchParams.append("source", name);
    copy(button, link.href, "Link copied");
  }

  /** A thumb is kept at once; a comment, and what would have been right, may follow. */
  async function rate(button) {
    const box = button.closest(".rating");
    const told = JSON.parse(box.closest(".exchange").dataset.told);
    const send = (more) =>
      dateline.api("/v1/feedback", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...told, rating: button.dataset.rating, ...more }),
      });
    const note = el("span", { class: "told", role: "status" });
    const form = el("form", { class: "comment" },
      el("label", {}, "What would have been right? ", el("input", { name: "expected", maxlength: 1000 })),
      el("label", {}, "Anything else? ", el("input", { name: "comment", maxlength: 5000 })),
      el("button", { class: "quiet" }, "Send"), note);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send({ comment: form.comment.value, expected: form.expected.value });
        form.replaceChildren(el("span", { class: "told", role: "status" }, "Kept, thank you."));
      } catch (error) {
        note.textContent = error.message;
      }
    });
    for (const other of box.querySelectorAll("[data-rating]")) other.setAttribute("aria-pressed", String(other === button));
    box.querySelector(".comment")?.remove();
    box.append(form);
    try {
      await send({});
      note.textContent = "Kept.";
    } catch (error) {
      note.textContent = error.message;
    }
  }

  function source(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.step) step(Number(button.dataset.step));
      else if (button?.dataset.article) open(button, trigger);
      else if (button?.matches("[data-back]")) goBack();
      else if (button?.matches("[data-front]")) {
        opened = button;
        trigger("clear", {});
      }
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") goBack();
    });
    watch("value", () => {
      tellWhatIsShown();
      present();
    });
  }

  function open(button, trigger) {
    const { article, start, end, n } = button.dataset;
    opened = button;
    if (isShown(button)) present();
    else trigger("select", { article, start: Number(start), end: Number(end), n: Number(n) });
  }

  /** The sources of the exchange that the shown one belongs to, and its place among them. */
  function steps() {
    const shown = find("#conversation .citation[aria-current]");
    const all = [...(shown?.closest(".exchange").querySelectorAll(".citation") ?? [])];
    return { all, at: all.indexOf(shown) };
  }

  function step(by) {
    const { all, at } = steps();
    all[(at + by + all.length) % all.length]?.click();
  }

  function showSteps() {
    const box = find("#source .steps");
    const { all, at } = steps();
    if (!box) return;
    box.hidden = all.length < 2;
    box.querySelector("span").textContent = `${at + 1} of ${all.length}`;
  }

  /** To the button that opened the article, or where that is gone, to the question box. */
  function goBack() {
    const place = opened?.isConnected && find("#conversation").contains(opened) ? opened : find("#question");
    opened = null;
    place.focus();
    place.scrollIntoView({ block: "nearest", behavior: behavior() });
  }

  function isShown(button) {
    const sheet = find("#source .sheet");
    return ["article", "start", "end"].every((name) => sheet?.dataset[name] === button.dataset[name]);
  }

  /** Scroll to the quote; where somebody asked for the article, take the focus there too. */
  function present() {
    const column = find("#source");
    const target = find("#quote") ?? column.querySelector(".headline, .label");
    const scrollsItself = column.scrollHeight > column.clientHeight && getComputedStyle(column).overflowY !== "visible";
    if (scrollsItself) {
      const offset = column.scrollTop - column.getBoundingClientRect().top;
      const { top, bottom } = target.getBoundingClientRect();
      // The headline stays in sight where it can: an article is read from its top.
      const fits = bottom + offset < column.clientHeight * 0.9;
      column.scrollTo({ top: fits ? 0 : top + offset - column.clientHeight / 3, behavior: behavior() });
    } else if (opened) {
      target.scrollIntoView({ block: target.id === "quote" ? "center" : "start", behavior: behavior() });
    }
    // Whoever went on to the next question meanwhile keeps the focus there.
    const isAsking = document.activeElement === find("#question");
    if (opened && !isAsking) column.querySelector(".headline, .entry")?.focus({ preventScroll: true });
  }

  /** Mark the button of the place shown, for eyes (by style) and for screen readers. */
  function tellWhatIsShown() {
    for (const button of document.querySelectorAll("#conversation [data-article]")) {
      if (isShown(button)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    showSteps();
  }

  function bringToTop(exchange) {
    const column = find("#conversation");
    if (getComputedStyle(column).overflowY === "visible") {
      exchange.scrollIntoView({ block: "start", behavior: behavior() });
    } else {
      const top = exchange.getBoundingClientRect().top - column.getBoundingClientRect().top + column.scrollTop;
      column.scrollTo({ top, behavior: behavior() });
    }
  }

  const regions = { conversation: "Conversation", source: "Source article" };

  /** A piece of this place, told to screen readers as a region. */
  const region = (name, bring) => (element, trigger, watch) => {
    const region = find(`#${name}`);
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", regions[name]);
    bring(element, trigger, watch);
  };

  Object.assign(pieces, { composer, conversation: region("conversation", conversation), source: region("source", source) });
})();
