/* Passkeys: asks the browser, puts its answer into the form's hidden field and sends the form.
   <form data-passkey="create|get" data-question="…"> or data-question-url; the button appears only where it can work. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

function asked(question) {
  const key = { ...question.publicKey, challenge: bytes(question.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
  if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
  return { publicKey: key };
}

function answered(credential) {
  const { response } = credential;
  const given = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) given[part] = text(response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: given,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const question = form.dataset.question ? JSON.parse(form.dataset.question) : await (await fetch(form.dataset.questionUrl)).json();
  const credential = await navigator.credentials[form.dataset.passkey](asked(question));
  form.elements.credential.value = JSON.stringify(answered(credential));
}

const possible = window.isSecureContext && window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);

for (const form of possible ? document.querySelectorAll("form[data-passkey]") : []) {
  const failed = form.querySelector("[data-passkey-failed]");
  const none = form.querySelector("[data-passkey-none]");
  const button = form.querySelector("[data-passkey-go]");
  let ready = false;
  button.hidden = false;
  if (none) none.hidden = true;
  form.addEventListener("submit", async (event) => {
    if (ready) return;
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      await ask(form);
      ready = true;
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
