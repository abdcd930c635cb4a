// The hub works without this file. It adds one thing: "/" goes to the search box, as its key hint says.

const box = document.querySelector('[aria-keyshortcuts="/"]');

function isWriting(element) {
  return element instanceof HTMLElement && element.closest("input, textarea, select, [contenteditable]") !== null;
}

if (box) {
  document.addEventListener("keydown", (event) => {
    const withModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key !== "/" || withModifier || event.isComposing || isWriting(event.target)) return;
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
