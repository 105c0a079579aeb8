import { ApiError, GoogleGenAI } from '@google/genai';
import { receipt, run } from './cases.js';

function tokens(usage) {
  return { inputTokens: usage.promptTokenCount, outputTokens: usage.candidatesTokenCount };
}

function receiptOf({ sdkHttpResponse }) {
  return receipt(new Headers(sdkHttpResponse.headers));
}

await run({
  client: (baseUrl, apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl } }),

  calls: {
    async embed(client, model, saw) {
      const answer = await client.models.embedContent({ model, contents: 'Hello' });
      Object.assign(saw, receiptOf(answer), { dimensions: answer.embeddings[0].values.length });
    },

    async chat(client, model, saw) {
      const answer = await client.models.generateContent({ model, contents: 'Hello' });
      Object.assign(saw, tokens(answer.usageMetadata), receiptOf(answer), { text: answer.text });
    },

    async stream(client, model, saw) {
      for await (const chunk of await client.models.generateContentStream({ model, contents: 'Hello' })) {
        saw.text += chunk.text ?? '';
        Object.assign(saw, tokens(chunk.usageMetadata), receiptOf(chunk));
      }
    },

    async models(client, model, saw) {
      const pager = await client.models.list();
      Object.assign(saw, receiptOf(pager), { models: pager.page.map((each) => each.name) });
    },

    async unlent(client) {
      await client.files.list();
    },
  },

  raised: (error) => ({ own: error instanceof ApiError, status: error.status }),
});
