// What makes the setup page better; everything on it works without this, too.
(function () {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const make = (name, values, ...children) => {
    const element = Object.assign(document.createElement(name), values);
    element.append(...children);
    return element;
  };
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const leading = (number) => Math.round(number * 10) / 10;
  const sizeText = (size) =>
    size < 1024 ? size + " B" : size < 1048576 ? leading(size / 1024) + " KB" : leading(size / 1048576) + " MB";

  // A line of text that screen readers read out when it changes.
  function status(form) {
    let line = form.querySelector("[role=status]");
    if (!line) form.append((line = make("p", { className: "hint" })));
    line.setAttribute("role", "status");
    return line;
  }

  // Questions before what cannot be undone: data-confirm="Delete it?"
  function ask(question, words) {
    return new Promise((answer) => {
      const yes = make("button", { value: "yes", className: "danger", textContent: words });
      const no = make("button", { value: "", className: "quiet", textContent: "Cancel" });
      const text = make("p", { textContent: question, id: "question" });
      const dialog = make("dialog", {}, text, make("form", { method: "dialog" }, no, yes));
      dialog.setAttribute("aria-labelledby", "question");
      document.body.append(dialog);
      dialog.addEventListener("close", () => {
        dialog.remove();
        answer(dialog.returnValue === "yes");
      });
      dialog.showModal();
      no.focus();
    });
  }
  all("form[data-confirm]").forEach((form) => {
    let sure = false;
    form.addEventListener("submit", (event) => {
      if (sure || !window.HTMLDialogElement) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter || form.querySelector("button");
      ask(form.dataset.confirm, button.textContent).then((yes) => {
        sure = yes;
        if (yes) form.requestSubmit(event.submitter);
      });
    });
  });

  // A second click sends nothing again.
  all("form[method=post]").forEach((form) =>
    form.addEventListener("submit", (event) => {
      setTimeout(() => {
        if (!event.defaultPrevented) form.querySelectorAll("button").forEach((one) => (one.disabled = true));
      });
    })
  );
  addEventListener("pageshow", (event) => {
    if (event.persisted) all("button").forEach((one) => (one.disabled = false));
  });

  // Editors: line numbers, lines with mistakes (data-line="3", and in the list of them), Tab.
  all("textarea").forEach((area) => {
    const numbers = make("div", { className: "numbers" });
    numbers.setAttribute("aria-hidden", "true");
    const frame = make("div", { className: "frame" });
    area.replaceWith(frame);
    frame.append(numbers, area);
    const links = all(".mistakes a[data-line]");
    const marks = [area, ...links].map((one) => Number(one.dataset.line)).filter(Boolean);
    const goTo = (line) => {
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).join("\n").length + (line > 1);
      area.focus({ preventScroll: true });
      area.setSelectionRange(start, start + (lines[line - 1] || "").length);
      area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
      frame.scrollIntoView({ block: "nearest" });
    };
    links.forEach((link) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        goTo(Number(link.dataset.line));
      })
    );
    let count = 0;
    const draw = () => {
      const lines = area.value.split("\n").length;
      if (lines === count) return;
      count = lines;
      numbers.textContent = "";
      let plain = "";
      for (let line = 1; line <= lines; line++) {
        if (marks.includes(line)) {
          numbers.append(plain, make("b", { textContent: line }));
          plain = "";
        } else plain += line + "\n";
      }
      // Room for the scroll bar that only the text has.
      numbers.append(plain + "\n\n\n");
    };
    const follow = () => (numbers.scrollTop = area.scrollTop);
    area.addEventListener("input", draw);
    area.addEventListener("scroll", follow);
    draw();
    // Tab indents, but after Escape it leads on, as everywhere else.
    let leave = false;
    const width = area.dataset.indent || "    ";
    area.title = "Tab indents; Escape and then Tab leads out of the editor.";
    area.addEventListener("blur", () => (leave = false));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave = true;
      else if (event.key !== "Tab") leave = event.key === "Shift" && leave;
      else if (!leave && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        // Not setRangeText(): that could not be undone.
        if (!document.execCommand("insertText", false, width))
          area.setRangeText(width, area.selectionStart, area.selectionEnd, "end");
        draw();
      }
    });
    // Nothing typed is lost by a wrong click.
    const first = area.value;
    let sending = false;
    area.form.addEventListener("submit", () => (sending = true));
    addEventListener("beforeunload", (event) => {
      if (!sending && area.value !== first) event.preventDefault();
    });
    area.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        area.form.requestSubmit();
      }
    });
  });

  // Uploads, one file after the other, with how far they are.
  function send(form, file, tell) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.upload.onprogress = (event) => tell(event.loaded, event.total);
      request.onload = () => (request.status < 300 ? done() : failed(request.responseText));
      request.onerror = () => failed("The device did not take " + file.name + ".");
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "text/plain");
      const data = new FormData();
      data.append("file", file);
      request.send(data);
    });
  }
  all("form[data-upload]").forEach((form) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const line = status(form);
      const room = Number(form.dataset.room || Infinity);
      const files = Array.from(form.querySelector("input[type=file]").files);
      const large = files.find((file) => file.size > room);
      line.className = "error";
      if (large) {
        line.textContent = large.name + " has " + sizeText(large.size) + ", but only " + sizeText(room) + " are free.";
        return;
      }
      const button = form.querySelector("button");
      const bar = make("progress", { max: 1, value: 0 });
      bar.setAttribute("aria-label", "Upload");
      button.disabled = true;
      form.append(bar);
      try {
        for (const file of files) {
          line.className = "hint";
          line.textContent = file.name + ", " + sizeText(file.size);
          await send(form, file, (loaded, total) => (bar.value = total ? loaded / total : 1));
        }
        location.reload();
      } catch (reason) {
        line.className = "error";
        line.textContent = reason;
        button.disabled = false;
        bar.remove();
      }
    })
  );

  // The log: further lines as they come.
  all("[data-follow]").forEach((log) => {
    if (!window.EventSource) return;
    const state = document.getElementById("log-state");
    const source = new EventSource(log.dataset.follow);
    const say = (text) => state && state.textContent !== text && (state.textContent = text);
    source.onopen = () => say("New lines appear here by themselves.");
    source.onerror = () =>
      say(source.readyState === 2 ? "New lines do not appear by themselves; reload the page." : "The device does not answer; trying again.");
    source.addEventListener("line", (event) => {
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      const level = /^\S+ (\w+) /.exec(event.data);
      log.append(make("span", { className: level ? level[1] : "", textContent: event.data + "\n" }));
      while (log.childElementCount > 500) log.firstElementChild.remove();
      if (atEnd) log.scrollTop = log.scrollHeight;
    });
    addEventListener("pagehide", () => source.close());
    log.scrollTop = log.scrollHeight;
  });

  // The values on the status page: now and then those of the page as it would be now.
  if (location.pathname === "/_firn/")
    (async () => {
      for (;;) {
        await wait(10000);
        if (document.hidden) continue;
        try {
          const answer = await fetch(location.pathname);
          if (answer.redirected || !answer.ok) return;
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("td");
          const shown = all("td");
          if (fresh.length === shown.length)
            shown.forEach((one, index) => {
              if (one.textContent !== fresh[index].textContent) one.textContent = fresh[index].textContent;
            });
        } catch (error) {
          // It is restarting, or away: the next time, then.
        }
      }
    })();

  // Seconds that run down: data-countdown="90"
  all("[data-countdown]").forEach(async (one) => {
    const end = Date.now() + 1000 * one.dataset.countdown;
    while (Date.now() < end) {
      await wait(1000);
      one.textContent = Math.max(0, Math.round((end - Date.now()) / 1000));
    }
  });

  // After a restart: wait until the device answers again, then go on to what data-wait names.
  all("[data-wait]").forEach(async (part) => {
    const line = status(part);
    const begin = Date.now();
    await wait(3000);
    for (;;) {
      line.textContent = "Waiting for the device, " + Math.round((Date.now() - begin) / 1000) + " s …";
      try {
        const control = new AbortController();
        setTimeout(() => control.abort(), 4000);
        const answer = await fetch(part.dataset.wait, { cache: "no-store", signal: control.signal });
        if (answer.status < 500) break;
      } catch (error) {
        // Not yet.
      }
      await wait(1000);
    }
    location.replace(part.dataset.wait);
  });
})();
