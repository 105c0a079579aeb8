// SDKs for models on Amazon Bedrock. The argument is the vendor of the SDK: Anthropic or AWS.
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const clients = {
  anthropic: (clavigerUrl, token) =>
    new AnthropicBedrock({ baseURL: clavigerUrl + '/gateway/bedrock', apiKey: token }),
  aws: (clavigerUrl, token) =>
    new BedrockRuntimeClient({
      endpoint: clavigerUrl + '/gateway/bedrock',
      token: { token },
      authSchemePreference: ['httpBearerAuth'],
      region: 'us-east-1',
      requestHandler: new NodeHttpHandler(),
    }),
};

const text = (message) => message.content.map((block) => block.text ?? '').join('');

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

  aws: {
    async answer(client, modelId, saw, prompt) {
      const messages = [{ role: 'user', content: [{ text: prompt }] }];
      saw.text = text((await client.send(new ConverseCommand({ modelId, messages }))).output.message);
    },

    async stream(client, modelId, saw, prompt) {
      saw.pieces = 0;
      const messages = [{ role: 'user', content: [{ text: prompt }] }];
      for await (const event of (await client.send(new ConverseStreamCommand({ modelId, messages }))).stream) {
        if (event.contentBlockDelta) {
          saw.text += event.contentBlockDelta.delta.text;
          saw.pieces += 1;
        }
      }
    },

    async tool(client, modelId, saw, prompt) {
      const toolConfig = { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: city } } }] };
      const messages = [{ role: 'user', content: [{ text: prompt }] }];
      const called = (await client.send(new ConverseCommand({ modelId, messages, toolConfig }))).output.message;
      const { toolUseId, input } = called.content.find((block) => block.toolUse).toolUse;
      messages.push(called);
      messages.push({ role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: await weather(input) }] } }] });
      saw.text = text((await client.send(new ConverseCommand({ modelId, messages, toolConfig }))).output.message);
    },
  },
};

await run({
  client: clients[process.argv[2]],
  calls: calls[process.argv[2]],
  raised: (error) => ({
    own: error instanceof AnthropicBedrock.APIError || error instanceof BedrockRuntimeServiceException,
    status: error.status ?? error.$metadata?.httpStatusCode,
  }),
});
