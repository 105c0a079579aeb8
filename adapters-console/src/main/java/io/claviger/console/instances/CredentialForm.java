package io.claviger.console.instances;

import io.claviger.application.instances.CredentialWrite;
import io.claviger.application.instances.InstanceView.CredentialView;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.console.page.Fields;
import io.claviger.domain.Field;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A credential, as a user typed it into a form. The use case checks whether the credential has all
 * settings that it needs.
 *
 * @param secret the secret that the user typed; it is wiped when this object is closed
 */
record CredentialForm(
    CredentialChoice choice, Map<CredentialField, String> given, Optional<Secret> secret)
    implements AutoCloseable {

  /**
   * Reads the form. Faults of the credential are added to the faults of the form's other fields.
   */
  static CredentialForm read(Fields fields) {
    CredentialChoice choice =
        fields
            .optional(CredentialChoice.FIELD, CredentialChoice::of)
            .orElseGet(() -> CredentialChoice.of(""));
    Map<CredentialField, String> given = new EnumMap<>(CredentialField.class);
    for (CredentialField field : choice.settings()) {
      fields.optional(field.wireName(), field::checked).ifPresent(text -> given.put(field, text));
    }
    choice
        .provider()
        .ifPresent(provider -> given.put(CredentialField.PROVIDER, provider.wireName()));
    return new CredentialForm(choice, given, secret(fields, choice.kind().secretFields()));
  }

  private static Optional<Secret> secret(Fields fields, List<String> names) {
    Optional<Secret> found = Optional.empty();
    for (String name : names) {
      Optional<Secret> one = fields.secret(name);
      if (one.isPresent() && found.isPresent()) {
        found.get().close();
        fields.fault(name, "Give one secret.");
      }
      found = one.isPresent() ? one : found;
    }
    return found;
  }

  /**
   * The names of the inputs whose values are shown again if the form is refused; inputs for secrets
   * are never among them.
   */
  static Set<String> shownAgain() {
    Set<String> names = new HashSet<>(Set.of(CredentialChoice.FIELD));
    for (CredentialField field : CredentialField.values()) {
      // The credential's field "provider" has no input: in this form, the input named "provider" is
      // for the provider of the service.
      if (field != CredentialField.PROVIDER) {
        names.add(field.wireName());
      }
    }
    return names;
  }

  /** Returns the values with which the form shows a credential that is stored. */
  static Map<String, String> shown(CredentialView stored) {
    Map<String, String> values = new LinkedHashMap<>();
    stored
        .settings()
        .values()
        .forEach(
            (field, value) -> {
              if (field != CredentialField.PROVIDER) {
                values.put(field.wireName(), value);
              }
            });
    values.put(CredentialChoice.FIELD, choiceOf(stored).value());
    return values;
  }

  static CredentialChoice choiceOf(CredentialView stored) {
    return CredentialChoice.of(stored.kind(), stored.settings().federationProvider());
  }

  CredentialWrite write() {
    return new CredentialWrite(choice.kind(), given, secret);
  }

  /**
   * Adds this credential to the fields that are written to the service. If no key was typed,
   * nothing is added, because some endpoints need no key.
   */
  InstanceWrite addTo(InstanceWrite write) {
    return choice.kind() == CredentialKind.API_KEY && secret.isEmpty()
        ? write
        : write.withCredential(Field.of(write()));
  }

  @Override
  public void close() {
    secret.ifPresent(Secret::close);
  }
}
