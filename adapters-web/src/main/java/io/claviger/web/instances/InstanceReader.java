package io.claviger.web.instances;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.BudgetReader;
import io.claviger.web.policy.KeyPolicyJson;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.server.Address;
import java.util.List;
import java.util.Optional;

/** Reads the body of a request that creates or changes an LLM service. */
final class InstanceReader {
  private InstanceReader() {}

  /**
   * Reads a write.
   *
   * @param caller the user who sends the body. If the body contains only a definition's handle, the
   *     definition is this user's
   */
  static InstanceWrite write(JsonObject fields, Handle caller) {
    fields.ignore("user_keys_removed");
    SettingsWrite settings =
        new SettingsWrite(
            fields.fields(InstanceField.scalars()),
            KeyPolicyJson.read(fields),
            LimitsReader.read(fields),
            fields.nullable(InstanceField.BUDGETS_IN_ALL.wireName(), BudgetReader.LIST),
            LimitsReader.inAll(fields, InstanceField.LIMITS_IN_ALL.wireName()),
            ProviderLimitsJson.read(fields));
    return new InstanceWrite(
            definition(fields, caller),
            settings,
            fields.nullable(InstanceField.API_KEY.wireName(), SecretConverters.API_KEY),
            fields.nullable(
                InstanceField.CUSTOM_HEADERS.wireName(), SecretConverters.CUSTOM_HEADERS),
            fields.value("same_account", JsonConverter.FLAG).given())
        .withCredential(CredentialJson.read(fields));
  }

  private static Field<Definition.Ref> definition(JsonObject fields, Handle caller) {
    Field<Definition.Ref> whole =
        fields.nullable(
            "definition",
            JsonConverter.text(text -> Definition.Ref.of(Address.completed(text, caller))));
    Optional<Definition.Ref> parts = twoHandles(fields);
    if (parts.isPresent() && !whole.isAbsent()) {
      fields
          .location("definition")
          .fault("not_allowed", "Name the definition only once: here, or by owner and handle.");
    }
    return parts.isPresent() ? Field.of(parts.get()) : whole;
  }

  private static Optional<Definition.Ref> twoHandles(JsonObject fields) {
    boolean either = fields.hasAny(List.of("definition_owner", "definition_handle"));
    if (!either) {
      return Optional.empty();
    }
    Optional<Handle> owner =
        fields
            .required(
                "definition_owner", JsonConverter.text(Handle::new), "Name the definition's owner.")
            .given();
    Optional<Handle> handle =
        fields
            .required(
                "definition_handle",
                JsonConverter.text(Handle::new),
                "Give the definition's handle.")
            .given();
    return owner.flatMap(o -> handle.map(h -> new Definition.Ref(o, h)));
  }
}
