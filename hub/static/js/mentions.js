// In a remark, "@" offers the people who hold a seat on the page. It works without this file: their names can be typed.

const people = JSON.parse(document.getElementById("people-to-mention")?.textContent || "[]");
const BEGUN = /(?:^|[^\w@])@([\p{L}\p{N}’' -]*)$/u;

const begunIn = (box) => BEGUN.exec(box.value.slice(0, box.selectionStart))?.[1];

function fitting(begun) {
  const wanted = begun.toLowerCase();
  return people.filter((name) => name.toLowerCase().startsWith(wanted) && name.toLowerCase() !== wanted);
}

function complete(box, name) {
  const end = box.selectionStart;
  const start = end - begunIn(box).length;
  const value = `${box.value.slice(0, start)}${name} ${box.value.slice(end)}`;
  // React keeps the value of its boxes to itself; this is how a keyboard changes it.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(start + name.length + 1, start + name.length + 1);
}

function offer(box) {
  const form = box.closest("form") || box.parentElement;
  form.querySelector(".mentions")?.remove();
  const begun = begunIn(box);
  const names = begun === undefined ? [] : fitting(begun);
  if (!names.length) return;
  const row = document.createElement("div");
  row.className = "mentions";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "People to mention");
  for (const name of names) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = `@${name}`;
    button.addEventListener("click", () => {
      row.remove();
      complete(box, name);
    });
    row.append(button);
  }
  form.append(row);
}

if (people.length) {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.closest(".comment, #comments")) offer(event.target);
  });
}
