// Spoken conversations through the official clients. Each case is a call of the client that the first argument names.
import { GoogleGenAI, Modality } from '@google/genai';
import { RealtimeAgent, RealtimeSession } from '@openai/agents/realtime';
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { createServer, setDefaultCACertificates } from 'node:tls';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { run } from './cases.js';

const turnsAreAskedFor = { turn_detection: null };
const sound = 'A'.repeat(32_000);

/** A proxy for TLS in front of the gateway: the client of OpenAI opens no WebSocket without TLS. */
async function secured(client) {
  const made = execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '-', '-days', '1',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  setDefaultCACertificates([made.slice(made.indexOf('-----BEGIN CERTIFICATE'))]);
  const to = new URL(client.baseURL);
  const server = createServer({ key: made, cert: made }, (from) => {
    const behind = connect(to.port, to.hostname);
    from.on('error', () => behind.destroy());
    behind.on('error', () => from.destroy());
    from.pipe(behind).pipe(from);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new OpenAI({ baseURL: `https://localhost:${server.address().port}${to.pathname}`, apiKey: client.apiKey });
}

/** Resolves with the next event of a type, and rejects with the error that comes before it. */
const next = (events, type) => new Promise((resolve, reject) => {
  events.once(type, resolve);
  events.once('error', (error) => reject(error));
});

/** Speaks, and asks for a response, as often as a budget allows it. */
async function converse(realtime, saw, times, settings) {
  const opened = next(realtime, 'session.created');
  await opened;
  if (settings) {
    const updated = next(realtime, 'session.updated');
    realtime.send({ type: 'session.update', session: settings });
    await updated;
  }
  try {
    for (saw.responses = 0; saw.responses < times; saw.responses++) {
      const done = next(realtime, 'response.done');
      realtime.send({ type: 'input_audio_buffer.append', audio: sound });
      realtime.send({ type: 'input_audio_buffer.commit' });
      realtime.send({ type: 'response.create' });
      saw.text = (await done).response.status;
    }
  } finally {
    realtime.close();
  }
}

const ofServer = (times) => async (client, model, saw) =>
  converse(new OpenAIRealtimeWS({ model }, await secured(client)), saw, times, { type: 'realtime', audio: { input: turnsAreAskedFor } });

const secretOf = (client, model) => client.realtime.clientSecrets.create({
  expires_after: { anchor: 'created_at', seconds: 60 },
  session: { type: 'realtime', model, instructions: 'Be brief.', audio: { input: turnsAreAskedFor } },
});

/** Opens a session as a page does: with a secret that its server made, as a subprotocol. */
async function ofPage(client, model, saw) {
  const made = await secretOf(client, model);
  saw.secret = made.value;
  saw.expires = made.expires_at;
  const { baseURL } = await secured(client);
  const page = new OpenAI({ baseURL, apiKey: made.value });
  const realtime = new OpenAIRealtimeWebSocket({ model }, page);
  await new Promise((resolve, reject) => {
    realtime.on('session.updated', resolve);
    realtime.on('error', reject);
  });
  realtime.on('error', () => {});
  const done = new Promise((resolve) => realtime.on('response.done', resolve));
  realtime.send({ type: 'response.create' });
  saw.text = (await done).response.status;
  realtime.close();
}

const withAgents = (withSecret) => async (client, model, saw) => {
  let apiKey = client.apiKey;
  if (withSecret) {
    apiKey = (await secretOf(client, model)).value;
    saw.secret = apiKey;
  }
  const session = new RealtimeSession(new RealtimeAgent({ name: 'Parrot', instructions: 'Repeat.' }), {
    transport: 'websocket', model, config: { audio: { input: { transcription: null, turnDetection: null } } }, tracingDisabled: true,
  });
  const failed = new Promise((_, reject) => session.on('error', ({ error }) => reject(error?.error ?? error)));
  failed.catch(() => {});
  const done = new Promise((resolve) => session.transport.on('turn_done', resolve));
  await Promise.race([
    session.connect({ apiKey, url: `${client.baseURL.replace(/^http/, 'ws')}/realtime?model=${model}` }),
    failed,
  ]);
  session.sendMessage('Hello');
  const turn = await Promise.race([done, failed]);
  saw.text = turn.response.status ?? 'completed';
  session.close();
};

/** Speaks with Gemini's Live API, which answers each turn by itself, as often as a budget allows it. */
const ofLive = (times, base) => async (client, model, saw) => {
  const genai = new GoogleGenAI({ apiKey: client.apiKey, httpOptions: { baseUrl: base(client.baseURL) } });
  let turn;
  const session = await genai.live.connect({
    model,
    config: { responseModalities: [Modality.AUDIO], systemInstruction: 'Be brief.' },
    callbacks: {
      onmessage: ({ serverContent }) => serverContent?.turnComplete && turn.resolve('completed'),
      onerror: (error) => turn?.reject(error),
      onclose: ({ reason }) => turn?.reject(new Error(reason)),
    },
  });
  try {
    for (saw.responses = 0; saw.responses < times; saw.responses++) {
      turn = Promise.withResolvers();
      session.sendRealtimeInput({ audio: { data: `${sound.slice(1)}=`, mimeType: 'audio/pcm;rate=16000' } });
      saw.text = await turn.promise;
    }
  } finally {
    session.close();
  }
};
const ofService = (url) => url.replace(/\/v1$/, '');
const atRoot = (url) => new URL(url).origin;

const programs = {
  'openai-node': ofServer(2),
  'openai-node-budget': ofServer(50),
  'openai-node-page': ofPage,
  'agents': withAgents(false),
  'agents-page': withAgents(true),
  'genai': ofLive(2, ofService),
  'genai-root': ofLive(2, atRoot),
  'genai-budget': ofLive(50, ofService),
};

await run({
  client: (baseURL, apiKey) => new OpenAI({ baseURL, apiKey }),
  calls: { converse: programs[process.argv[2]] },
  raised: (error) => ({ code: error.code ?? error.error?.code, event: error.error?.message }),
});
process.exit(0);
