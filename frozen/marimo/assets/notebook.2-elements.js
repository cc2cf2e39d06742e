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

