// Service worker: what pages below device/ ask for is asked of the page that has the serial line.

const SCOPE = new URL("device/", self.location).pathname;
const NO_LINE = "The page that holds the device's line is closed. Open usb.html and connect again.";
const TIMEOUT = 60000;  // ms for the head of an answer

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin === self.location.origin && (inside(url) || event.clientId)) {
    event.respondWith(answer(event, url));
  }
});

const inside = (url) => url.pathname.startsWith(SCOPE);

async function answer(event, url) {
  const {request} = event;
  const client = event.clientId ? await self.clients.get(event.clientId) : null;
  // What the page with the line asks for itself is none of the device's.
  if (!inside(url) && !(client && inside(new URL(client.url)))) return fetch(request);
  if (request.mode === "navigate" && request.method !== "GET" && !ownReferrer(request)) {
    return page(403, "Forbidden: another site has sent this request.");
  }
  const holder = (await self.clients.matchAll({type: "window", includeUncontrolled: true}))
    .find((one) => new URL(one.url).pathname.endsWith("/usb.html"));
  if (!holder) return page(503, NO_LINE);
  try {
    return await relay(holder, request, url);
  } catch (error) {
    return page(502, error.message);
  }
}

function ownReferrer(request) {
  return request.referrer && request.referrer.startsWith(self.location.origin + SCOPE);
}

async function relay(holder, request, url) {
  const body = ["GET", "HEAD"].includes(request.method) ? null : await request.arrayBuffer();
  const {port1, port2} = new MessageChannel();
  const path = (inside(url) ? url.pathname.slice(SCOPE.length - 1) : url.pathname) + url.search;
  const told = next(port1);
  holder.postMessage({
    firn: "request", method: request.method, path, body, headers: [...request.headers],
  }, [port2]);
  const head = await told;
  if (head.error) throw new Error(head.error);
  const headers = new Headers(head.headers);
  const location = headers.get("Location");
  if (head.status >= 300 && head.status < 400 && location) {
    const to = new URL(location, new URL(path, self.location.origin));
    if (to.origin === self.location.origin && !inside(to)) to.pathname = SCOPE + to.pathname.slice(1);
    return Response.redirect(to, head.status);
  }
  const bodiless = [101, 204, 205, 304].includes(head.status) || request.method === "HEAD";
  const init = {status: head.status, statusText: head.reason, headers};
  return new Response(bodiless ? null : stream(port1), init);
}

function next(port) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The device does not answer.")), TIMEOUT);
    port.onmessage = (event) => { clearTimeout(timer); resolve(event.data); };
  });
}

function stream(port) {
  return new ReadableStream({
    start(controller) {
      port.onmessage = ({data}) => {
        if (data.error) controller.error(new Error(data.error));
        else if (data.end) controller.close();
        else controller.enqueue(new Uint8Array(data.piece));
      };
      port.postMessage("more");
    },
    pull() { port.postMessage("more"); },
    cancel() { port.postMessage("cancel"); },
  });
}

function page(status, text) {
  const shown = text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return new Response(`<!doctype html><meta charset=utf-8><title>No answer</title>
<body style="font:16px sans-serif;max-width:36em;margin:3em auto;padding:0 1em">
<h1>No answer from the device</h1><p>${shown}</p>`,
  {status, headers: {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}});
}
