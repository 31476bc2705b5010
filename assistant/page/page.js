// What the page does in the browser. Gradio hands each piece of HTML over by dateline.start: `trigger` sends an event
// to the server, `watch` tells of new content.
"use strict";

window.dateline = (() => {
  const STALLED = 60_000; // milliseconds without news after which another question may be asked
  let lastNews = 0;
  let opened = null; // the button that opened the article shown; null where it was shown by itself
  const find = (selector) => document.querySelector(selector);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");

  const isBusy = () => find('.exchange[data-state="busy"]') !== null && Date.now() - lastNews < STALLED;

  function ask(question, trigger) {
    if (!question.trim() || isBusy()) return false;
    lastNews = Date.now();
    opened = null;
    trigger("submit", { question });
    return true;
  }

  function masthead() {}

  function composer(element, trigger) {
    const form = element.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (ask(form.question.value, trigger)) form.question.value = "";
    });
    form.querySelector("[data-new]").addEventListener("click", () => {
      opened = null;
      trigger("clear", {});
      form.question.focus();
    });
    // A keyboard that slides in over a phone's page is no welcome.
    if (matchMedia("(pointer: fine)").matches) form.question.focus({ preventScroll: true });
  }

  function conversation(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.question) ask(button.dataset.question, trigger);
      else if (button?.dataset.article) open(button, trigger);
    });
    watch("value", () => {
      lastNews = Date.now();
      const newest = element.querySelector('.exchange[data-newest="true"]');
      find("#status").textContent = newest?.dataset.status ?? "";
      tellWhatIsShown();
      if (newest) bringToTop(newest);
    });
  }

  function source(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.article) open(button, trigger);
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
    if (opened) column.querySelector(".headline, .entry")?.focus({ preventScroll: true });
  }

  /** Mark the button of the place shown, for eyes (by style) and for screen readers. */
  function tellWhatIsShown() {
    for (const button of document.querySelectorAll("#conversation [data-article]")) {
      if (isShown(button)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
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

  const pieces = { masthead, conversation, composer, source };
  const regions = { conversation: "Conversation", source: "Source article" };

  function start(name, element, trigger, watch) {
    if (regions[name]) {
      const region = find(`#${name}`);
      region.setAttribute("role", "region");
      region.setAttribute("aria-label", regions[name]);
    }
    pieces[name](element, trigger, watch);
  }

  return { start };
})();
