// The charts over time: response times, throughput, users and errors share one axis; a part can be zoomed into.

const load = JSON.parse($("#load").textContent);
const state = { theme: new URLSearchParams(location.hash.slice(1)).get("theme") || "", time: null };

function adjust({ theme }) {
  state.theme = theme;
  location.replace(`#theme=${theme}`);
}

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 22;
const FEWEST = 3;

/** Three significant digits, as every report of a load test writes them. */
function digits(value) {
  if (!value) return "0";
  return String(Number(value.toPrecision(3)));
}

function msText(ms) {
  if (ms === null) return "–";
  if (Number(ms.toPrecision(3)) < 1000) return `${digits(ms)} ms`;
  return ms < 59950 ? `${digits(ms / 1000)} s` : clockText(ms / 1000);
}

/** Seconds since the start as a clock has them: `0:07`, `12:30`, `1:02:03`. */
function clockText(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

const perSecond = (name) => load[name].map((count, at) => count / load.seconds[at]);
const rateText = (value) => `${digits(value)}/s`;

const CHARTS = [
  { id: "latency", text: msText, limits: load.limits, lines: [
    { name: "p50", values: load.p50 }, { name: "p90", values: load.p90 }, { name: "p95", values: load.p95 }, { name: "p99", values: load.p99 },
  ] },
  { id: "throughput", text: rateText, lines: [{ name: "requests", values: perSecond("requests"), filled: true }] },
  { id: "users", text: (value) => digits(value), lines: [{ name: "users", values: load.users, filled: true, steps: true }] },
  { id: "errors", text: rateText, lines: [
    { name: "failures", values: perSecond("failures"), filled: true },
    ...(load.dropped.some(Boolean) ? [{ name: "dropped", values: perSecond("dropped") }] : []),
  ] },
];

const last = load.at.length - 1;
const middleOf = (at) => load.at[at] + load.seconds[at] / 2;
const range = () => state.time || [load.at[0], load.at[last] + load.seconds[last]];

/** The slices that are seen, and one beyond each edge, so that lines go on to it. */
function seen() {
  const [from, to] = range();
  const found = load.at.map((_, at) => at).filter((at) => load.at[at] + load.seconds[at] >= from && load.at[at] <= to);
  return [Math.max(0, found[0] - 1), Math.min(last, found[found.length - 1] + 1)];
}

/** A round number above `most` and the step of about `count` grid lines below it. */
function niceScale(most, count) {
  const rough = (most || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999);
  return { step, top: Math.ceil((most || 1) / step - 0.001) * step };
}

/** Seconds between the marks of the axis of time. */
function timeStep(wide, count) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
  return steps.find((step) => wide / step <= count) || 86400 * Math.ceil(wide / 86400 / count);
}

function make(name, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Where a moment and a value are drawn. */
function placing(chart, width, height) {
  const [from, to] = range();
  const [first, end] = seen();
  const values = chart.lines.flatMap((line) => line.values.slice(first, end + 1)).filter((value) => value !== null);
  const most = values.reduce((highest, value) => Math.max(highest, value), 0);
  const { step, top } = niceScale(chart.id === "users" ? Math.max(most, 2) : most, height > 150 ? 4 : 2);
  return {
    x: (moment) => LEFT + ((moment - from) / (to - from)) * (width - LEFT - RIGHT),
    y: (value) => height - BOTTOM - (value / top) * (height - TOP - BOTTOM),
    step, top, from, to, first, end,
  };
}

/** The parts of a line: a slice without a value interrupts it. */
function partsOf(line, { first, end }) {
  const parts = [[]];
  for (let at = first; at <= end; at += 1) {
    if (line.values[at] !== null) parts[parts.length - 1].push(at);
    else if (parts[parts.length - 1].length) parts.push([]);
  }
  return parts.filter((part) => part.length);
}

function linePath(part, line, { x, y }) {
  const pieces = part.map((at) => {
    const high = y(line.values[at]).toFixed(1);
    if (!line.steps) return `${x(middleOf(at)).toFixed(1)} ${high}`;
    return `${x(load.at[at]).toFixed(1)} ${high}L${x(load.at[at] + load.seconds[at]).toFixed(1)} ${high}`;
  });
  return pieces.length > 1 || line.steps ? `M${pieces.join("L")}` : `M${pieces[0]}h0.01`;
}

function draw(chart) {
  const svg = $(`#${chart.id} svg`);
  const { clientWidth: width, clientHeight: height } = svg;
  if (!width) return;
  const place = placing(chart, width, height);
  const nodes = [svg.querySelector("title"), make("clipPath", { id: `clip-${chart.id}` })];
  nodes[1].append(make("rect", { x: LEFT, y: 0, width: width - LEFT - RIGHT, height: height - BOTTOM + 2 }));
  for (let value = 0; value <= place.top * 1.001; value += place.step) {
    nodes.push(make("path", { class: "grid", d: `M${LEFT} ${place.y(value)}H${width - RIGHT}` }));
    nodes.push(make("text", { class: "mark", x: LEFT - 8, y: place.y(value) + 4, "text-anchor": "end" }, chart.text(value)));
  }
  const step = timeStep(place.to - place.from, width / 90);
  for (let moment = Math.ceil(place.from / step) * step; moment <= place.to; moment += step) {
    nodes.push(make("path", { class: "grid", d: `M${place.x(moment)} ${height - BOTTOM}v4` }));
    nodes.push(make("text", { class: "mark", x: place.x(moment), y: height - 5, "text-anchor": "middle" }, clockText(moment)));
  }
  const inside = make("g", { "clip-path": `url(#clip-${chart.id})` });
  for (const line of chart.lines) {
    for (const part of partsOf(line, place)) {
      const path = linePath(part, line, place);
      if (line.filled) {
        const [start, end] = line.steps ? [load.at[part[0]], load.at[part.at(-1)] + load.seconds[part.at(-1)]] : [middleOf(part[0]), middleOf(part.at(-1))];
        inside.append(make("path", { class: `area ${line.name}`, d: `${path}L${place.x(end).toFixed(1)} ${place.y(0)}L${place.x(start).toFixed(1)} ${place.y(0)}z` }));
      }
      inside.append(make("path", { class: `line ${line.name}`, d: path }));
    }
  }
  for (const limit of chart.limits || []) {
    if (limit.value > place.top) continue;
    const high = place.y(limit.value);
    inside.append(make("path", { class: "limit", d: `M${LEFT} ${high}H${width - RIGHT}` }));
    inside.append(make("text", { class: "mark said", x: width - RIGHT - 4, y: high - 4, "text-anchor": "end" }, limit.said));
  }
  nodes.push(inside, make("path", { class: "cursor", d: "" }), make("path", { class: "picked", d: "" }));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...nodes);
  chart.place = place;
  chart.height = height;
}

