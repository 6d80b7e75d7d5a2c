// One execution with all that came of it, and the start of the page.

function pairsTable(pairs, label) {
  return h("table", { class: "pairs", "aria-label": label }, h("tbody", {},
    pairs.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
}

const section = (title, ...children) => h("section", {}, h("h3", {}, title), children);

function headersNode(headers, whose) {
  if (headers === null) return h("p", { class: "muted" }, "Headers left out by an option of the report.");
  if (!headers.length) return null;
  const text = () => headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return h("details", { class: "headers" }, h("summary", {}, `${whose} headers (${headers.length})`),
    h("p", { class: "tools" }, copyButton("Copy headers", text)), pairsTable(headers, `${whose} headers`));
}

function statusTone(code) {
  return code >= 400 ? "bad" : code >= 300 ? "aside" : "good";
}

function factsNode(request) {
  const { response, sent, reused } = request;
  if (!response) return h("ul", { class: "facts" }, h("li", { class: "bad" }, "No response"));
  const [head, body, decoded] = response.sizes;
  const facts = [
    timeText(response.time),
    `↓ ${sizeText(head + body)}${decoded > body ? ` (${sizeText(decoded)} unpacked)` : ""}`,
    sent ? `↑ ${sizeText(sent[0] + sent[1])}` : "",
    `HTTP/${response.version}`,
    response.tls,
    response.remote,
    reused ? "connection reused" : "",
    request.main && request.source === "script" ? "run by a script" : "",
  ];
  const status = h("li", { class: statusTone(response.code) }, `${response.code} ${response.status}`.trim());
  return h("ul", { class: "facts" }, status, facts.filter(Boolean).map((fact) => h("li", {}, fact)));
}

const PHASES = [
  ["prepare", "prepare"], ["wait", "wait"], ["dns", "DNS"], ["tcp", "TCP"], ["tls", "TLS"],
  ["first_byte", "first byte"], ["download", "download"], ["process", "process"],
];

function phasesNode(phases) {
  const shown = PHASES.map(([key, name], number) => [name, phases[key], number]).filter(([, time]) => time !== undefined);
  if (!shown.length) return null;
  const bar = h("div", { class: "phases", "aria-hidden": "true" }, shown.map(([name, time, number]) => {
    const part = h("i", { class: `p${number}`, title: `${name}: ${timeText(time)}` });
    part.style.flexGrow = time;
    return part;
  }));
  const list = shown.map(([name, time, number]) => h("li", {}, h("i", { class: `swatch p${number}` }), `${name} `, h("b", {}, timeText(time))));
  return section("Timings", bar, h("ul", { class: "phase-list" }, list, h("li", {}, "total ", h("b", {}, timeText(phases.total || 0)))));
}

function hopsNode(hops) {
  if (!hops) return null;
  return section(`Redirects (${hops.length - 1})`, h("ol", { class: "hops" }, hops.map(([method, url, code, status, time]) =>
    h("li", {}, h("span", { class: "method" }, method), ` ${url} `, h("b", { class: statusTone(code) }, `${code} ${status}`), ` ${timeText(time)}`))));
}

function errorNode(error, title) {
  const more = error.code ? ` (${error.code})` : "";
  return h("div", { class: "alert" }, h("h3", {}, `${title}${more}`), h("pre", {}, `${error.name}: ${error.message}`),
    error.hint ? h("p", { class: "hint" }, error.hint) : null);
}

/** Request and response of one send. */
function exchangeNodes(request) {
  const { response } = request;
  return [
    request.error ? errorNode(request.error, "The request failed") : null,
    section("Request",
      headersNode(request.headers, "Request"),
      request.body ? bodyNode(request.body, "Request body") : h("p", { class: "muted" }, "No body")),
    hopsNode(request.hops),
    response ? section("Response",
      headersNode(response.headers, "Response"),
      response.body ? bodyNode(response.body, "Response body") : h("p", { class: "muted" }, "No body")) : null,
    response ? phasesNode(response.phases) : null,
  ];
}

function requestLine(request) {
  return h("div", { class: "request-line" },
    h("p", {}, h("span", { class: "method" }, request.method), ` ${request.url}`),
    h("span", { class: "tools" }, copyButton("Copy URL", request.url), request.curl ? copyButton("Copy as curl", request.curl) : null));
}

/** What an assertion says is wrong; of a difference from a snapshot what it has (-), and what came (+). */
function messageNode({ name, message }) {
  if (name !== "SnapshotError") return h("pre", {}, `${name}: ${message}`);
  return h("pre", { class: "changes" }, message.split("\n").map((line) => h("span", { class: `diff ${{ "-": "bad", "+": "good" }[line[0]] || ""}` }, line)));
}

function checksNode(assertions) {
  if (!assertions.length) return null;
  const failed = assertions.filter((check) => check.error).length;
  const items = assertions.map((check) => {
    const verdict = VERDICTS[check.error ? 1 : check.skipped ? 2 : 0];
    return h("li", {}, h("span", { class: `mark ${verdict.tone}`, "aria-hidden": "true" }, verdict.mark),
      h("span", {}, h("span", { class: "unseen" }, `${verdict.name}: `), check.assertion, check.listen === "prerequest" ? h("span", { class: "where" }, " pre-request") : null),
      check.error ? messageNode(check.error) : null);
  });
  return section(`Tests (${assertions.length}${failed ? `, ${failed} failed` : ""})`, h("ul", { class: "checks" }, items));
}

function scriptNode({ listen, owner, error, excerpt }) {
  const place = error.lineNumber ? `, line ${error.lineNumber}${error.columnNumber ? `, column ${error.columnNumber}` : ""}` : "";
  const node = errorNode(error, `Error in the ${listen === "test" ? "test" : "pre-request"} script of ${owner || "this request"}${place}`);
  if (excerpt) {
    const [first, lines] = excerpt;
    node.append(h("pre", { class: "excerpt" }, lines.flatMap((line, offset) => {
      const number = first + offset;
      const text = `${String(number).padStart(4)}  ${line}\n`;
      return number === error.lineNumber ? h("span", { class: "at" }, text) : text;
    })));
  }
  return node;
}

const SENDERS = { script: "pm.sendRequest", auth: "auth", item: "request" };

function subNode(request) {
  const outcome = request.response ? `${request.response.code} ${request.response.status}` : "failed";
  const node = h("details", { class: "sub" }, h("summary", {}, `${SENDERS[request.source] || request.source}: ${request.method} ${request.url} → ${outcome}`));
  node.addEventListener("toggle", () => {
    if (node.open && !node.querySelector("div")) node.append(h("div", {}, requestLine(request), factsNode(request), exchangeNodes(request)));
  });
  node.open = Boolean(request.error);
  return node;
}

function consoleNode(lines) {
  if (!lines.length) return null;
  return section(`Console (${lines.length})`, h("ul", { class: "console" },
    lines.map(([level, text]) => h("li", { class: level }, h("span", { class: "muted" }, level), h("span", {}, text)))));
}

/** The attempts that failed before the one that counts. */
function attemptsNode(attempts) {
  if (!attempts) return null;
  return section(`Attempts before (${attempts.length})`, attempts.map((attempt, place) => {
    const when = attempt.delay ? `in ${timeText(attempt.delay)}` : "at once";
    const node = h("details", { class: "sub attempt" }, h("summary", {}, `Attempt ${place + 1}: ${attempt.reason}, again ${when}`));
    node.addEventListener("toggle", () => {
      if (node.open && !node.querySelector("div")) node.append(h("div", {}, partNodes(attempt)));
    });
    return node;
  }));
}

/** What came of an execution or an attempt: the item's own request, scripts, tests, what else was sent, the console. */
function partNodes(found) {
  const main = found.requests.find((request) => request.main);
  const others = found.requests.filter((request) => request !== main);
  return [
    main ? requestLine(main) : null,
    main ? factsNode(main) : null,
    found.scripts.map(scriptNode),
    checksNode(found.assertions),
    main ? exchangeNodes(main) : null,
    others.length ? section(`Sub-requests (${others.length})`, others.map(subNode)) : null,
    consoleNode(found.console),
  ];
}

function stepsNode(row) {
  const shown = visible.filter((entry) => !entry.heading);
  const place = shown.findIndex((entry) => entry.index === row.index);
  const step = (to, word) => h("button", { type: "button", disabled: !shown[to], click: () => { go({ open: shown[to].index }); } }, word);
  return h("div", { class: "pager" },
    h("button", { type: "button", class: "to-list", click: close }, "← All requests"),
    step(place < 0 ? -1 : place - 1, "Previous"), step(place < 0 ? -1 : place + 1, "Next"),
    h("button", { type: "button", class: "shut", click: close }, "Close"));
}

function placeText(row) {
  const cycle = iterations.length > 1 ? iterationPlace(row.iteration) : "";
  return [folderName(row.folder), cycle].filter(Boolean).join(" · ");
}

/** What the collection says of a request and of the folders around it. */
function aboutNode(row) {
  const folders = run.folders.map((path, place) => [path.join(" / "), run.about[place], place])
    .filter(([, text, place]) => text && inFolder(row, place));
  if (!row.about && !folders.length) return null;
  return h("details", { class: "about" }, h("summary", {}, "Description"),
    row.about ? h("p", { class: "prose" }, row.about) : null,
    folders.map(([name, text]) => [h("h3", {}, name), h("p", { class: "prose" }, text)]));
}

function detailNodes(row, found) {
  const sent = found.requests.length > 0;
  const verdict = VERDICTS[row.verdict];
  const [, , data] = iterationAt(row.iteration);
  return [
    stepsNode(row),
    h("div", {}, h("p", { class: "where" }, placeText(row)), h("h2", { id: "h-details", tabindex: -1 },
      h("span", { class: verdict.tone }, h("span", { "aria-hidden": "true" }, `${verdict.mark} `), h("span", { class: "unseen" }, `${verdict.name}: `)), row.name)),
    aboutNode(row),
    sent ? null : h("p", { class: "muted" }, found.skipped ? `Skipped ${found.skipped}.` : "No request was sent."),
    attemptsNode(found.attempts),
    partNodes(found),
    data.length ? section("Iteration data", pairsTable(data, "Iteration data")) : null,
  ].flat(2).filter(Boolean);
}

// -- the page ------------------------------------------------------------------------------------------------------

let opened = null;
let scrolled = 0;

const narrow = () => matchMedia("(max-width: 63.99rem)").matches;

function close() {
  const place = active;
  go({ open: null });
  setTimeout(() => { if (visible.length) moveTo(place); }, 0);
}

function showDetails() {
  const details = $("#details");
  if (state.open === opened) return;
  if (opened === null) scrolled = scrollY;
  const before = opened;
  opened = state.open;
  document.body.classList.toggle("opened", opened !== null);
  details.hidden = opened === null;
  if (opened === null) {
    details.replaceChildren();
    if (narrow()) scrollTo(0, scrolled);
    return;
  }
  details.replaceChildren(...detailNodes(rows[opened], readDetails(opened)));
  const inList = $("#list").contains(document.activeElement) && !narrow();
  if (!inList && (before !== null || document.activeElement !== document.body || narrow())) $("#h-details").focus({ preventScroll: true });
  if (!inList || details.getBoundingClientRect().top < 0) (narrow() ? details : $("#executions .panes")).scrollIntoView();
}

function show() {
  const before = state;
  state = readState();
  showTheme();
  const found = matching(state);
  showFilters(found);
  showIteration();
  const sameList = ["filter", "search", "folder", "iteration", "open", "time"].every((key) => String(before[key]) === String(state[key]));
  showDetailsAndList(found, sameList);
  drawTimeline();
}

function showDetailsAndList(found, sameList) {
  if (sameList && visible.length) return;
  const focused = document.activeElement?.dataset?.place;
  const changed = state.open !== opened;
  visible = entriesOf(found);
  if (changed) {
    if (focused !== undefined && !narrow()) $("#list").focus({ preventScroll: true });
    showDetails();
  }
  showList(found);
  if (focused !== undefined && !narrow() && state.open !== null) drawn.get(active)?.firstChild.focus({ preventScroll: true });
}

for (const link of document.querySelectorAll("[data-jump]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    $(`#${link.dataset.jump}`).focus();
    $(`#${link.dataset.jump}`).scrollIntoView();
  });
}

$("#executions").hidden = false;
$("#list").tabIndex = -1;
makeTheme();
makeFilters();
makeTimeline();
makeList();
addEventListener("hashchange", show);
$("#details").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
show();
