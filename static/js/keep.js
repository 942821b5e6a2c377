/* Nothing that somebody writes is lost. A form with data-keep saves itself to that address: a second after typing stops,
   and at least every fifteen seconds. It says “saved” only when the server has said so, with the server's time; until
   then the words are on this device, too, under their writer's name, and are offered back when the form is opened again.

   data-kept names a field that is kept (data-rich: it holds HTML), data-counter the field with the number of the save
   that the words are based on; in data-line it says how things stand. `keep:use` tells a field's own script that its
   value was put there. */

{
  const PAUSE = 1000;
  const LONGEST_PAUSE = 15000;
  const PATIENCE = 20000;
  // Beyond this a browser does not carry a request over the end of its page.
  const CARRIED = 60000;
  const { person, shared, signOut } = document.body.dataset;
  const parts = document.getElementById("keep-parts")?.content;
  const keepers = new Map();

  /* Copies on this device, kept:<person>:<form>:<tab>: no tab writes over the copy of another. On a shared computer they
     end with the tab. */
  const tab = `${Date.now()}-${Math.random()}`;
  const stores = () => {
    try {
      return shared === undefined ? [localStorage, sessionStorage] : [sessionStorage, localStorage];
    } catch {
      return [];
    }
  };
  const copies = (form = "") =>
    stores().flatMap((store) =>
      Object.keys(store).filter((key) => key.startsWith(`kept:${person}:${form}`)).map((key) => ({ store, key })));

  const ticked = (field) => field.type === "checkbox" || field.type === "radio";

  class Keeper {
    constructor(form) {
      this.form = form;
      this.name = `${form.dataset.keepKey}:`;
      this.adopted = [];
      this.clash = !!this.line.querySelector(".clash");
      this.time = !!this.line.querySelector('.saved[data-state="saved"]');
      // A browser that fills in what stood here before would mix old words with what the server has since.
      form.autocomplete = "off";
      const served = this.words(true);
      if (!("unsaved" in form.dataset)) this.saved = served;
      if (this.saved && this.dirty && !form.contains(document.activeElement)) {
        this.copy("-restored");
        this.put(served);
      }
      this.offer();
      if (this.dirty) this.later();
    }

    get line() {
      return this.form.querySelector("[data-line]");
    }

    get counter() {
      return this.form.querySelector("[data-counter]");
    }

    get fields() {
      return [...this.form.querySelectorAll("[data-kept]")];
    }

    get dirty() {
      return this.doubt !== undefined || this.words() !== this.saved;
    }

    /* {field: [values]} as text; `served`: as they came from the server. */
    words(served = false) {
      const found = {};
      for (const field of this.fields) {
        const values = (found[field.dataset.kept] ??= []);
        if (!ticked(field)) values.push(served ? field.defaultValue : field.value);
        else if (served ? field.defaultChecked : field.checked) values.push(field.value);
      }
      return JSON.stringify(found);
    }

    put(words) {
      const values = JSON.parse(words);
      for (const field of this.fields) {
        const wanted = values[field.dataset.kept] ?? [];
        if (ticked(field)) field.checked = wanted.includes(field.value);
        else field.value = wanted[0] ?? "";
        field.dispatchEvent(new Event("keep:use", { bubbles: true }));
      }
    }

    changed() {
      if (this.dirty) {
        this.copy();
        if (!this.failing && !this.clash) this.show("saving");
        this.later();
      } else if (!this.busy) {
        clearTimeout(this.timer);
        this.wipe();
        this.failing = false;
        if (!this.line.hidden) this.show(this.time ? "saved" : "new");
      }
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    }

    /* Resolves to whether all that stands in the form is saved. */
    async save({ all = false, leaving = false } = {}) {
      clearTimeout(this.timer);
      while (this.busy) await this.busy;
      if (!this.dirty) return true;
      if (this.clash) return false;
      this.busy = this.send(leaving).finally(() => (this.busy = undefined));
      if (!(await this.busy)) return false;
      if (!this.dirty) return true;
      return all ? this.save({ all }) : this.later();
    }

    async send(leaving) {
      // Words that may have arrived although no answer came go first, once more: the same words are never a clash.
      const sent = this.doubt ?? this.words();
      try {
        let answer = await this.post(sent, leaving);
        const token = answer.headers.get("X-CSRFToken");
        if (answer.status === 403 && token) {
          renew(token);
          answer = await this.post(sent, leaving);
        }
        return this.hear(answer.status, new DOMParser().parseFromString(await answer.text(), "text/html"), sent);
      } catch {
        this.doubt = sent;
        return this.fail("unsaved");
      }
    }

    post(words, leaving) {
      const pairs = Object.entries(JSON.parse(words)).flatMap(([name, values]) => values.map((value) => [name, value]));
      const body = new URLSearchParams([...pairs, [this.counter.dataset.counter, this.counter.value]]);
      return fetch(this.form.dataset.keep, {
        method: "POST",
        body,
        headers: {
          "HX-Request": "true",
          "X-Person": person,
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
        keepalive: leaving && `${body}`.length < CARRIED,
      });
    }

    /* What the server said. Only its own line with the new number means saved: anybody's proxy may answer 200. */
    hear(status, page, sent) {
      const saves = page.querySelector('.saved[data-state="saved"]')?.dataset.saves;
      const saved = status === 200 && !!saves;
      this.clash = status === 409 && !!page.querySelector(".clash");
      this.refused = status === 422 && !!page.querySelector(".saved");
      if (!saved && !this.clash && !this.refused) {
        if (status !== 401 && status !== 403) this.doubt = sent;
        return this.fail(status === 401 ? "signed-out" : "unsaved");
      }
      this.failing = false;
      this.doubt = undefined;
      this.line.hidden = false;
      this.line.replaceChildren(...page.body.childNodes);
      if (!saved) {
        this.copy();
        if (this.clash) this.showClash();
        return false;
      }
      this.saved = sent;
      this.time = true;
      this.counter.value = saves;
      if (this.dirty) this.show("saving");
      else this.wipe();
      return true;
    }

    /* Both texts begin at the first paragraph that is not the same. */
    showClash() {
      this.line.scrollIntoView({ block: "nearest" });
      const [mine, other] = [...this.line.querySelectorAll(".clash section")].map(({ children }) => [...children]);
      const at = mine.findIndex((each, index) => index && each.textContent !== other[index]?.textContent);
      for (const side of [mine, other]) {
        if (side[at]) side[0].parentElement.scrollTop = side[at].offsetTop - side[0].offsetHeight;
      }
    }

    fail(state) {
      this.failing = true;
      this.copy();
      this.show(state);
      return false;
    }

    show(state) {
      this.line.hidden = false;
      let badge = this.line.querySelector(".saved");
      if (!badge) this.line.replaceChildren((badge = parts.querySelector(".saved").cloneNode(true)));
      const isNews = badge.dataset.state !== state;
      badge.dataset.state = state;
      this.sayWhere();
      if (!isNews || !this.failing) return;
      const words = badge.querySelector(`[data-when="${state}"]`).innerText;
      document.dispatchEvent(new CustomEvent("announce", { detail: words }));
    }

    sayWhere() {
      for (const each of this.line.querySelectorAll("[data-copied]")) each.hidden = !this.copied;
      for (const each of this.line.querySelectorAll("[data-uncopied]")) each.hidden = this.copied;
    }

    copy(suffix = "") {
      this.copied = false;
      try {
        const copy = JSON.stringify({ at: Date.now(), words: this.words() });
        stores()[0].setItem(`kept:${person}:${this.name}${tab}${suffix}`, copy);
        this.copied = true;
      } catch {
        // No room on this device, or it keeps nothing: the line says so.
      }
      this.sayWhere();
    }

    wipe() {
      for (const { store, key } of copies(this.name)) {
        if (key.endsWith(`:${tab}`) || this.adopted.includes(key)) store.removeItem(key);
      }
    }

    /* What was kept on this device and is not what the server has: shown, never mixed. */
    offer() {
      for (const { store, key } of copies(this.name)) {
        const { at, words } = JSON.parse(store.getItem(key));
        if (words === this.words()) {
          store.removeItem(key);
          continue;
        }
        const strip = parts.querySelector("[data-offer]").cloneNode(true);
        strip.querySelector("time").textContent = clock(new Date(at));
        strip.querySelector("[data-words]").append(...this.fields.flatMap((field) => paragraphs(field, JSON.parse(words))));
        strip.querySelector("[data-use]").addEventListener("click", () => {
          this.adopted.push(key);
          strip.remove();
          this.put(words);
          this.changed();
        });
        strip.querySelector("[data-drop]").addEventListener("click", () => {
          strip.remove();
          store.removeItem(key);
        });
        this.form.prepend(strip);
        history.scrollRestoration = "manual";
        strip.scrollIntoView({ block: "center" });
        for (let box = this.form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      }
    }

    /* Whoever sends saves first: should the sending fail, the words are there. */
    submit(event) {
      if (this.sending || (!this.dirty && !this.busy)) {
        this.sending = false;
        this.leave();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (this.waiting) return;
      this.waiting = true;
      const button = event.submitter;
      this.save({ all: true }).then((saved) => {
        this.waiting = false;
        if (!saved && !this.refused) return this.line.scrollIntoView({ block: "nearest" });
        this.sending = true;
        this.form.requestSubmit(button?.form === this.form ? button : null);
      });
    }

    /* A link of the form, like “Done for now”, waits for the last words. */
    follow(event, link) {
      if (!this.dirty || this.clash || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.save({ all: true }).then((saved) =>
        saved ? location.assign(link.href) : this.line.scrollIntoView({ block: "nearest" }));
    }

    /* Nobody is asked whether they want to leave what they have just sent. */
    leave() {
      this.leaving = true;
      setTimeout(() => (this.leaving = false), 5000);
    }

    takeOther() {
      this.wipe();
      this.leave();
    }

    keepMine(button) {
      this.clash = false;
      this.counter.value = button.value;
      this.show("saving");
      this.save();
    }
  }

  /* What was begun on another part of this page, and is on this device alone. */
  const showKept = (place) => {
    const prefix = place.dataset.keptHere;
    const [line] = place.children;
    const forms = new Set(copies(prefix).map(({ key }) => key.split(":")[2].slice(prefix.length)));
    for (const form of forms) {
      if (document.querySelector(`[data-keep-key="${prefix}${form}"]`)) continue;
      const [kind, ...numbers] = form.split("-");
      const ways = {
        comment: "",
        on: `?version=${numbers[0]}&start=${numbers[1]}&end=${numbers[2]}`,
        reply: `${numbers[0]}/replies/`,
        wording: `${numbers[0]}/wording/`,
      };
      if (!(kind in ways)) continue;
      const shown = line.cloneNode(true);
      shown.querySelector("a").href = `${place.dataset.href}${ways[kind]}#writing`;
      place.append(shown);
    }
    line.hidden = true;
    place.hidden = place.children.length < 2;
  };
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-kept-here]").forEach(showKept));

  const clock = (at) => {
    const day = at.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "long" };
    return at.toLocaleString(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit" });
  };

  const paragraphs = (field, words) => {
    const [text] = words[field.dataset.kept] ?? [];
    if (ticked(field) || field.type === "hidden" || !text) return [];
    const paragraph = document.createElement("p");
    paragraph.className = "as-typed";
    paragraph.textContent = "rich" in field.dataset ? plain(text) : text;
    return [paragraph];
  };

  const plain = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("p, h2, h3, tr, br").forEach((block) => block.after("\n"));
    return page.body.textContent.trim();
  };

  /* Signing in again makes a new token: every form of this page takes it. */
  const renew = (token) => {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
  };

  const keeperOf = (node) => keepers.get(node.closest?.("form[data-keep]"));
  const find = () => {
    for (const form of keepers.keys()) if (!form.isConnected) keepers.delete(form);
    for (const form of document.querySelectorAll("form[data-keep]")) {
      if (!keepers.has(form)) keepers.set(form, new Keeper(form));
    }
  };
  const present = () => [...keepers.values()].filter(({ form }) => form.isConnected);
  const saveAll = () => present().forEach((keeper) => keeper.save());

  if (person) {
    find();
    document.addEventListener("htmx:load", find);
    setInterval(saveAll, LONGEST_PAUSE);
    addEventListener("focus", saveAll);
    addEventListener("online", saveAll);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) present().forEach((keeper) => keeper.busy ?? keeper.save({ leaving: true }));
    });
    addEventListener("beforeunload", (event) => {
      if (present().some((keeper) => keeper.dirty && !keeper.leaving)) event.preventDefault();
    });
    document.addEventListener("input", ({ target }) => keeperOf(target)?.changed());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
      const keeper = keeperOf(event.target) ?? (keepers.size === 1 ? present()[0] : undefined);
      if (!keeper) return;
      event.preventDefault();
      keeper.save();
    });
    document.addEventListener("click", (event) => {
      const way = event.target.closest("[data-mine], a[href]:not([href^='#'], [target])");
      const keeper = way && keeperOf(way);
      if (!keeper) return;
      if ("other" in way.dataset) return keeper.takeOther();
      if ("mine" in way.dataset) {
        event.preventDefault();
        return keeper.keepMine(way);
      }
      keeper.follow(event, way);
    });
    // Before everybody else who listens: htmx would be on its way.
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action") === signOut) copies().forEach(({ store, key }) => store.removeItem(key));
      keepers.get(event.target)?.submit(event);
    }, true);
    /* A form that htmx sent has arrived: what stands in it now is a new beginning. */
    document.addEventListener("htmx:afterSettle", ({ detail }) => {
      const keeper = keepers.get(detail.requestConfig?.elt);
      if (!keeper || !detail.successful) return;
      keeper.wipe();
      keeper.saved = keeper.words();
    });
    document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
      const token = xhr.getResponseHeader("X-CSRFToken");
      if (xhr.status === 403 && token) renew(token);
    });
  }
}
