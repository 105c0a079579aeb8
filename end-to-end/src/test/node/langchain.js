// LangChain. The argument is the API format of the chat model that it uses.
import { ChatAnthropic } from '@langchain/anthropic';
import { tool } from '@langchain/core/tools';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const models = {
  openai: (clavigerUrl, token) => (model) =>
    new ChatOpenAI({ model, apiKey: token, configuration: { baseURL: clavigerUrl + '/gateway/openai/v1' } }),
  anthropic: (clavigerUrl, token) => (model) =>
    new ChatAnthropic({ model, apiKey: token, anthropicApiUrl: clavigerUrl + '/gateway/anthropic' }),
  gemini: (clavigerUrl, token) => (model) =>
    new ChatGoogleGenerativeAI({ model, apiKey: token, baseUrl: clavigerUrl + '/gateway/gemini' }),
};

await run({
  client: models[process.argv[2]],

  calls: {
    async answer(chat, model, saw, prompt) {
      saw.text = (await chat(model).invoke(prompt)).text;
    },

    async stream(chat, model, saw, prompt) {
      saw.pieces = 0;
      for await (const chunk of await chat(model).stream(prompt)) {
        saw.text += chunk.text;
        saw.pieces += chunk.text ? 1 : 0;
      }
    },

    async tool(chat, model, saw, prompt) {
      const forecast = tool(weather, { name: 'weather', description: 'The weather of a city', schema: city });
      const withTool = chat(model).bindTools([forecast]);
      const messages = [{ role: 'user', content: prompt }];
      const called = await withTool.invoke(messages);
      messages.push(called, await forecast.invoke(called.tool_calls[0]));
      saw.text = (await withTool.invoke(messages)).text;
    },
  },

  raised: (error) => ({ own: false, status: error.status }),
});
