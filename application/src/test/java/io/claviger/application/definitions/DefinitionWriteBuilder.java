package io.claviger.application.definitions;

import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;

/** A write of a definition in which everything is absent that is not said. */
final class DefinitionWriteBuilder {
  private Field<Description> description = Field.absent();
  private Field<Provider> provider = Field.absent();
  private Field<Handle> apiStandard = Field.absent();
  private Field<Endpoint> endpoint = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<Dimensions> dimensions = Field.absent();
  private Field<ContextLimit> contextLimit = Field.absent();
  private Field<Boolean> isPublic = Field.absent();

  static DefinitionWriteBuilder of() {
    return new DefinitionWriteBuilder();
  }

  static DefinitionWriteBuilder openAi() {
    return of().provider(Provider.OPENAI).model("text-embedding-3-small");
  }

  /** All that one reads of a definition. */
  static DefinitionWriteBuilder back(Definition read) {
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

  DefinitionWriteBuilder description(String text) {
    description = Field.of(new Description(text));
    return this;
  }

  DefinitionWriteBuilder provider(Provider given) {
    provider = Field.of(given);
    return this;
  }

  DefinitionWriteBuilder apiStandard(String handle) {
    apiStandard = Field.of(new Handle(handle));
    return this;
  }

  DefinitionWriteBuilder endpoint(String url) {
    endpoint = Field.of(Endpoint.of(url));
    return this;
  }

  DefinitionWriteBuilder model(String name) {
    model = Field.of(new ModelName(name));
    return this;
  }

  DefinitionWriteBuilder dimensions(int length) {
    dimensions = Field.of(new Dimensions(length));
    return this;
  }

  DefinitionWriteBuilder withoutDimensions() {
    dimensions = Field.ofNull();
    return this;
  }

  DefinitionWriteBuilder isPublic(boolean given) {
    isPublic = Field.of(given);
    return this;
  }

  DefinitionCommand command() {
    return new DefinitionCommand(
        new DefinitionWrite(
            description, provider, apiStandard, endpoint, model, dimensions, contextLimit),
        isPublic);
  }
}
