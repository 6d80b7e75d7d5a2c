// The page's state lives in its address (#filter=failed&open=3); everything shown is a function of it.
/** One list out of all the embedded chunks of a name. */
const readAll = (name) => [...document.querySelectorAll(`script.${name}`)].flatMap((node) => JSON.parse(node.textContent));

const VERDICTS = [
  { name: "passed", mark: "✓", tone: "good" },
  { name: "failed", mark: "✕", tone: "bad" },
  { name: "skipped", mark: "–", tone: "aside" },
  { name: "unfinished", mark: "!", tone: "aside" },
  { name: "flaky", mark: "↻", tone: "aside" },
];
const FAILED = 1;

const run = JSON.parse($("#run").textContent);
const iterations = readAll("iterations");
const rows = readAll("rows").map(
  ([item, iteration, verdict, start, time, code, size, tests, method, url, text, subs], index) => ({
    index, item, iteration, verdict, start, time, code, size, tests, method, url, text, subs,
    name: run.items[item][0],
    about: run.items[item][2],
    folder: run.items[item][1],
  }),
);

/** The parsed chunk that was needed last: details are only read when somebody opens them. */
let chunk = { first: 0, values: [] };

function readDetails(index) {
  if (index < chunk.first || index >= chunk.first + chunk.values.length) {
    const node = [...document.querySelectorAll("script.details")].findLast((one) => Number(one.dataset.first) <= index);
    chunk = { first: Number(node.dataset.first), values: JSON.parse(node.textContent) };
  }
  return chunk.values[index - chunk.first];
}

// -- copying -------------------------------------------------------------------------------------------------------

/** Put a text on the clipboard, also where a page from a file may not use the clipboard of the browser. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const area = document.body.appendChild(h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 }));
    area.value = text;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    return done;
  }
}

/** A button that copies a text; it says so for a moment. */
function copyButton(words, text) {
  const said = h("span", { role: "status", class: "unseen" });
  const label = h("span", {}, words);
  const button = h("button", { type: "button", class: "copy", click: async () => {
    const done = await copy(typeof text === "function" ? text() : text);
    label.textContent = done ? "Copied" : "Not copied";
    said.textContent = label.textContent;
    setTimeout(() => { label.textContent = words; said.textContent = ""; }, 1500);
  } }, label);
  return h("span", { class: "copying" }, button, said);
}

// -- words ---------------------------------------------------------------------------------------------------------

const decimal = (value, digits) => String(Number(value.toFixed(digits)));

