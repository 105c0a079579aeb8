package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.testkit.RecordCopy;
import java.util.Optional;

/** Writes of the common fields, one field at a time, and fields to write over. */
public final class Writes {
  public static final DefinitionWrite NOTHING =
      new DefinitionWrite(
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent());

  /** No value in it is a default of anything. */
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
    return RecordCopy.with(w, "description", field);
  }

  public static DefinitionWrite provider(DefinitionWrite w, Provider value) {
    return RecordCopy.with(w, "provider", Field.of(value));
  }

  public static DefinitionWrite apiStandard(DefinitionWrite w, String value) {
    return RecordCopy.with(w, "apiStandard", Field.of(new Handle(value)));
  }

  public static DefinitionWrite endpoint(DefinitionWrite w, String value) {
    return RecordCopy.with(w, "endpoint", Field.of(Endpoint.of(value)));
  }

  public static DefinitionWrite model(DefinitionWrite w, String value) {
    return RecordCopy.with(w, "model", Field.of(new ModelName(value)));
  }

  public static DefinitionWrite dimensions(DefinitionWrite w, Field<Dimensions> field) {
    return RecordCopy.with(w, "dimensions", field);
  }

  public static DefinitionWrite contextLimit(DefinitionWrite w, Field<ContextLimit> field) {
    return RecordCopy.with(w, "contextLimit", field);
  }
}
