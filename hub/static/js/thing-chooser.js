// The search desk's chooser: what is typed is looked up in the catalogue, and one of what is found is chosen.

const PAUSE = 200; // milliseconds without a key before the server is asked

function chooser(frame) {
  const box = frame.querySelector("input[type=search]");
  const list = frame.querySelector("[data-things]");
  const status = frame.querySelector("[role=status]");
  let pause = 0;
  let question = 0; // only the answer to the last question is shown

  async function ask() {
    const mine = ++question;
    const answer = await fetch(`${frame.dataset.thingChooser}?${new URLSearchParams({ q: box.value })}`).catch(() => null);
    if (mine !== question || !answer?.ok) return;
    const chosen = list.querySelector("input:checked")?.closest("label");
    list.innerHTML = await answer.text();
    const found = list.querySelectorAll("input").length;
    const same = chosen && list.querySelector(`input[value="${CSS.escape(chosen.querySelector("input").value)}"]`);
    if (same) same.checked = true;
    else if (chosen) list.prepend(chosen); // what was chosen stays until something else is
    status.textContent = found === 1 ? "One thing to choose." : `${found} things to choose from.`;
  }

  box.addEventListener("input", () => {
    clearTimeout(pause);
    if (box.value.trim()) pause = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // Enter looks, it does not save
    event.preventDefault();
    clearTimeout(pause);
    if (box.value.trim()) ask();
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-thing-chooser]").forEach(chooser));
