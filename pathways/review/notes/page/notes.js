// The page of notes: shows one note, takes an answer, asks for the next; after a requirement's notes, the requirement.
"use strict";

const ANSWERS = [["1", "yes", "Engaged"], ["0", "no", "Not engaged"], ["5", "unsure", "Cannot tell"]];
const PHENOMENA = [
  ["a", "attended", "attended"], ["p", "prescribed", "prescribed, collected"], ["s", "support_group", "support group"],
  ["g", "good_feedback", "good feedback"], ["m", "missed", "missed"], ["b", "booked", "booked, offered"],
  ["r", "referred", "referred"], ["w", "wish", "wish, intention"], ["f", "refuses", "refuses"],
  ["t", "third_party", "somebody else"], ["h", "historic", "in the past"], ["o", "order_explained", "order explained"],
  ["x", "test_talk", "talk of a test"], ["n", "other_sense", "word in another sense"],
];

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
  const judged = `${state.requirements_judged} of ${state.requirements} requirements judged`;
  showPlace(state, state.note, `${state.quarter}, reviewer ${state.reviewer}`, judged, said);
  if (!current) return;
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

function typed(event, single) {
  const answer = ANSWERS.find(([sign]) => sign === event.key);
  const phenomenon = PHENOMENA.find(([sign]) => sign === event.key.toLowerCase());
  if (single && answer) choose("answer", answer[1]);
  else if (single && phenomenon && current.text !== null) choose("phenomenon", phenomenon[1], true);
  else return false;
  return true;
}

at("answers").append(...ANSWERS.map((answer) => choice("answer", answer, "radio")));
at("phenomena").append(...PHENOMENA.map((phenomenon) => choice("phenomenon", phenomenon, "radio")));
begin("api/note");
