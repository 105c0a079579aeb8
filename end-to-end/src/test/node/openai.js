import OpenAI from 'openai';
import { receipt, run } from './cases.js';

const messages = [{ role: 'user', content: 'Hello' }];

function tokens(usage) {
  return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 };
}

await run({
  client: (baseURL, apiKey, retries) => new OpenAI({ baseURL, apiKey, ...(retries ? {} : { maxRetries: 0 }) }),

  calls: {
    async embed(client, model, saw) {
      const { data, response } = await client.embeddings.create({ model, input: 'Hello' }).withResponse();
      Object.assign(saw, tokens(data.usage), receipt(response.headers));
      saw.dimensions = data.data[0].embedding.length;
    },

    async chat(client, model, saw) {
      const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
      Object.assign(saw, tokens(data.usage), receipt(response.headers));
      saw.text = data.choices[0].message.content;
    },

    async stream(client, model, saw) {
      const { data, response } = await client.chat.completions
        .create({ model, messages, stream: true, stream_options: { include_usage: true } })
        .withResponse();
      Object.assign(saw, receipt(response.headers));
      for await (const chunk of data) {
        saw.text += chunk.choices[0]?.delta.content ?? '';
        Object.assign(saw, chunk.usage && tokens(chunk.usage));
      }
    },

    async models(client, model, saw) {
      const { data, response } = await client.models.list().withResponse();
      Object.assign(saw, receipt(response.headers), { models: data.data.map((each) => each.id) });
    },

    async unlent(client) {
      await client.files.list();
    },
  },

  raised: (error) => ({
    own: error instanceof OpenAI.APIError,
    status: error.status,
    code: error.code,
    ...(error.headers && receipt(error.headers)),
  }),
});