function timeText(ms) {
  if (ms < 1) return `${decimal(ms, 2)} ms`;
  if (ms < 1998) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${decimal(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function sizeText(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < 3; unit += 1) bytes /= 1000;
  return `${decimal(bytes, bytes < 10 ? 2 : bytes < 100 ? 1 : 0)} ${units[unit]}`;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Start, duration, data, collection and number of an iteration; what ran outside of any has none of them. */
const iterationAt = (index) => iterations[index] || [0, 0, [], 0, index];

/** What an iteration is called: by its number, and by its collection when the run has several. */
function iterationName(iteration) {
  const [, , , collection, number] = iterationAt(iteration);
  const name = typeof number === "string" ? number : `iteration ${number + 1}`; // setup and teardown are called by their name
  return run.collections.length > 1 ? `${run.collections[collection]} · ${name}` : name[0].toUpperCase() + name.slice(1);
}

/** The same with its place among all of them. */
function iterationPlace(iteration) {
  const name = iterationName(iteration);
  const plain = run.collections.length === 1 && typeof iterationAt(iteration)[4] !== "string";
  return plain ? `${name} of ${iterations.length}` : `${name} (${iteration + 1} of ${iterations.length})`;
}

const folderName = (folder) => (folder < 0 ? "" : run.folders[folder].join(" / "));

// -- state ---------------------------------------------------------------------------------------------------------

let state = {};

/** `FROM-TO` in milliseconds; null when it is no part of the run. */
function timeOf(text) {
  const found = /^(\d+)-(\d+)$/.exec(text || "");
  return found && Number(found[1]) < Number(found[2]) ? [Number(found[1]), Number(found[2])] : null;
}

function readState() {
  const found = new URLSearchParams(location.hash.slice(1));
  const number = (name, count) => {
    const value = Number.parseInt(found.get(name) ?? "", 10);
    return value >= 0 && value < count ? value : null;
  };
  return {
    filter: found.get("filter") || "all",
    search: found.get("search") || "",
    folder: number("folder", run.folders.length),
    iteration: number("iteration", iterations.length + 1) || null,
    open: number("open", rows.length),
    time: timeOf(found.get("time")),
    theme: found.get("theme") || "",
  };
}

/** The address of the present state with some of it changed. */
function address(change) {
  const next = { ...state, ...change };
  if (next.time) next.time = next.time.join("-");
  const parts = Object.entries(next).filter(([key, value]) => value !== null && value !== "" && !(key === "filter" && value === "all"));
  return `#${new URLSearchParams(parts.map(([key, value]) => [key, String(value)]))}`;
}

const go = (change) => { location.hash = address(change); };
const adjust = (change) => { location.replace(address(change)); };

// -- filter --------------------------------------------------------------------------------------------------------

const FILTERS = {
  all: () => true,
  failed: (row) => row.verdict === FAILED,
  passed: (row) => row.verdict === 0 || row.verdict === 4,
  flaky: (row) => row.verdict === 4,
  skipped: (row) => row.verdict === 2 || row.tests[2] > 0,
  unfinished: (row) => row.verdict === 3,
};

function inFolder(row, folder) {
  if (folder === null) return true;
  if (row.folder < 0) return false;
  const wanted = run.folders[folder];
  return wanted.every((name, depth) => run.folders[row.folder][depth] === name);
}

function searchText(row) {
  row.searched ??= [row.name, row.method, row.url, row.code || "", folderName(row.folder), row.text].join("\n").toLowerCase();
  return row.searched;
}

function matching({ filter, folder, iteration, search, time }) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = FILTERS[filter] || FILTERS.all;
  return rows.filter(
    (row) => fits(row) && inFolder(row, folder) && (iteration === null || row.iteration === iteration - 1)
      && (!time || inTime(row, time))
      && words.every((word) => searchText(row).includes(word)),
  );
}

function makeFilters() {
  const group = $("#filters fieldset");
  for (const [name, fits] of Object.entries(FILTERS)) {
    const count = rows.filter(fits).length;
    if (["unfinished", "flaky"].includes(name) && !count) continue;
    const mark = VERDICTS.find((verdict) => verdict.name === name)?.mark;
    group.append(h("button", { type: "button", "data-filter": name, click: () => adjust({ filter: name }) },
      mark ? h("span", { "aria-hidden": "true" }, mark) : null, name[0].toUpperCase() + name.slice(1), h("small", {}, count)));
  }
  $("#folder").append(...run.folders.map((path, index) => h("option", { value: index }, path.join(" / "))));
  $("#folder").closest("label").hidden = !run.folders.length;
  $("#iteration").max = iterations.length;
  $("#iteration").closest("label").hidden = iterations.length < 2;
  $("#filters").addEventListener("submit", (event) => event.preventDefault());
  $("#folder").addEventListener("change", (event) => adjust({ folder: event.target.value }));
  $("#iteration").addEventListener("input", (event) => adjust({ iteration: event.target.value }));
  $("#clear").addEventListener("click", () => adjust({ filter: "all", search: "", folder: null, iteration: null, time: null }));
  let waiting = 0;
  $("#search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => adjust({ search: event.target.value }), 150);
  });
}

function showFilters(found) {
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === state.filter));
  }
  for (const [name, value] of [["search", state.search], ["folder", state.folder ?? ""], ["iteration", state.iteration ?? ""]]) {
    const field = $(`#${name}`);
    if (field !== document.activeElement || field.value === "") field.value = value;
  }
  const failed = found.filter((row) => row.verdict === FAILED).length;
  const text = found.length === rows.length ? `All ${plural(rows.length, "request")}` : `${found.length} of ${plural(rows.length, "request")}`;
  const part = state.time ? `, ${partText(...state.time)} of the run` : "";
  $("#count").textContent = `${text}, ${failed} failed${part}`;
  $("#clear").disabled = found.length === rows.length;
}

function showIteration() {
  const card = $("#iteration-card");
  card.hidden = state.iteration === null;
  if (card.hidden) return;
  const [, duration, data] = iterations[state.iteration - 1];
  const step = (by, word) => h("button", {
    type: "button", disabled: state.iteration + by < 1 || state.iteration + by > iterations.length,
    click: () => adjust({ iteration: state.iteration + by, open: null }),
  }, word);
  card.replaceChildren(
    h("div", { class: "pager" }, h("h3", {}, iterationPlace(state.iteration - 1)),
      h("span", { class: "muted" }, `took ${timeText(duration)}`), step(-1, "Previous"), step(1, "Next")),
    data.length ? pairsTable(data, "Iteration data") : h("p", { class: "muted" }, "Without iteration data"),
  );
}
