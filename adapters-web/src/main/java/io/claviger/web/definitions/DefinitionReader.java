package io.claviger.web.definitions;

import io.claviger.application.definitions.WriteDefinition;
import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.web.json.Fields;
import io.claviger.web.json.Shape;
import java.util.List;

/** Reads what is written of definitions, and the fields that services have in common with them. */
public final class DefinitionReader {
  static final List<String> READ_ONLY = List.of("id", "owner", "handle", "ref");

  private DefinitionReader() {}

  public static DefinitionWrite common(Fields fields) {
    return new DefinitionWrite(
        fields.value("description", Shape.text(Description::new)),
        fields.value("provider", Shape.text(Provider::of)),
        fields.value("api_standard", Shape.text(Handle::new)),
        fields.value("endpoint", Shape.text(Endpoint::of)),
        fields.value("model", Shape.text(ModelName::new)),
        fields.nullable("dimensions", Shape.wholeNumber(Dimensions::new)),
        fields.nullable("context_limit", Shape.wholeNumber(ContextLimit::new)));
  }

  static WriteDefinition.Command command(Fields fields) {
    return new WriteDefinition.Command(common(fields), fields.value("public", Shape.FLAG));
  }
}
