package io.claviger.application.builders;

import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;

/**
 * The fields that definitions and instances have in common: those of OpenAI's large embeddings,
 * unless said otherwise.
 */
final class SampleFields {
  Description description = Description.NONE;
  Provider provider = Provider.OPENAI;
  Handle apiStandard = new Handle("openai");
  Endpoint endpoint = Endpoint.of("https://api.openai.com/v1");
  ModelName model = new ModelName("text-embedding-3-large");
  Optional<Dimensions> dimensions = Optional.of(new Dimensions(3072));
  Optional<ContextLimit> contextLimit = Optional.of(new ContextLimit(8192));

  DefinitionFields build() {
    return new DefinitionFields(
        description, provider, apiStandard, endpoint, model, dimensions, contextLimit);
  }
}
