/* The workbench by keyboard and mouse. Each decision is the same form that a browser without scripts sends. */
(() => {
  "use strict";
  const bench = document.querySelector("[data-bench]");
  if (!bench) return;
  bench.classList.add("scripted");
  const address = `/desk/${bench.dataset.record}`;
  const saved = bench.querySelector("[data-saved]");
  const keys = bench.querySelector("[data-keys]");
  const list = bench.querySelector("[data-facts]");
  const live = bench.querySelector("[data-live]");
  const out = bench.querySelector("[data-out]");
  const add = bench.querySelector("[data-add]");
  const asking = bench.querySelector("[data-ask]");
  const single = bench.querySelector("[data-single]");
  const STATES = { machine: "Read by machine", confirmed: "Checked by a navigator", corrected: "Corrected by a navigator", added: "Added by hand", rejected: "Rejected by a navigator" };
  const BECOMES = { confirm: "confirmed", correct: "corrected", reject: "rejected", undo: "machine", move: "corrected", add: "added" };
  let current = null;
  const done = [];
  const stale = new Set();
  const facts = () => [...list.querySelectorAll(".fact")];
  const of = (key) => whole(facts().find((f) => f.dataset.key === key));
  const say = (text) => { live.textContent = text; };
  const title = (fact) => fact.querySelector("[data-said]").textContent;

  /* What the server said last of a field; shown again when a decision is refused. */
  const standing = new Map();
  const remember = (fact) => standing.set(fact.dataset.key, { review: fact.dataset.review, said: title(fact), version: Number(fact.querySelector("form").elements.version.value) });

  /* Most of a field is made only when it is needed: a browser with scripts leaves what stands in noscript unread. */
  function whole(fact) {
    const rest = fact && fact.querySelector("noscript[data-rest]");
    if (!rest) return fact;
    if (rest.childElementCount) rest.replaceWith(...rest.childNodes);
    else {
      const made = document.createElement("template");
      made.innerHTML = rest.textContent;
      rest.replaceWith(made.content);
    }
    fact.querySelectorAll("[data-open], [data-refuse], [data-move], [data-asking]").forEach((b) => { b.hidden = false; });
    return fact;
  }

  function count() {
    bench.querySelector("[data-left]").textContent = facts().filter((f) => "waits" in f.dataset).length;
  }

  function tellSaved() {
    const n = waiting.count();
    const held = waiting.held();
    saved.textContent = n ? `${held ? `${held}. ` : ""}Waiting to be saved: ${n}` : "All saved";
    saved.classList.toggle("waiting", n > 0);
    out.hidden = held !== "Signed out" || !n;
    if (!out.hidden && !out.childElementCount) {
      const link = document.createElement("a");
      link.href = "/sign-in";
      link.target = "_blank";
      link.textContent = "Sign in again in a new tab";
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = "Throw away what waits";
      drop.addEventListener("click", () => { waiting.forget(); location.reload(); });
      out.append("You are signed out, or the case is no longer yours. What you decided waits here and is sent then. ", link, " ", drop);
    }
    count();
  }

  function show(fact, review, said) {
    whole(fact);
    fact.classList.remove(`is-${fact.dataset.review}`);
    fact.classList.add(`is-${review}`);
    fact.dataset.review = review;
    fact.querySelector("[data-state]").textContent = STATES[review];
    if (said) fact.querySelector("[data-said]").textContent = said;
    fact.querySelector("[data-now]").textContent = review === "rejected" ? "Nothing: rejected" : title(fact);
  }

  function choose(fact, { quiet = false } = {}) {
    if (!whole(fact)) return;
    facts().forEach((f) => f.classList.toggle("on", f === fact));
    current = fact;
    if (!quiet) fact.focus({ preventScroll: true });
    fact.scrollIntoView({ block: "nearest" });
    pages.highlight(fact.dataset.key);
  }

  function step(by, open) {
    const all = facts();
    const from = current ? all.indexOf(current) : by > 0 ? -1 : all.length;
    const order = all.map((_, n) => all[(from + by * (n + 1) + all.length * 2) % all.length]);
    const next = order.find((f) => !open || "waits" in f.dataset);
    choose(next || current);
    return next;
  }

  /* Puts a decision into the queue; the field shows it at once. */
  function enter(fact, fields, review, said) {
    const before = waiting.of(fact.dataset.key).length;
    const version = Number(fact.querySelector("form").elements.version.value) + before;
    fact.querySelector("[data-told]").textContent = "";
    fact.querySelector("details.edit").open = false;
    fact.querySelector("[data-undo]").disabled = false;
    if (review) {
      show(fact, review, said);
      delete fact.dataset.waits;
    }
    waiting.push({ ...fields, fact: fact.dataset.key, version });
  }

  function act(fact, action) {
    const form = fact.querySelector("form");
    const fields = Object.fromEntries(new FormData(form));
    delete fields.form_token;
    if (action === "reject" && !fields.why.trim()) {
      fact.querySelector("details.edit").open = true;
      fact.querySelector("[data-told]").textContent = "Say in a few words why this is rejected, then press Enter.";
      form.elements.why.focus();
      form.dataset.rejecting = "1";
      return;
    }
    delete form.dataset.rejecting;
    const told = action === "confirm" || action === "undo" ? {} : fields;
    const said = action === "correct" ? [`${fields.gene} ${fields.alteration}`.trim(), fields.result.replaceAll("_", " "), [fields.value, fields.unit, fields.score].filter(Boolean).join(" ")].filter(Boolean).join(", ") : "";
    enter(fact, { ...told, action }, action === "undo" ? "" : action === "confirm" && ["corrected", "added"].includes(fact.dataset.review) ? fact.dataset.review : BECOMES[action], said);
    if (action === "undo") return;
    done.push(fact.dataset.key);
    say(`${STATES[fact.dataset.review]}: ${title(fact)}`);
    step(1, true);
  }

  function receive(sent, status, told, followers) {
    if (sent.action === "add") return added(sent, status, told);
    const fact = of(sent.fact);
    if (!fact) return;
    const form = fact.querySelector("form");
    const line = fact.querySelector("[data-told]");
    if (status === 200) {
      form.elements.version.value = told.version;
      if (!waiting.of(sent.fact).length) show(fact, told.review, told.said);
      fact.toggleAttribute("data-waits", told.review === "machine");
      form.elements.why.value = "";
      remember(fact);
      renew(sent.fact);
      return;
    }
    const last = standing.get(sent.fact);
    const now = status === 409 ? told : last;
    show(fact, now.review, now.said || last.said);
    fact.toggleAttribute("data-waits", now.review === "machine");
    form.elements.version.value = now.version;
    remember(fact);
    renew(sent.fact);
    if (status !== 409) {
      line.textContent = `${told.error} ${followers.length ? "What you did to this field after it was not saved either." : ""}`;
      say(`Not saved: ${title(fact)}. ${told.error}`);
      return;
    }
    const mine = sent.action === "correct" ? `${sent.gene} ${sent.alteration}, ${sent.result}` : sent.action === "move" ? "another place" : sent.action;
    line.textContent = `${told.who || "Somebody"} decided meanwhile: ${STATES[told.review]}, ${told.said}. You had: ${mine}. `;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Use mine";
    button.addEventListener("click", () => {
      const { id, fact: key, version, ...fields } = sent;
      // The field may have been drawn anew since.
      enter(of(key), fields, sent.action === "undo" ? "" : BECOMES[sent.action]);
    });
    line.append(button);
    say(line.textContent);
  }

  function added(sent, status, told) {
    const shown = of(sent.fact);
    if (status === 200) {
      done.push(sent.fact);
      say(`Added: ${told.said}`);
      renew(sent.fact);
      return;
    }
    if (shown) shown.remove();
    for (const [name, value] of Object.entries(sent)) if (add.elements[name] && !["version", "action", "fact"].includes(name)) add.elements[name].value = value;
    add.querySelector("[data-told]").textContent = told.error;
    add.scrollIntoView({ block: "nearest" });
    say(`Not added: ${told.error}`);
  }

  /* Shows a field anew as the server has it, with its history; never while somebody types in it. */
  let renewing = 0;
  function renew(key) {
    stale.add(key);
    clearTimeout(renewing);
    renewing = setTimeout(async () => {
      if (!waiting.count()) watch();
      for (const one of [...stale]) {
        const old = of(one);
        const busy = old && old.querySelector("details.edit").open;
        if (busy || waiting.of(one).length) continue;
        const answer = await fetch(`${address}/facts/${one}`).catch(() => null);
        if (!answer) return;
        stale.delete(one);
        if (!answer.ok) continue;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".fact");
        if (!fresh || waiting.of(one).length) continue;
        const told = old && old.querySelector("[data-told]");
        if (told) fresh.querySelector("[data-told]").replaceWith(told);
        const within = old && old.contains(document.activeElement);
        if (old) old.replaceWith(fresh);
        else list.append(fresh);
        prepare(fresh);
        if (old === current || !old) choose(fresh, { quiet: !within });
        else fresh.classList.remove("on");
      }
      count();
    }, 250);
  }

  function prepare(fact) {
    pages.draw(fact);
    remember(fact);
  }

  function openEdit(fact) {
    fact.querySelector("details.edit").open = true;
    const field = fact.querySelector("form").elements.alteration;
    field.focus();
    field.select();
  }

  function ask(fact) {
    asking.elements.fact.value = fact ? fact.dataset.key : "";
    asking.elements.label.value = fact ? title(fact) : "";
    asking.querySelector("[data-about]").textContent = fact ? `About: ${title(fact)}` : "";
    asking.elements.text.focus();
  }

  bench.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-whole]") && waiting.count()) {
      event.preventDefault();
      say("Wait until all is saved, then do that.");
      saved.scrollIntoView({ block: "nearest" });
      return;
    }
    if (form === add) {
      event.preventDefault();
      submitAdd();
      return;
    }
    if (!form.matches("[data-fact-form]")) return;
    event.preventDefault();
    const fact = form.closest(".fact");
    const editing = form.querySelector("details.edit").open;
    const pressed = event.submitter && event.submitter.dataset.by === "mouse" ? event.submitter.value : "";
    act(fact, pressed || (form.dataset.rejecting ? "reject" : editing ? "correct" : "confirm"));
  });

  function submitAdd() {
    const fields = Object.fromEntries(new FormData(add));
    delete fields.form_token;
    if (!fields.alteration.trim()) {
      add.querySelector("[data-told]").textContent = "Say what was found or looked for, such as “p.L858R”.";
      add.elements.alteration.focus();
      return;
    }
    const key = `new:${[...crypto.getRandomValues(new Uint8Array(10))].map((b) => b.toString(16).padStart(2, "0")).join("")}`;
    add.querySelector("[data-told]").textContent = "";
    provisional({ ...fields, fact: key });
    waiting.push({ ...fields, fact: key, version: 0 });
    add.reset();
    add.elements.words.value = "";
    add.querySelector("[data-chosen]").textContent = "Choose words on the page first, so that the fact shows where it stands.";
    pages.leavePicking();
    choose(of(key));
  }

  /* A fact that waits to be saved stands in the list already. */
  function provisional(fields) {
    const pattern = document.createElement("li");
    pattern.className = "fact is-added";
    Object.assign(pattern.dataset, { key: fields.fact, review: "added" });
    pattern.tabIndex = -1;
    const form = document.createElement("form");
    form.dataset.factForm = "";
    form.innerHTML = '<input type="hidden" name="version" value="0"><h2 class="said" data-said></h2><p class="small" data-state></p><p data-now hidden></p><details class="edit" hidden></details><button type="button" data-undo hidden></button><p class="told" role="alert" data-told></p>';
    form.querySelector("[data-said]").textContent = [`${fields.gene} ${fields.alteration}`.trim(), fields.result, fields.value].filter(Boolean).join(", ");
    form.querySelector("[data-state]").textContent = "Added by hand, waits to be saved";
    pattern.append(form);
    list.append(pattern);
  }

  bench.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fact-form] button");
    // Enter in a field presses the first button by itself (no detail, not focused): then the open part decides.
    if (button) button.dataset.by = event.detail > 0 || document.activeElement === button ? "mouse" : "";
    const fact = event.target.closest(".fact");
    if (fact && fact !== current) choose(fact, { quiet: true });
    if (!fact) return;
    if (event.target.closest("[data-open]")) openEdit(fact);
    if (event.target.closest("[data-refuse]")) act(fact, "reject");
    if (event.target.closest("[data-move]")) pages.beginMove(fact.dataset.key);
    if (event.target.closest("[data-asking]")) ask(fact);
  });
  // A field that opens under a pressed mouse would move away from it: the click then chooses.
  let pressed = false;
  list.addEventListener("pointerdown", () => { pressed = true; });
  document.addEventListener("pointerup", () => setTimeout(() => { pressed = false; }));
  document.addEventListener("pointercancel", () => { pressed = false; });
  list.addEventListener("focusin", (event) => {
    const fact = event.target.closest(".fact");
    if (!pressed && fact && fact !== current) choose(fact, { quiet: true });
  });

  async function normal(gene, alteration) {
    const answer = await fetch(`/desk/normal?${new URLSearchParams({ gene, alteration })}`).catch(() => null);
    return answer && answer.ok ? answer.json() : {};
  }

  async function propose(text, place) {
    add.elements.words.value = place;
    add.querySelector("[data-chosen]").textContent = `“${text}”`;
    for (const name of ["gene", "alteration", "result", "value", "unit"]) add.elements[name].value = "";
    const read = await normal("", text);
    for (const name of ["type", "gene", "alteration", "result", "value", "unit"]) if (read[name]) add.elements[name].value = read[name];
    offerResults();
    add.scrollIntoView({ block: "nearest" });
    add.elements[read.gene ? "alteration" : "gene"].focus();
    say(read.alteration ? `Proposed: ${read.gene || ""} ${read.alteration}, ${String(read.result || "").replaceAll("_", " ")}` : "These words say nothing that we know. Fill in what they say.");
  }

  /* Results that belong to the type that is chosen. */
  function offerResults() {
    bench.querySelectorAll("#results option").forEach((o) => { o.disabled = o.dataset.type !== add.elements.type.value; });
  }
  add.elements.type.addEventListener("change", offerResults);
  offerResults();

  let typing = 0;
  bench.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !["gene", "alteration"].includes(event.target.name)) return;
    const line = form.querySelector("[data-normal]");
    clearTimeout(typing);
    typing = setTimeout(async () => {
      if (event.target.name === "gene" && event.target.value.length > 1) offerGenes(event.target.value);
      if (!line || !form.elements.alteration.value.trim()) return;
      const read = await normal(form.elements.gene.value, form.elements.alteration.value);
      line.textContent = read.alteration ? `Normal form: ${read.gene || ""} ${read.alteration}${read.c ? `, ${read.c}` : ""}` : "Not recognised; it is kept as typed.";
    }, 250);
  });
  async function offerGenes(typed) {
    const answer = await fetch(`/names/gene?${new URLSearchParams({ q: typed })}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const options = (await answer.json()).map(({ value, label }) => Object.assign(document.createElement("option"), { value, label: label || value }));
    document.getElementById("names-gene").replaceChildren(...options);
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea");
    if (!field && !keys.open && pages.key(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Escape" && field && current) {
      const form = field.form;
      if (form && form.matches("[data-fact-form]")) form.querySelector("details.edit").open = false;
      choose(current);
      return;
    }
    if (field || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const onFact = event.target === current || event.target === document.body;
    // Tab goes on to the next field that waits, and out of the list where none does.
    if (event.key === "Tab") {
      if (!event.shiftKey && event.target === current && facts().some((f) => "waits" in f.dataset && f !== current)) {
        event.preventDefault();
        step(1, true);
      }
      return;
    }
    if (event.key === "Enter" && !onFact) return;
    if (event.key !== "Enter" && !single.checked) return;
    const key = current && current.dataset.key;
    const does = {
      j: () => step(1, true),
      Enter: () => step(1, true),
      k: () => step(-1, false),
      c: () => current && act(current, "confirm"),
      e: () => current && openEdit(current),
      x: () => current && act(current, "reject"),
      u: () => {
        const last = of(done.pop());
        if (!last) return say("Nothing to take back.");
        choose(last);
        act(last, "undo");
        say(`Taken back: ${title(last)}`);
      },
      m: () => current && pages.beginMove(key),
      w: () => pages.pick(key),
      a: () => add.elements.gene.focus(),
      q: () => ask(current),
      o: () => current && current.querySelector(".acts button").focus(),
      f: () => bench.querySelector("[data-done]").requestSubmit(),
      "?": () => keys.showModal(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  /* Says whether what the patient sees holds every decision, and shows a document that was read again. */
  const fresh = bench.querySelector("[data-fresh]");
  let watching = 0;
  async function watch() {
    clearTimeout(watching);
    const answer = await fetch(`${address}/state`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const told = await answer.json();
    if (Number(bench.dataset.reading) > told.reading && !waiting.count()) {
      location.reload();
      return;
    }
    fresh.textContent = told.fresh ? "· The patient's result is up to date" : "· The patient's result is being made anew";
    if (!told.fresh || told.reading) watching = setTimeout(watch, 1500);
  }

  const pages = window.caseguidePages(bench, {
    say, propose,
    chooseFact: (key) => choose(of(key) || current),
    saveBox: (key, words, text) => {
      const fact = of(key);
      done.push(key);
      enter(fact, { action: "move", words }, "corrected", "");
      say(`The box stands around “${text}” now.`);
    },
  });
  const waiting = window.caseguideWaiting(bench, {
    receive,
    changed: () => tellSaved(),
    lost: (entries) => {
      for (const entry of entries) {
        const fact = of(entry.fact);
        if (fact) fact.querySelector("[data-told]").textContent = "What you typed here before could not be kept. Do it again.";
      }
    },
  });
  facts().forEach(prepare);
  waiting.restore();
  for (const fact of facts()) {
    const last = waiting.of(fact.dataset.key).filter((w) => w.action !== "undo").pop();
    if (!last) continue;
    show(fact, BECOMES[last.action]);
    delete fact.dataset.waits;
  }
  count();
  const help = bench.querySelector("[data-help]");
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());
  try {
    single.checked = localStorage.getItem("caseguide-single-keys") !== "off";
    single.addEventListener("change", () => localStorage.setItem("caseguide-single-keys", single.checked ? "on" : "off"));
  } catch {
    /* The choice holds for this page. */
  }
  waiting.send();
  watch();
  if (location.hash.startsWith("#f-")) choose(of(location.hash.slice(3)));
  else step(1, true) || choose(facts()[0]);
})();
