// The page of a notebook: what the server tells is shown, what the visitor sets is sent.
// No libraries. One program in three files, which are put together when they are packed.
"use strict";
(() => {
const main = document.getElementById("notebook");
const data = document.body.dataset;
const base = new URL(data.base || "./", location.href);
const query = new URLSearchParams(location.search);

const theme = query.get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

// A new node; props: properties, or attributes where the name has a hyphen or is "role".
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const name in props || {}) {
    const value = props[name];
    if (/-|^role$|^for$/.test(name)) value !== null && node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter(child => child !== null));
  return node;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const plural = (count, word) => count + " " + word + (count === 1 ? "" : "s");

// The session: one for each tab. It is not in the storage while the page is seen, so that a
// duplicated tab, which gets a copy of the storage, begins a session of its own.

const KEY = "marimo " + base.pathname;
let session = takeSession() || data.session || randomId();

function takeSession() {
  try {
    const id = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return id;
  } catch { return null; }
}

function keepSession() {
  try { sessionStorage.setItem(KEY, session); } catch { /* private windows: a new session */ }
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

// The connection: a WebSocket, or events and POST where there is something between that lets no
// WebSocket through. Whatever fails is tried again, both ways in turn.

const OPENING = 15000;  // ms for the first message
const QUIET = 20000;  // ms without a message before the server is asked whether it is there
const LONGEST = 15000;  // ms between attempts
const ELSEWHERE = 4409;  // the code of a connection that another window has taken over
let way = "ws";
let link = null;  // the WebSocket or EventSource
let open = false;  // whether it has told something
let proven = false;  // whether ``way`` has worked on this page
let failures = 0;
let timer = 0;
let watch = 0;
let again = false;  // whether there was a connection before
let refusal = null;  // what the server has said instead of beginning

function address(name) {
  const url = new URL(name, base);
  url.search = query;
  url.searchParams.set("session_id", session);
  return url;
}

function connect() {
  clearTimeout(timer);
  drop();
  open = false;
  const url = address(way === "ws" ? "ws" : "events");
  try {
    if (way === "ws") {
      url.protocol = url.protocol.replace("http", "ws");
      link = new WebSocket(url);
      link.onclose = event => event.code === ELSEWHERE ? yielded() : lost();
    } else {
      link = new EventSource(url);
      link.onerror = () => lost();
    }
    link.onmessage = event => heard(event.data);
  } catch {
    return lost();
  }
  watch = setTimeout(lost, OPENING);
  showState();
}

// Let go of the link without a word from it.
function drop() {
  clearTimeout(watch);
  if (!link) return;
  link.onclose = link.onerror = link.onmessage = null;
  link.close();
  link = null;
}

function lost() {
  const refused = refusal;
  drop();
  clearTimeout(timer);
  if (open) failures = 0;
  // A server that has said why is there: the other way would be told the same.
  else if (++failures && !refused && !proven) way = way === "ws" ? "events" : "ws";
  again = again || open;
  open = false;
  refusal = null;
  settle(false);
  const wait = Math.min(LONGEST, 300 * 1.7 ** failures) * (0.75 + Math.random() / 2);
  timer = setTimeout(refused && refused.reload ? renew : connect, wait);
  showState(refused ? refused.message : "");
}

// Another window has this session now. Two that take it from each other would help nobody.
function yielded() {
  drop();
  open = false;
  again = true;
  settle(false);
  showState("This notebook goes on in another window.");
  stateButton.hidden = false;
}

// The server does not know this page any more: ask for the page once more, for another session.
async function renew() {
  try {
    const answer = await fetch(location, {cache: "no-store"});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const script = page.querySelector("script[src*='assets/notebook.js']");
    const ours = document.querySelector("script[src*='assets/notebook.js']");
    if (!answer.ok || !page.body.dataset.session) return lost();
    if (script.getAttribute("src") !== ours.getAttribute("src")) return location.reload();
    session = page.body.dataset.session;
  } catch {
    return lost();
  }
  connect();
}

function heard(text) {
  clearTimeout(watch);
  watch = setTimeout(ask, QUIET);
  let message;
  try { message = JSON.parse(text); } catch { return; }
  if (message.op === "cells") {
    open = proven = true;
    failures = 0;
  } else if (!open) {
    if (message.op === "error") refusal = message;
    return;
  }
  const known = Object.prototype.hasOwnProperty.call(receivers, message.op);
  if (known) receivers[message.op](message);
}

// Is anybody there? A connection can be gone without a word.
function ask() {
  watch = setTimeout(lost, QUIET / 2);
  tell({op: "ping"});
}

function tell(message) {
  const text = JSON.stringify(message);
  if (way === "ws") return link.send(text);
  const headers = {"Content-Type": "application/json", "Marimo-Session-Id": session};
  const mine = link;
  fetch(new URL("set", base), {method: "POST", headers, body: text}).then(async answer => {
    if (answer.ok || link !== mine) return;
    if (answer.status === 403 || answer.status === 404) return lost();
    const words = await answer.text();
    notice(json(words, {}).detail || words.slice(0, 300) || "The server did not take it.");
    settle(true);
  }, () => link === mine && lost());
}

// Sending. One message at a time is on its way, so that a slow board is never flooded: what is
// set meanwhile waits, the last value of each element.

let ready = false;  // whether the cells are as the server has them
let waiting = new Map();  // element id -> value
let sent = null;  // such a map, on its way
let actions = new Set();  // ids of those that must not be sent twice
let quiet = true;  // whether what happens now was not asked for by the visitor

function set(id, value, options = {}) {
  waiting.set(id, value);
  if (options.action) actions.add(id);
  if (!options.automatic) quiet = false;
  flush();
}

function flush() {
  if (!ready || sent || !waiting.size) return;
  sent = waiting;
  waiting = new Map();
  for (const out of main.getElementsByClassName("out")) out.ariaLive = quiet ? "off" : "polite";
  tell({op: "set", values: Object.fromEntries(sent)});
}

// What was on its way has arrived, or is lost: then it waits again, but for clicks.
function settle(arrived) {
  if (!arrived) ready = false;
  if (!arrived && sent) {
    for (const [id, value] of sent) {
      if (!waiting.has(id) && !actions.has(id)) waiting.set(id, value);
    }
  }
  sent = null;
  if (!waiting.size) {
    actions.clear();
    quiet = true;
  }
  flush();
}

const receivers = {
  cells(message) {
    ready = false;
    sent = null;
    if (!message.resumed) {
      // The cells run anew: what was set before was set for others.
      waiting.clear();
      for (const element of everyElement()) element.dirty = false;
      if (again) notice("The notebook was started anew; its values are those of the beginning.");
    }
    again = false;
    if (message.title) document.title = message.title;
    showCells(message.cells);
    showState();
  },
  cell: showCell,
  value(message) {
    for (const element of elements.get(message.id) || []) element.receive(message.value);
  },
  query(message) {
    const url = new URL(location);
    url.search = "";
    for (const [name, values] of Object.entries(message.values)) {
      for (const value of [].concat(values)) url.searchParams.append(name, value);
    }
    history.replaceState(history.state, "", url);
    query.forEach((_, name) => query.delete(name));
    url.searchParams.forEach((value, name) => query.append(name, value));
  },
  done() {
    ready = true;
    settle(true);
    main.ariaBusy = "false";
    main.classList.remove("waiting");
  },
  error(message) {
    const group = elements.get(message.id);
    if (group) for (const element of group) element.refuse(message.message);
    else notice(message.message);
    // What was refused as a whole is not followed by anything.
    if (sent) settle(true);
  },
  pong() {},
};

// What is said of it all

const stateBox = document.getElementById("state");
const [stateWords, stateButton] = stateBox.children;
const progress = document.getElementById("progress");
stateButton.onclick = connect;

function showState(reason) {
  const state = open ? "open" : failures || again ? "lost" : "connecting";
  let words = {open: "Connected", lost: "Connection lost, trying again…",
               connecting: "Connecting…"}[state];
  if (reason) words = reason;
  stateBox.dataset.state = state;
  if (stateWords.textContent !== words) stateWords.textContent = words;
  stateButton.hidden = open || failures < 2;
  main.classList.toggle("away", !open);
}

function notice(text) {
  const box = document.getElementById("notices");
  if ([...box.children].some(item => item.firstChild.textContent === text)) return;
  const close = h("button", {type: "button", textContent: "×", "aria-label": "Close",
                             onclick: () => item.remove()});
  const item = h("div", {className: "notice"}, h("p", {textContent: text}), close);
  box.append(item);
  while (box.children.length > 3) box.firstChild.remove();
}

// Cells

const cells = new Map();  // id -> {node, out, error, console, status}
let most = 0;  // cells that have waited at the same time in this run

function showCells(list) {
  const old = new Map(cells);
  cells.clear();
  let previous = null;
  for (const {id, name, hide, code} of list) {
    const cell = old.get(id) || newCell(id);
    old.delete(id);
    cells.set(id, cell);
    if (name && name !== "_") cell.node.dataset.name = name;
    showCode(cell, code, hide);
    const next = previous ? previous.nextSibling : main.firstChild;
    if (next !== cell.node) main.insertBefore(cell.node, next);
    previous = cell.node;
    if (cell.status) cell.node.dataset.status = cell.status = "queued";
  }
  for (const cell of old.values()) cell.node.remove();
  main.querySelector(":scope > noscript")?.remove();
  most = 0;
}

function newCell(id) {
  const cell = {
    out: h("div", {className: "out", "aria-live": "off"}),
    error: h("div", {className: "error", hidden: true, "aria-live": "polite"}),
    console: h("pre", {className: "console", hidden: true, tabIndex: 0,
                       "aria-label": "Printed by this cell"}),
    code: null,
  };
  cell.node = h("section", {className: "cell", id: "cell-" + id}, cell.out, cell.error,
                cell.console);
  return cell;
}

function showCode(cell, code, hide) {
  if (!code) return;
  if (!cell.code) {
    cell.code = h("details", {className: "code", open: !hide},
                  h("summary", {textContent: "Code"}), h("pre", {tabIndex: 0}));
    cell.node.prepend(cell.code);
  }
  cell.code.lastChild.textContent = code;
}

function showCell({id, status, output, console: lines, error}) {
  const cell = cells.get(id);
  if (!cell) return;
  const ended = status !== "queued" && status !== "running";
  if (status === "running") cell.printed = false;
  cell.status = cell.node.dataset.status = status;
  cell.node.ariaBusy = String(!ended);
  if (output) {
    update(cell.out, output.html);
    cell.out.dataset.mime = output.mime;
  } else if (error) update(cell.out, "");
  if (error) showError(cell.error, error);
  else if (ended) cell.error.hidden = true;
  if (lines) {
    cell.printed = true;
    print(cell.console, lines.join(""));
  } else if (ended && !cell.printed) print(cell.console, "");
  showProgress();
}

function showError(box, {type, message}) {
  box.hidden = false;
  box.dataset.type = type;
  const names = {ancestor: "Not run", "ancestor-stopped": "Not run", cycle: "Cells in a circle",
                 "multiple-defs": "Defined more than once", syntax: "Syntax error",
                 internal: "Internal error", exception: "Error"};
  const name = names[type] || type;
  if (box.textContent === name + message) return;
  box.replaceChildren(h("strong", {textContent: name}), h("p", {textContent: message}));
}

function print(box, text) {
  if (box.textContent === text) return;
  const below = box.scrollHeight - box.scrollTop - box.clientHeight < 8;
  // Only what is new, where that goes: a selection in the rest is kept.
  const old = box.textContent;
  if (old && text.startsWith(old)) box.append(text.slice(old.length));
  else box.textContent = text;
  box.hidden = !text;
  if (below) box.scrollTop = box.scrollHeight;
}

function showProgress() {
  let busy = 0;
  for (const cell of cells.values()) busy += cell.node.ariaBusy === "true" ? 1 : 0;
  most = busy ? Math.max(most, busy) : 0;
  progress.classList.toggle("on", busy > 0);
  progress.style.transform = `scaleX(${busy ? Math.max(0.05, 1 - busy / most) : 1})`;
}

// Updates in place: nodes stay where the new HTML has the like, with focus, caret, scrolling and
// what is open. Nodes with ``own`` are the page's, not the server's.

function update(box, html) {
  const wanted = new DOMParser().parseFromString(html, "text/html").body;
  const focus = focused();
  syncChildren(box, wanted);
  if (focus) refocus(focus);
}

function syncChildren(parent, source) {
  let end = null;
  for (let node = parent.lastChild; node && node.own; node = node.previousSibling) end = node;
  if (end === parent.firstChild) end = null;
  const skip = node => {
    while (node && node.own && node !== end) node = node.nextSibling;
    return node;
  };
  let at = skip(parent.firstChild);
  for (const wanted of source.childNodes) {
    const found = match(parent, at === end ? null : at, wanted);
    if (!found) {
      parent.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (found === at) at = skip(at.nextSibling);
    else parent.insertBefore(found, at);
    sync(found, wanted);
  }
  while (at && at !== end) {
    const next = skip(at.nextSibling);
    at.remove();
    at = next;
  }
}

// The child of ``parent`` that is to become like ``wanted``; ``at`` is next in turn.
function match(parent, at, wanted) {
  const alike = node => node.nodeName === wanted.nodeName && !node.own;
  if (wanted.id) {
    for (const node of parent.children) if (node.id === wanted.id && alike(node)) return node;
    return null;
  }
  return at && (!at.id || at.named) && alike(at) ? at : null;
}

function sync(node, wanted) {
  if (node.nodeType !== 1) {
    if (node.data !== wanted.data) node.data = wanted.data;
    return;
  }
  if (node.leaf) return node.take(wanted);
  syncAttributes(node, wanted);
  syncChildren(node, wanted);
  if (node.take) node.take(wanted);
}

function syncAttributes(node, wanted) {
  for (const {name, value} of wanted.attributes) {
    // Whoever has opened something wants it open.
    if (name === "open" && node.nodeName === "DETAILS") continue;
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  for (const {name} of [...node.attributes]) {
    if (!wanted.hasAttribute(name) && name !== "open") node.removeAttribute(name);
  }
}

// Where the focus is in an element, so that it is found again in a new one with the same id.
function focused() {
  const active = document.activeElement;
  const host = active && active.closest("[id^=cell-] [id]");
  if (!host) return null;
  const index = [...host.querySelectorAll(CONTROLS)].indexOf(active);
  return {active, id: host.id, index, start: active.selectionStart, end: active.selectionEnd};
}

function refocus({active, id, index, start, end}) {
  if (active.isConnected && document.activeElement === active) return;
  const host = document.getElementById(id);
  const control = index < 0 ? host : host && host.querySelectorAll(CONTROLS)[index];
  if (!control) return;
  control.focus({preventScroll: true});
  if (typeof start === "number") try { control.setSelectionRange(start, end); } catch { /* none */ }
}

