// The page of a notebook: what the server tells is shown, what the visitor sets is sent.
// No libraries. Parts: the connection, sending, cells, updates in place, the elements.
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

// Elements

const CONTROLS = "input, select, textarea, button";
const elements = new Map();  // id -> set of elements: one can be shown more than once
let serial = 0;

function* everyElement() {
  for (const group of elements.values()) yield* group;
}

function json(text, otherwise) {
  try { return JSON.parse(text); } catch { return otherwise; }
}

// What all have in common. ``wire`` is the value as it is sent. Subclasses: make() builds the
// controls, arrange() has them follow ``args``, show(value) has them show a value.
class Element extends HTMLElement {
  get leaf() { return true; }

  connectedCallback() {
    if (!elements.has(this.id)) elements.set(this.id, new Set());
    elements.get(this.id).add(this);
    if (this.args) return this.attached();
    this.begin();
    this.take(this);
    this.attached();
  }

  disconnectedCallback() {
    const group = elements.get(this.id);
    if (group && group.delete(this) && !group.size) elements.delete(this.id);
    this.detached();
  }

  begin() {
    this.labelNode = this.querySelector(":scope > .firn-label");
    this.replaceChildren();
    this.make();
    const control = this.querySelector(CONTROLS);
    const key = this.previousElementSibling;
    if (this.labelNode) this.setLabel(this.labelNode, control);
    else if (key && key.className === "firn-key" && control) {
      control.setAttribute("aria-label", key.textContent);
    }
  }

  setLabel(source, control) {
    if (!control.id) control.id = "firn-" + ++serial;
    const label = h("label", {className: "firn-label", for: control.id});
    label.append(...source.childNodes);
    this.labelNode = label;
    this.prepend(label);
  }

  // Follow what the server's HTML says: ``source`` is this element itself, or a new one.
  take(source) {
    const text = source.dataset.args;
    if (text !== this.argsText) {
      this.argsText = text;
      this.args = json(text, {});
      this.classList.toggle("wide", !!this.args.wide);
      if (this.leaf) {
        this.arrange();
        for (const control of this.querySelectorAll(CONTROLS)) {
          control.disabled = !!this.args.disabled;
        }
      }
    }
    if (source !== this && this.leaf) this.takeLabel(source);
    this.initial = json(source.dataset.value, null);
    this.receive(this.initial);
  }

  takeLabel(source) {
    const label = source.querySelector(":scope > .firn-label");
    if (label && this.labelNode && this.labelNode.innerHTML !== label.innerHTML) {
      this.labelNode.replaceChildren(...document.importNode(label, true).childNodes);
    }
  }

  // A value of the server: not over what the visitor has done since.
  receive(value) {
    if (this.dirty || waiting.has(this.id)) return;
    this.wire = value;
    this.show(value);
  }

  // Keep a node over what the server makes of this element.
  ours(node) {
    node.own = true;
    return node;
  }

  // What the server says about the value that was set last; nothing when it is set again.
  refuse(text) {
    if (!text && !this.refusal) return;
    this.refusal ??= this.ours(h("p", {className: "refusal", role: "alert"}));
    this.append(this.refusal);
    this.refusal.textContent = text;
    this.refusal.hidden = !text;
  }

  // The visitor has set a value.
  commit(value, options) {
    this.dirty = false;
    if (same(this.wire, value)) return;
    this.wire = value;
    for (const other of elements.get(this.id) || []) {
      if (other !== this) {
        other.wire = value;
        other.show(value);
      }
    }
    this.send(value, options);
  }

  send(value, options) {
    for (const element of elements.get(this.id) || []) element.refuse("");
    // A form sends what is in it.
    if (!this.parentElement.closest("firn-form")) set(this.id, value, options);
  }

  make() {}
  arrange() {}
  show() {}
  attached() {}
  detached() {}
}

function define(name, element) { customElements.define("firn-" + name, element); }

function attribute(node, name, value) {
  if (value === undefined || value === null || value === "" || value === false) {
    node.removeAttribute(name);
  } else node.setAttribute(name, value);
}

