import { CohereClientV2, CohereError } from 'cohere-ai';
import { receipt, run } from './cases.js';

const messages = [{ role: 'user', content: 'Hello' }];

function tokens(usage) {
  return { inputTokens: usage.tokens.inputTokens, outputTokens: usage.tokens.outputTokens };
}

await run({
  client: (baseUrl, token, retries) => new CohereClientV2({ baseUrl, token, ...(retries ? {} : { maxRetries: 0 }) }),

  calls: {
    async embed(client, model, saw) {
      const { data, rawResponse } = await client
        .embed({ model, texts: ['Hello'], inputType: 'search_query', embeddingTypes: ['float'] })
        .withRawResponse();
      Object.assign(saw, receipt(rawResponse.headers));
      saw.dimensions = data.embeddings.float[0].length;
      saw.inputTokens = data.meta.billedUnits.inputTokens;
      saw.outputTokens = 0;
    },

    async chat(client, model, saw) {
      const { data, rawResponse } = await client.chat({ model, messages }).withRawResponse();
      Object.assign(saw, tokens(data.usage), receipt(rawResponse.headers));
      saw.text = data.message.content[0].text;
    },

    async stream(client, model, saw) {
      const { data, rawResponse } = await client.chatStream({ model, messages }).withRawResponse();
      Object.assign(saw, receipt(rawResponse.headers));
      for await (const event of data) {
        if (event.type === 'content-delta') saw.text += event.delta.message.content.text;
        if (event.type === 'message-end') Object.assign(saw, tokens(event.delta.usage));
      }
    },

    async models(client, model, saw) {
      const { data, rawResponse } = await client.models.list().withRawResponse();
      Object.assign(saw, receipt(rawResponse.headers), { models: data.models.map((each) => each.name) });
    },

    async unlent(client) {
      await client.datasets.list();
    },
  },

  raised: (error) => ({
    own: error instanceof CohereError,
    status: error.statusCode,
    ...(error.rawResponse && receipt(error.rawResponse.headers)),
  }),
});
