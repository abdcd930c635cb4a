// Saves a practice while it is written, shows what is close to it, and what somebody else wrote meanwhile.
// Without this file the form saves with its buttons, and shows the same.

const CALM = 2500; // milliseconds after the last key
const SIMILAR = 900;

const root = document.querySelector("[data-propose]");
const form = root?.querySelector("[data-form]");
const status = form?.querySelector("[data-saved]");
const base = form?.elements.base;
const TERMS = new Set(["topics", "functions", "industries"]);
const NAMES = [...(form?.querySelectorAll("[data-question]") ?? [])].map((part) => part.dataset.question);

let marks = JSON.parse(base?.value || "{}");
let saving = null;
let again = false;
let timer = 0;
let isOwed = false; // something typed that the server does not have

function say(words) {
  if (status.textContent !== words) status.textContent = words;
}

function answer(name) {
  if (!TERMS.has(name)) return form.elements[name]?.value ?? "";
  return [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value).join(" ");
}

function put(name, text) {
  if (!TERMS.has(name)) form.elements[name].value = text;
  const chosen = new Set(text.split(" "));
  if (TERMS.has(name)) for (const box of form.querySelectorAll(`input[name="${name}"]`)) box.checked = chosen.has(box.value);
}

function place(name) {
  return form.querySelector(`[data-question="${name}"]`);
}

// --- both wrote the same answer: show the other text, and let the person choose ---

function showConflict(name, { theirs, mark, label }) {
  const where = place(name);
  let box = where.querySelector("[data-conflict]");
  if (!box) {
    box = form.querySelector("[data-conflict-template]").content.firstElementChild.cloneNode(true);
    where.append(box);
  }
  box.setAttribute("aria-label", `Another version of ${label}`);
  const words = TERMS.has(name)
    ? theirs.split(" ").map((pk) => form.querySelector(`input[name="${name}"][value="${pk}"]`)?.closest("label")?.textContent.trim()).filter(Boolean).join(", ")
    : theirs;
  box.querySelector("[data-theirs]").textContent = words || "Nothing: it was emptied.";
  const settle = (text) => {
    if (text !== null) put(name, text);
    marks[name] = mark;
    base.value = JSON.stringify(marks);
    box.remove();
    (where.querySelector("input, textarea") ?? where).focus();
    soon(0);
  };
  box.querySelector("[data-keep-mine]").onclick = () => settle(null);
  box.querySelector("[data-take-theirs]").onclick = () => settle(theirs);
}

// --- saving ---

function take(told, sent) {
  for (const [name, text] of Object.entries(told.others)) {
    if (answer(name) === sent[name]) put(name, text);
    else delete told.marks[name]; // typed on in the meantime: the next save shows both
  }
  marks = { ...marks, ...told.marks };
  base.value = JSON.stringify(marks);
  if (told.is_new) {
    form.action = told.url;
    form.dataset.page = told.url.match(/(\d+)\/$/)[1];
    history.replaceState(null, "", told.url);
  }
  for (const [name, conflict] of Object.entries(told.conflicts)) showConflict(name, conflict);
}

async function save() {
  if (saving) {
    again = true;
    return;
  }
  const data = new FormData(form);
  data.delete("file");
  const sent = Object.fromEntries(NAMES.map((name) => [name, answer(name)]));
  isOwed = false;
  say("Saving …");
  try {
    saving = fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const response = await saving;
    const told = response.redirected ? {} : await response.json();
    if (told.state === "saved" || told.state === "conflict") {
      take(told, sent);
      const others = Object.keys(told.others).length ? " Somebody else changed other answers; they are shown." : "";
      say(told.state === "saved" ? `Saved at ${told.at}. Nothing is lost if you leave.${others}` : "Not all is saved: somebody else changed the same answer. Both are shown.");
      isOwed ||= told.state === "conflict";
    } else if (told.state === "wrong") {
      isOwed = true;
      say(`Not saved: ${Object.values(told.errors).flat().join(" ")}`);
    } else if (told.state === "refused") {
      isOwed = true;
      say(told.message);
    } else {
      throw new Error("no answer");
    }
  } catch {
    isOwed = true;
    say("Not saved: the hub cannot be reached, or you are logged out. What you typed is still here; it is tried again.");
    soon(10 * CALM);
  } finally {
    saving = null;
    if (again) {
      again = false;
      soon();
    }
  }
}

function soon(wait = CALM) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

// --- what is close to it ---

let similarTimer = 0;
let asked = "";

async function showSimilar() {
  const words = ["title", "gist", "problem", "what_we_did"].map((name) => form.elements[name].value);
  const said = words.join(" ").trim();
  if (said.length < 8 || said === asked) return;
  asked = said;
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "title", "gist", "problem", "what_we_did"]) data.set(name, form.elements[name].value);
  data.set("page", form.dataset.page ?? "");
  try {
    const response = await fetch(form.dataset.similar, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const spot = root.querySelector("[data-similar-place]");
    if (!response.ok || spot.contains(document.activeElement)) return; // nobody loses the link they stand on
    const rows = (await response.text()).trim();
    if (spot.innerHTML.trim() !== rows) spot.innerHTML = rows;
  } catch {
    // A courtesy: the form goes on without it.
  }
}

function typed(event) {
  const name = event.target.name;
  if (!name || event.target.type === "file") return;
  root.querySelector(`[data-step="${name}"]`)?.classList.toggle("is-done", answer(name) !== "");
  if (["title", "gist", "problem", "what_we_did"].includes(name)) {
    clearTimeout(similarTimer);
    similarTimer = setTimeout(showSimilar, SIMILAR);
  }
  isOwed = true;
  if ("saves" in form.dataset) soon();
}

if (form) {
  form.addEventListener("input", typed);
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (saving) { // else what is on its way would look like somebody else's
      event.preventDefault();
      const button = event.submitter;
      await saving.catch(() => null);
      setTimeout(() => form.requestSubmit(button));
      return;
    }
    isOwed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isOwed || saving) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isOwed && "saves" in form.dataset) save();
  });
}