const brief = number => String(Number(Number(number).toPrecision(10)));

class Slider extends Element {
  make() {
    this.ranges = this.newRanges();
    this.track = h("span", {className: "track"}, ...this.ranges);
    this.field = h("input", {type: "number", "aria-label": "Value"});
    this.field.onchange = () => this.typed();
    this.output = h("output", {"aria-live": "off"});
    this.append(this.track, this.field, this.output);
    for (const range of this.ranges) {
      range.oninput = () => {
        this.dirty = true;
        this.moved(range);
        this.mark();
        if (this.args.live !== false) this.commit(this.read());
      };
      range.onchange = () => this.commit(this.read());
    }
  }

  newRanges() { return [h("input", {type: "range"})]; }

  arrange() {
    const {steps, start, stop, step} = this.args;
    for (const node of [...this.ranges, this.field]) {
      node.min = steps ? 0 : start;
      node.max = steps ? steps.length - 1 : stop;
      node.step = steps ? 1 : step ?? "any";
    }
    this.field.hidden = !this.args.input || !!steps || this.ranges.length > 1;
    this.output.hidden = !this.args.show;
    this.track.classList.toggle("vertical", !!this.args.vertical);
  }

  moved() {}
  read() { return this.ranges[0].valueAsNumber; }

  typed() {
    if (!this.field.value || !this.field.reportValidity()) return;
    const value = this.field.valueAsNumber;
    this.commit(value);
    this.show(value);
  }

  show(value) {
    [].concat(value).forEach((part, index) => {
      if (this.ranges[index] && this.ranges[index].valueAsNumber !== part) {
        this.ranges[index].value = part;
      }
    });
    this.mark();
  }

  // What is seen and heard of the value.
  mark() {
    const words = [];
    this.ranges.forEach((range, index) => {
      const value = range.valueAsNumber;
      const text = brief(this.args.steps ? this.args.steps[value] : value);
      words.push(text);
      attribute(range, "aria-valuetext", text);
      const part = (value - range.min) / (range.max - range.min || 1);
      this.track.style.setProperty(index ? "--high" : "--low", part);
    });
    this.output.textContent = words.join(" – ");
    if (document.activeElement !== this.field) this.field.value = this.ranges[0].value;
  }
}
define("slider", Slider);

define("range-slider", class extends Slider {
  newRanges() {
    return [h("input", {type: "range", "aria-label": "From"}),
            h("input", {type: "range", "aria-label": "To"})];
  }

  // Neither passes the other.
  moved(range) {
    const [low, high] = this.ranges;
    if (low.valueAsNumber > high.valueAsNumber) {
      range.value = (range === low ? high : low).value;
    }
    // Where both are at the end, the lower one must be on top to be caught.
    low.style.zIndex = low.valueAsNumber >= high.max ? 2 : "";
  }

  read() { return this.ranges.map(range => range.valueAsNumber); }

  setLabel(source) {
    this.labelNode = source;
    source.id = "firn-" + ++serial;
    this.prepend(source);
    this.role = "group";
    this.setAttribute("aria-labelledby", source.id);
  }
});

// Fields to type into: sent when they are left, or while typing.
class Field extends Element {
  make() {
    this.control = this.newControl();
    this.append(this.control);
    this.control.oninput = () => {
      this.dirty = true;
      clearTimeout(this.pause);
      const live = this.args.live;
      if (live) this.pause = setTimeout(() => this.done(), live === true ? 0 : live);
    };
    this.control.onchange = () => this.done();
    this.control.onkeydown = event => {
      const sends = this.control.nodeName === "INPUT" || event.ctrlKey || event.metaKey;
      if (event.key === "Enter" && sends && !event.isComposing) this.done();
    };
  }

  newControl() { return h("input", {type: this.type}); }

  done() {
    clearTimeout(this.pause);
    const valid = this.control.checkValidity();
    attribute(this.control, "aria-invalid", !valid);
    if (valid) this.commit(this.read());
    else if (!this.args.live) this.control.reportValidity();
  }

