// What every review page does: shows how far its reviewer is, says faults, asks this machine's server, takes keys.
// A page adds show(state, said), save() and typed(event, single), which says whether it took a key of its own; `single`:
// whether single keys are on. All that it shows comes from this machine's server.
"use strict";

const at = (id) => document.getElementById(id);
let busy = false;
let current = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function fault(text) {
  at("message").textContent = text;
  at("message").className = "fault";
}

async function ask(path, content, said) {
  if (busy) return;
  busy = true;
  try {
    const options = content === undefined ? {} : {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
    };
    const answer = await fetch(path, options);
    if (answer.status === 403) return fault("This page is not open any more. Open the address that was printed last.");
    if (!answer.ok && answer.status !== 409) return fault("The page failed. See where it was started.");
    show(await answer.json(), answer.ok ? said : "Not saved: this was judged in another window.");
  } catch {
    fault("The server has stopped. What was saved is kept; start it again and open the new address.");
  } finally {
    busy = false;
  }
}

// Whose sample it is, how much of it is judged, and `shown`, what to judge now; says so where nothing is left.
function showPlace(state, shown, whose, judged, said) {
  at("whose").textContent = whose;
  at("synthetic").hidden = !state.synthetic;
  at("progress").max = state.total;
  at("progress").value = state.judged;
  at("judged").textContent = judged;
  at("undo").disabled = !state.can_undo;
  at("undo_finished").disabled = !state.can_undo;
  current = shown;
  at("review").hidden = !current;
  at("finished").hidden = Boolean(current);
  at("position").hidden = !current;
  at("message").className = "";
  if (current) return;
  at("command").textContent = `${state.command} sign --quarter ${state.quarter} --reviewer ${state.reviewer}`;
  at("finished").querySelector("h2").focus();
  at("message").textContent = said;
}

const undo = () => ask("api/undo", {}, "Taken back.");

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const single = at("single").checked;
  if (event.key === "Enter" && event.target.tagName !== "BUTTON") save();
  else if (single && event.key.toLowerCase() === "u") undo();
  else if (!current || !typed(event, single)) return;
  event.preventDefault();
}

function begin(path) {
  at("review").addEventListener("submit", (event) => { event.preventDefault(); save(); });
  at("undo").addEventListener("click", undo);
  at("undo_finished").addEventListener("click", undo);
  document.addEventListener("keydown", key);
  ask(path, undefined, "");
}