/** The slice at a moment. */
function sliceAt(moment) {
  const found = load.at.findIndex((start, at) => moment < start + load.seconds[at]);
  return found < 0 ? last : found;
}

/** The legend of each chart with the values at a slice; without one, the highest of what is seen. */
function tell(at) {
  for (const chart of CHARTS) {
    const [first, end] = seen();
    const value = (line) => (at === null
      ? line.values.slice(first, end + 1).reduce((most, one) => (one !== null && (most === null || one > most) ? one : most), null)
      : line.values[at]);
    $(`#${chart.id} .legend`).replaceChildren(...chart.lines.map((line) => h("span", {},
      h("i", { class: `swatch ${line.name}` }), `${line.name} `, h("b", {}, value(line) === null ? "–" : chart.text(value(line))))));
    const cursor = $(`#${chart.id} .cursor`);
    if (cursor && chart.place) cursor.setAttribute("d", at === null ? "" : `M${chart.place.x(middleOf(at)).toFixed(1)} ${TOP}V${chart.height - BOTTOM}`);
  }
  const [from, to] = range();
  $("#moment").textContent = at === null
    ? `${clockText(from)} to ${clockText(to)}: highest values`
    : `${clockText(load.at[at])} to ${clockText(load.at[at] + load.seconds[at])}`;
  $("#whole").disabled = !state.time;
}

function redraw() {
  for (const chart of CHARTS) draw(chart);
  tell(null);
}

function showPart(one, other) {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  if (sliceAt(to) - sliceAt(from) < FEWEST) return;
  state.time = [from, to];
  redraw();
}

function follow(chart) {
  const svg = $(`#${chart.id} svg`);
  let begun = null;
  const momentOf = (event) => {
    const box = svg.getBoundingClientRect();
    const part = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    const [from, to] = range();
    return from + Math.min(1, Math.max(0, part)) * (to - from);
  };
  svg.addEventListener("pointermove", (event) => {
    const moment = momentOf(event);
    tell(sliceAt(moment));
    const [left, right] = [begun ?? moment, moment].map(chart.place.x);
    svg.querySelector(".picked").setAttribute("d", begun === null ? "" : `M${left} ${TOP}H${right}V${chart.height - BOTTOM}H${left}z`);
  });
  svg.addEventListener("pointerdown", (event) => { if (event.button === 0) begun = momentOf(event); });
  svg.addEventListener("pointerup", (event) => {
    const [start, end] = [begun, momentOf(event)];
    begun = null;
    svg.querySelector(".picked").setAttribute("d", "");
    if (start !== null) showPart(start, end);
  });
  svg.addEventListener("pointerleave", () => {
    begun = null;
    svg.querySelector(".picked").setAttribute("d", "");
    tell(null);
  });
}

/** A click on a heading sorts the rows of its table, the largest first; a second click turns the order around. */
function sortable(table) {
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = h("button", { type: "button", click: () => {
      const order = head.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
      const numeric = [...table.tBodies[0].rows].every((row) => !Number.isNaN(Number(key(row))));
      const compare = (one, other) => (numeric ? key(other) - key(one) : key(one).localeCompare(key(other)));
      const rows = [...table.tBodies[0].rows].sort((one, other) => (order === "descending" ? compare(one, other) : compare(other, one)));
      table.tBodies[0].append(...rows);
    } }, head.textContent);
    head.replaceChildren(button);
  }
}

function start() {
  makeTheme();
  showTheme();
  for (const table of document.querySelectorAll("table.sortable")) sortable(table);
  if (!load.at.length) return;
  $("#time").hidden = false;
  for (const chart of CHARTS) follow(chart);
  $("#whole").addEventListener("click", () => { state.time = null; redraw(); });
  addEventListener("resize", redraw);
  redraw();
}

start();
