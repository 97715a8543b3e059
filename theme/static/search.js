// Searches the site by the index that plugins/search.py made. Only the search page loads this; what
// pagefind needs is loaded when something is asked.

const HAN = "\\u3005\\u3007\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}"; // as in plugins/search.py
const RUN = new RegExp(`[${HAN}]+`, "gu");
// Pagefind's, behind a heading. Older Safaris read no lookbehind, so what stands before is put back.
const STOP = new RegExp(`([${HAN}](?:</mark>)?)\\.(?= |$)`, "gu");
const [AT_ONCE, SPELLINGS, PAUSE] = [10, 16, 250]; // results, ways to write a query, milliseconds

const form = document.querySelector("form[role=search]");
const [field, told, found, further, nothing, instead] =
  ["q", "told", "found", "further", "nothing", "instead"].map((id) => document.getElementById(id));
const home = document.documentElement.lang;
let indexes = {}, variants, lost, waiting, latest = 0;

// Pagefind only logs it when a part of the index does not come, and would say that nothing is there.
const ask = window.fetch;
window.fetch = async (...what) => {
  const answer = await ask(...what).catch((error) => error);
  if (!answer.ok) throw (lost = answer);
  return answer;
};

async function open(tag) {
  variants ??= await (await fetch("/pagefind/variants.json")).json();
  const { createInstance } = await import("/pagefind/pagefind.js");
  if (!indexes[tag]) {
    // It takes the index of the language that the page has when it is made.
    document.documentElement.lang = tag;
    indexes[tag] = createInstance({ noWorker: true, excerptLength: tag.startsWith("zh") ? 60 : 30 });
    document.documentElement.lang = home;
  }
  return indexes[tag];
}

// Simplified and traditional characters stand for each other where the index has the other one.
function spellings(text, tag) {
  let all = [""];
  for (const sign of text) {
    const ways = [...(variants[tag]?.[sign] ?? sign)];
    all = all.flatMap((one) => ways.map((way) => one + way)).slice(0, SPELLINGS);
  }
  return all;
}

const apart = (text) => text.replace(RUN, (run) => ` ${[...run].join(" ")} `);

// The pages that have each run of Chinese characters in its order, and the other words anywhere.
async function inOrder(index, text) {
  const words = text.replace(RUN, " ");
  const parts = (text.match(RUN) ?? []).map((run) => `"${apart(run)}"`);
  if (/[\p{L}\p{N}]/u.test(words)) parts.push(words);
  const lists = await Promise.all(parts.map(async (part) => (await index.search(part)).results));
  const [first = [], ...others] = lists;
  return first.filter(({ id }) => others.every((list) => list.some((one) => one.id === id)));
}

async function search(query, tag) {
  lost = undefined;
  const index = await open(tag);
  const ways = spellings(query.normalize("NFKC"), tag);
  let lists = await Promise.all(ways.map((way) => inOrder(index, way)));
  if (!lists.some((list) => list.length)) {
    const all = ways.map(async (way) => (await index.search(apart(way))).results);
    lists = await Promise.all(all);
  }
  const pages = new Map();
  const ranked = lists.flat().sort((one, other) => other.score - one.score);
  for (const one of ranked) if (!pages.has(one.id)) pages.set(one.id, one);
  return [...pages.values()];
}

function element(name, ...inside) {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}

const clean = (text) => text.replaceAll("\u200b", "");

// The excerpt without the title, with which it may begin; no HTML of it is trusted.
function marked(excerpt, title, content) {
  const bare = excerpt.replace(/<.?mark>/g, ""), edges = [bare.slice(0, 9), bare.slice(-9)];
  const cut = [!content.startsWith(edges[0]), !content.endsWith(edges[1])].map((is) => is ? "…" : "");
  const whole = excerpt.replace(STOP, "$1。").replace(/([。！？…”]) +/g, "$1");
  const texts = whole.replaceAll("</mark><mark>", "").split(/<.?mark>/), all = texts.join("");
  let extra = all.startsWith(title) ? title.length + all.slice(title.length).search(/[^.。 ]|$/) : 0;
  const parts = texts.map((text, number) => {
    const rest = text.slice(extra).replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    extra = Math.max(0, extra - text.length);
    return number % 2 && rest ? element("mark", rest) : rest;
  });
  return [cut[0], ...parts, cut[1]];
}

async function item(result) {
  const { url, meta, excerpt, content } = await result.data();
  const title = clean(meta.title), link = element("a", title);
  link.href = url;
  const below = element("p", clean(meta.date ?? ""), element("span", url));
  below.className = "dated";
  const text = marked(clean(excerpt.trim()), title, clean(content.trim()));
  return element("li", element("h2", link), element("p", ...text), below);
}

async function show(results, { more = false, focus = false }) {
  const turn = latest, items = await Promise.all(results.slice(0, AT_ONCE).map(item));
  if (lost) throw lost;
  if (turn !== latest) return;
  if (!more) found.replaceChildren();
  found.append(...items);
  const rest = results.slice(AT_ONCE);
  further.hidden = !rest.length;
  further.onclick = () => show(rest, { more: true, focus: true }).catch(fail);
  if (focus) items[0]?.querySelector("a").focus();
}

function say(what, number = 0) {
  const words = form.dataset[what] ?? "";
  told.textContent = words.replace("{n}", number).replace("{q}", () => field.value.trim());
}

function fail() {
  indexes = {};
  say("failed");
  nothing.hidden = further.hidden = true;
  instead.hidden = false;
}

async function run(tag = home) {
  const query = field.value.trim(), turn = ++latest;
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  if (query && !indexes[tag]) say("loading");
  try {
    const results = query ? await search(query, tag) : [];
    found.lang = tag;
    await show(results, { focus: tag !== home });
    if (turn !== latest) return;
    say(query && (["none", "one"][results.length] ?? "many"), results.length);
    nothing.hidden = !query || results.length > 0;
    instead.hidden = results.length > 0;
  } catch {
    if (turn === latest) fail();
  }
}

function soon(event) {
  clearTimeout(waiting);
  if (!event.isComposing) waiting = setTimeout(run, PAUSE);
}

field.addEventListener("input", soon);
field.addEventListener("compositionend", soon);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  run();
});
nothing.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) run(button.value);
});
document.getElementById("main").addEventListener("keydown", (event) => {
  const stops = [field, ...found.querySelectorAll("a")], at = stops.indexOf(event.target);
  if (event.isComposing || at < 0) return;
  const next = event.key === "ArrowDown" ? stops[at + 1] : event.key === "ArrowUp" && stops[at - 1];
  if (event.key === "Escape") {
    field.value = "";
    run();
  } else if (!next) return;
  (next || field).focus();
  event.preventDefault();
});

document.getElementById("unscripted").hidden = true; // for browsers whose CSS does not know it
field.value = new URLSearchParams(location.search).get("q") ?? field.value;
if (field.value) run();
