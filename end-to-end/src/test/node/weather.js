// A tool for models to call, the same for all frameworks.
export const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

export async function weather({ city }) {
  return `Sunny in ${city}`;
}
