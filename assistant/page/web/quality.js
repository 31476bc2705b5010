/** How good the answers are: the last eval report, the ones before it, and the questions answered worst. */
(() => {
  const { pieces, entered, el, svg, count, api } = window.dateline;
  const SHOWN = [
    ["joint", "Right answer, rightly cited"],
    ["em", "Exact answers"],
    ["citation_right", "Right article cited"],
    ["success@5", "Right passage among five"],
    ["abstain_recall", "Unanswerable, and said so"],
    ["false_refusal", "Answerable, yet refused"],
    ["latency_p50_ms", "Median time"],
  ];
  const WORST = 20;
  let root;
  const find = (selector) => root.querySelector(selector);

  entered.quality = async () => {
    if (!root) return;
    try {
      const { reports } = await api("/v1/eval/reports");
      find(".none").hidden = reports.length > 0;
      find(".figures").hidden = !reports.length;
      if (!reports.length) return;
      card(reports[0]);
      plot([...reports].reverse());
      worst((await api(`/v1/eval/reports/${encodeURIComponent(reports[0].id)}?wrong=${WORST}`)).wrong);
    } catch (error) {
      find(".message").textContent = error.message;
    }
  };

  const shown = (name, value) => (name.endsWith("_ms") ? `${Math.round(value)} ms` : `${(100 * value).toFixed(1)} %`);

  function card(report) {
    find(".counted").textContent = `${report.right.toLocaleString("en-GB")} of ${count(report.questions, "question")} right · ${new Date(report.made).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" })}`;
    const cells = SHOWN.filter(([name]) => report.overall[name]?.value != null).map(([name, words]) => {
      const { value, low, high } = report.overall[name];
      const between = low != null && high != null ? `${shown(name, low)} to ${shown(name, high)}` : "";
      return el("div", {}, el("dt", {}, words), el("dd", {}, shown(name, value), el("span", { class: "byline" }, between)));
    });
    find(".card").replaceChildren(...cells);
  }

  /** The share of right answers over the reports, with its interval. */
  function plot(reports) {
    const [width, height, left, bottom, top] = [640, 220, 52, 26, 12];
    const points = reports.filter((report) => report.overall.joint?.value != null).map((report) => ({ ...report.overall.joint, report }));
    find(".history").hidden = !points.length;
    const x = (n) => left + ((width - left - 12) * (points.length === 1 ? 0.5 : n / (points.length - 1)));
    const y = (share) => top + (height - top - bottom) * (1 - share);
    const marks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      svg("line", { x1: left, x2: width, y1: y(share), y2: y(share), class: "grid" }),
      svg("text", { x: left - 8, y: y(share) + 4, "text-anchor": "end" }, `${100 * share} %`),
    ]);
    const line = svg("polyline", { points: points.map((point, n) => `${x(n)},${y(point.value)}`).join(" "), class: "line" });
    const dots = points.flatMap(({ value, low, high, report }, n) => [
      svg("line", { x1: x(n), x2: x(n), y1: y(low ?? value), y2: y(high ?? value), class: "interval" }),
      svg("circle", { cx: x(n), cy: y(value), r: 4 }, svg("title", {}, `${report.id}, ${report.made.slice(0, 10)}: ${shown("joint", value)}`)),
    ]);
    const ends = points.length ? [
      svg("text", { x: x(0), y: height - 6, "text-anchor": points.length === 1 ? "middle" : "start" }, points[0].report.made.slice(0, 10)),
      ...(points.length > 1 ? [svg("text", { x: x(points.length - 1), y: height - 6, "text-anchor": "end" }, points.at(-1).report.made.slice(0, 10))] : []),
    ] : [];
    const told = points.map(({ value, report }) => `${report.made.slice(0, 10)} ${shown("joint", value)}`).join(", ");
    find(".history svg")?.remove();
    find(".history").prepend(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Right answers, rightly cited: ${told}` }, ...marks, line, ...dots, ...ends));
  }

  function worst(lines) {
    find(".worst").replaceChildren(...lines.map((line) =>
      el("li", {}, el("h3", {}, line.question),
        el("dl", {}, el("dt", {}, "Answered"), el("dd", {}, line.abstained ? "The articles do not say." : line.answer || "–"),
          el("dt", {}, "Expected"), el("dd", {}, (line.expected ?? []).join(" / ") || "No answer: the articles do not say.")),
        el("p", { class: "byline" }, [line.kind, line.why, line.confidence != null ? `${(100 * line.confidence).toFixed(0)} % sure` : ""].filter(Boolean).join(" · ")))));
  }

  pieces.quality = (element) => (root = element);
})();
