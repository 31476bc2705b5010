/** The library: what there is, and adding to it. */
(() => {
  const { pieces, triggers, entered, el, count, day, api } = window.dateline;
  const PAGE = 50; // articles listed at once
  const BARS = 60; // more days than that are drawn by month
  const POLL = 500; // milliseconds between looks at a job
  let offset = 0;
  let root;
  const find = (selector) => root.querySelector(selector);

  function library(element) {
    root = element;
    const finding = find(".finding");
    finding.addEventListener("submit", (event) => event.preventDefault());
    finding.addEventListener("input", again);
    find(".adding").addEventListener("submit", (event) => {
      event.preventDefault();
      const { address } = event.target;
      if (!address.value.trim()) return;
      add(address.value.trim(), JSON.stringify({ address: address.value.trim() }), { "content-type": "application/json" });
      address.value = "";
    });
    find("#files").addEventListener("change", ({ target }) => {
      addFiles(target.files);
      target.value = "";
    });
    const drop = find(".drop");
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      addFiles(event.dataTransfer.files);
    });
    find(".earlier").addEventListener("click", () => turn(-PAGE));
    find(".later").addEventListener("click", () => turn(PAGE));
    find("dialog .close").addEventListener("click", () => find("dialog").close());
  }

  entered.library = () => root && refresh();

  function again() {
    offset = 0;
    list();
  }

  function turn(by) {
    offset = Math.max(0, offset + by);
    list();
    find("table").scrollIntoView({ block: "start" });
  }

  /** Count and list anew. */
  async function refresh() {
    try {
      const held = await api("/v1/library");
      find(".counted").textContent = `${count(held.articles, "article")} of ${count(held.sources.length, "publisher")}`;
      offer("source", held.sources, "All publishers");
      offer("language", held.languages, "All languages");
      draw(held.days);
      await list();
    } catch (error) {
      tell(error.message);
    }
  }

  function offer(name, shares, all) {
    const select = find(`[name=${name}]`);
    const chosen = select.value;
    select.replaceChildren(el("option", { value: "" }, all),
      ...shares.map(({ value, articles }) => el("option", { value, selected: value === chosen }, `${value} (${articles})`)));
  }

  async function list() {
    const form = find(".finding");
    const wanted = new URLSearchParams({ offset, limit: PAGE, order: form.order.value });
    for (const name of ["q", "since", "until", "source", "language"]) if (form[name].value) wanted.append(name, form[name].value);
    try {
      const { total, articles } = await api(`/v1/articles?${wanted}`);
      find("tbody").replaceChildren(...articles.map(row));
      find(".shown").textContent = total ? `${offset + 1} to ${offset + articles.length} of ${count(total, "article")}` : "No article is like that.";
      find(".earlier").disabled = offset === 0;
      find(".later").disabled = offset + articles.length >= total;
      tell("");
    } catch (error) {
      tell(error.message);
    }
  }

  function row(article) {
    const title = el("button", { type: "button", class: "title", onclick: () => show(article.id) }, article.title);
    const remove = el("button", { type: "button", class: "quiet", "aria-label": `Remove ${article.title}` }, "Remove");
    remove.addEventListener("click", () => ask(remove, article));
    const copy = article.copy_of ? el("span", { class: "byline" }, "a copy of another article") : null;
    return el("tr", {}, el("td", {}, title, copy), el("td", {}, article.source ?? "–"),
      el("td", {}, article.published ? el("time", { datetime: article.published }, day(article.published)) : "–"),
      el("td", {}, article.language ?? "–"), el("td", { class: "figure" }, article.words.toLocaleString("en-GB")), el("td", {}, remove));
  }

  /** Once more: what is removed is gone. */
  function ask(button, article) {
    if (button.dataset.sure) return remove(article);
    button.dataset.sure = "yes";
    button.textContent = "Really remove?";
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = "Remove";
    }, 4_000);
  }

  async function remove(article) {
    try {
      await api(`/v1/articles/${encodeURIComponent(article.id)}`, { method: "DELETE" });
      tell(`Removed: ${article.title}`, "said");
      changed();
    } catch (error) {
      tell(error.message);
    }
  }

  /** The other places show what the library holds too. */
  function changed() {
    refresh();
    triggers.masthead?.("edit", {});
    if (document.querySelector("#source .front")) triggers.source?.("clear", {});
  }

  async function show(id) {
    try {
      const article = await api(`/v1/articles/${encodeURIComponent(id)}`);
      const about = [article.source, article.author, article.published && day(article.published), article.place, article.section];
      const elsewhere = article.copies.filter((copy) => copy.relation === "copy").map((copy) => copy.source ?? copy.title);
      find("dialog .words").replaceChildren(
        el("h2", { class: "headline", lang: article.language }, article.title),
        el("p", { class: "byline" }, about.filter(Boolean).join(" · ")),
        elsewhere.length ? el("p", { class: "byline" }, `Also published by ${elsewhere.join(", ")}`) : "",
        original(article.url), ...article.text.split(/\n\s*\n/).map((words) => el("p", { lang: article.language }, words)));
      find("dialog").showModal();
      find("dialog").scrollTop = 0;
    } catch (error) {
      tell(error.message);
    }
  }

  const original = (url) => (/^https?:\/\//i.test(url ?? "")
    ? el("p", { class: "byline" }, el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Original article")) : "");

  /** The articles by day, or where there are many days, by month; a bar limits the list to its time. */
  function draw(days) {
    const byMonth = days.length > BARS;
    const bars = new Map();
    for (const { value, articles } of days) {
      const time = byMonth ? value.slice(0, 7) : value;
      bars.set(time, (bars.get(time) ?? 0) + articles);
    }
    const most = Math.max(...bars.values(), 1);
    find(".timeline").hidden = !bars.size;
    find(".timeline ol").replaceChildren(...[...bars].slice(-BARS).map(([time, articles]) => {
      const name = byMonth ? time : day(time);
      const bar = el("button", { type: "button", title: `${name}: ${count(articles, "article")}`, "aria-label": `${name}: ${count(articles, "article")}` });
      bar.style.setProperty("--height", `${Math.max(4, (100 * articles) / most)}%`);
      bar.addEventListener("click", () => {
        const form = find(".finding");
        const [since, until] = byMonth ? [`${time}-01`, `${time}-${new Date(time.slice(0, 4), time.slice(5, 7), 0).getDate()}`] : [time, time];
        const isSet = form.since.value === since && form.until.value === until;
        [form.since.value, form.until.value] = isSet ? ["", ""] : [since, until];
        again();
      });
      return el("li", {}, bar);
    }));
    const times = [...bars.keys()].slice(-BARS);
    find(".timeline figcaption").textContent = times.length ? `${byMonth ? times[0] : day(times[0])} to ${byMonth ? times.at(-1) : day(times.at(-1))}` : "";
  }

  function addFiles(files) {
    if (!files.length) return;
    const form = new FormData();
    for (const file of files) form.append("files", file);
    add(files.length === 1 ? files[0].name : count(files.length, "file"), form);
  }

  /** Hand something in, and tell how far it is until it is done. */
  async function add(name, body, headers) {
    const state = el("span", { class: "state" }, "Sending…");
    const failures = el("ul", {});
    const item = el("li", { "data-state": "running" }, el("span", { class: "title" }, name), " ", state, failures);
    find(".jobs").prepend(item);
    try {
      let job = await api("/v1/articles", { method: "POST", body, headers });
      while (job.state === "waiting" || job.state === "running") {
        state.textContent = job.state === "waiting" ? "Waiting…" : `Indexing: ${count(job.passages_done, "passage")}…`;
        await new Promise((resolve) => setTimeout(resolve, POLL));
        job = await api(`/v1/jobs/${encodeURIComponent(job.id)}`);
      }
      const parts = [[job.added, "added"], [job.replaced, "replaced"], [job.unchanged, "unchanged"]];
      const done = parts.filter(([ids]) => ids.length).map(([ids, word]) => `${ids.length} ${word}`);
      item.dataset.state = job.state;
      state.textContent = job.error ?? (done.join(", ") || "Nothing could be read");
      failures.replaceChildren(...job.items.flatMap((each) => each.failures).map(({ path, reason }) => el("li", {}, `${path}: ${reason}`)));
      if (job.added.length || job.replaced.length) changed();
    } catch (error) {
      item.dataset.state = "failed";
      state.textContent = error.message;
    }
  }

  function tell(message, kind = "problem") {
    const line = find(".message");
    line.className = `message ${kind}`;
    line.textContent = message;
  }

  pieces.library = library;
})();
