// What the pages of all reports have: making elements, and the theme. A page has `state.theme` and `adjust({ theme })`.
"use strict";

const $ = (selector) => document.querySelector(selector);

/** An element with attributes (a function is a listener) and children; texts become text nodes, never markup. */
function h(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function remembered(theme) {
  try {
    if (theme) localStorage.setItem("postrunner-theme", theme);
    return localStorage.getItem("postrunner-theme") || "";
  } catch {
    return ""; // a browser may keep nothing for a page from a file
  }
}

function showTheme(chosen) {
  const theme = chosen || state.theme || remembered() || (prefersDark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  $("#theme").textContent = theme === "dark" ? "Light theme" : "Dark theme";
}

function makeTheme() {
  $("#theme").hidden = false;
  $("#theme").addEventListener("click", () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    remembered(theme);
    if (state.theme) adjust({ theme });
    showTheme(theme);
  });
  prefersDark.addEventListener("change", () => showTheme());
}
