/* Passkeys: the browser's own dialog, between two pages of ours. A form that carries
   `data-passkey` asks this site for a challenge, hands it to the browser, and sends the answer as
   any form is sent. Without this script the form stays hidden, and password and code do. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return [made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    }];
  };

  const get = async (options) => {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = known(options.allowCredentials);
    const found = await navigator.credentials.get({ publicKey: options });
    const handle = found.response.userHandle;
    return [found, {
      clientDataJSON: text(found.response.clientDataJSON),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
      userHandle: handle ? text(handle) : null,
    }];
  };

  const ask = async (form) => {
    const answer = await fetch(form.dataset.options, { method: "POST" });
    if (!answer.ok) throw new Error("no challenge");
    const options = await answer.json();
    const [key, response] = await (form.dataset.passkey === "create" ? create : get)(options);
    form.elements.credential.value = JSON.stringify({
      id: key.id, rawId: text(key.rawId), type: key.type, response,
    });
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-said]");
    form.closest("[hidden]")?.removeAttribute("hidden");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      said.textContent = "";
      try {
        await ask(form);
      } catch (error) {
        const stopped = error.name === "NotAllowedError" || error.name === "AbortError";
        const twice = error.name === "InvalidStateError";
        said.textContent = said.dataset[twice ? "twice" : stopped ? "stopped" : "failed"];
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
