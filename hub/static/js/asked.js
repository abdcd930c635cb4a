// Tells the hub what came of a question: which result was opened first, and whether the results helped.
// Without this file the answer to "Did this help?" opens a page of thanks, and opened results are not counted.

const list = document.querySelector("[data-asked]");

function tell(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.button > 1) return; // 1 opens a tab
  const rows = [...list.children];
  const row = rows.findIndex((one) => one.contains(link));
  if (row < 0) return;
  const place = Number(list.dataset.from) + row;
  navigator.sendBeacon("/search/clicked/", new URLSearchParams({ asked: list.dataset.asked, place }));
}

list?.addEventListener("click", tell);
list?.addEventListener("auxclick", tell);

document.querySelector("[data-helped]")?.addEventListener("submit", async (event) => {
  const form = event.target;
  const said = new FormData(form, event.submitter);
  event.preventDefault();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(said),
      headers: { "X-Requested-With": "fetch" },
    });
    if (!answer.ok && answer.status !== 400) throw new Error(answer.statusText); // 400 comes with a sentence, too
    form.outerHTML = await answer.text();
    document.querySelector("[data-thanks]")?.focus();
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "helped", value: said.get("helped") }));
    form.submit(); // without this script; if there is no network, the browser says so
  }
});
