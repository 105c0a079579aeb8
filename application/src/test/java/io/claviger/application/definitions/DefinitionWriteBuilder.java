package io.claviger.application.definitions;

import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;

/** Builds a write of a definition. A field that is not named is absent. */
public final class DefinitionWriteBuilder {
  private FieldWrites fields = FieldWrites.NONE;
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
    write.fields = back(read.fields());
    write.isPublic = Field.of(read.isPublic());
    return write;
  }

  /** Writes of all fields as a reader sees them. */
  public static FieldWrites back(DefinitionFields read) {
    FieldWrites writes = FieldWrites.NONE;
    for (ScalarField<?> field : DefinitionFields.COPIED) {
      writes = back(writes, read, field);
    }
    return writes;
  }

  private static <V> FieldWrites back(
      FieldWrites writes, DefinitionFields read, ScalarField<V> field) {
    return writes.with(field, Field.ofNullable(read.values().get(field)));
  }

  private <V> DefinitionWriteBuilder with(ScalarField<V> field, Field<V> value) {
    fields = fields.with(field, value);
    return this;
  }

  public DefinitionWriteBuilder description(String text) {
    return with(DefinitionFields.DESCRIPTION, Field.of(new Description(text)));
  }

  public DefinitionWriteBuilder provider(Provider given) {
    return with(DefinitionFields.PROVIDER, Field.of(given));
  }

  public DefinitionWriteBuilder apiStandard(String handle) {
    return with(DefinitionFields.API_STANDARD, Field.of(new Handle(handle)));
  }

  public DefinitionWriteBuilder endpoint(String url) {
    return with(DefinitionFields.ENDPOINT, Field.of(Endpoint.of(url)));
  }

  public DefinitionWriteBuilder model(String name) {
    return with(DefinitionFields.MODEL, Field.of(new ModelName(name)));
  }

  public DefinitionWriteBuilder dimensions(int length) {
    return with(DefinitionFields.DIMENSIONS, Field.of(new Dimensions(length)));
  }

  public DefinitionWriteBuilder withoutDimensions() {
    return with(DefinitionFields.DIMENSIONS, Field.ofNull());
  }

  public DefinitionWriteBuilder isPublic(boolean given) {
    isPublic = Field.of(given);
    return this;
  }

  public DefinitionCommand command() {
    return new DefinitionCommand(new DefinitionWrite(fields), isPublic, Field.absent());
  }
}