  read() { return this.control.value; }

  show(value) {
    const text = value === null ? "" : String(value);
    if (this.control.value !== text) this.control.value = text;
    this.control.removeAttribute("aria-invalid");
  }

  detached() { clearTimeout(this.pause); }
}

define("number", class extends Field {
  get type() { return "number"; }

  arrange() {
    const {start, stop, step} = this.args;
    attribute(this.control, "min", start);
    attribute(this.control, "max", stop);
    attribute(this.control, "step", step ?? "any");
    this.control.inputMode = start >= 0 ? "decimal" : "";
  }

  read() { return this.control.value === "" ? null : this.control.valueAsNumber; }

  show(value) {
    if (value === null || this.read() !== value) super.show(value);
  }
});

define("text", class extends Field {
  get type() { return "text"; }

  arrange() {
    const {kind = "text", placeholder, max_length: longest} = this.args;
    if (this.control.type !== kind) this.control.type = kind;
    attribute(this.control, "placeholder", placeholder);
    attribute(this.control, "maxlength", longest);
  }
});

define("text-area", class extends Field {
  newControl() { return h("textarea", {rows: 4}); }

  arrange() {
    attribute(this.control, "placeholder", this.args.placeholder);
    attribute(this.control, "maxlength", this.args.max_length);
    this.control.rows = this.args.rows || 4;
  }
});

define("date", class extends Field {
  get type() { return "date"; }

  arrange() {
    attribute(this.control, "min", this.args.start);
    attribute(this.control, "max", this.args.stop);
  }

  done() {
    if (this.control.value) super.done();
    else this.dirty = false;
  }
});

class Check extends Element {
  make() {
    this.control = h("input", {type: "checkbox"});
    this.control.onchange = () => this.commit(this.control.checked);
    this.append(this.control);
  }

  setLabel(source, control) {
    super.setLabel(source, control);
    this.append(this.labelNode);
  }

  show(value) { this.control.checked = !!value; }
}
define("checkbox", Check);
define("switch", class extends Check {
  make() {
    super.make();
    this.control.setAttribute("role", "switch");
  }
});

define("dropdown", class extends Element {
  make() {
    this.control = h("select");
    this.control.onchange = () => {
      const option = this.control.selectedOptions[0];
      this.commit(option && option.name !== null ? [option.name] : []);
    };
    this.append(this.control);
  }

  arrange() {
    const option = name => {
      const node = h("option", {textContent: name === null ? "–" : name});
      node.name = name;
      return node;
    };
    // Without a choice there must be something to be shown as chosen.
    this.nothing = option(null);
    this.control.replaceChildren(this.nothing, ...(this.args.options || []).map(option));
  }

  show(value) {
    const name = value && value.length ? value[0] : null;
    this.nothing.hidden = this.nothing.disabled = !this.args.none && name !== null;
    const options = [...this.control.options];
    this.control.selectedIndex = options.findIndex(option => option.name === name);
  }
});

// Choices as boxes to tick or round ones, in a group with the label.
class Choices extends Element {
  make() {
    this.group = h("fieldset");
    this.append(this.group);
  }

  setLabel(source) {
    this.labelNode = h("legend", {className: "firn-label"}, ...source.childNodes);
    this.group.prepend(this.labelNode);
  }

  boxes(place, type, onchange) {
    const name = "firn-" + ++serial;
    this.inputs = (this.args.options || []).map(option => {
      const input = h("input", {type, name, onchange});
      input.option = option;
      place.append(h("label", {className: "choice"}, input, option));
      return input;
    });
  }

  begin() {
    this.labelNode = this.querySelector(":scope > .firn-label");
    this.replaceChildren();
    this.make();
    if (this.labelNode) this.setLabel(this.labelNode);
  }
}

define("radio", class extends Choices {
  arrange() {
    for (const label of this.querySelectorAll(".choice")) label.remove();
    this.boxes(this.group, "radio", event => this.commit(event.target.option));
    this.group.classList.toggle("inline", !!this.args.inline);
  }

  show(value) {
    for (const input of this.inputs) input.checked = input.option === value;
  }
});

