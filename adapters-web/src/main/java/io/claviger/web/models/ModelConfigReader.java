package io.claviger.web.models;

import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.ModelWrite;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.Address;
import java.util.List;

/** Reads the body of a write of an entry of the model catalogue. */
final class ModelConfigReader {
  static final List<String> READ_ONLY = List.of("id", "status", "created_by", "updated_by");

  private ModelConfigReader() {}

  /**
   * Reads a write. The caller must then check for unknown fields. A service that is named by its
   * handle alone is a system-level service.
   */
  static ModelConfigCommand command(JsonObject fields) {
    return new ModelConfigCommand(
        new ModelWrite(
            fields.value("provider", JsonConverter.text(Provider::of)),
            fields.value("model", JsonConverter.text(ModelName::new)),
            fields.value("display_name", JsonConverter.text(DisplayName::new)),
            fields.value("enabled", JsonConverter.FLAG),
            fields.nullable("context_limit", JsonConverter.wholeNumber(ContextLimit::new)),
            fields.nullable(
                "compression_threshold", JsonConverter.wholeNumber(CompressionThreshold::new))),
        fields.value("is_default", JsonConverter.FLAG),
        fields.nullable(
            "service",
            JsonConverter.text(text -> InstanceRef.of(Address.completed(text, Handle.SYSTEM)))));
  }
}
