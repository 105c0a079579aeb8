// Runs cases through one SDK, all at once: they come as JSON on standard input, and for each goes out a line of JSON.
import { readFileSync } from 'node:fs';

/**
 * `sdk` has `client(url, token, retries)`, the calls by name, and `raised(error)` with what only this SDK's errors have.
 * A call fills in what it sees as it sees it, so that a stream which breaks leaves behind what came before.
 */
export async function run(sdk) {
  const cases = JSON.parse(readFileSync(0, 'utf8'));
  await Promise.all(cases.map(async (one) => console.log(JSON.stringify(await outcome(sdk, one)))));
}

async function outcome(sdk, { name, call, url, token, model, prompt, times = 1, retries = true }) {
  const client = sdk.client(url, token, retries);
  const result = { name, answered: 0, saw: {} };
  const began = performance.now();
  try {
    while (result.answered < times) {
      result.saw = { text: '' };
      await sdk.calls[call](client, model, result.saw, prompt);
      result.answered++;
    }
  } catch (error) {
    result.raised = { type: error.constructor.name, message: error.message, ...sdk.raised(error) };
  }
  result.millis = Math.floor(performance.now() - began);
  return result;
}

/** What the headers of an answer say about the call. */
export function receipt(headers) {
  return {
    service: headers.get('x-claviger-service'),
    keySource: headers.get('x-claviger-key-source'),
    requestId: headers.get('x-request-id'),
    error: headers.get('x-claviger-error'),
    retryAfter: headers.get('retry-after'),
  };
}
