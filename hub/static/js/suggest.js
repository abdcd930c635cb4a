// Suggestions below a search box, after the combobox pattern of the ARIA authoring practices.
//
// The box is a plain form without this file. The server answers with a piece of HTML (search/suggestions.html);
// the input keeps the focus all the while, and `aria-activedescendant` says which option is meant.

const PAUSE = 120; // milliseconds without a key before the server is asked

function combobox(input) {
  const frame = input.closest(".ask");
  const list = document.createElement("div");
  list.className = "suggest";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  frame.append(list);
  frame.after(status);

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let options = [];
  let active = -1; // -1: what was typed, in the box itself
  let shownFor = null; // the text whose suggestions are in the list
  let question = 0; // only the answer to the last question is shown
  let pause = 0;
  let request = null;

  function activate(place) {
    options[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = options[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    activate(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function forget() {
    clearTimeout(pause);
    question += 1;
    request?.abort();
    request = null;
  }

  async function ask() {
    forget();
    const mine = question;
    const typed = input.value.trim();
    request = new AbortController();
    let html;
    try {
      const address = `${input.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" });
      html = answer.ok ? await answer.text() : "";
    } catch {
      html = ""; // aborted, or offline: the box goes on as a plain form
    }
    if (mine === question) show(typed, html);
  }

  function show(typed, html) {
    activate(-1);
    list.innerHTML = html; // from our own server, every word of it escaped there
    options = [...list.querySelectorAll('[role="option"]')];
    shownFor = typed;
    const number = options.length - 1; // the first is what was typed itself
    if (number < 1 || document.activeElement !== input) {
      close();
      if (number === 0) status.textContent = "No suggestions. Enter searches everything.";
      return;
    }
    list.scrollTop = 0;
    open();
    status.textContent = `${number} ${number === 1 ? "suggestion" : "suggestions"}. Up and down arrows choose.`;
  }

  input.addEventListener("input", () => {
    forget();
    if (input.value.trim() === "") {
      options = [];
      shownFor = "";
      close();
      return;
    }
    pause = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (input.value.trim() === "") return;
      event.preventDefault();
      if (!isOpen && (shownFor !== input.value.trim() || options.length < 2)) {
        ask();
        return;
      }
      open();
      // Round through the box: past the last option comes what was typed.
      const places = options.length + 1;
      activate(((active + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      options[active].click();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      forget();
      close();
    } else if (event.key === "Home" || event.key === "End") {
      activate(-1); // back to the text, where the browser moves the cursor
    }
  });

  // A press on an option must not take the focus away before it is a click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", () => {
    forget();
    close();
  });
  input.form?.addEventListener("submit", () => {
    forget();
    close();
  });
  window.addEventListener("pagehide", () => {
    forget();
    close();
  });
}

for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input);
