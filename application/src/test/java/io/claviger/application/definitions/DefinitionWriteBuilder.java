package io.claviger.application.definitions;

import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldWrites;

/** Builds a write of a definition. A field that is not named is absent. */
public final class DefinitionWriteBuilder {
  private Field<Description> description = Field.absent();
  private Field<Provider> provider = Field.absent();
  private Field<Handle> apiStandard = Field.absent();
  private Field<Endpoint> endpoint = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<Dimensions> dimensions = Field.absent();
  private Field<ContextLimit> contextLimit = Field.absent();
  private Field<Boolean> isPublic = Field.absent();

  public static DefinitionWriteBuilder of() {
    return new DefinitionWriteBuilder();
  }

  public static DefinitionWriteBuilder openAi() {
    return of().provider(Provider.OPENAI).model("text-embedding-3-small");
  }

  /** A write with all fields as a reader sees them. */
  public static DefinitionWriteBuilder back(Definition read) {
    DefinitionWriteBuilder write = new DefinitionWriteBuilder();
    write.description = Field.of(read.fields().description());
    write.provider = Field.of(read.fields().provider());
    write.apiStandard = Field.of(read.fields().apiStandard());
    write.endpoint = Field.of(read.fields().endpoint());
    write.model = Field.of(read.fields().model());
    write.dimensions = read.fields().dimensions().map(Field::of).orElseGet(Field::ofNull);
    write.contextLimit = read.fields().contextLimit().map(Field::of).orElseGet(Field::ofNull);
    write.isPublic = Field.of(read.isPublic());
    return write;
  }

  public DefinitionWriteBuilder description(String text) {
    description = Field.of(new Description(text));
    return this;
  }

  public DefinitionWriteBuilder provider(Provider given) {
    provider = Field.of(given);
    return this;
  }

  public DefinitionWriteBuilder apiStandard(String handle) {
    apiStandard = Field.of(new Handle(handle));
    return this;
  }

  public DefinitionWriteBuilder endpoint(String url) {
    endpoint = Field.of(Endpoint.of(url));
    return this;
  }

  public DefinitionWriteBuilder model(String name) {
    model = Field.of(new ModelName(name));
    return this;
  }

  public DefinitionWriteBuilder dimensions(int length) {
    dimensions = Field.of(new Dimensions(length));
    return this;
  }

  public DefinitionWriteBuilder withoutDimensions() {
    dimensions = Field.ofNull();
    return this;
  }

  public DefinitionWriteBuilder isPublic(boolean given) {
    isPublic = Field.of(given);
    return this;
  }

  public DefinitionCommand command() {
    return new DefinitionCommand(
        new DefinitionWrite(
            FieldWrites.NONE
                .with(DefinitionFields.DESCRIPTION, description)
                .with(DefinitionFields.PROVIDER, provider)
                .with(DefinitionFields.API_STANDARD, apiStandard)
                .with(DefinitionFields.ENDPOINT, endpoint)
                .with(DefinitionFields.MODEL, model)
                .with(DefinitionFields.DIMENSIONS, dimensions)
                .with(DefinitionFields.CONTEXT_LIMIT, contextLimit)),
        isPublic,
        Field.absent());
  }
}
