// Asking the server.

const TIMEOUT_MS = 15000;

/** What may be better in a moment (no network, 5xx, 429, not JSON) rejects: the page then tries again. */
export async function post(address, body) {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), TIMEOUT_MS);
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    signal: abort.signal,
  });
  if (answer.status >= 500 || answer.status === 429) {
    const { message } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error("busy"), { said: message }); // what the server says of it, if it does
  }
  return answer.json();
}

/** The task's value, or null when it throws, as browser storage does in private mode or when full. */
export function quietly(task) {
  try {
    return task();
  } catch (error) {
    return null;
  }
}
