"use strict";
// Fills the tiles of the start page from /api/status every two seconds while the page is visible.

const show = (id, text) => { document.getElementById(id).textContent = text; };

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  return days ? `${days} d ${clock}` : clock;
}

function kilobytes(bytes) {
  return (bytes / 1024).toFixed(1) + " KB";
}

async function update() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/api/status", { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const values = await answer.json();
    const total = values.heap_free + values.heap_used;
    show("heap_free", kilobytes(values.heap_free));
    show("heap_total", kilobytes(total));
    document.getElementById("heap").value = values.heap_free / total;
    show("uptime", duration(values.uptime));
    show("requests", values.requests.toLocaleString("en"));
    show("board", values.board);
    show("micropython", values.micropython);
    show("state", "Live: every two seconds.");
  } catch (error) {
    show("state", `No answer from the device (${error.message}); trying again.`);
  }
}

update();
setInterval(update, 2000);
document.addEventListener("visibilitychange", update);
