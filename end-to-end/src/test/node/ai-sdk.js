// Vercel's AI SDK. The argument is the API format of the provider package that it uses.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createCohere } from '@ai-sdk/cohere';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const providers = {
  openai: (clavigerUrl, token) => createOpenAI({ baseURL: clavigerUrl + '/gateway/openai/v1', apiKey: token }),
  anthropic: (clavigerUrl, token) => createAnthropic({ baseURL: clavigerUrl + '/gateway/anthropic/v1', apiKey: token }),
  gemini: (clavigerUrl, token) => createGoogleGenerativeAI({ baseURL: clavigerUrl + '/gateway/gemini/v1beta', apiKey: token }),
  cohere: (clavigerUrl, token) => createCohere({ baseURL: clavigerUrl + '/gateway/cohere/v2', apiKey: token }),
};

await run({
  client: providers[process.argv[2]],

  calls: {
    async answer(provider, model, saw, prompt) {
      saw.text = (await generateText({ model: provider(model), prompt })).text;
    },

    async stream(provider, model, saw, prompt) {
      const { stream } = streamText({ model: provider(model), prompt, onError: () => {} });
      saw.pieces = 0;
      for await (const part of stream) {
        if (part.type === 'error') {
          throw part.error;
        }
        if (part.type === 'text-delta') {
          saw.text += part.text;
          saw.pieces++;
        }
      }
    },

    async tool(provider, model, saw, prompt) {
      const tools = { weather: tool({ inputSchema: jsonSchema(city), execute: weather }) };
      saw.text = (await generateText({ model: provider(model), prompt, tools, stopWhen: isStepCount(2) })).text;
    },
  },

  raised: (error) => ({ own: APICallError.isInstance(error), status: error.statusCode }),
});
