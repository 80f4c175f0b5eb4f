// People are called by their role; each can sign in and has an API token.
export const PASSWORD = "a password for the journeys";

const emailOf = (name) => `${name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}@example.org`;

// Invites somebody, perhaps without a role yet, sets their password by the link, and issues a token.
export const person = async (service, name, role, product = "*") => {
  const email = emailOf(name);
  const roles = role ? [{ product, role }] : [];
  const { id, invite_url } = await service.call("POST", "/users", { name, email, roles });
  await setPassword(service, invite_url);
  const { token } = await service.call("POST", "/tokens", { user: id, scopes: ["*"] });
  return { id, name, email, password: PASSWORD, token };
};

const setPassword = async (service, link) => {
  const answer = await fetch(`${service.url}/do/set_password`, {
    method: "POST",
    headers: { accept: "application/json", origin: service.url },
    body: new URLSearchParams({ secret: link.split("/").at(-1), password: PASSWORD }),
    redirect: "manual",
  });
  if (answer.status >= 400) throw new Error(`the password is refused: ${answer.status} ${await answer.text()}`);
};
