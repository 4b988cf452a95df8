// The page of pairs: shows one pair, takes a score, asks for the next.
"use strict";

const TENTHS = Array.from({ length: 11 }, (_, tenth) => tenth);

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
  [at("side_one").textContent, at("side_other").textContent] = state.sides;
  const whose = `${state.quarter}, ${state.stage} sample, reviewer ${state.reviewer}`;
  showPlace(state, state.pair, whose, `${state.judged} of ${state.total} judged`, said);
  if (!current) return;
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

function typed(event, single) {
  const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  const tenth = /^[0-9]$/.test(event.key) ? Number(event.key) : { y: 10, n: 0 }[event.key.toLowerCase()];
  if (move && event.target.type !== "checkbox") choose((chosen() < 0 ? 5 : chosen()) + move);
  else if (single && tenth !== undefined) choose(tenth);
  else return false;
  return true;
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
begin("api/pair");
