// Nothing that was typed is lost. Wagtail's autosave has three gaps, which are closed here:
// - It takes what the form holds two seconds after the page was opened for what is saved; people type before that.
// - It takes what the form holds when a save is answered for what was saved; people type while it is under way.
// - When somebody else has saved in the meantime it stops. Here it goes on: the hub keeps what is typed as a text of
//   its own, beside the page's, and says where it is.

const EVERY = 3000; // milliseconds, as the hub's autosave
const MOST_WHEN_LEAVING = 60000; // characters: what a browser still sends for a page that is closed
const HANDS_ON = ["input", "paste", "drop"];
const NOT_TYPED = /^(csrfmiddlewaretoken|loaded_revision_|overwrite_revision_id|next|editor_window|comments-)/;

const form = document.querySelector("[data-edit-form]");
const thisWindow = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");

const fields = (data) => [...data].filter(([, value]) => typeof value === "string");
const typed = (data) => new URLSearchParams(fields(data).filter(([name]) => !NOT_TYPED.test(name))).toString();

function saveSoon() {
  const detail = { type: "edits" };
  form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail }));
}

function closeTheGaps() {
  let typedEarly = false;
  let underWay = "";
  const noteIt = () => {
    typedEarly = true;
  };
  HANDS_ON.forEach((kind) => form.addEventListener(kind, noteIt));
  form.addEventListener("w-unsaved:watch-edits", () => {
    HANDS_ON.forEach((kind) => form.removeEventListener(kind, noteIt));
    if (typedEarly) saveSoon();
    typedEarly = false;
  });
  document.addEventListener("w-autosave:save", ({ detail }) => {
    if (!detail.formData) return;
    detail.formData.set("editor_window", thisWindow);
    underWay = typed(detail.formData);
  });
  document.addEventListener("w-autosave:success", () => {
    if (typed(new FormData(form)) !== underWay) setTimeout(saveSoon);
  });
}

// --- somebody else has saved -------------------------------------------------------------------------

let kept = null;
let note = null;

function tell({ error_message: text, compare_url: url }) {
  if (!note) {
    note = document.createElement("div");
    note.className = "help-block help-warning kept-note";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  note.textContent = text;
  if (url) {
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.textContent = "Compare the two texts";
    note.append(" ", link);
  }
}

async function keep(leaving = false) {
  const data = new FormData(form);
  const now = typed(data);
  if (now === kept) return;
  data.set("editor_window", thisWindow);
  const body = new URLSearchParams(fields(data));
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    keepalive: leaving && body.toString().length < MOST_WHEN_LEAVING,
  });
  const said = await answer.json();
  if (said.kept) kept = now;
  if (said.error_message && !leaving) tell(said);
}

const keepQuietly = (leaving) => keep(leaving).catch(() => {}); // no network: tried again in three seconds

function keepOnConflict({ detail }) {
  if (detail.response?.error_code !== "invalid_revision") return;
  tell(detail.response);
  keepQuietly(false);
  setInterval(keepQuietly, EVERY, false);
  window.addEventListener("pagehide", () => keepQuietly(true));
}

if (form) {
  closeTheGaps();
  document.addEventListener("w-autosave:deactivated", keepOnConflict);
}
