package io.claviger.races;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsWrite;
import java.nio.charset.StandardCharsets;

/** A write of a service in which everything is absent that is not said. */
final class AWrite {
  private Field<DisplayName> displayName = Field.absent();
  private Field<Provider> provider = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<Endpoint> endpoint = Field.absent();
  private Field<Secret> apiKey = Field.absent();

  static AWrite change() {
    return new AWrite();
  }

  /** All that a new service needs: OpenAI at its own endpoint. */
  static AWrite openAi() {
    AWrite write = new AWrite();
    write.provider = Field.of(Provider.OPENAI);
    write.model = Field.of(new ModelName("text-embedding-3-small"));
    return write;
  }

  AWrite displayName(String name) {
    displayName = Field.of(new DisplayName(name));
    return this;
  }

  AWrite endpoint(String url) {
    endpoint = Field.of(Endpoint.of(url));
    return this;
  }

  AWrite key(String text) {
    apiKey = Field.of(Secret.apiKey(text.getBytes(StandardCharsets.US_ASCII)));
    return this;
  }

  InstanceWrite command() {
    return new InstanceWrite(
        Field.absent(),
        new SettingsWrite(
            new DefinitionWrite(
                Field.absent(),
                provider,
                Field.absent(),
                endpoint,
                model,
                Field.absent(),
                Field.absent()),
            displayName,
            Field.absent(),
            Field.absent(),
            Field.absent(),
            KeyPolicyWrite.ABSENT,
            LimitsWrite.ABSENT),
        apiKey,
        Field.absent());
  }
}
