// Anthropic's SDK for models on Amazon Bedrock.
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const text = (message) => message.content.map((block) => block.text ?? '').join('');

await run({
  client: (clavigerUrl, token) =>
    new AnthropicBedrock({ baseURL: clavigerUrl + '/gateway/bedrock', apiKey: token }),

  calls: {
    async answer(client, model, saw, prompt) {
      const messages = [{ role: 'user', content: prompt }];
      saw.text = text(await client.messages.create({ model, max_tokens: 1000, messages }));
    },

    async stream(client, model, saw, prompt) {
      saw.pieces = 0;
      const messages = [{ role: 'user', content: prompt }];
      for await (const event of await client.messages.create({ model, max_tokens: 1000, messages, stream: true })) {
        if (event.type === 'content_block_delta') {
          saw.text += event.delta.text;
          saw.pieces += 1;
        }
      }
    },

    async tool(client, model, saw, prompt) {
      const tools = [{ name: 'weather', input_schema: city }];
      const messages = [{ role: 'user', content: prompt }];
      const called = await client.messages.create({ model, max_tokens: 1000, messages, tools });
      const call = called.content.find((block) => block.type === 'tool_use');
      messages.push({ role: 'assistant', content: called.content });
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: await weather(call.input) }] });
      saw.text = text(await client.messages.create({ model, max_tokens: 1000, messages, tools }));
    },
  },

  raised: (error) => ({ own: error instanceof AnthropicBedrock.APIError, status: error.status }),
});
