package io.claviger.web.instances;

import io.claviger.application.instances.CredentialWrite;
import io.claviger.application.instances.InstanceView.CredentialView;
import io.claviger.domain.Field;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.keys.Secret;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The credential of a service. The secret of the credential can be written, but is never shown. The
 * settings of a federation are in a separate object.
 */
final class CredentialJson {
  private static final String FEDERATION = "federation";

  /**
   * The members that are shown in addition to the settings of the credential. A write may contain
   * these members, because callers send back the fields that they have read.
   */
  private static final List<String> SHOWN =
      List.of("confirmed", "expires_in", "minted_at", "last_error");

  private static final JsonConverter<CredentialWrite> WRITE =
      JsonConverter.objectOrNull(CredentialJson::write);

  private CredentialJson() {}

  static Map<String, @Nullable Object> of(CredentialView view) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    view.settings().values().forEach((field, value) -> settings.put(field.wireName(), value));
    shown.put("kind", view.kind().wireName());
    if (view.kind() == CredentialKind.FEDERATED) {
      shown.put(FEDERATION, settings);
    } else {
      shown.putAll(settings);
    }
    view.confirmed().ifPresent(confirmed -> shown.put("confirmed", confirmed));
    if (view.kind().isMinted()) {
      shown.put("expires_in", view.expiresIn().map(Duration::toSeconds).orElse(null));
      shown.put("minted_at", view.minted().mintedAt().orElse(null));
      shown.put("last_error", view.minted().lastError().orElse(null));
    }
    return shown;
  }

  static Field<CredentialWrite> read(JsonObject fields) {
    return fields.nullable(InstanceField.CREDENTIAL.wireName(), WRITE);
  }

  private static Optional<CredentialWrite> write(JsonObject fields) {
    Optional<CredentialKind> kind =
        fields
            .required(
                "kind",
                JsonConverter.text(CredentialKind::of),
                "Say which kind of credential the service has.")
            .given();
    SHOWN.forEach(fields::ignore);
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Optional<Secret> secret = secret(kind.get(), fields);
    Optional<Map<CredentialField, String>> given =
        kind.get() == CredentialKind.FEDERATED ? federation(fields) : Optional.of(settings(fields));
    fields.recordUnknownFields();
    return given.map(settings -> new CredentialWrite(kind.get(), settings, secret));
  }

  private static Optional<Map<CredentialField, String>> federation(JsonObject fields) {
    return fields
        .<Map<CredentialField, String>>required(
            FEDERATION,
            JsonConverter.object(inner -> Optional.of(allOf(inner))),
            "Name the provider that exchanges signed statements for tokens, and the settings of"
                + " this exchange.")
        .given();
  }

  private static Map<CredentialField, String> allOf(JsonObject inner) {
    Map<CredentialField, String> settings = settings(inner);
    inner.recordUnknownFields();
    return settings;
  }

  /**
   * Reads the credential's settings from the body. The application checks whether the settings fit
   * the kind of the credential.
   */
  private static Map<CredentialField, String> settings(JsonObject fields) {
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    for (CredentialField field : CredentialField.values()) {
      if (!fields.has(field.wireName())) {
        continue;
      }
      fields
          .nullable(field.wireName(), JsonConverter.text(Function.identity()))
          .given()
          .ifPresent(value -> settings.put(field, value));
    }
    return settings;
  }

  /** Reads the secret from the body; more than one secret is a fault. */
  private static Optional<Secret> secret(CredentialKind kind, JsonObject fields) {
    Optional<Secret> found = Optional.empty();
    for (String name : kind.secretFields()) {
      Optional<Secret> one = fields.nullable(name, SecretConverters.credential(name)).given();
      if (one.isPresent() && found.isPresent()) {
        fields.location(name).fault("not_allowed", "Give one secret.");
      }
      found = one.isPresent() ? one : found;
    }
    return found;
  }
}
