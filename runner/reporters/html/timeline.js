// The timeline: every request where there is room, else bars that each stand for many; a part can be zoomed into.

const BAR = 4;
const NEAREST = 20;

let known = 0;

/** Milliseconds from the start of the run to its end. */
function span() {
  known ||= rows.reduce((end, row) => Math.max(end, row.start + row.time), run.duration) || 1;
  return known;
}

/** First and last millisecond that are shown. */
const range = () => state.time || [0, span()];

const inTime = (row, [from, to]) => row.start <= to && row.start + row.time >= from;

/** What is drawn: the requests of this part, in bars of many when there are more of them than room. */
function chartOf(width) {
  const [from, to] = range();
  const sent = rows.filter((row) => row.method && inTime(row, [from, to]));
  const longest = sent.reduce((most, row) => Math.max(most, row.time), 1);
  const count = Math.max(1, Math.floor(width / BAR));
  if (sent.length <= count) return { from, to, sent, longest, bars: null };
  const bars = Array.from({ length: count }, () => ({ rows: 0, failed: 0, total: 0, slowest: null }));
  for (const row of sent) {
    const place = Math.floor(((row.start - from) / (to - from)) * count);
    const bar = bars[Math.min(count - 1, Math.max(0, place))];
    bar.rows += 1;
    bar.failed += row.verdict === FAILED;
    bar.total += row.time;
    if (!bar.slowest || row.time > bar.slowest.time) bar.slowest = row;
  }
  return { from, to, sent, longest, bars };
}

/** Heights follow the square root of the time: beside one request of a second those of 20 ms can still be told apart. */
const heightOf = (time, longest, height) => Math.max(3, Math.sqrt(time / longest) * (height - 14));

const box = (left, wide, high, height) => `M${left.toFixed(1)} ${height}v${-high.toFixed(1)}h${wide.toFixed(1)}v${high.toFixed(1)}z`;
const marker = (middle, high, height) => `M${(middle - 4).toFixed(1)} ${(height - high - 9).toFixed(1)}h8l-4 6z`;

function barPaths({ bars, longest }, width, height) {
  const paths = { slow: "", passed: "", failed: "" };
  const wide = width / bars.length;
  for (const [place, bar] of bars.entries()) {
    if (!bar.rows) continue;
    const high = heightOf(bar.total / bar.rows, longest, height);
    const highest = heightOf(bar.slowest.time, longest, height);
    paths.slow += box(place * wide, wide - 1, highest, height);
    paths[bar.failed ? "failed" : "passed"] += box(place * wide, wide - 1, high, height);
    if (bar.failed) paths.failed += marker((place + 0.5) * wide, highest, height);
  }
  return paths;
}

function requestPaths({ from, to, sent, longest }, width, height) {
  const paths = { sub: "", passed: "", failed: "", open: "" };
  const at = (start, time) => {
    const left = Math.max(0, ((start - from) / (to - from)) * width);
    const right = Math.min(width, ((start + time - from) / (to - from)) * width);
    const wide = Math.max(2, right - left);
    return [Math.min(width - wide, left), wide];
  };
  for (const row of sent) {
    for (const [start, time] of row.subs) paths.sub += box(...at(start, time), heightOf(time, longest, height), height);
    const [left, wide] = at(row.start, row.time);
    const high = heightOf(row.time, longest, height);
    const path = box(left, wide, high, height);
    paths[row.verdict === FAILED ? "failed" : "passed"] += path;
    if (row.verdict === FAILED) paths.failed += marker(left + wide / 2, high, height);
    if (row.index === state.open) paths.open += path;
  }
  return paths;
}

function drawTimeline() {
  const svg = $("#timeline svg");
  const { clientWidth: width, clientHeight: height } = svg;
  if (!width) return;
  const chart = chartOf(width);
  const paths = chart.bars ? barPaths(chart, width, height) : requestPaths(chart, width, height);
  const make = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const lines = [0.25, 0.5, 0.75].map((part) => make("path", { class: "grid", d: `M${part * width} 0V${height}` }));
  const half = height - (height - 14) / 2;
  lines.push(make("path", { class: "grid", d: `M0 14H${width}M0 ${half}H${width}` }));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren($("#chart-says"), ...lines, ...Object.entries(paths).filter(([, d]) => d).map(([name, d]) => make("path", { class: name, d })));
  describe(chart);
}

/** A moment of the run, exact enough for a part of it that is `wide` milliseconds long. */
function momentText(moment, wide) {
  if (!moment) return "0";
  if (wide >= 20000 || moment < 1998) return timeText(moment);
  const minutes = Math.floor(moment / 60000);
  const seconds = ((moment % 60000) / 1000).toFixed(wide < 2000 ? 2 : 1);
  return minutes ? `${minutes} min ${seconds} s` : `${seconds} s`;
}

