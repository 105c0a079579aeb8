package io.claviger.application.instances;

import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a request that writes a credential. The write replaces the whole credential. Absent
 * settings get their defaults.
 *
 * @param given the credential's settings that are not secret; for {@link CredentialKind#FEDERATED},
 *     the settings in {@code federation}
 * @param secret the secret; the caller must close it. If the secret is empty, the stored secret is
 *     kept; this is refused if the write changes anything to which the stored secret is bound
 */
public record CredentialWrite(
    CredentialKind kind, Map<CredentialField, String> given, Optional<Secret> secret) {
  public CredentialWrite {
    given = Map.copyOf(given);
  }

  /** Whether the write contains a key file, so that the file's form has to be checked. */
  boolean isKeyFile() {
    return secret.filter(given -> given.lend(kind::isKeyFile)).isPresent();
  }

  /**
   * Returns the path to the secret in the body of a request that writes a service. If the kind of
   * credential has several fields for secrets, the last field is for a key file, and the first
   * field is for any other secret.
   */
  String secretField() {
    List<String> fields = kind.secretFields();
    return "credential/" + (isKeyFile() ? fields.getLast() : fields.getFirst());
  }

  /**
   * Returns the JSON pointer to this credential's settings in the body of a request that writes a
   * service.
   */
  String at() {
    return kind == CredentialKind.FEDERATED ? "/credential/federation" : "/credential";
  }
}
