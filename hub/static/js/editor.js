// Names the rich text boxes, the boxes for tags and the pictures of those who are here, too, for screen readers: Wagtail
// leaves them without a name.
// The name is the field's and the block's label, such as "Problem, Text".

const labelOf = (element) => element?.textContent.replace("*", "").trim() || "";

function nameOf(box) {
  const panel = box.closest("section.w-panel:not(.w-panel--nested)");
  const block = box.closest("section.w-panel--nested, [data-contentpath]");
  const names = [
    labelOf(panel?.querySelector("[data-panel-heading-text]")),
    labelOf(block?.querySelector("[data-panel-heading-text], label")),
  ];
  return [...new Set(names.filter(Boolean))].join(", ") || "Text";
}

function nameBoxes() {
  for (const box of document.querySelectorAll('.public-DraftEditor-content[role="textbox"]:not([aria-label])')) {
    box.setAttribute("aria-label", nameOf(box));
  }
  for (const button of document.querySelectorAll("#w-editing-sessions button:not([aria-label])")) {
    const words = (button.querySelector(".w-editing-sessions__popup") || button._tippy?.popper)?.textContent;
    if (words) button.setAttribute("aria-label", words.replace(/\s+/g, " ").trim());
  }
  for (const box of document.querySelectorAll(".tagit-new input:not([aria-label])")) {
    box.setAttribute("aria-label", labelOf(box.closest("[data-field]")?.querySelector("label")) || "Tags");
  }
}

new MutationObserver(nameBoxes).observe(document.documentElement, { childList: true, subtree: true });
nameBoxes();
