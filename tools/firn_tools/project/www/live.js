// Shows the values of /api/status on the start page, every two seconds while it is looked at.
const places = document.querySelectorAll("[data-value]");
const lamp = document.getElementById("lamp");

function duration(seconds) {
  const parts = [];
  for (const [name, length] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
    if (seconds >= length) parts.push(Math.floor(seconds / length) + " " + name);
    seconds %= length;
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

const shown = {
  uptime: duration,
  heap_free: (bytes) => (bytes ? Math.round(bytes / 1024) + " KB" : "–"),
};

async function refresh() {
  if (document.hidden) return;
  try {
    const values = await (await fetch("api/status")).json();
    for (const place of places) {
      const value = values[place.dataset.value];
      place.textContent = (shown[place.dataset.value] || String)(value);
    }
    lamp.classList.toggle("lit", values.light);
    document.body.classList.remove("away");
  } catch {
    document.body.classList.add("away");
  }
}

refresh();
setInterval(refresh, 2000);
document.addEventListener("visibilitychange", refresh);
