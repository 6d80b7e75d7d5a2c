// Bodies: laid out and coloured by what they are; the text itself is never changed, only broken into lines.

const colour = (kind, text) => (kind ? h("span", { class: kind }, text) : text);

// A body of nothing but opening brackets would be mostly indentation otherwise.
const DEEPEST = 40;
const indent = (depth) => `\n${"  ".repeat(Math.min(Math.max(0, depth), DEEPEST))}`;

const JSON_TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|\s+|[^\s"{}[\],:]+/g;
const JSON_WORD = /^(?:["{}[\],:]|-?\d|true$|false$|null$)/;

/** Whether a text has only words of JSON; the last one may be cut. Anything else would be changed by laying it out. */
function isJson(text) {
  const tokens = (text.match(JSON_TOKEN) || []).filter((token) => token.trim());
  return tokens.length > 0 && tokens.every((token, place) => JSON_WORD.test(token) || place === tokens.length - 1);
}

/** JSON by its tokens, so that big numbers keep their digits and half a document is no problem. */
function layJson(text) {
  const pieces = [];
  let depth = 0;
  const tokens = (text.match(JSON_TOKEN) || []).filter((token) => token.trim());
  const line = () => indent(depth);
  tokens.forEach((token, place) => {
    const next = tokens[place + 1];
    if (token === "{" || token === "[") {
      depth += 1;
      pieces.push(token, next === "}" || next === "]" ? "" : line());
    } else if (token === "}" || token === "]") {
      depth -= 1;
      const before = tokens[place - 1];
      pieces.push(before === "{" || before === "[" ? "" : line(), token);
    } else if (token === ",") pieces.push(token, line());
    else if (token === ":") pieces.push(": ");
    else pieces.push(colour(jsonKind(token, next), token));
  });
  return pieces;
}

function jsonKind(token, next) {
  if (token.startsWith('"')) return next === ":" ? "k" : "s";
  return /^-?\d/.test(token) ? "n" : "l";
}

const XML_TOKEN = /<!--[^]*?(?:-->|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)|<[^>]*>?|[^<]+/g;
const VOID = /^<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b/i;
const KEPT = /^<(pre|script|style|textarea)\b/i;

/** XML and HTML: an element on its own line, a text beside its tag. */
function layXml(text, html) {
  const pieces = [];
  const tokens = (text.match(XML_TOKEN) || []).filter((token) => token.trim());
  let depth = 0;
  tokens.forEach((token, place) => {
    const before = tokens[place - 1] || "";
    const closing = token.startsWith("</");
    const opening = /^<[^/!?]/.test(token);
    if (closing) depth = Math.max(0, depth - 1);
    const joined = place === 0 || (!token.startsWith("<") && /^<[^/!?]/.test(before) && !before.endsWith("/>"))
      || (closing && (!before.startsWith("<") || (before.slice(1).split(/[\s>]/)[0] === token.slice(2).split(/[\s>]/)[0])));
    if (!joined) pieces.push(indent(depth));
    pieces.push(...(token.startsWith("<") ? colourTag(token) : [KEPT.test(before) ? token : token.trim()]));
    if (opening && !token.endsWith("/>") && !(html && VOID.test(token))) depth += 1;
  });
  return pieces;
}

function colourTag(tag) {
  if (/^<[!?]/.test(tag)) return [colour("c", tag)];
  const parts = tag.match(/^<\/?[^\s>/]*|"[^"]*"?|'[^']*'?|[^\s=>"'/]+|[^]/g) || [];
  const named = [];
  let next = "";
  for (let place = parts.length - 1; place >= 0; place -= 1) {
    named[place] = next === "=";
    if (parts[place].trim()) next = parts[place];
  }
  const pieces = [];
  let plain = "";
  for (const [place, part] of parts.entries()) {
    const kind = place === 0 ? "k" : /^["']/.test(part) ? "s" : named[place] && part.length > 1 ? "n" : "";
    if (kind) {
      pieces.push(plain, colour(kind, part));
      plain = "";
    } else plain += part;
  }
  return [...pieces, plain];
}

/** How a body is laid out: by how it begins, then by its type. */
function layoutOf(type, text) {
  const start = text.trimStart().slice(0, 200);
  if (start.startsWith("<")) {
    if (/html/i.test(type) || /^<!doctype html|^<html/i.test(start)) return (whole) => layXml(whole, true);
    return /xml/i.test(type) || /^<\?xml|^<\w/.test(start) ? (whole) => layXml(whole, false) : null;
  }
  return (/json/i.test(type) || /^[[{]/.test(start)) && isJson(text) ? layJson : null;
}

function hexLines(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length; start += 16) {
    const part = [...bytes.slice(start, start + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${start.toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join("\n");
}

function bodyNode(body, label) {
  const facts = h("span", {}, [(body.type || "unknown type").split(";")[0], sizeText(body.size)].join(" · "));
  const box = (...inside) => h("div", { class: "code" }, h("div", { class: "code-top" }, facts, inside[0]), inside.slice(1));
  if (body.omitted) return box(null, h("p", { class: "note" }, "Left out by an option of the report."));
  if (body.picture) return box(null, h("img", { src: `data:${body.type.split(";")[0]};base64,${body.data}`, alt: label }));
  if (body.data !== undefined) {
    const bytes = Uint8Array.from(atob(body.data), (character) => character.charCodeAt(0));
    const note = bytes.length < body.size ? h("p", { class: "note" }, `No text: the first ${bytes.length} bytes of ${body.size}.`) : null;
    return box(null, h("pre", { tabindex: 0, "aria-label": label }, hexLines(bytes)), note);
  }
  return textNode(body, label, box);
}

function textNode(body, label, box) {
  const lay = body.form ? null : layoutOf(body.type, body.text);
  const view = h("div");
  const buttons = body.form || lay ? ["Pretty", "Raw"].map((name) => h("button", { type: "button", click: () => show(name) }, name)) : [];
  const pre = (content) => h("pre", { tabindex: 0, role: "region", "aria-label": label }, content);
  function show(name) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === name));
    if (name === "Raw") view.replaceChildren(pre(body.text));
    else view.replaceChildren(body.form ? pairsTable(body.form, "Fields of the form") : pre(lay(body.text)));
  }
  show(buttons.length ? "Pretty" : "Raw");
  const note = body.cut ? h("p", { class: "note" }, `Cut here: ${body.cut.toLocaleString("en")} more characters.`) : null;
  const tools = [h("span", { role: "group", "aria-label": `${label}: layout` }, buttons), copyButton("Copy", body.text)];
  return box(h("span", { class: "tools" }, tools), view, note);
}
