// The content checks beside the text. They are asked for anew whenever Wagtail's preview has taken in what was typed;
// "Go there" opens the tab and the block that a remark is about.

const list = document.querySelector("[data-content-remarks]");

async function lookAgain() {
  const answer = await fetch(list.dataset.contentRemarks, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) return; // what stands there is older, and true of what was saved
  const html = await answer.text();
  if (html.trim() !== list.innerHTML.trim()) list.innerHTML = html;
}

/** The element of a content path such as "context.<id of a block>": as far into it as the page has it. */
function placeOf(path) {
  let place = null;
  for (const step of path.split(".")) {
    const inner = (place || document).querySelector(`[data-contentpath="${CSS.escape(step)}"]`);
    if (!inner) break;
    place = inner;
  }
  return place || document.querySelector(`[name="${CSS.escape(path)}"]`)?.closest("[data-field-wrapper], section");
}

function goTo(path) {
  const place = placeOf(path);
  if (!place) return;
  const tab = place.closest('[role="tabpanel"]');
  if (tab?.hidden) document.querySelector(`[role="tab"][href="#${tab.id}"]`)?.click();
  for (let panel = place.closest("[hidden]"); panel && panel !== tab; panel = panel.parentElement.closest("[hidden]")) {
    document.querySelector(`[aria-controls="${panel.id}"]`)?.click();
  }
  place.scrollIntoView({ block: "center" });
  place.querySelector('[role="textbox"], input:not([type="hidden"]), textarea, select, button')?.focus();
}

if (list) {
  window.addEventListener("message", (event) => {
    if (event.origin === window.location.origin && event.data?.wagtail?.type === "w-userbar:axe-ready") lookAgain();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go-to]");
    if (button) goTo(button.dataset.goTo);
  });
}
