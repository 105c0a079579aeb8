package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import java.util.Optional;

/** Writes of the common fields, one field at a time, and fields to write over. */
public final class Writes {
  public static final DefinitionWrite NOTHING = new DefinitionWrite(FieldWrites.NONE);

  /** No value in this object is a default value. */
  public static final DefinitionFields STORED =
      new DefinitionFields(
          new Description("stored"),
          Provider.MISTRAL,
          new Handle("stored-standard"),
          Endpoint.of("https://stored.example"),
          new ModelName("stored-model"),
          Optional.of(new Dimensions(7)),
          Optional.of(new ContextLimit(70)));

  private Writes() {}

  public static DefinitionWrite description(DefinitionWrite w, Field<Description> field) {
    return new DefinitionWrite(w.fields().with(DefinitionFields.DESCRIPTION, field));
  }

  public static DefinitionWrite provider(DefinitionWrite w, Provider value) {
    return new DefinitionWrite(w.fields().with(DefinitionFields.PROVIDER, Field.of(value)));
  }

  public static DefinitionWrite apiStandard(DefinitionWrite w, String value) {
    return new DefinitionWrite(
        w.fields().with(DefinitionFields.API_STANDARD, Field.of(new Handle(value))));
  }

  public static DefinitionWrite endpoint(DefinitionWrite w, String value) {
    return new DefinitionWrite(
        w.fields().with(DefinitionFields.ENDPOINT, Field.of(Endpoint.of(value))));
  }

  public static DefinitionWrite model(DefinitionWrite w, String value) {
    return new DefinitionWrite(
        w.fields().with(DefinitionFields.MODEL, Field.of(new ModelName(value))));
  }

  public static DefinitionWrite dimensions(DefinitionWrite w, Field<Dimensions> field) {
    return new DefinitionWrite(w.fields().with(DefinitionFields.DIMENSIONS, field));
  }

  public static DefinitionWrite contextLimit(DefinitionWrite w, Field<ContextLimit> field) {
    return new DefinitionWrite(w.fields().with(DefinitionFields.CONTEXT_LIMIT, field));
  }
}
