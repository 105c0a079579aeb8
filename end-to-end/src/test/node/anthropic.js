import Anthropic from '@anthropic-ai/sdk';
import { receipt, run } from './cases.js';

const said = { max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };

await run({
  client: (baseURL, apiKey, retries) => new Anthropic({ baseURL, apiKey, ...(retries ? {} : { maxRetries: 0 }) }),

  calls: {
    async chat(client, model, saw) {
      const { data, response } = await client.messages.create({ model, ...said }).withResponse();
      Object.assign(saw, receipt(response.headers));
      saw.text = data.content[0].text;
      saw.inputTokens = data.usage.input_tokens;
      saw.outputTokens = data.usage.output_tokens;
    },

    async stream(client, model, saw) {
      const { data, response } = await client.messages.create({ model, ...said, stream: true }).withResponse();
      Object.assign(saw, receipt(response.headers));
      for await (const event of data) {
        if (event.type === 'message_start') saw.inputTokens = event.message.usage.input_tokens;
        if (event.type === 'content_block_delta') saw.text += event.delta.text;
        if (event.type === 'message_delta') saw.outputTokens = event.usage.output_tokens;
      }
    },

    async models(client, model, saw) {
      const { data, response } = await client.models.list().withResponse();
      Object.assign(saw, receipt(response.headers), { models: data.data.map((each) => each.id) });
    },

    async unlent(client) {
      await client.messages.batches.list();
    },
  },

  raised: (error) => ({
    own: error instanceof Anthropic.APIError,
    status: error.status,
    ...(error.headers && receipt(error.headers)),
  }),
});