/** The words around the chart. */
function describe({ from, to, sent, longest, bars }) {
  const slowest = sent.reduce((most, row) => (!most || row.time > most.time ? row : most), null);
  const failed = sent.filter((row) => row.verdict === FAILED).length;
  $("#chart-says").textContent = `${plural(sent.length, "request")} in ${timeText(to - from)}, ${failed} failed`
    + `${slowest ? `; the longest took ${timeText(slowest.time)}: ${slowest.name}` : ""}. The list below has all of them.`;
  const [top, middle] = document.querySelectorAll(".scale span");
  top.textContent = timeText(longest);
  middle.textContent = timeText(longest / 4);
  $(".axis").replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => {
    const moment = from + (to - from) * part;
    return h("span", {}, momentText(moment, to - from));
  }));
  const swatch = (kind, text) => h("span", {}, h("i", { class: `swatch ${kind}` }), text);
  $(".legend").replaceChildren(...(bars
    ? [swatch("passed", "average"), swatch("slow", "slowest"), swatch("failed", "▾ with failures"),
      h("span", {}, `a bar stands for ${timeText((to - from) / bars.length)}; click it to zoom in, or drag over a part`)]
    : [swatch("passed", "passed"), swatch("failed", "▾ failed"), swatch("aside", "sent by a script or an auth"),
      h("span", {}, "width and height: duration; click opens the request")]));
  for (const button of document.querySelectorAll("[data-zoom]")) {
    const whole = !state.time;
    const still = { in: to - from <= NEAREST, earlier: from <= 0, later: to >= span(), all: whole }[button.dataset.zoom];
    button.disabled = still || (whole && button.dataset.zoom !== "in");
  }
}

/** Show from one millisecond to another; all of the run is no part. */
function showPart(from, to) {
  const wide = Math.max(NEAREST, to - from);
  const first = Math.max(0, Math.min(from, span() - wide));
  const last = Math.min(span(), first + wide);
  adjust({ time: first <= 0 && last >= span() ? null : [Math.floor(first), Math.ceil(last)] });
}

function zoom(way) {
  const [from, to] = range();
  const wide = to - from;
  if (way === "all") adjust({ time: null });
  else if (way === "in") {
    const opened = rows[state.open];
    const middle = opened && inTime(opened, [from, to]) ? opened.start + opened.time / 2 : (from + to) / 2;
    showPart(middle - wide / 6, middle + wide / 6);
  } else showPart(from + (way === "later" ? wide : -wide) / 2, to + (way === "later" ? wide : -wide) / 2);
}

const momentAt = (event) => {
  const [from, to] = range();
  const place = $("#timeline svg").getBoundingClientRect();
  return from + Math.min(1, Math.max(0, (event.clientX - place.left) / place.width)) * (to - from);
};

function nearest(sent, moment) {
  const distance = (row) => Math.max(0, row.start - moment, moment - row.start - row.time);
  return sent.reduce((best, row) => (!best || distance(row) < distance(best) ? row : best), null);
}

const barAt = ({ from, to, bars }, moment) => bars[Math.min(bars.length - 1, Math.floor(((moment - from) / (to - from)) * bars.length))];

function tipText(chart, moment) {
  if (chart.bars) {
    const bar = barAt(chart, moment);
    if (!bar.rows) return `${timeText(moment)} · no request`;
    const failed = bar.failed ? ` · ✕ ${bar.failed} failed` : "";
    return `${plural(bar.rows, "request")} · ${timeText(bar.total / bar.rows)} on average · slowest ${timeText(bar.slowest.time)}: ${bar.slowest.name}${failed}`;
  }
  const row = nearest(chart.sent, moment);
  if (!row) return `${timeText(moment)} · no request`;
  return `${VERDICTS[row.verdict].mark} ${row.name} · ${timeText(row.time)}${iterations.length > 1 ? ` · ${iterationName(row.iteration)}` : ""}`;
}

function partText(one, other) {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return `${momentText(from, to - from)} to ${momentText(to, to - from)}`;
}

function pick(moment) {
  const chart = chartOf($("#timeline svg").clientWidth);
  if (chart.bars) {
    const wide = (chart.to - chart.from) / 20;
    showPart(moment - wide, moment + wide);
    return;
  }
  const row = nearest(chart.sent, moment);
  if (row) go({ open: row.index });
}

function makeTimeline() {
  $("#timeline").hidden = !rows.some((row) => row.method);
  const svg = $("#timeline svg");
  const tip = $(".tip");
  let begun = null;
  let chart = null;
  svg.addEventListener("pointerenter", () => { chart = null; });
  svg.addEventListener("pointermove", (event) => {
    chart ??= chartOf(svg.clientWidth);
    tip.hidden = false;
    tip.textContent = begun === null ? tipText(chart, momentAt(event)) : partText(begun, momentAt(event));
    const place = $(".chart").getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(event.clientX - place.left + 12, place.width - tip.offsetWidth - 8))}px`;
  });
  svg.addEventListener("pointerdown", (event) => { begun = event.button === 0 ? momentAt(event) : null; });
  svg.addEventListener("pointerup", (event) => {
    const [start, end] = [begun, momentAt(event)];
    begun = chart = null;
    if (start === null) return;
    const [from, to] = range();
    if (Math.abs(end - start) > ((to - from) / svg.clientWidth) * 6) showPart(Math.min(start, end), Math.max(start, end));
    else pick(end);
  });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; begun = chart = null; });
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
}
