// What the official SDKs store at a provider, kind by kind. The argument is the API format of the SDK.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { run } from './cases.js';

const text = (content) => toFile(Buffer.from(content), 'note.txt', { type: 'text/plain' });
const ids = async (pages) => {
  const ids = [];
  for await (const each of pages) ids.push(each.id ?? each.name);
  return ids;
};

async function until(read, isDone) {
  for (let i = 0; i < 200; i++) {
    const now = await read();
    if (isDone(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not end');
}

async function refused(promise, saw) {
  try {
    await promise;
  } catch (error) {
    saw.refused = error.status;
  }
}

/** Makes more objects than a page has, and deletes each of them in a loop over their list. */
async function deleteInLoop(saw, make, list, remove) {
  for (let i = 0; i < 25; i++) await make();
  let deleted = 0;
  for await (const each of await list()) {
    await remove(each);
    deleted++;
  }
  saw.text = `${deleted} deleted`;
  saw.listed = deleted === 25;
}

const openai = {
  async files(client, model, saw) {
    const file = await client.files.create({ file: await text('Hello'), purpose: 'user_data' });
    saw.listed = (await ids(client.files.list({ purpose: 'user_data' }))).join() === file.id;
    saw.bytes = (await client.files.retrieve(file.id)).bytes;
    saw.text = await (await client.files.content(file.id)).text();
    await client.files.delete(file.id);
    await refused(client.files.retrieve(file.id), saw);
  },

  async cleaning(client, model, saw) {
    const make = async () => client.files.create({ file: await text('Hello'), purpose: 'user_data' });
    await deleteInLoop(saw, make, () => client.files.list(), ({ id }) => client.files.delete(id));
  },

  async uploads(client, model, saw) {
    const upload = await client.uploads.create({ bytes: 10, filename: 'a', mime_type: 'text/plain', purpose: 'vision' });
    const parts = [];
    for (const each of ['Hello', 'again']) {
      parts.push((await client.uploads.parts.create(upload.id, { data: await text(each) })).id);
    }
    const { file } = await client.uploads.complete(upload.id, { part_ids: parts });
    saw.text = await (await client.files.content(file.id)).text();
    await refused(client.uploads.cancel('upload_0123456789abcdef0123456789abcdef'), saw);
  },

  async batches(client, model, saw) {
    const body = { model, messages: [{ role: 'user', content: 'Hello' }], max_completion_tokens: 100 };
    const line = JSON.stringify({ custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body });
    const file = await client.files.create({ file: await toFile(Buffer.from(line + '\n'), 'a.jsonl'), purpose: 'batch' });
    const batch = await client.batches.create({
      input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h',
    });
    const ended = await until(() => client.batches.retrieve(batch.id), ({ status }) => status === 'completed');
    saw.listed = (await ids(client.batches.list())).join() === batch.id;
    const output = await (await client.files.content(ended.output_file_id)).text();
    saw.text = JSON.parse(output).response.body.choices[0].message.content;
  },

  async vectorStores(client, model, saw) {
    const file = await client.files.create({ file: await text('Whales are mammals.'), purpose: 'assistants' });
    const store = await client.vectorStores.create({ name: 'a' });
    await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [file.id] });
    saw.files = (await ids(client.vectorStores.files.list(store.id))).join() === file.id;
    saw.listed = (await ids(client.vectorStores.list())).join() === store.id;
    const found = await client.vectorStores.search(store.id, { query: 'mammals' });
    saw.text = found.data[0].content[0].text;
    await client.responses.create({
      model, input: 'Hello', tools: [{ type: 'file_search', vector_store_ids: [store.id] }],
    });
    await client.vectorStores.delete(store.id);
    await refused(client.vectorStores.retrieve(store.id), saw);
  },

  async responses(client, model, saw) {
    const first = await client.responses.create({ model, input: 'Hello' });
    const second = await client.responses.create({ model, input: 'Hello again', previous_response_id: first.id });
    const stream = await client.responses.create({ model, input: 'And', previous_response_id: second.id, stream: true });
    for await (const event of stream) {
      if (event.type === 'response.completed') saw.text = event.response.output_text ?? event.response.output[0].content[0].text;
    }
    saw.read = (await client.responses.retrieve(second.id)).id === second.id;
    saw.items = (await ids(client.responses.inputItems.list(second.id))).length;
    await client.responses.delete(first.id);
    await refused(client.responses.create({ model, input: 'a', previous_response_id: first.id }), saw);
  },

  async conversations(client, model, saw) {
    const conversation = await client.conversations.create({ items: [{ type: 'message', role: 'user', content: 'Hello' }] });
    const answer = await client.responses.create({ model, input: 'And', conversation: conversation.id });
    saw.text = answer.output_text;
    saw.items = (await ids(client.conversations.items.list(conversation.id))).length;
    await client.conversations.delete(conversation.id);
    await refused(client.conversations.retrieve(conversation.id), saw);
  },

  async containers(client, model, saw) {
    const container = await client.containers.create({ name: 'a' });
    const file = await client.containers.files.create(container.id, { file: await text('Hello') });
    saw.listed = (await ids(client.containers.list())).join() === container.id;
    saw.text = await (await client.containers.files.content.retrieve(file.id, { container_id: container.id })).text();
    await client.containers.delete(container.id);
    await refused(client.containers.retrieve(container.id), saw);
  },

  async storedChats(client, model, saw) {
    const messages = [{ role: 'user', content: 'Hello' }];
    const chat = await client.chat.completions.create({ model, messages, store: true });
    saw.listed = (await ids(client.chat.completions.list())).join() === chat.id;
    saw.text = (await client.chat.completions.messages.list(chat.id)).data[0].content;
    await client.chat.completions.delete(chat.id);
    await refused(client.chat.completions.retrieve(chat.id), saw);
  },
};

const anthropic = {
  async files(client, model, saw) {
    const file = await client.files.upload({ file: await text('Hello') });
    const other = await client.files.upload({ file: await text('Hello') });
    saw.listed = (await ids(client.files.list({ limit: 1 }))).join() === [other.id, file.id].join();
    await client.files.delete(other.id);
    saw.bytes = (await client.files.retrieveMetadata(file.id)).size_bytes;
    const content = [{ type: 'document', source: { type: 'file', file_id: file.id } }, { type: 'text', text: 'Hello' }];
    const message = await client.messages.create({
      model, max_tokens: 100, messages: [{ role: 'user', content }],
    });
    saw.text = message.content[0].text;
    await client.files.delete(file.id);
    await refused(client.files.retrieveMetadata(file.id), saw);
  },

  async cleaning(client, model, saw) {
    const make = async () => client.files.upload({ file: await text('Hello') });
    await deleteInLoop(saw, make, () => client.files.list(), ({ id }) => client.files.delete(id));
  },

  async batches(client, model, saw) {
    const params = { model, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
    const batch = await client.messages.batches.create({ requests: [{ custom_id: 'one', params }] });
    await until(() => client.messages.batches.retrieve(batch.id), (now) => now.processing_status === 'ended');
    saw.listed = (await ids(client.messages.batches.list())).join() === batch.id;
    for await (const line of await client.messages.batches.results(batch.id)) {
      saw.text = line.result.message.content[0].text;
    }
    saw.own = (await client.messages.batches.retrieve(batch.id)).results_url.startsWith(client.baseURL);
    await refused(client.messages.batches.delete(batch.id).then(() => client.messages.batches.retrieve(batch.id)), saw);
    const other = await client.messages.batches.create({ requests: [{ custom_id: 'one', params }] });
    saw.cancelled = (await client.messages.batches.cancel(other.id)).cancel_initiated_at !== null;
  },

  // A thread that the service does not lend goes on without the provider's memory.
  async threads(client, model, saw) {
    const thread = client.beta.messages.thread({ model, max_tokens: 100, unsupportedRequestBehavior: 'continue_unthreaded' });
    saw.text = (await thread.send({ role: 'user', content: 'Hello' })).content[0].text;
    saw.own = (await thread.send({ role: 'user', content: 'And' })).content.length > 0;
  },

  // What stores something of a kind that nobody lent, and what stores nothing.
  async unlent(client, model, saw) {
    const hello = { role: 'user', content: 'Hello' };
    const definition = { type: 'code_execution_20250825', name: 'code_execution' };
    const tool = { type: 'tool_addition', tool: { type: 'tool_definition', definition } };
    const talk = (more) => client.beta.messages.create({ model, max_tokens: 100, messages: [hello], ...more });
    const status = (more) => talk(more).then(() => 200, (error) => error.status);
    const inline = await status({ messages: [hello, { role: 'system', content: [tool] }] });
    saw.own = inline === 403 && (await status({ thread: { type: 'create' } })) === 403;
    const message = await talk({
      diagnostics: { previous_message_id: 'msg_0123456789abcdef0123' },
      tools: [{ type: 'browser_toolset_20260801', configs: { zoom: { enabled: false } } }],
    });
    saw.text = message.content[0].text;
  },
};

const gemini = {
  async files(client, model, saw) {
    const file = await client.files.upload({ file: new Blob(['Hello'], { type: 'text/plain' }) });
    saw.listed = (await ids(await client.files.list())).join() === file.name;
    saw.bytes = Number((await client.files.get({ name: file.name })).sizeBytes);
    const parts = [{ fileData: { fileUri: file.uri, mimeType: 'text/plain' } }, { text: 'Hello' }];
    saw.text = (await client.models.generateContent({ model, contents: [{ role: 'user', parts }] })).text;
    await client.files.delete({ name: file.name });
    await refused(client.files.get({ name: file.name }), saw);
  },

  async cleaning(client, model, saw) {
    const make = () => client.files.upload({ file: new Blob(['Hello'], { type: 'text/plain' }) });
    await deleteInLoop(saw, make, () => client.files.list(), ({ name }) => client.files.delete({ name }));
  },

  async caches(client, model, saw) {
    const cache = await client.caches.create({ model, config: { contents: 'A long text', ttl: '300s' } });
    saw.listed = (await ids(await client.caches.list())).join() === cache.name;
    const config = { cachedContent: cache.name };
    const answer = await client.models.generateContent({ model, contents: 'Hello', config });
    saw.text = answer.text;
    saw.cached = answer.usageMetadata.cachedContentTokenCount;
    await client.caches.delete({ name: cache.name });
    await refused(client.caches.get({ name: cache.name }), saw);
  },

  async batches(client, model, saw) {
    const src = [{ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], config: { maxOutputTokens: 100 } }];
    const batch = await client.batches.create({ model, src });
    const ended = await until(() => client.batches.get({ name: batch.name }), ({ state }) => state === 'JOB_STATE_SUCCEEDED');
    saw.listed = (await ids(await client.batches.list())).join() === batch.name;
    saw.text = ended.dest.inlinedResponses[0].response.candidates[0].content.parts[0].text;
    await refused(client.batches.delete({ name: batch.name }).then(() => client.batches.get({ name: batch.name })), saw);
    await client.batches.cancel({ name: (await client.batches.create({ model, src })).name });
  },
};

const sdks = {
  openai: { client: (baseURL, apiKey) => new OpenAI({ baseURL, apiKey, maxRetries: 0 }), calls: openai },
  anthropic: { client: (baseURL, apiKey) => new Anthropic({ baseURL, apiKey, maxRetries: 0 }), calls: anthropic },
  gemini: { client: (baseUrl, apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl } }), calls: gemini },
};

await run({ ...sdks[process.argv[2]], raised: (error) => ({ status: error.status, code: error.code }) });
