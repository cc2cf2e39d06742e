// The page that opens a device's serial line and shows its site, below device/, in a frame.

import {Link} from "./usb_link.js";
import {ask} from "./usb_http.js";

const TICK = 250;  // ms
const CONSOLE = 20000;  // characters of the console that are kept
const SCOPE = new URL("device/", location.href);
const TOLD = {
  silent: "Waiting for the device to answer…",
  prompt: "The device is at its Python prompt. Its reset button starts the site.",
  up: "Connected",
  gone: "Not connected",
};
// Of the page's own, not of a request to the device.
const DROPPED = /^(cookie|host|origin|referer|connection|content-length|sec-|accept-encoding)/i;

const byId = (id) => document.getElementById(id);
const cookies = new Map();
let port = null, writer = null, reader = null, link = null, timer = null;

function show(state, detail = "") {
  byId("state").textContent = state === "up" && link.board ? `Connected to ${link.board}` : TOLD[state];
  byId("state").dataset.state = state;
  byId("detail").textContent = detail;
  byId("connect").hidden = Boolean(port);
  byId("disconnect").hidden = !port;
}

function printed(text) {
  const shown = byId("console");
  const below = shown.scrollTop + shown.clientHeight >= shown.scrollHeight - 4;
  shown.textContent = (shown.textContent + text.replace(/\r/g, "")).slice(-CONSOLE);
  if (below) shown.scrollTop = shown.scrollHeight;
}

let shownOnce = false;

function noticed(state) {
  show(state);
  if (state === "up" && !shownOnce) {
    shownOnce = true;
    byId("start").hidden = true;
    byId("site").hidden = false;
    byId("site").src = SCOPE.href;
  }
}

async function connect() {
  try {
    port = await navigator.serial.requestPort();
    await port.open({baudRate: 115200, bufferSize: 65536});
  } catch (error) {
    port = null;
    // Nobody has chosen a port: that is no mistake.
    show("gone", error.name === "NotFoundError" ? "" : `The port cannot be opened: ${error.message}`);
    return;
  }
  writer = port.writable.getWriter();
  link = new Link((bytes) => { writer.write(bytes).catch(() => {}); }, printed, noticed);
  timer = setInterval(() => link.tick(), TICK);
  show("silent");
  link.tick();
  read();
}

async function read() {
  let why = "";
  try {
    reader = port.readable.getReader();
    for (;;) {
      const {value, done} = await reader.read();
      if (done) break;
      link.feed(value);
    }
  } catch (error) {
    why = `The cable was pulled, or the port has failed: ${error.message}`;
  }
  await leave(why);
}

async function leave(why = "") {
  if (!port) return;
  clearInterval(timer);
  link.fail("the device is not connected");
  link.become("silent");
  const left = port;
  port = null;
  for (const one of [reader, writer]) {
    try {
      await (one === reader ? one.cancel() : one.abort());
      one.releaseLock();
    } catch { /* it has gone with the port */ }
  }
  try {
    await left.close();
  } catch { /* the same */ }
  shownOnce = false;
  show("gone", why);
}

// Requests of the service worker

navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data?.firn === "request") relay(event.data, event.ports[0]);
});

function headersFor(request) {
  const headers = [["Host", "usb"]];
  for (const [name, value] of request.headers) {
    if (!DROPPED.test(name)) headers.push([name, value]);
  }
  if (request.body) headers.push(["Origin", "http://usb"]);
  headers.push(["Sec-Fetch-Site", "same-origin"]);
  if (cookies.size) {
    headers.push(["Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")]);
  }
  return headers;
}

// A service worker's answers cannot set cookies: they are kept here, until the page is closed.
function keepCookie(text) {
  const [pair, ...attributes] = text.split(";").map((part) => part.trim());
  const at = pair.indexOf("="), name = pair.slice(0, at);
  const attribute = (key) => attributes.map((one) => one.split("="))
    .find((one) => one[0].toLowerCase() === key)?.[1];
  const age = attribute("max-age"), expires = attribute("expires");
  if (age !== undefined ? Number(age) <= 0 : expires && Date.parse(expires) < Date.now()) {
    cookies.delete(name);
  } else {
    cookies.set(name, pair.slice(at + 1));
  }
}

async function relay(request, answers) {
  let answer = null, wake = null, wanted = 0, cancelled = false;
  answers.onmessage = ({data}) => {
    if (data === "cancel") {
      cancelled = true;
      answer?.close();
    }
    wanted++;
    wake?.();
  };
  try {
    if (!port) throw new Error("The device is not connected.");
    const body = request.body ? new Uint8Array(request.body) : null;
    answer = await ask(link, {...request, headers: headersFor(request), body});
    const headers = [];
    for (const [name, value] of answer.headers) {
      if (name.toLowerCase() === "set-cookie") keepCookie(value);
      else if (!/^(connection|transfer-encoding|keep-alive)$/i.test(name)) headers.push([name, value]);
    }
    answers.postMessage({status: answer.status, reason: answer.reason, headers});
    for await (const piece of answer.body) {
      // No more than whoever asked for it takes: the line waits with the rest.
      while (wanted <= 0 && !cancelled) await new Promise((resolve) => { wake = resolve; });
      if (cancelled) return;
      wanted--;
      answers.postMessage({piece: piece.buffer}, [piece.buffer]);
    }
    answers.postMessage({end: true});
  } catch (error) {
    if (!cancelled) answers.postMessage({error: error.message});
  } finally {
    answer?.close();
  }
}

// Links and forms of the site that name paths from the root lead back below device/.

function inSite(address) {
  const url = new URL(address);
  if (url.origin !== location.origin || url.pathname.startsWith(SCOPE.pathname)) return null;
  url.pathname = SCOPE.pathname + url.pathname.slice(1);
  return url.href;
}

byId("site").addEventListener("load", () => {
  const page = byId("site").contentDocument;
  if (!page) return;
  const redirect = (event, name) => {
    const element = event.target.closest?.(name === "href" ? "a[href]" : "form");
    const to = element && inSite(element[name] || page.location.href);
    if (to) element.setAttribute(name, to);
  };
  page.addEventListener("click", (event) => redirect(event, "href"), true);
  page.addEventListener("submit", (event) => redirect(event, "action"), true);
});

async function begin() {
  byId("connect").addEventListener("click", connect);
  byId("disconnect").addEventListener("click", () => leave());
  if (!navigator.serial || !navigator.serviceWorker) {
    byId("connect").disabled = true;
    show("gone", "This browser has no Web Serial: use Chrome or Edge on a computer, or firn bridge.");
    return;
  }
  show("gone");
  byId("connect").disabled = true;
  const registration = await navigator.serviceWorker.register("usb_worker.js", {scope: "device/"});
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, {once: true}));
  }
  byId("connect").disabled = false;
}

begin();
