// The list of questions: found, filtered and opened. All text is set as text, never as markup.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const STEP = 200;
const byId = (id) => document.getElementById(id);
const outcomes = ["right", "wrong", "refused", "error", "changed"];
const state = { text: "", outcome: "", kind: "", split: "", shown: STEP };

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const told = (q) => (q.answer === null ? q.error : q.abstained ? "refused" : q.answer);
const expected = (q) => (q.expected.length ? q.expected.join(" / ") : "the articles do not say");

function marked(text, ranges) {
  const pieces = [];
  let at = 0;
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    if (start < at || end > text.length) continue;
    pieces.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces;
}

// Offsets are in code points, as in Python; a page counts in UTF-16.
function units(text, points) {
  return Array.from(text).slice(0, Math.max(points, 0)).join("").length;
}

function citation(c) {
  const passage = c.passage === null ? null : data.passages[c.passage];
  const verdict = [c.resolves ? "resolves" : "does not resolve", c.right === null ? "" : c.right ? "right" : "not right"];
  const text = passage === null ? c.quote : passage.text;
  const range = passage === null
    ? [0, c.quote.length]
    : [units(text, c.start - passage.start), units(text, c.end - passage.start)];
  return make("div", {},
    make("p", { class: "passage" }, ...marked(text, [range])),
    make("p", {}, make("small", {}, `${c.title} · ${verdict.filter(Boolean).join(", ")}`)));
}

function hits(q) {
  const rows = q.hits.map((h, place) => {
    const passage = data.passages[h.passage];
    return make("tr", {},
      make("td", {}, String(place + 1)), make("td", {}, h.score === null ? "–" : h.score.toFixed(3)),
      make("td", {}, h.relevant === null ? "–" : h.relevant ? "✓" : ""),
      make("td", {}, data.titles[passage.article] || passage.article), make("td", {}, passage.text));
  });
  const head = make("tr", {}, ...["", "score", "relevant", "article", "passage"].map((t) => make("th", {}, t)));
  return make("div", { class: "wide" }, make("table", { class: "hits" }, head, ...rows));
}

function body(q) {
  const parts = [];
  const add = (title, ...nodes) => nodes.length && parts.push(make("h4", {}, title), ...nodes);
  if (q.history.length) add("Before it", ...q.history.map((t) => make("p", {}, `${t.role}: ${t.content}`)));
  add("Answered", make("p", {}, told(q) + (q.confidence === null ? "" : ` (confidence ${q.confidence.toFixed(2)})`)));
  if (q.note) add("Noted", make("p", {}, q.note));
  add("Expected", make("p", {}, expected(q)));
  if (q.why) add("Why it is wrong", make("p", {}, q.why));
  if (q.before) add("In the baseline", make("p", {}, q.before));
  if (q.citations.length) add("Cited", ...q.citations.map(citation));
  if (q.hits.length) add("Found", hits(q));
  const values = Object.entries(q.metrics).filter(([, value]) => value !== null);
  const spans = values.map(([name, value]) => make("span", {}, `${name} ${Math.round(value * 1000) / 1000}`));
  add("Metrics", make("div", { class: "values" }, ...spans));
  return make("div", { class: "body" }, ...parts);
}

function row(q) {
  const summary = make("summary", {},
    make("span", { class: "badge" }, q.outcome),
    make("span", {}, make("span", { class: "q" }, q.question), " ",
      make("small", {}, `${q.id} · ${q.kind}`), q.before ? make("span", { class: "turned" }, "changed") : null),
    make("span", { class: "a" }, make("small", {}, `${told(q)} — expected: ${expected(q)}`)));
  const details = make("details", { class: q.outcome, id: `q-${q.id}` }, summary);
  details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(body(q)); });
  return make("li", {}, details);
}

function matches(q) {
  const outcome = !state.outcome || (state.outcome === "changed" ? Boolean(q.before) : q.outcome === state.outcome);
  return outcome && (!state.kind || q.kind === state.kind) && (!state.split || q.split === state.split)
    && (!state.text || q.words.includes(state.text));
}

function show() {
  const found = data.questions.filter(matches);
  byId("list").replaceChildren(...found.slice(0, state.shown).map(row));
  byId("shown").textContent = `${found.length} of ${data.questions.length}`;
  byId("more").hidden = found.length <= state.shown;
  for (const button of byId("outcomes").children) {
    button.setAttribute("aria-pressed", String(button.value === state.outcome));
  }
}

function change(name, value) {
  state[name] = value;
  state.shown = STEP;
  show();
}

function choices(name, label) {
  const values = [...new Set(data.questions.map((q) => q[name]).filter(Boolean))].sort();
  const select = byId(name);
  select.append(make("option", { value: "" }, label), ...values.map((value) => make("option", { value }, value)));
  select.hidden = values.length < 2;
  select.addEventListener("change", () => change(name, select.value));
}

for (const q of data.questions) q.words = [q.id, q.question, told(q), expected(q)].join(" ").toLowerCase();
for (const outcome of outcomes) {
  const count = data.questions.filter((q) => (outcome === "changed" ? q.before : q.outcome === outcome)).length;
  if (!count) continue;
  const button = make("button", { type: "button", value: outcome }, `${outcome} ${count}`);
  button.addEventListener("click", () => change("outcome", state.outcome === outcome ? "" : outcome));
  byId("outcomes").append(button);
}
choices("kind", "every kind");
choices("split", "both splits");
byId("find").addEventListener("input", (event) => change("text", event.target.value.trim().toLowerCase()));
byId("more").addEventListener("click", () => { state.shown += STEP; show(); });
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
show();
const opened = location.hash.startsWith("#q-") && byId(decodeURIComponent(location.hash.slice(1)));
if (opened) { opened.open = true; opened.scrollIntoView(); }
