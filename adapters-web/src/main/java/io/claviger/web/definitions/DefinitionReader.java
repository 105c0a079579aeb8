package io.claviger.web.definitions;

import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.util.List;

/**
 * Reads the body of a write of a definition, and the fields that services share with definitions.
 */
public final class DefinitionReader {
  static final List<String> READ_ONLY = List.of("id", "owner", "handle", "ref");

  private DefinitionReader() {}

  public static DefinitionWrite common(JsonObject fields) {
    return new DefinitionWrite(
        fields.value("description", JsonConverter.text(Description::new)),
        fields.value("provider", JsonConverter.text(Provider::of)),
        fields.value("api_standard", JsonConverter.text(Handle::new)),
        fields.value("endpoint", JsonConverter.text(Endpoint::of)),
        fields.value("model", JsonConverter.text(ModelName::new)),
        fields.nullable("dimensions", JsonConverter.wholeNumber(Dimensions::new)),
        fields.nullable("context_limit", JsonConverter.wholeNumber(ContextLimit::new)));
  }

  static DefinitionCommand command(JsonObject fields) {
    return new DefinitionCommand(
        common(fields), fields.value("public", JsonConverter.FLAG), AppliedByField.read(fields));
  }
}
