// The review page: shows one pair, takes a score, asks for the next. All that it shows comes from this machine's server.
"use strict";

const TENTHS = Array.from({ length: 11 }, (_, tenth) => tenth);
let current = null;

function value(pieces, line) {
  const cell = element("td", undefined, pieces.length ? "value" : "none");
  if (!pieces.length) cell.textContent = line.empty;
  for (const [text, differs] of pieces) cell.append(differs ? element("mark", text) : text);
  if (line.long) cell.classList.add("long");
  return cell;
}

function row(line) {
  const made = element("tr", undefined, line.differs ? "differs" : "");
  const head = element("th", line.label);
  head.scope = "row";
  const sign = line.differs ? "≠ " : line.verdict === "same" ? "= " : "";
  made.append(head, value(line.one, line), value(line.other, line));
  made.append(element("td", sign + line.verdict, "verdict"));
  return made;
}

function summary(lines) {
  const differ = lines.filter((line) => line.differs).map((line) => `${line.label} ${line.verdict}`);
  return differ.length ? differ.join("; ") : "no field differs";
}

function show(state, said) {
  at("whose").textContent = `${state.quarter}, ${state.stage} sample, reviewer ${state.reviewer}`;
  at("synthetic").hidden = !state.synthetic;
  [at("side_one").textContent, at("side_other").textContent] = state.sides;
  at("progress").max = state.total;
  at("progress").value = state.judged;
  at("judged").textContent = `${state.judged} of ${state.total} judged`;
  at("undo").disabled = !state.can_undo;
  at("undo_finished").disabled = !state.can_undo;
  current = state.pair;
  at("review").hidden = !current;
  at("finished").hidden = Boolean(current);
  at("position").hidden = !current;
  at("message").className = "";
  if (!current) {
    at("command").textContent = `${state.command} sign --quarter ${state.quarter} --reviewer ${state.reviewer}`;
    at("finished").querySelector("h2").focus();
    at("message").textContent = said;
    return;
  }
  at("position").textContent = `Pair ${Math.min(state.judged + 1, state.total)} of ${state.total}`;
  at("lines").replaceChildren(...current.lines.map(row));
  for (const option of radios()) option.checked = false;
  if (current.score !== null) choose(Math.round(current.score * 10));
  else at("position").focus();
  at("message").textContent = `${said} ${at("position").textContent}: ${summary(current.lines)}.`;
}

const radios = () => [...document.querySelectorAll("#scores input")];
const chosen = () => radios().findIndex((option) => option.checked);

function choose(tenth) {
  const option = radios()[Math.max(0, Math.min(10, tenth))];
  option.checked = true;
  option.focus();
  if (at("message").className) fault("");
}

function save() {
  if (!current) return;
  const tenth = chosen();
  if (tenth < 0) return fault("Give a score first: keys 0 to 9, Y or N.");
  ask("api/score", { pair: current.number, score: tenth / 10 }, `Saved ${tenth / 10}.`);
}

const undo = () => ask("api/undo", {}, "Taken back.");

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  const letter = event.key.toLowerCase();
  if (move && current && event.target.type !== "checkbox") choose((chosen() < 0 ? 5 : chosen()) + move);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") save();
  else if (!at("single").checked) return;
  else if (/^[0-9]$/.test(event.key) && current) choose(Number(event.key));
  else if (letter === "y" && current) choose(10);
  else if (letter === "n" && current) choose(0);
  else if (letter === "u") undo();
  else return;
  event.preventDefault();
}

function scoreOption(tenth) {
  const label = element("label", tenth === 0 || tenth === 10 ? String(tenth / 10) : (tenth / 10).toFixed(1));
  const option = element("input");
  option.type = "radio";
  option.name = "score";
  const meaning = { 0: ", different people", 5: ", cannot tell", 10: ", same person" }[tenth] || "";
  option.setAttribute("aria-label", `${tenth / 10}${meaning}`);
  label.append(option);
  return label;
}

at("scores").append(...TENTHS.map(scoreOption));
at("review").addEventListener("submit", (event) => { event.preventDefault(); save(); });
at("undo").addEventListener("click", undo);
at("undo_finished").addEventListener("click", undo);
document.addEventListener("keydown", key);
ask("api/pair", undefined, "");
