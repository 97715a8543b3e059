// What the pages of giving do beyond plain HTML, which works without it: the total as it is chosen,
// only what fits the choices, what was typed kept in this tab, a code copied with one tap.

const KEPT = "gift"; // in sessionStorage: of this tab alone, never sent, gone once a gift was made
const [SETTLED, HELD] = [400, 8000]; // milliseconds: until a total is said; a second tap is none

// An amount as money.py reads it, in minor units; undefined for what is refused there, and for a few
// rare writings that it alone knows.
export function parse(typed, { digits, marks }) {
  const text = typed.normalize("NFKC").trim();
  const found = text.match(/^([^\d.,+-]*)([\d., '’]*\d)\s*([^\d.,]*)$/);
  if (!found || text.length > 40) return undefined;
  const besides = [found[1], found[3]].map((mark) => mark.trim().toLowerCase());
  if (!besides.every((mark) => !mark || marks.includes(mark))) return undefined;
  const grouped = found[2].match(/^(\d{1,3}(?:[, '’]\d{3})+)(\.\d+)?$/);
  const number = grouped ? grouped[1].replace(/\D/g, "") + (grouped[2] ?? "") : found[2];
  if (!/^\d+(\.\d+)?$/.test(number)) return undefined;
  const [whole, part = ""] = number.split(".");
  if (part.replace(/0+$/, "").length > digits || (part.length === 3 && digits < 3)) return undefined;
  return Number(whole + part.slice(0, digits).padEnd(digits, "0")) || undefined;
}

// What is to be added to a gift so that it is left when the payment's cost is taken off, as
// currencies.py has it.
export function cover(gift, { points, fixed }) {
  const left = (total) => total - Math.floor((total * points + 5000) / 10000) - fixed;
  let total = gift + fixed;
  while (left(total) < gift) total += gift - left(total);
  return total - gift;
}

export function money(minor, { code, digits }, locale) {
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: code, ...exactly });
  return format.format(minor / 10 ** digits);
}

// How the chosen currency's button describes it.
function currencyOf(form) {
  const { value: code, dataset } = form.querySelector("[name=currency]:checked");
  const numbers = ["digits", "smallest", "largest", "points", "fixed"];
  const read = Object.fromEntries(numbers.map((name) => [name, Number(dataset[name])]));
  return { code, marks: dataset.marks.split(" "), ...read };
}

// The gift and what is added to it; undefined while there is no amount that the portal would take.
function sumOf(form, currency) {
  const picked = form.querySelector(`[name=amount_${currency.code}]:checked`);
  const gift = parse(form.elements.amount.value.trim() || (picked ? picked.value : ""), currency);
  if (!(gift >= currency.smallest && gift <= currency.largest)) return undefined;
  return { gift, added: form.elements.cover_fee.checked ? cover(gift, currency) : 0 };
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// As the page came, its first sum is written on it already: to write one takes a telephone a while.
const isAsItCame = (form) => typedIn(form).every((one) => isChoice(one)
  ? one.checked === one.defaultChecked
  : one.options || one.value === one.defaultValue);

// The total beside the button and on it. One that was shown is agreed to, and is not asked about again.
function showTotal(form, total, button) {
  const { elements, dataset } = form, { once, monthly, covered, first } = total.dataset;
  if (first && isAsItCame(form)) {
    say(total, first);
    say(button, dataset.first);
    elements.agreed_total.value = "";
    return;
  }
  const currency = currencyOf(form), sum = sumOf(form, currency);
  const fill = (text) => {
    const { gift, added } = sum, amounts = { total: gift + added, gift, cover: added };
    return text.replace(/{(\w+)}/g, (_all, name) => money(amounts[name], currency, dataset.locale));
  };
  const often = elements.frequency.value === "monthly" ? monthly : once;
  say(total, sum ? fill(often) + (sum.added ? fill(covered) : "") : "");
  say(button, sum ? fill(dataset.send) : dataset.plain);
  elements.agreed_total.value = sum && sum.added ? `${sum.gift + sum.added} ${currency.code}` : "";
}

function showWhatFits(form) {
  const often = form.elements.frequency.value === "monthly" ? "monthly" : "once";
  for (const one of form.querySelectorAll("[data-often]")) one.hidden = one.dataset.often !== often;
}

// What a donor typed or chose. The consent is none of it: it is given anew each time.
const typedIn = (form) => [...form.elements].filter(({ name, type }) =>
  name && name !== "consent_version" && !["hidden", "submit"].includes(type));
const isChoice = ({ type }) => type === "radio" || type === "checkbox";

// Where a browser keeps nothing for pages, nothing is kept.
function storage(what) {
  try {
    return what(sessionStorage);
  } catch {
    return undefined;
  }
}

function keep(form) {
  const typed = typedIn(form).filter((one) => !isChoice(one) || one.checked);
  const fields = Object.fromEntries(typed.map(({ name, value }) => [name, value]));
  storage((kept) => kept.setItem(KEPT, JSON.stringify(fields)));
}

function recall(form) {
  const fields = storage((kept) => JSON.parse(kept.getItem(KEPT)));
  for (const one of fields ? typedIn(form) : []) {
    const value = fields[one.name];
    if (one.type === "checkbox") one.checked = value === one.value;
    else if (one.type === "radio") one.checked = one.checked || value === one.value;
    else if (!one.options) one.value = value ?? "";
    else if ([...one.options].some((option) => option.value === value)) one.value = value;
  }
  const { message, dedication, anonymous } = form.elements;
  const said = message.value || dedication.value || anonymous.value === "no";
  if (said) form.querySelector(".more").open = true;
}

// An amount that was typed counts, and the buttons show it; one that is picked is the last word.
function settleAmount(form, picked) {
  const { amount } = form.elements;
  if (picked) amount.value = "";
  else if (amount.value.trim()) {
    for (const one of form.querySelectorAll(".choices input")) one.checked = false;
  }
}

function help(form) {
  const total = document.getElementById("total"), button = form.querySelector(".send button");
  let waiting, held = false;
  form.dataset.plain = button.textContent;
  const show = () => showTotal(form, total, button);
  const release = () => {
    held = false;
    button.removeAttribute("aria-disabled");
    show();
  };

  if (!("typed" in form.dataset)) recall(form);
  settleAmount(form);
  showWhatFits(form);
  show();
  total.setAttribute("role", "status"); // from now on: what stands there at first was not a change
  if (navigator.userAgent.includes("MicroMessenger")) form.querySelector(".wallets").open = true;

  form.addEventListener("input", ({ target }) => {
    settleAmount(form, target.matches(".choices input"));
    showWhatFits(form);
    keep(form);
    clearTimeout(waiting);
    waiting = setTimeout(show, SETTLED);
  });
  form.addEventListener("click", ({ target }) => {
    const label = target.closest(".list label"); // by a tap: arrow keys go on through the list
    if (label) label.closest("details").open = false;
  });
  form.addEventListener("submit", (event) => {
    if (held) {
      event.preventDefault();
      return;
    }
    held = true;
    clearTimeout(waiting);
    keep(form);
    button.setAttribute("aria-disabled", "true");
    say(button, form.dataset.sent);
    setTimeout(release, HELD);
  });
  addEventListener("pageshow", release); // back from the payment page, perhaps as it was left
  const change = document.querySelector("form.switch");
  if (change) change.addEventListener("submit", () => sendAlong(form, change));
}

// The switch of languages on a form with mistakes takes along what was typed since.
function sendAlong(form, change) {
  for (const old of change.querySelectorAll("input:not([name=way])")) old.remove();
  for (const [name, value] of new FormData(form)) {
    if (name === "language") continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    change.append(field);
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
    return true;
  } catch { // WeChat's browser has no clipboard for pages
    getSelection().selectAllChildren(text);
    return document.execCommand("copy");
  }
}

function offerToCopy(text) {
  const button = document.createElement("button"), told = document.createElement("span");
  Object.assign(button, { type: "button", className: "button plain copy" });
  button.textContent = text.dataset.copy;
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    told.textContent = "";
    told.textContent = (await copy(text)) ? text.dataset.copied : text.dataset.failed;
  });
  text.after(" ", button, " ", told);
}

const form = document.getElementById("form");
if (form) setTimeout(() => help(form)); // by itself: a telephone has a page to draw as well
if (document.querySelector("[data-given]")) storage((kept) => kept.removeItem(KEPT));
document.querySelectorAll("[data-copy]").forEach(offerToCopy);
