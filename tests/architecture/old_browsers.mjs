// What Chromium 87 does not know in the styles and scripts that are named: a finding a line, as JSON.
// doiuse tells what that browser lacks altogether; where it knows a part ("partially supported"),
// MDN's data says which, and knows of properties that doiuse has never heard of.
// What stands in @supports is never looked at: it says itself that it only adds.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { ESLint } from "eslint";
import compat from "eslint-plugin-compat";
import DoIUse from "doiuse/lib/DoIUse.js";

const require = createRequire(import.meta.url);
const postcss = createRequire(require.resolve("doiuse/lib/DoIUse.js"))("postcss");
const data = createRequire(require.resolve("eslint-plugin-compat"))("@mdn/browser-compat-data");
const OLDEST = 87;
const LANGUAGE = 2021; // the newest ECMAScript that Chromium 87 reads whole

const found = new Set();
const report = (file, line, feature, text) => found.add(JSON.stringify({ file, line, feature, text }));

const version = (written) => parseFloat(String(written).replace("≤", ""));

// Whether an entry of MDN's data says that the browser has it, under its own name and without a flag.
function isOld({ __compat: compat } = {}) {
  if (!compat) return true; // a heading over entries, or nothing that MDN distinguishes
  const told = [compat.support.chrome ?? []].flat();
  return told.some(({ version_added: since, prefix, alternative_name: other, flags, version_removed: gone }) =>
    !prefix && !other && !flags && since && version(since) <= OLDEST && !(gone && version(gone) <= OLDEST));
}

// Entries under a name, however deep they lie.
function named(tree, entries = new Map()) {
  for (const [name, entry] of Object.entries(tree)) {
    if (name === "__compat" || typeof entry !== "object") continue;
    if (entry.__compat) entries.set(name, [...(entries.get(name) ?? []), entry]);
    named(entry, entries);
  }
  return entries;
}

const functions = named(data.css.types);
const members = new Map();
for (const face of [data.api, data.javascript.builtins, data.javascript.builtins.Intl].flatMap(Object.values))
  for (const [key, entry] of Object.entries(face)) {
    const name = key.replace(/_static$/, "");
    if (entry.__compat) members.set(name, [...(members.get(name) ?? []), entry]);
  }

function* ofDeclaration({ prop, value }) {
  if (/^--|^-webkit-/.test(prop)) return;
  const property = data.css.properties[prop];
  if (!property || !isOld(property)) return yield `property ${prop}`;
  for (const word of value.match(/[a-z][\w-]*(?![\w(-])/g) ?? [])
    if (!isOld(property[word])) yield `${prop}: ${word}`;
  for (const [, name] of value.matchAll(/([a-z][\w-]*)\(/g))
    if (name !== "var" && functions.has(name) && !functions.get(name).some(isOld)) yield `${name}()`;
}

function* ofSelector(selector) {
  const bare = selector.replace(/"[^"]*"/g, '""');
  for (const [, name] of bare.matchAll(/::?([a-z-]+)/g))
    if (!name.startsWith("-") && !isOld(data.css.selectors[name])) yield `:${name}`;
  if (/:not\([^()]*,/.test(bare)) yield ":not(list)"; // 88
}

function* ofRule(node) {
  if (node.type === "decl") yield* ofDeclaration(node);
  if (node.type === "rule") {
    if (node.parent.type === "rule") yield "nesting";
    yield* ofSelector(node.selector);
  }
  if (node.type === "atrule") {
    const rule = data.css["at-rules"][node.name];
    if (!rule || !isOld(rule)) return yield `@${node.name}`;
    for (const [, name] of node.params.matchAll(/([a-z][a-z-]+)\s*[:)]/g))
      if (!isOld(rule[name])) yield `@${node.name} ${name}`;
    if (/[<>]=?/.test(node.params)) yield `@${node.name} range`;
  }
}

function isGuarded(node) {
  for (let at = node; at; at = at.parent) if (at.type === "atrule" && at.name === "supports") return true;
  return false;
}

const told = (node) => node.selector ?? (node.prop ? `${node.prop}: ${node.value}` : `@${node.name} ${node.params}`);

async function lookAtStyle(file) {
  const root = postcss.parse(readFileSync(file, "utf8"), { from: file });
  root.walk((node) => {
    if (!isGuarded(node)) for (const what of ofRule(node)) report(file, node.source.start.line, what, told(node));
  });
  const lacks = new DoIUse({
    browsers: [`chrome ${OLDEST}`],
    onFeatureUsage({ feature, featureData, usage }) {
      if (featureData.missing && !isGuarded(usage)) report(file, usage.source.start.line, feature, told(usage));
    },
  });
  await postcss([lacks]).process(root, { from: file });
}

// eslint-plugin-compat looks at what is called by its own name; a method of a value is known by its
// name alone, so it counts as too new when all that have one of that name got it later.
const methods = {
  meta: { schema: [] },
  create: (context) => ({
    CallExpression({ callee: { property, computed }, optional }) {
      const entries = property && !computed && members.get(property.name);
      if (entries && !optional && !entries.some(isOld))
        context.report({ node: property, message: `.${property.name}` });
    },
  }),
};

async function lookAtScripts(files) {
  const eslint = new ESLint({
    overrideConfigFile: true,
    ignore: false,
    overrideConfig: {
      languageOptions: { ecmaVersion: LANGUAGE, sourceType: "module" },
      plugins: { compat, old: { rules: { methods } } },
      rules: { "compat/compat": "error", "old/methods": "error" },
      settings: { browsers: [`chrome ${OLDEST}`], lintAllEsApis: true },
      linterOptions: { noInlineConfig: true },
    },
  });
  for (const file of files) {
    const [{ messages }] = await eslint.lintText(readFileSync(file, "utf8"));
    for (const { line, message } of messages) report(file, line, message, "");
  }
}

const files = process.argv.slice(2);
for (const file of files.filter((one) => one.endsWith(".css"))) await lookAtStyle(file);
await lookAtScripts(files.filter((one) => one.endsWith(".js")));
process.stdout.write([...found].map((one) => `${one}\n`).join(""));