define("multiselect", class extends Choices {
  make() {
    super.make();
    this.summary = h("summary");
    this.search = h("input", {type: "search", placeholder: "Search", "aria-label": "Search"});
    this.list = h("div", {className: "list"});
    this.group.append(h("details", null, this.summary, this.search, this.list));
    this.search.oninput = () => this.filter();
  }

  arrange() {
    this.list.replaceChildren();
    this.boxes(this.list, "checkbox", () => this.ticked());
    this.search.hidden = this.inputs.length < 8;
    this.filter();
  }

  filter() {
    const words = this.search.hidden ? "" : this.search.value.toLowerCase();
    for (const input of this.inputs) {
      input.parentNode.hidden = !input.option.toLowerCase().includes(words);
    }
  }

  ticked() {
    const names = this.inputs.filter(input => input.checked).map(input => input.option);
    this.commit(names);
    this.show(names);
  }

  show(value) {
    const names = value || [];
    const full = this.args.max && names.length >= this.args.max;
    for (const input of this.inputs) {
      input.checked = names.includes(input.option);
      input.disabled = !!this.args.disabled || full && !input.checked;
    }
    this.summary.textContent = names.length ? names.join(", ") : "Nothing chosen";
  }
});

class Button extends Element {
  make() {
    this.control = h("button", {type: "button", onclick: () => this.press()});
    this.append(this.control);
  }

  setLabel(source, control) {
    control.append(...source.childNodes);
    this.labelNode = control;
  }

  press() { this.commit((Number(this.wire) || 0) + 1, {action: true}); }

  arrange() {
    this.control.className = "mo-" + (this.args.kind || "neutral");
    attribute(this.control, "title", this.args.tooltip);
    attribute(this.control, "aria-keyshortcuts", (this.args.key || "").replace(/-(?=.)/g, "+"));
  }

  attached() {
    this.listen = event => this.pressed(event);
    document.addEventListener("keydown", this.listen);
  }

  detached() { document.removeEventListener("keydown", this.listen); }

  // A shortcut such as "Ctrl-Enter".
  pressed(event) {
    const parts = (this.args.key || "").toLowerCase().split(/[-+](?=.)/);
    const key = parts.pop();
    if (!key || event.key.toLowerCase() !== key || event.repeat || this.args.disabled) return;
    const held = {ctrl: event.ctrlKey, control: event.ctrlKey, meta: event.metaKey,
                  cmd: event.metaKey, alt: event.altKey, shift: event.shiftKey,
                  mod: event.ctrlKey || event.metaKey};
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && event.target.matches("input, textarea, select")) return;
    if (parts.some(part => !held[part]) || !parts.length && !plain) return;
    event.preventDefault();
    this.press();
  }
}
define("button", Button);
define("run-button", class extends Button {});

define("refresh", class extends Element {
  make() {
    this.count = 0;
    this.control = h("button", {type: "button", className: "mo-neutral", title: "Refresh now",
                                "aria-label": "Refresh now", textContent: "↻"});
    this.control.onclick = () => this.tick("", false);
    this.select = h("select", {"aria-label": "Refresh every"});
    this.select.onchange = () => this.start();
    this.append(this.control, this.select);
    this.check = () => {
      if (!document.hidden && this.next && Date.now() >= this.next) this.elapsed();
    };
  }

  arrange() {
    const options = this.args.options || [];
    const option = ([name, seconds]) => h("option", {textContent: name, value: seconds});
    this.select.replaceChildren(h("option", {textContent: "off", value: 0}),
                                ...options.map(option));
    this.select.hidden = !options.length;
    const index = options.findIndex(([name]) => name === this.args.interval);
    this.select.selectedIndex = index + 1;
    this.start();
  }

  attached() {
    document.addEventListener("visibilitychange", this.check);
    this.start();
  }

  detached() {
    document.removeEventListener("visibilitychange", this.check);
    clearInterval(this.timer);
  }

  start() {
    clearInterval(this.timer);
    const time = Number(this.select.value) * 1000;
    this.next = time && Date.now() + time;
    if (time) this.timer = setInterval(() => this.elapsed(), time);
  }

  // Nobody looks, nobody answers: then there is nothing to be asked for.
  elapsed() {
    if (document.hidden || !ready || sent || this.args.disabled) return;
    this.next = Date.now() + Number(this.select.value) * 1000;
    this.tick(this.select.selectedOptions[0].textContent + " ", true);
  }

  tick(words, automatic) {
    this.commit(`${words}(${++this.count})`, {action: true, automatic});
  }

  show(value) {
    const found = /\((\d+)\)$/.exec(value || "");
    if (found) this.count = Math.max(this.count, Number(found[1]));
  }
});

