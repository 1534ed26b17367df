/* The workbench by keyboard. Each decision is the same form that a browser without scripts sends; what cannot be sent
   waits in this tab (session storage, gone when the tab is closed) and is sent again until it arrives. */
(() => {
  "use strict";
  const bench = document.querySelector("[data-bench]");
  if (!bench) return;
  const record = bench.dataset.record;
  const address = `/desk/${record}/facts`;
  const shelf = `caseguide-waiting-${bench.dataset.me}-${record}`;
  const saved = bench.querySelector("[data-saved]");
  const keys = bench.querySelector("[data-keys]");
  const facts = [...bench.querySelectorAll(".fact")];
  const words = { machine: "Read by machine", confirmed: "Checked by a navigator", corrected: "Corrected by a navigator", added: "Added by hand", rejected: "Rejected by a navigator" };
  const becomes = { confirm: "confirmed", correct: "corrected", reject: "rejected", undo: "machine" };
  let waiting = JSON.parse(sessionStorage.getItem(shelf) || "[]");
  let sending = false;
  let current = null;
  const done = [];
  const of = (key) => facts.find((f) => f.dataset.key === key);

  function keep() {
    sessionStorage.setItem(shelf, JSON.stringify(waiting));
    saved.textContent = waiting.length ? `Waiting to be saved: ${waiting.length}` : "All saved";
    saved.classList.toggle("waiting", waiting.length > 0);
    bench.querySelector("[data-left]").textContent = facts.filter((f) => f.dataset.review === "machine").length;
  }

  function choose(fact, { quiet = false } = {}) {
    if (!fact) return;
    facts.forEach((f) => f.classList.toggle("on", f === fact));
    current = fact;
    if (!quiet) fact.focus({ preventScroll: true });
    fact.scrollIntoView({ block: "nearest" });
    bench.querySelectorAll(".mark.on").forEach((m) => m.classList.remove("on"));
    const marks = [...bench.querySelectorAll(".mark")].filter((m) => m.dataset.fact === fact.dataset.key);
    marks.forEach((m) => m.classList.add("on"));
    if (marks[0]) marks[0].scrollIntoView({ block: "center", inline: "nearest" });
  }

  function step(by, open) {
    const from = current ? facts.indexOf(current) : by > 0 ? -1 : facts.length;
    const order = facts.map((_, n) => facts[(from + by * (n + 1) + facts.length * 2) % facts.length]);
    choose(order.find((f) => !open || f.dataset.review === "machine") || current);
  }

  function show(fact, review, said) {
    fact.classList.remove(`is-${fact.dataset.review}`);
    fact.classList.add(`is-${review}`);
    fact.dataset.review = review;
    fact.querySelector("[data-state]").textContent = words[review];
    if (said) fact.querySelector("[data-said]").textContent = said;
  }

  function act(fact, action) {
    const form = fact.querySelector("form");
    const fields = Object.fromEntries(new FormData(form));
    if (action === "reject" && !fields.why.trim()) {
      fact.querySelector("details.edit").open = true;
      fact.querySelector("[data-told]").textContent = "Say in a few words why this is rejected, then press Enter.";
      form.elements.why.focus();
      form.dataset.rejecting = "1";
      return;
    }
    delete form.dataset.rejecting;
    delete fields.form_token;
    fact.querySelector("[data-told]").textContent = "";
    fact.querySelector("details.edit").open = false;
    // An action that still waits comes before this one; the versions follow each other.
    const before = waiting.filter((w) => w.fact === fact.dataset.key).length;
    waiting.push({ ...fields, action, version: Number(fields.version) + before });
    done.push(fact.dataset.key);
    const said = action === "correct" ? [`${fields.gene} ${fields.alteration}`.trim(), fields.result.replaceAll("_", " "), fields.value].filter(Boolean).join(", ") : "";
    if (action !== "undo") show(fact, becomes[action], said);
    fact.querySelector("button[value=undo]").disabled = false;
    keep();
    send();
    if (action !== "undo") step(1, true);
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      let answer;
      try {
        answer = await fetch(address, { method: "POST", headers: { Accept: "application/json", "X-Form-Token": bench.dataset.token }, body: new URLSearchParams(waiting[0]) });
      } catch {
        break;
      }
      if (answer.status >= 500) break;
      const sent = waiting.shift();
      const told = await answer.json().catch(() => ({ error: "This was not saved. Reload the page, then try again." }));
      receive(sent, answer.status, told);
      keep();
    }
    sending = false;
  }

  function receive(sent, status, told) {
    const fact = of(sent.fact);
    if (!fact) return;
    const form = fact.querySelector("form");
    const line = fact.querySelector("[data-told]");
    if (status === 200) {
      form.elements.version.value = told.version;
      const name = [told.values.gene || told.values.marker, told.values.alteration].filter(Boolean).join(" ");
      const more = [told.values.value, told.values.unit, told.values.score].filter(Boolean).join(" ");
      show(fact, told.review, [name, String(told.values.result || "").replaceAll("_", " "), more].filter(Boolean).join(", "));
      form.elements.why.value = "";
      return;
    }
    // What follows for the same fact was built on this one.
    waiting = waiting.filter((w) => w.fact !== sent.fact);
    if (status !== 409) {
      show(fact, "machine");
      line.textContent = told.error;
      return;
    }
    const mine = sent.action === "correct" ? `${sent.gene} ${sent.alteration}, ${sent.result}` : sent.action;
    show(fact, told.review, told.said);
    form.elements.version.value = told.version;
    line.textContent = `${told.who} decided meanwhile: ${words[told.review]}, ${told.said}. You had: ${mine}. `;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Use mine";
    button.addEventListener("click", () => {
      line.textContent = "";
      waiting.push({ ...sent, version: told.version });
      keep();
      send();
    });
    line.append(button);
  }

  bench.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-fact-form]")) return;
    event.preventDefault();
    const fact = form.closest(".fact");
    const editing = form.querySelector("details.edit").open;
    const pressed = event.submitter && event.submitter.dataset.by === "mouse" ? event.submitter.value : "";
    act(fact, pressed || (form.dataset.rejecting ? "reject" : editing ? "correct" : "confirm"));
  });
  bench.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fact-form] button");
    // Enter in a field presses the first button by itself (no detail, not focused): then the open part decides.
    if (button) button.dataset.by = event.detail > 0 || document.activeElement === button ? "mouse" : "";
    const mark = event.target.closest(".mark");
    if (mark) choose(of(mark.dataset.fact));
    const line = event.target.closest("[data-words]");
    if (line) propose(line);
    const fact = event.target.closest(".fact");
    if (fact && fact !== current) choose(fact, { quiet: true });
  });

  async function normal(gene, alteration) {
    const answer = await fetch(`/desk/normal?${new URLSearchParams({ gene, alteration })}`).catch(() => null);
    return answer && answer.ok ? answer.json() : {};
  }

  async function propose(line) {
    const form = bench.querySelector("[data-add]");
    form.elements.words.value = line.dataset.words;
    form.querySelector("[data-chosen]").textContent = `“${line.textContent}”`;
    const read = await normal("", line.textContent);
    for (const name of ["type", "gene", "alteration", "result", "value"]) if (read[name]) form.elements[name].value = read[name];
    form.scrollIntoView({ block: "nearest" });
    form.elements.gene.focus();
  }

  let typing = 0;
  bench.addEventListener("input", (event) => {
    if (!["gene", "alteration"].includes(event.target.name)) return;
    const form = event.target.form;
    const line = form.querySelector("[data-normal]");
    if (!line) return;
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const read = await normal(form.elements.gene.value, form.elements.alteration.value);
      line.textContent = read.alteration ? `Normal form: ${read.gene || ""} ${read.alteration}${read.c ? `, ${read.c}` : ""}` : "Not recognised; it is kept as typed.";
    }, 250);
  });

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && field && current) {
      choose(current);
      return;
    }
    if (field || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const form = current && current.querySelector("form");
    const does = {
      j: () => step(1, true),
      Enter: () => step(1, true),
      k: () => step(-1, false),
      c: () => current && act(current, "confirm"),
      e: () => {
        if (!current) return;
        current.querySelector("details.edit").open = true;
        form.elements.alteration.focus();
        form.elements.alteration.select();
      },
      x: () => current && act(current, "reject"),
      u: () => {
        const key = done.pop();
        if (!key) return;
        choose(of(key));
        act(of(key), "undo");
        done.pop();
      },
      a: () => bench.querySelector("[data-add]").elements.gene.focus(),
      f: () => !waiting.length && bench.querySelector("[data-done]").requestSubmit(),
      "?": () => keys.showModal(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  const help = bench.querySelector("[data-help]");
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());
  window.addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
  window.addEventListener("online", send);
  setInterval(send, 3000);
  // Pictures are fetched when they come near, so that a long document opens at once.
  const near = new IntersectionObserver((seen) => seen.filter((s) => s.isIntersecting).forEach((s) => {
    const picture = s.target.querySelector("image");
    if (!picture.getAttribute("href")) picture.setAttribute("href", picture.dataset.href);
    near.unobserve(s.target);
  }), { rootMargin: "800px" });
  bench.querySelectorAll(".leaf").forEach((leaf) => near.observe(leaf));
  waiting.forEach((w) => of(w.fact) && w.action !== "undo" && show(of(w.fact), becomes[w.action]));
  keep();
  send();
  if (location.hash.startsWith("#f-")) choose(of(location.hash.slice(3)));
  else step(1, true);
})();
