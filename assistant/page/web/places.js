"use strict";

/** The page's frame: three places, of which one is shown; pieces of HTML brought to life; elements made of text. */
window.dateline = (() => {
  const PLACES = ["ask", "library", "quality"];
  const pieces = {}; // by name: what brings a piece to life
  const triggers = {}; // by name: what tells the server of an event of a piece
  const entered = {}; // by place: what is done each time it is entered
  const root = document.documentElement;

  /** An element with attributes and children; all text is put in as text, so nothing in it is ever HTML. */
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  /** An SVG element; see `el`. */
  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** `1 article`, `1,204 articles`. */
  const count = (number, noun) => `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}`;

  /** `2025-05-09` as `9 May 2025`. */
  function day(iso) {
    const date = new Date(`${(iso ?? "").slice(0, 10)}T12:00:00Z`);
    if (Number.isNaN(date.getTime())) return iso ?? "";
    return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  /** Ask the API; a problem becomes an error with words to show. */
  async function api(path, options = {}) {
    let response;
    try {
      response = await fetch(path, { ...options, headers: { accept: "application/json", ...options.headers } });
    } catch {
      throw new Error("The server cannot be reached. Is it still running?");
    }
    if (response.status === 204) return null;
    const body = await response.json().catch(() => null);
    if (response.ok) return body;
    throw new Error(body?.detail || body?.title || `The server answered with ${response.status}.`);
  }

  function place() {
    const named = location.hash.slice(1);
    return PLACES.includes(named) ? named : "ask";
  }

  function enter() {
    root.dataset.place = place();
    for (const link of document.querySelectorAll("#masthead nav a")) {
      if (link.hash === `#${place()}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    entered[place()]?.();
  }

  function masthead(element, trigger, watch) {
    triggers.masthead = trigger;
    watch("value", enter);
  }

  function start(name, element, trigger, watch) {
    triggers[name] = trigger;
    pieces[name](element, trigger, watch);
    enter();
  }

  addEventListener("hashchange", enter);
  root.dataset.place = place();
  pieces.masthead = masthead;
  return { pieces, triggers, entered, start, el, svg, count, day, api };
})();
