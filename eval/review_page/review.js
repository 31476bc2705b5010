// One candidate after another; decisions are kept in the browser until they are saved. Text is set as text only.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const key = `dateline-review-${data.digest}`;
let decisions = {};
try { decisions = JSON.parse(localStorage.getItem(key)) || {}; } catch { /* kept for this visit only */ }
let at = Math.max(0, data.candidates.findIndex((candidate) => !decisions[candidate.id]));

function show() {
  const candidate = data.candidates[at];
  byId("card").hidden = !candidate;
  const done = Object.keys(decisions).length;
  byId("progress").textContent = `${done} of ${data.candidates.length} decided`;
  byId("problem").textContent = "";
  if (!candidate) return;
  const decided = decisions[candidate.id];
  byId("question").value = (decided && decided.question) || candidate.question;
  byId("answers").value = ((decided && decided.answers) || candidate.answers || []).join("\n");
  byId("quote").textContent = candidate.quote || candidate.comment || "";
  byId("quote").hidden = !byId("quote").textContent;
  const facts = [candidate.id, candidate.kind, candidate.article || candidate.near, candidate.taken_out && `taken out: ${candidate.taken_out}`];
  byId("facts").textContent = facts.filter(Boolean).join(" · ") + (decided ? ` — ${decided.verdict}ed` : "");
}

function decide(verdict) {
  const candidate = data.candidates[at];
  const reviewer = byId("reviewer").value.trim();
  const question = byId("question").value.trim();
  const answers = byId("answers").value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!reviewer) { byId("problem").textContent = "Say who you are first."; byId("reviewer").focus(); return; }
  if (verdict === "accept" && candidate.answers === null && !answers.length) {
    byId("problem").textContent = "Nobody said what is right: write the answer, or reject it.";
    return;
  }
  const edited = question !== candidate.question || JSON.stringify(answers) !== JSON.stringify(candidate.answers || []);
  const now = new Date().toISOString().slice(0, 19) + "+00:00";
  decisions[candidate.id] = { id: candidate.id, reviewer, at: now, verdict, question: edited ? question : null, answers: edited ? answers : null };
  try { localStorage.setItem(key, JSON.stringify(decisions)); } catch { /* see above */ }
  at += 1;
  show();
}

byId("accept").addEventListener("click", () => decide("accept"));
byId("reject").addEventListener("click", () => decide("reject"));
byId("skip").addEventListener("click", () => { at += 1; show(); });
byId("back").addEventListener("click", () => { at = Math.max(0, at - 1); show(); });
byId("save").addEventListener("click", () => {
  const lines = Object.values(decisions).map((decision) => JSON.stringify(decision) + "\n").join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines], { type: "application/x-ndjson" }));
  link.download = "decisions.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
});
show();
