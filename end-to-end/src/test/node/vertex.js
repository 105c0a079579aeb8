// SDKs for models on Vertex AI. The argument is the publisher of the models: Anthropic's own SDK, or Google's.
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import { OAuth2Client } from 'google-auth-library';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const clients = {
  anthropic: (clavigerUrl, token) => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: token });
    return new AnthropicVertex({ baseURL: clavigerUrl + '/gateway/vertex/v1', projectId: 'any', region: 'global', authClient });
  },
  google: (clavigerUrl, token) =>
    new GoogleGenAI({ vertexai: true, apiKey: token, httpOptions: { baseUrl: clavigerUrl + '/gateway/vertex' } }),
};

const text = (message) => message.content.map((block) => block.text ?? '').join('');

// Google's SDK takes what precedes the first slash for a publisher.
const published = (model) => (model.includes('/') ? `publishers/google/models/${model}` : model);

const calls = {
  anthropic: {
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

  google: {
    async answer(client, model, saw, prompt) {
      saw.text = (await client.models.generateContent({ model: published(model), contents: prompt })).text;
    },

    async stream(client, model, saw, prompt) {
      saw.pieces = 0;
      for await (const chunk of await client.models.generateContentStream({ model: published(model), contents: prompt })) {
        saw.text += chunk.text ?? '';
        saw.pieces += 1;
      }
    },

    async tool(client, model, saw, prompt) {
      const config = { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: city }] }] };
      const asked = { role: 'user', parts: [{ text: prompt }] };
      const called = await client.models.generateContent({ model, contents: [asked], config });
      const response = { content: await weather(called.functionCalls[0].args) };
      const told = { role: 'user', parts: [{ functionResponse: { name: 'weather', response } }] };
      const contents = [asked, called.candidates[0].content, told];
      saw.text = (await client.models.generateContent({ model, contents, config })).text;
    },
  },
};

await run({
  client: clients[process.argv[2]],
  calls: calls[process.argv[2]],
  raised: (error) => ({ own: error instanceof ApiError || error instanceof AnthropicVertex.APIError, status: error.status }),
});
