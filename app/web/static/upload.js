/* Sending files: piece by piece, so that a lost connection or a reload loses nothing. Without it a plain form sends them. */
(() => {
  "use strict";
  const PIECE = 1e6;
  const PAUSES = [1, 2, 4, 8, 15, 30, 30, 30];
  const words = JSON.parse(document.body.dataset.words || "{}");
  const t = (text, ...values) => (words[text] || text).replace(/\{\}/g, () => values.shift());
  const size = (n) => (n >= 1e5 ? `${(n / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(n / 1e3))} kB`);
  const wait = (seconds) =>
    new Promise((done) => {
      const timer = setTimeout(done, seconds * 1000);
      window.addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
    });

  class Refused extends Error {}

  /* One request; a broken connection rejects with a plain Error, an answer that says no with Refused. */
  const ask = (method, address, headers, body, onprogress, entry) =>
    new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      if (entry) entry.request = request;
      request.open(method, address);
      request.setRequestHeader("Accept", "application/json");
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (onprogress) request.upload.onprogress = onprogress;
      request.timeout = 120000;
      request.onerror = request.ontimeout = () => failed(new Error("broken"));
      request.onabort = () => failed(new Refused(""));
      request.onload = () => {
        if (request.status < 400 || request.status === 409) done(request);
        else if (request.status >= 500) failed(new Error("busy"));
        else {
          let told = {};
          try {
            told = JSON.parse(request.responseText);
          } catch {
            /* Not ours: told in general words. */
          }
          const refusal = new Refused((told.refused || []).join(" ") || told.error || t("That did not work. Try again in a minute."));
          refusal.status = request.status;
          failed(refusal);
        }
      };
      request.send(body);
    });

  for (const form of document.querySelectorAll("form[data-upload]")) {
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const list = form.querySelector("[data-chosen]");
    const errors = form.querySelector("[data-errors]");
    const status = form.querySelector("[data-status]");
    const button = form.querySelector("button[type=submit]");
    const token = form.querySelector("input[name=form_token]").value;
    const most = Number(form.dataset.limitMb) * 1e6;
    const memory = `caseguide_sending ${form.getAttribute("action")}`;
    let entries = [];
    let busy = false;

    /* What is on its way is remembered until the tab is closed: names and addresses, never the files. */
    const remember = () => {
      const kept = entries
        .filter((e) => e.address)
        .map(({ name, bytes, modified, address }) => ({ name, bytes, modified, address }));
      try {
        if (kept.length) sessionStorage.setItem(memory, JSON.stringify(kept));
        else sessionStorage.removeItem(memory);
      } catch {
        /* Storage is off: a reload then begins anew. */
      }
    };
    const say = (text) => {
      status.textContent = text;
    };

    const action = (row, words, run) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "quiet";
      made.textContent = words;
      made.addEventListener("click", run);
      row.append(made);
    };
    const draw = (entry) => {
      if (!entry.row) {
        entry.row = document.createElement("li");
        list.append(entry.row);
      }
      const row = entry.row;
      row.className = entry.state;
      const focused = row.contains(document.activeElement);
      row.replaceChildren();
      const name = document.createElement("span");
      name.textContent = `${entry.name} (${size(entry.bytes)})`;
      row.append(name);
      const told = {
        sending: t("Sending"),
        waiting: t("The connection broke. It goes on by itself."),
        stored: t("It has arrived and is safe."),
        paused: t("{} % has arrived. Choose this file again, and it goes on from there.", Math.floor((100 * entry.sent) / entry.bytes)),
        failed: entry.wrong,
        large: t("This file is larger than {} MB. Send the pages with your results as a smaller file.", form.dataset.limitMb),
      }[entry.state];
      if (entry.state === "sending" || entry.state === "waiting") {
        entry.bar = document.createElement("progress");
        entry.bar.max = entry.bytes;
        entry.bar.value = entry.sent;
        entry.bar.setAttribute("aria-label", t("{}, sent so far", entry.name));
        row.append(entry.bar);
      }
      if (told) {
        const line = document.createElement("span");
        line.className = ["failed", "large"].includes(entry.state) ? "bad" : "small";
        line.textContent = told;
        row.append(line);
      }
      if (entry.state === "failed" && entry.file) action(row, t("Send {} again", entry.name), () => send([entry]));
      const going = entry.state === "sending" || entry.state === "waiting";
      action(row, going ? t("Stop sending {}", entry.name) : t("Remove {}", entry.name), () => remove(entry));
      if (focused) row.querySelector("button").focus();
    };
    const change = (entry, state, wrong = "") => {
      entry.state = state;
      entry.wrong = wrong;
      draw(entry);
      if (state === "stored") say(t("{} has arrived.", entry.name));
      if (state === "failed") say(wrong);
    };
    const remove = (entry) => {
      entries = entries.filter((e) => e !== entry);
      entry.gone = true;
      if (entry.request) entry.request.abort();
      if (entry.address) ask("DELETE", entry.address, { "X-Form-Token": token }).catch(() => {});
      entry.row.remove();
      remember();
      tell([]);
      button.focus();
    };

    const add = (files) => {
      for (const file of files) {
        const same = entries.find((e) => e.name === file.name && e.bytes === file.size);
        if (same && same.file) continue;
        if (same) {
          same.file = file;
          if (same.state === "paused") change(same, "chosen");
          continue;
        }
        const entry = { file, name: file.name, bytes: file.size, modified: file.lastModified, sent: 0 };
        entries.push(entry);
        change(entry, file.size > most ? "large" : "chosen");
      }
      tell([]);
    };

    const tell = (lines, link) => {
      errors.replaceChildren(
        ...lines.map((line) => {
          const row = document.createElement("p");
          row.textContent = line;
          return row;
        }),
      );
      if (link) errors.append(link);
      errors.hidden = lines.length === 0;
    };

    /* Send one file from where it stopped; a broken connection is waited for. */
    const push = async (entry) => {
      let tries = 0;
      while (!entry.gone) {
        try {
          if (!entry.address) {
            const head = { "X-Form-Token": token, "Upload-Length": String(entry.bytes), "Upload-Name": encodeURIComponent(entry.name) };
            const made = await ask("POST", "/uploads", head);
            entry.address = made.getResponseHeader("Location");
            remember();
          } else if (tries || entry.unsure) {
            const far = await ask("HEAD", entry.address, {});
            entry.sent = Number(far.getResponseHeader("Upload-Offset"));
            entry.unsure = false;
          }
          if (entry.state !== "sending") change(entry, "sending");
          while (entry.sent < entry.bytes && !entry.gone) {
            const from = entry.sent;
            const piece = entry.file.slice(from, Math.min(from + PIECE, entry.bytes));
            const head = { "X-Form-Token": token, "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" };
            const step = (event) => {
              if (entry.bar) entry.bar.value = from + event.loaded;
            };
            const answer = await ask("PATCH", entry.address, head, piece, step, entry);
            entry.sent = Number(answer.getResponseHeader("Upload-Offset"));
            tries = 0;
          }
          if (!entry.gone) change(entry, "stored");
          return;
        } catch (error) {
          if (entry.gone) return;
          if (error instanceof Refused && error.status === 404) {
            /* Its time was over: begin anew. */
            entry.address = "";
            entry.sent = 0;
            if (tries++ < 2) continue;
          }
          if (error instanceof Refused || tries >= PAUSES.length) {
            const lost = t("{} could not be sent. What has arrived is kept: try again.", entry.name);
            change(entry, "failed", error instanceof Refused ? error.message : lost);
            return;
          }
          change(entry, "waiting");
          await wait(PAUSES[tries++]);
        }
      }
    };

    /* All pieces are there: make a record of them. An answer that got lost is asked for again. */
    const finish = async (body) => {
      for (let tries = 0; ; tries += 1) {
        try {
          return JSON.parse((await ask("POST", form.action, {}, body)).responseText);
        } catch (error) {
          if (error instanceof Refused || tries >= 3) throw error;
          await wait(PAUSES[tries]);
        }
      }
    };

    const send = async (some) => {
      if (busy) return;
      busy = true;
      button.disabled = true;
      tell([]);
      for (const entry of some) if (!entry.gone && entry.state !== "stored") await push(entry);
      const here = entries.filter((e) => e.state === "stored");
      const open = entries.filter((e) => !["stored", "large"].includes(e.state));
      if (open.length || !here.length) {
        busy = false;
        button.disabled = false;
        return;
      }
      say(t("Everything has arrived. Looking at it…"));
      const body = new FormData(form);
      body.delete("files");
      body.delete("photos");
      for (const entry of here) body.append("uploads", entry.address.split("/").pop());
      try {
        const told = await finish(body);
        entries.forEach((e) => (e.address = ""));
        remember();
        const same = told.same || [];
        if (told.address && !(told.refused || []).length && !same.length) {
          location.assign(told.address);
          return;
        }
        const on = document.createElement("a");
        on.className = "main";
        on.href = told.address || "";
        on.textContent = t("Go on with the others");
        tell([...same.map((s) => s.text), ...(told.refused || [])], told.address ? on : null);
        same.forEach((earlier, at) => {
          const open = document.createElement("a");
          open.href = earlier.address;
          open.textContent = t("Open it");
          errors.children[at].append(" ", open);
        });
      } catch (error) {
        tell([error instanceof Refused ? error.message : t("The connection broke. Nothing is lost: press the button to send again.")]);
      }
      say("");
      for (const entry of here) {
        entry.unsure = true;
        change(entry, entry.address ? "stored" : "chosen");
        if (!entry.address) entry.sent = 0;
      }
      busy = false;
      button.disabled = false;
    };

    for (const input of inputs) {
      input.addEventListener("change", () => {
        add(input.files);
        input.value = "";
      });
    }
    const drop = form.querySelector("[data-drop]");
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      add(event.dataTransfer.files);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const lacking = entries.filter((e) => e.state === "paused");
      const sendable = entries.filter((e) => e.state !== "large");
      if (!sendable.length) tell([t("No file was chosen. Choose a PDF or a photo of your report, then send it.")]);
      else if (lacking.length) tell(lacking.map((e) => t("Choose {} again, or remove it.", e.name)));
      else send(sendable);
    });

    /* After a reload: what had begun is shown with how much of it is safe. */
    const recall = async () => {
      let kept = [];
      try {
        kept = JSON.parse(sessionStorage.getItem(memory) || "[]");
      } catch {
        return;
      }
      for (const old of kept) {
        try {
          const far = await ask("HEAD", old.address, {});
          const entry = { ...old, file: null, sent: Number(far.getResponseHeader("Upload-Offset")) };
          entries.push(entry);
          change(entry, entry.sent === entry.bytes ? "stored" : "paused");
        } catch {
          /* Its time is over, or nobody answers: the file can be chosen again. */
        }
      }
      remember();
    };
    recall();
  }
})();
