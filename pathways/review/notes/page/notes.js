// The page of notes: shows one note, takes an answer, asks for the next; after a requirement's notes, the requirement.
// All that it shows comes from this machine's server.
"use strict";

const ANSWERS = [["1", "yes", "Engaged"], ["0", "no", "Not engaged"], ["5", "unsure", "Cannot tell"]];
const PHENOMENA = [
  ["a", "attended", "attended"], ["p", "prescribed", "prescribed, collected"], ["s", "support_group", "support group"],
  ["g", "good_feedback", "good feedback"], ["m", "missed", "missed"], ["b", "booked", "booked, offered"],
  ["r", "referred", "referred"], ["w", "wish", "wish, intention"], ["f", "refuses", "refuses"],
  ["t", "third_party", "somebody else"], ["h", "historic", "in the past"], ["o", "order_explained", "order explained"],
  ["x", "test_talk", "talk of a test"], ["n", "other_sense", "word in another sense"],
];
let current = null;

function choice(group, [sign, value, words], type) {
  const label = element("label");
  const option = element("input");
  option.type = type;
  option.name = group;
  option.value = value;
  label.append(element("kbd", sign.toUpperCase()), ` ${words}`, option);
  return label;
}

const options = (group) => [...document.querySelectorAll(`input[name=${group}]`)];
const chosen = (group) => options(group).find((option) => option.checked)?.value ?? null;

function choose(group, value, again) {
  for (const option of options(group)) option.checked = option.value === value && !(again && option.checked);
  if (at("message").className) fault("");
}

function show(state, said) {
  at("whose").textContent = `${state.quarter}, reviewer ${state.reviewer}`;
  at("synthetic").hidden = !state.synthetic;
  at("progress").max = state.total;
  at("progress").value = state.judged;
  at("judged").textContent = `${state.requirements_judged} of ${state.requirements} requirements judged`;
  at("undo").disabled = !state.can_undo;
  at("undo_finished").disabled = !state.can_undo;
  current = state.note;
  at("review").hidden = !current;
  at("finished").hidden = Boolean(current);
  at("position").hidden = !current;
  at("message").className = "";
  if (!current) {
    at("command").textContent = `pathways review-notes sign --quarter ${state.quarter} --reviewer ${state.reviewer}`;
    at("finished").querySelector("h2").focus();
    at("message").textContent = said;
    return;
  }
  const requirement = `Requirement ${Math.min(state.requirements_judged + 1, state.requirements)} of ${state.requirements}`;
  const whole = current.text === null;
  at("position").textContent = requirement + (whole ? ", as a whole" : `, note ${current.place} of ${current.notes}`);
  at("date").textContent = whole ? "" : `Contact of ${current.date}`;
  at("text").hidden = whole;
  at("text").textContent = current.text ?? "";
  at("text").scrollTop = 0;
  at("marks").hidden = !whole;
  at("marks").textContent = `Of its ${current.notes} notes you marked ${current.marks.yes} engaged, ${current.marks.no} ` +
    `not engaged, and could not tell of ${current.marks.unsure}.`;
  at("shows").hidden = whole;
  at("question").textContent = whole
    ? "Taken together: did the person engage with treatment during this requirement?"
    : "Does this note say that the person engages with treatment?";
  choose("answer", current.mark && current.mark.answer);
  choose("phenomenon", current.mark && current.mark.phenomenon);
  at("position").focus();
  at("message").textContent = `${said} ${at("position").textContent}.`;
}

function save() {
  if (!current) return;
  const answer = chosen("answer");
  if (!answer) return fault("Answer first: keys 1, 0 or 5.");
  const phenomenon = current.text === null ? null : chosen("phenomenon");
  ask("api/mark", { item: current.number, answer, phenomenon }, "Saved.");
}

const undo = () => ask("api/undo", {}, "Taken back.");

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.toLowerCase();
  const answer = ANSWERS.find(([sign]) => sign === event.key);
  const phenomenon = PHENOMENA.find(([sign]) => sign === letter);
  if (event.key === "Enter" && event.target.tagName !== "BUTTON") save();
  else if (!at("single").checked) return;
  else if (answer && current) choose("answer", answer[1]);
  else if (letter === "u") undo();
  else if (phenomenon && current && current.text !== null) choose("phenomenon", phenomenon[1], true);
  else return;
  event.preventDefault();
}

at("answers").append(...ANSWERS.map((answer) => choice("answer", answer, "radio")));
at("phenomena").append(...PHENOMENA.map((phenomenon) => choice("phenomenon", phenomenon, "radio")));
at("review").addEventListener("submit", (event) => { event.preventDefault(); save(); });
at("undo").addEventListener("click", undo);
at("undo_finished").addEventListener("click", undo);
document.addEventListener("keydown", key);
ask("api/note", undefined, "");
