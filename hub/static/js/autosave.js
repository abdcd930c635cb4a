// When somebody else has saved in the meantime, Wagtail's autosave stops, and what is typed from then on would be lost
// with the window. Here it goes on: the hub keeps it as a text of its own, beside the page's, and says where it is.

const EVERY = 3000; // milliseconds, as the hub's autosave
const form = document.querySelector("[data-edit-form]");
const thisWindow = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");

let sent = null;
let note = null;

function typed() {
  const data = new FormData(form);
  data.set("editor_window", thisWindow);
  return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
}

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
  const body = typed();
  if (body.toString() === sent) return;
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    keepalive: leaving && body.toString().length < 60000, // the most a browser sends for a page that is closed
  });
  const said = await answer.json();
  if (said.kept) sent = body.toString();
  if (!leaving) tell(said);
}

const keepQuietly = (leaving) => keep(leaving).catch(() => {}); // no network: tried again in three seconds

if (form) {
  document.addEventListener("w-autosave:save", (event) => event.detail.formData?.set("editor_window", thisWindow));
  document.addEventListener("w-autosave:deactivated", (event) => {
    if (event.detail.response?.error_code !== "invalid_revision") return;
    tell(event.detail.response);
    keepQuietly(false);
    setInterval(keepQuietly, EVERY, false);
    window.addEventListener("pagehide", () => keepQuietly(true));
  });
}
