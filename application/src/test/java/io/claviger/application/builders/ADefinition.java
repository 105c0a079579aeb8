package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;

/** A private definition of OpenAI's large embeddings, unless said otherwise. */
public final class ADefinition {
  private final Definition.Id id = new Definition.Id(TestIds.next());
  private final User owner;
  private final Handle handle;
  private final SampleFields fields = new SampleFields();
  private boolean isPublic;

  private ADefinition(User owner, String handle) {
    this.owner = owner;
    this.handle = new Handle(handle);
  }

  public static ADefinition of(User owner, String handle) {
    return new ADefinition(owner, handle);
  }

  public ADefinition isPublic() {
    this.isPublic = true;
    return this;
  }

  public ADefinition description(String text) {
    fields.description = new Description(text);
    return this;
  }

  /** A provider, with its default standard and, where it has one, endpoint. */
  public ADefinition provider(Provider given) {
    fields.provider = given;
    fields.apiStandard = given.defaultStandard();
    given.defaultEndpoint().ifPresent(e -> fields.endpoint = e);
    return this;
  }

  public ADefinition apiStandard(String standard) {
    fields.apiStandard = new Handle(standard);
    return this;
  }

  public ADefinition endpoint(String url) {
    fields.endpoint = Endpoint.of(url);
    return this;
  }

  public ADefinition model(String name) {
    fields.model = new ModelName(name);
    return this;
  }

  public ADefinition withoutDimensions() {
    fields.dimensions = Optional.empty();
    fields.contextLimit = Optional.empty();
    return this;
  }

  public Definition build() {
    return new Definition(
        id,
        owner.id(),
        new Definition.Ref(owner.handle(), handle),
        fields.build(),
        isPublic,
        1,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT,
        Optional.empty());
  }
}
