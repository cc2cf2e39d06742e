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
