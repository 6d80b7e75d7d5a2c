// The list: only the rows that can be seen are in the document.

const OVERSCAN = 8;
const PRINTED = 2000;

let visible = [];
let drawn = new Map();
let active = 0;
let rowHeight = 44;
let printing = false;

/** What the list shows: rows, with a heading before each iteration when there is more than one. */
function entriesOf(found) {
  if (iterations.length < 2) return found;
  const entries = [];
  let last = null;
  for (const row of found) {
    if (row.iteration !== last?.iteration) {
      last = { iteration: row.iteration, heading: true, rows: 0, failed: 0 };
      entries.push(last);
    }
    last.rows += 1;
    last.failed += row.verdict === FAILED;
    entries.push(row);
  }
  return entries;
}

function showList(found) {
  visible = entriesOf(found);
  for (const node of drawn.values()) node.remove();
  drawn = new Map();
  const opened = visible.findIndex((entry) => entry.index === state.open && !entry.heading);
  active = opened >= 0 ? opened : Math.min(active, Math.max(0, visible.length - 1));
  spacer().style.height = `calc(var(--row) * ${Math.max(1, visible.length)})`;
  spacer().replaceChildren(...(visible.length ? [] : [h("p", { class: "nothing" }, "No request fits this filter.")]));
  if (opened >= 0) reveal(opened);
  paint();
}

const spacer = () => $("#list .spacer") || $("#list").appendChild(h("div", { class: "spacer", role: "presentation" }));

/** The first and the last entry that can be seen; the list scrolls in itself on wide screens, with the page on others. */
function seen() {
  if (printing) return [0, Math.min(visible.length, PRINTED)];
  const box = $("#list").getBoundingClientRect();
  const top = spacer().getBoundingClientRect().top;
  const first = Math.floor((Math.max(box.top, 0) - top) / rowHeight) - OVERSCAN;
  const last = Math.ceil((Math.min(box.bottom, innerHeight) - top) / rowHeight) + OVERSCAN;
  return [Math.max(0, first), Math.min(visible.length, last)];
}

/** Draw what can be seen, and the entry that Tab leads to wherever it is. */
function paint() {
  const [first, last] = seen();
  const wanted = (place) => (place >= first && place < last) || place === active;
  for (const [place, node] of drawn) {
    if (!wanted(place) && !node.contains(document.activeElement)) {
      node.remove();
      drawn.delete(place);
    }
  }
  const draw = (place) => {
    if (drawn.has(place) || !visible[place]) return;
    drawn.set(place, spacer().appendChild(entryNode(place)));
  };
  for (let place = first; place < last; place += 1) draw(place);
  draw(active);
  if (printing) spacer().append(...[...drawn].sort(([a], [b]) => a - b).map(([, node]) => node));
}

function entryNode(place) {
  const entry = visible[place];
  const node = h("div", { class: "entry", role: "listitem", "aria-setsize": visible.length, "aria-posinset": place + 1 },
    entry.heading ? headingNode(entry) : rowNode(entry));
  node.style.transform = `translateY(calc(var(--row) * ${place}))`;
  node.firstChild.tabIndex = place === active ? 0 : -1;
  node.firstChild.dataset.place = place;
  return node;
}

function headingNode({ iteration, rows: count, failed }) {
  const [, duration, data] = iterationAt(iteration);
  return h("a", { class: "group", href: address({ iteration: iteration + 1, open: null }) },
    h("b", {}, iterationName(iteration)),
    failed ? h("span", { class: "bad" }, `✕ ${failed} failed`) : null,
    h("span", {}, `${plural(count, "request")}, ${timeText(duration)}`),
    data.length ? h("span", {}, data.slice(0, 4).map(([name, value]) => `${name}: ${value}`).join(" · ").slice(0, 120)) : null);
}

function testsText([passed, failed, skipped]) {
  const total = passed + failed + skipped;
  return total ? `${passed}/${total}` : "";
}

function rowNode(row) {
  const verdict = VERDICTS[row.verdict];
  const where = folderName(row.folder);
  const unseen = (text) => h("span", { class: "unseen" }, text);
  return h("a", { class: "row", href: address({ open: row.index }), "aria-current": row.index === state.open ? "true" : null },
    h("span", { class: `result ${verdict.tone}` }, h("span", { "aria-hidden": "true" }, `${verdict.mark} `), h("span", {}, verdict.name)),
    h("span", { class: "method" }, row.method),
    h("span", { class: "name" }, h("b", {}, row.name), h("small", {}, [where, row.url].filter(Boolean).join(" · "))),
    h("span", { class: "number status" }, row.code ? unseen("status ") : null, row.code || ""),
    h("span", { class: "number time" }, row.method ? timeText(row.time) : ""),
    h("span", { class: "number size" }, row.code ? sizeText(row.size) : ""),
    h("span", { class: `number tests ${row.tests[1] ? "bad" : ""}` }, testsText(row.tests), testsText(row.tests) ? unseen(" tests passed") : null),
    h("span", { class: "track", "aria-hidden": "true" }, row.method ? barNode(row) : null));
}

/** The row's place in time: within its iteration when there are several, else within the run. */
function barNode(row) {
  const [start, duration] = iterations.length > 1 && iterations[row.iteration] ? iterations[row.iteration] : [0, span()];
  const bar = h("i", { class: VERDICTS[row.verdict].name });
  const left = Math.min(98, Math.max(0, ((row.start - start) / (duration || 1)) * 100));
  bar.style.left = `${left}%`;
  bar.style.width = `${Math.min(100 - left, (row.time / (duration || 1)) * 100)}%`;
  return bar;
}

/** Scroll the list in itself, where it does, until the entry is below its heading line and above its end. */
function reveal(place) {
  const list = $("#list");
  const top = place * rowHeight;
  const room = list.clientHeight - spacer().offsetTop;
  if (list.scrollHeight > list.clientHeight + 1 && (top < list.scrollTop || top + rowHeight > list.scrollTop + room)) {
    list.scrollTop = Math.max(0, top - room / 2);
  }
}

function moveTo(place) {
  const before = drawn.get(active);
  if (before) before.firstChild.tabIndex = -1;
  active = Math.max(0, Math.min(visible.length - 1, place));
  reveal(active);
  paint();
  let node = drawn.get(active);
  if (!node) { // the page scrolls, not the list
    const top = spacer().getBoundingClientRect().top + active * rowHeight;
    scrollBy(0, top - innerHeight / 2);
    paint();
    node = drawn.get(active);
  }
  node.firstChild.tabIndex = 0;
  node.firstChild.focus();
}

const STEPS = { ArrowDown: () => active + 1, ArrowUp: () => active - 1, PageDown: () => active + 10, PageUp: () => active - 10, Home: () => 0, End: () => Infinity };

function makeList() {
  const list = $("#list");
  const probe = list.appendChild(h("div", { class: "entry probe" }));
  const measure = () => { rowHeight = probe.offsetHeight || rowHeight; };
  measure();
  probe.style.visibility = "hidden";
  let queued = false;
  const later = () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => { queued = false; paint(); });
  };
  document.addEventListener("scroll", later, { capture: true, passive: true });
  new ResizeObserver(() => { measure(); later(); drawTimeline(); }).observe($("#executions"));
  addEventListener("resize", later);
  list.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(step());
  });
  list.addEventListener("focusin", (event) => {
    const place = event.target.dataset?.place;
    if (place !== undefined) active = Number(place);
  });
  addEventListener("beforeprint", () => { printing = true; paint(); });
  addEventListener("afterprint", () => { printing = false; paint(); });
}
