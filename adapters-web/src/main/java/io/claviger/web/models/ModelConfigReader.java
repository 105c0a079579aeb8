package io.claviger.web.models;

import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelWrite;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.Address;
import java.util.Optional;

/** Reads the body of a write of an entry of the model catalogue. */
final class ModelConfigReader {
  private static final JsonConverter<Instance.Ref> SERVICE =
      JsonConverter.text(text -> Instance.Ref.of(Address.completed(text, Handle.SYSTEM)));

  private ModelConfigReader() {}

  /**
   * Reads a write. The caller must then check for unknown fields. A service that is named by its
   * handle alone is a system-level service.
   */
  static ModelConfigCommand command(JsonObject fields) {
    return new ModelConfigCommand(
        new ModelWrite(fields.fields(ModelFields.ALL)),
        fields.nullable("service", SERVICE),
        fields.value("targets", JsonConverter.listOf(ModelConfigReader::target)));
  }

  /** Reads a target. The body may contain the status, because answers to reads contain it. */
  private static Optional<NamedTarget> target(Json json, JsonLocation at) {
    if (!(json instanceof Json.Members members)) {
      return at.wrongType(json, "an object");
    }
    JsonObject fields = JsonObject.at(members, at);
    Field<Instance.Ref> service =
        fields.required("service", SERVICE, "Name a system-level service.");
    Field<ModelName> model =
        fields.required(
            "model", JsonConverter.text(ModelName::new), "Give the provider's name of the model.");
    fields.ignore("status");
    fields.recordUnknownFields();
    return service.given().flatMap(s -> model.given().map(m -> new NamedTarget(s, m)));
  }
}
