// Before its picture is taken: what is another at each run, though nothing looks otherwise. When and by
// what number something happened, and where, is told by letters that are always the same.
async () => {
  const months = "January|February|March|April|May|June|July|August|September|October|November|December";
  const settled = [
    [/\d{4}年\d{1,2}月(\d{1,2}日)?/g, "2026年11月26日"],
    [new RegExp(`(\\d{1,2} )?(${months}) \\d{4}`, "g"), "26 November 2026"],
    [/\d{4}-\d\d-\d\d/g, "2026-11-26"],
    [/\b\d{1,2}:\d\d(:\d\d)?\b/g, "12:00"],
    [/\b[A-Z]{2}-20\d\d-\d{6}\b/g, "XX-2026-000001"],
    [/\b(pi|in|re|cs|ch|txn|evt|sub|cus|po|gift|pledge)_\w+/g, "$1_0000000000"],
    [/[\w.-]+@example\.\w+/g, "donor@example.org"],
    [/127\.0\.0\.1:\d+/g, "127.0.0.1:8000"],
  ];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    for (const [what, instead] of settled) text.data = text.data.replace(what, instead);
  for (const one of document.querySelectorAll(".to-copy, time")) one.textContent = one.textContent.replace(/\w/g, "0");
  for (const one of document.querySelectorAll("iframe, img[src^='/gifts/'], img[src^='/donations/'], .qr"))
    one.style.visibility = "hidden";
  // The field that is to have the focus takes it when the page is first drawn, which may be later.
  await new Promise(requestAnimationFrame);
  document.activeElement?.blur();
}
