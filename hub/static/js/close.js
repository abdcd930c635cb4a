// Shows what is close to a page beneath it, once a reader comes near. Without this file a link leads there.

async function fill(place) {
  const link = place.querySelector("a[href]");
  try {
    const answer = await fetch(link.href + (place.classList.contains("section") ? "?wide" : ""), { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return;
    const rows = (await answer.text()).trim();
    if (place.contains(document.activeElement)) return; // nobody loses the link they stand on
    if (rows) place.innerHTML = rows;
    else place.remove();
  } catch {
    // The link is still there.
  }
}

const watcher = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      fill(target);
    }
  },
  { rootMargin: "400px" },
);
for (const place of document.querySelectorAll("[data-close]")) watcher.observe(place);