define("file", class extends Element {
  make() {
    this.control = h("input", {type: "file"});
    this.list = h("span", {className: "names"});
    this.append(this.control, this.list);
    this.control.onchange = () => this.choose(this.control.files);
    this.ondragover = event => {
      event.preventDefault();
      this.classList.add("over");
    };
    this.ondragleave = () => this.classList.remove("over");
    this.ondrop = event => {
      event.preventDefault();
      this.classList.remove("over");
      if (!this.args.disabled) this.choose(event.dataTransfer.files);
    };
  }

  arrange() {
    attribute(this.control, "accept", (this.args.types || []).join(","));
    this.control.multiple = !!this.args.multiple;
    this.classList.toggle("area", !!this.args.area);
  }

  async choose(files) {
    const list = [...files].slice(0, this.args.multiple ? files.length : 1);
    const large = list.find(file => this.args.max && file.size > this.args.max);
    if (large) {
      this.control.value = "";
      return notice(`${large.name} is too large: ${large.size} bytes, at most ${this.args.max}.`);
    }
    this.classList.add("reading");
    try {
      const value = await Promise.all(list.map(read64));
      this.commit(value, {action: true});
      this.show(value);
    } catch (error) {
      notice("The file could not be read: " + error.message);
    }
    this.classList.remove("reading");
  }

  show(value) {
    const names = (value || []).map(entry => Array.isArray(entry) ? entry[0] : entry);
    this.list.textContent = names.join(", ");
    if (!names.length) this.control.value = "";
  }
});

