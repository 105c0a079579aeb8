package io.claviger.web.instances;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.instances.Timeout;
import io.claviger.web.definitions.DefinitionReader;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.KeyPolicyReader;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.server.Address;
import java.util.List;
import java.util.Optional;

/** Reads what is written of LLM services. */
final class InstanceReader {
  static final List<String> READ_ONLY =
      List.of(
          "id",
          "owner",
          "handle",
          "ref",
          "role",
          "custom_header_names",
          "is_default",
          "has_api_key",
          "has_effective_api_key",
          "api_key_set_at",
          "gateway_url");

  private InstanceReader() {}

  /**
   * @param caller whose definition is meant where only a handle is given
   */
  static InstanceWrite write(JsonObject fields, Handle caller) {
    fields.ignore("user_keys_removed");
    SettingsWrite settings =
        new SettingsWrite(
            DefinitionReader.common(fields),
            fields.value("display_name", JsonConverter.text(DisplayName::new)),
            fields.value("timeout_ms", JsonConverter.wholeNumber(Timeout::new)),
            fields.nullable("organization", JsonConverter.text(Organization::new)),
            fields.value("enabled", JsonConverter.FLAG),
            KeyPolicyReader.read(fields),
            LimitsReader.read(fields));
    return new InstanceWrite(
        definition(fields, caller),
        settings,
        fields.nullable("api_key", SecretConverters.API_KEY),
        fields.nullable("custom_headers", SecretConverters.CUSTOM_HEADERS));
  }

  private static Field<DefinitionRef> definition(JsonObject fields, Handle caller) {
    Field<DefinitionRef> whole =
        fields.nullable(
            "definition",
            JsonConverter.text(text -> DefinitionRef.of(Address.completed(text, caller))));
    Optional<DefinitionRef> parts = twoHandles(fields);
    if (parts.isPresent() && !whole.isAbsent() && !whole.given().equals(parts)) {
      fields
          .place("definition")
          .fault("not_allowed", "Name the definition once, here or by owner and handle.");
    }
    return parts.isPresent() ? Field.of(parts.get()) : whole;
  }

  private static Optional<DefinitionRef> twoHandles(JsonObject fields) {
    boolean either = fields.hasAny(List.of("definition_owner", "definition_handle"));
    if (!either) {
      return Optional.empty();
    }
    Optional<Handle> owner =
        fields
            .required(
                "definition_owner", JsonConverter.text(Handle::new), "Say whose definition it is.")
            .given();
    Optional<Handle> handle =
        fields
            .required(
                "definition_handle", JsonConverter.text(Handle::new), "Say which definition it is.")
            .given();
    return owner.flatMap(o -> handle.map(h -> new DefinitionRef(o, h)));
  }
}
