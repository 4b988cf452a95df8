// What every review page does: finds its elements, builds new ones, says faults, asks this machine's server.
"use strict";

const at = (id) => document.getElementById(id);
let busy = false;

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
