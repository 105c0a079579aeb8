// Several turns with a model that reasons and calls a tool, in the default mode of each program. The argument names it.
import { createOpenAI } from '@ai-sdk/openai';
import { tool as langChainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool as agentsTool } from '@openai/agents';
import { generateText, isStepCount, jsonSchema, tool } from 'ai';
import { run } from './cases.js';
import { city, weather } from './weather.js';

const prompts = ['stub:call weather {"city": "Rome"}', 'And then?', 'Thanks'];
const about = { name: 'weather', description: 'The weather of a city' };

// Traces would go to OpenAI itself.
setTracingDisabled(true);

async function agents({ baseURL, apiKey }, model, saw) {
  const tools = [agentsTool({ ...about, strict: false, parameters: { ...city, additionalProperties: true }, execute: weather })];
  const agent = new Agent({ name: 'Forecaster', model, tools });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ baseURL, apiKey }) });
  let history = [];
  for (const prompt of prompts) {
    const result = await runner.run(agent, [...history, { role: 'user', content: prompt }]);
    history = result.history;
    saw.text = result.finalOutput;
  }
}

const aiSdk = (providerOptions) => async (settings, model, saw) => {
  const tools = { weather: tool({ ...about, inputSchema: jsonSchema(city), execute: weather }) };
  const messages = [];
  for (const content of prompts) {
    messages.push({ role: 'user', content });
    const result = await generateText({
      model: createOpenAI(settings)(model), messages, tools, providerOptions, stopWhen: isStepCount(3),
    });
    messages.push(...result.responseMessages);
    saw.text = result.text;
  }
};

const langChain = (mode) => async ({ baseURL, apiKey }, model, saw) => {
  const forecast = langChainTool(weather, { ...about, schema: city });
  const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL }, ...mode }).bindTools([forecast]);
  const messages = [];
  for (const content of prompts) {
    messages.push({ role: 'user', content });
    let answer = await chat.invoke(messages);
    messages.push(answer);
    for (const call of answer.tool_calls) {
      messages.push(await forecast.invoke(call));
      answer = await chat.invoke(messages);
      messages.push(answer);
    }
    saw.text = answer.text;
  }
};

const programs = {
  'agents-sdk': agents,
  'ai-sdk': aiSdk({}),
  'ai-sdk-storing-nothing': aiSdk({ openai: { store: false } }),
  'langchain': langChain({}),
  'langchain-responses': langChain({ useResponsesApi: true }),
};

await run({
  client: (baseURL, apiKey) => ({ baseURL, apiKey }),
  calls: { turns: programs[process.argv[2]] },
  raised: (error) => ({ status: error.status ?? error.statusCode ?? error.lastError?.statusCode }),
});