function read64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve([file.name, reader.result.replace(/^[^,]*,?/, "")]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// Elements that hold what the server has put into them

class Holder extends Element {
  get leaf() { return false; }
  begin() { this.make(); }

  take(source) {
    super.take(source);
    this.arrange();
  }

  // Give a node of the server's an id, by which it is not known there.
  name(node, id) {
    node.named = true;
    node.id = id;
  }

  // The value of an element in this one.
  inner(id) {
    for (const element of elements.get(id) || []) {
      if (this.contains(element)) return element;
    }
    return null;
  }

  get label() { return this.querySelector(":scope > .firn-label"); }

  // For who does not see what belongs together.
  asGroup() {
    this.setAttribute("role", "group");
    if (!this.label) return;
    if (!this.labelId) this.labelId = "firn-" + ++serial;
    this.name(this.label, this.labelId);
    this.setAttribute("aria-labelledby", this.labelId);
  }
}

class Compound extends Holder {
  arrange() { this.asGroup(); }

  get wire() {
    const values = {};
    for (const [key, id] of Object.entries(this.args.children || {})) {
      const element = this.inner(id);
      if (element) values[key] = element.wire;
    }
    return values;
  }

  set wire(value) {}

  receive(value) {
    for (const [key, part] of Object.entries(value || {})) {
      const element = this.inner((this.args.children || {})[key]);
      if (element) element.receive(part);
    }
  }

  // The children have their values in their own HTML.
  take(source) {
    this.args = json(source.dataset.args, {});
    this.arrange();
  }

  reset() {
    for (const id of Object.values(this.args.children || {})) reset(this.inner(id));
  }
}
define("array", class extends Compound {});
define("dictionary", class extends Compound {});
define("batch", class extends Compound {});

function reset(element) {
  if (!element) return;
  if (element.reset) return element.reset();
  element.dirty = false;
  element.wire = element.initial;
  element.show(element.initial);
}

define("form", class extends Holder {
  make() {
    this.button = h("button", {type: "button", className: "mo-info",
                               onclick: () => this.submit()});
    this.clearing = h("button", {type: "button", className: "mo-neutral",
                                 onclick: () => this.reset()});
    this.append(this.ours(h("div", {className: "buttons"}, this.button, this.clearing)));
    this.onkeydown = event => {
      const {target} = event;
      const typed = target.nodeName === "INPUT" && !/checkbox|radio|file|range/.test(target.type);
      const held = target.nodeName === "TEXTAREA" && (event.ctrlKey || event.metaKey);
      if (event.key === "Enter" && (typed || held) && !event.isComposing) this.submit();
    };
  }

  arrange() {
    const {submit, clear, tooltip, disabled, bordered} = this.args;
    this.asGroup();
    this.button.textContent = submit || "Submit";
    this.clearing.textContent = clear || "";
    this.clearing.hidden = !clear;
    this.button.disabled = this.clearing.disabled = !!disabled;
    attribute(this.button, "title", tooltip);
    this.classList.toggle("bordered", bordered !== false);
  }

  receive(value) { this.wire = value; }

  submit() {
    if (this.args.disabled) return;
    // What is being typed counts.
    for (const element of this.querySelectorAll("*")) {
      if (element.dirty && element.done) element.done();
    }
    for (const control of this.querySelectorAll("input, textarea")) {
      if (!control.reportValidity()) return;
    }
    const child = this.inner(this.args.child);
    if (!child) return;
    this.wire = child.wire;
    this.send(this.wire, {action: true});
    if (this.args.clear_on_submit) this.reset();
  }

  reset() { reset(this.inner(this.args.child)); }
});

define("tabs", class extends Holder {
  make() {
    this.list = this.ours(h("div", {className: "tablist", role: "tablist"}));
    this.prepend(this.list);
    this.stem = "firn-" + ++serial + "-";
    this.list.onkeydown = event => this.key(event);
  }

  get panels() { return [...this.children].filter(node => node.nodeName === "SECTION"); }

  arrange() {
    const {names = [], vertical, disabled} = this.args;
    this.classList.toggle("vertical", !!vertical);
    attribute(this.list, "aria-orientation", vertical ? "vertical" : "");
    if (this.label) attribute(this.list, "aria-label", this.label.textContent);
    const shown = this.names;
    this.names = JSON.stringify([names, disabled]);
    if (shown !== this.names) {
      this.list.replaceChildren(...names.map((name, index) => h("button", {
        type: "button", role: "tab", id: this.stem + "tab" + index, innerHTML: name,
        disabled: !!disabled, "aria-controls": this.stem + index,
        onclick: () => this.choose(index),
      })));
    }
    this.panels.forEach((panel, index) => {
      this.name(panel, this.stem + index);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", this.stem + "tab" + index);
    });
    this.show(this.wire);
  }

  show(value) {
    const chosen = Number(value) || 0;
    [...this.list.children].forEach((tab, index) => {
      tab.ariaSelected = String(index === chosen);
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    this.panels.forEach((panel, index) => { panel.hidden = index !== chosen; });
  }

  choose(index) {
    this.show(index);
    this.commit(String(index));
  }

  key(event) {
    const tabs = [...this.list.children];
    const at = tabs.indexOf(document.activeElement);
    const next = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
                  Home: 0, End: tabs.length - 1}[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    tabs[index].focus();
    this.choose(index);
  }
});

define("table", class extends Holder {
  make() {
    this.back = h("button", {type: "button", className: "mo-neutral", textContent: "‹",
                             "aria-label": "Previous page", onclick: () => this.turn(-1)});
    this.forth = h("button", {type: "button", className: "mo-neutral", textContent: "›",
                              "aria-label": "Next page", onclick: () => this.turn(1)});
    this.words = h("span", {role: "status"});
    this.pager = this.ours(h("nav", {"aria-label": "Pages"}, this.back, this.words, this.forth));
    this.append(this.pager);
  }

  take(source) {
    this.page = json(source.dataset.args, {}).page || 0;
    super.take(source);
  }

  arrange() {
    const {rows = 0, page_size: size = 10, selection, disabled} = this.args;
    const table = this.querySelector("table");
    const pages = Math.max(1, Math.ceil(rows / size));
    this.pager.hidden = pages < 2;
    this.back.disabled = this.page <= 0;
    this.forth.disabled = this.page >= pages - 1;
    this.words.textContent = `Page ${this.page + 1} of ${pages}`;
    this.boxes = [];
    if (!table) return;
    this.align(table);
    if (!selection) return;
    const type = selection === "single" ? "radio" : "checkbox";
    const name = this.id + " row";
    for (const row of table.rows) {
      const number = row.dataset.row;
      let cell = row.firstElementChild;
      if (!cell || !cell.own) {
        cell = this.ours(h(number === undefined ? "th" : "td", {className: "select"}));
        const all = number === undefined && type === "checkbox";
        if (number !== undefined || all) cell.append(h("input", {type, name}));
        row.prepend(cell);
      }
      const box = cell.firstChild;
      if (!box) continue;
      box.disabled = !!disabled;
      box.setAttribute("aria-label", number === undefined ? "All rows of this page"
        : "Row " + (Number(number) + 1));
      box.onchange = () => this.choose(number, box.checked);
      box.row = number;
      this.boxes.push(box);
    }
    this.show(this.wire);
  }

  // Columns of numbers to the right.
  align(table) {
    const rows = [...table.rows].map(row => [...row.cells].filter(cell => !cell.own));
    (rows[0] || []).forEach((head, index) => {
      const cells = rows.slice(1).map(row => row[index]).filter(cell => cell);
      const numbers = cells.every(cell => /^[-+]?[\d.,]*(e[-+]?\d+)?$/.test(cell.textContent));
      const some = cells.some(cell => cell.textContent);
      for (const cell of [head, ...cells]) {
        cell.classList.toggle("number", numbers && some);
        cell.classList.toggle("short", cell.textContent.length < 24);
      }
    });
  }

  choose(number, checked) {
    const rows = number === undefined ? this.boxes.map(box => box.row).filter(row => row) : [number];
    let chosen = this.args.selection === "single" ? []
      : (this.wire || []).filter(row => !rows.includes(row));
    if (checked) chosen = chosen.concat(rows);
    chosen.sort((a, b) => a - b);
    this.commit(chosen);
    this.show(chosen);
  }

  show(value) {
    const chosen = value || [];
    for (const box of this.boxes || []) {
      if (box.row === undefined) {
        const rows = this.boxes.filter(other => other.row !== undefined);
        const count = rows.filter(other => chosen.includes(other.row)).length;
        box.checked = count > 0 && count === rows.length;
        box.indeterminate = count > 0 && !box.checked;
      } else {
        box.checked = chosen.includes(box.row);
        box.closest("tr").classList.toggle("chosen", box.checked);
      }
    }
  }

  // For a page the server answers with its rows.
  receive(value) {
    if (!value || Array.isArray(value)) return super.receive(value || []);
    this.page = value.page;
    const focus = focused();
    syncChildren(this, new DOMParser().parseFromString(value.html, "text/html").body);
    this.wire = value.selected || this.wire;
    this.arrange();
    if (focus) refocus(focus);
  }

  turn(by) {
    if (waiting.has(this.id)) return;
    const page = this.page + by;
    for (const button of [this.back, this.forth]) button.disabled = false;
    set(this.id, {page}, {action: true});
  }
});

// The beginning, and what the browser tells

addEventListener("pagehide", () => {
  keepSession();
  clearTimeout(timer);
  drop();
});
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  takeSession();
  connect();
});
addEventListener("online", () => open || connect());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return keepSession();
  takeSession();
  if (!open) connect();
});
connect();
})();
