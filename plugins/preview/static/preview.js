// Reloads the page when the preview has built the site anew. Only the preview's answers have it.
const shown = document.currentScript.dataset.version;
setInterval(async () => {
  try {
    const answer = await fetch("/_preview/version", { cache: "no-store" });
    if (answer.ok && (await answer.text()) !== shown) location.reload();
  } catch {
    // The preview was stopped; started again, it is found at the next try.
  }
}, 700);
