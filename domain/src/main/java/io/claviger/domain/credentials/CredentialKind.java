package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.SecretNames;
import io.claviger.domain.WireNamed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The kind of credential with which a service authenticates to its provider. */
public enum CredentialKind implements WireNamed {
  /** A stored text that is sent unchanged. */
  API_KEY(List.of("api_key")),
  /** No credential, because the endpoint needs no credential. */
  NONE(List.of()),
  /** A client of an OAuth server, with a client secret or a signing key. */
  OAUTH_CLIENT(List.of("client_secret", "assertion_key")),
  /** The JSON file with the key of a Google service account. */
  GOOGLE_SERVICE_ACCOUNT(List.of("key")),
  /** The access key of an AWS user. */
  AWS(List.of("secret_access_key")),
  /**
   * A signed statement about the service. The provider exchanges the statement for a token. Nothing
   * is stored.
   */
  FEDERATED(List.of()),
  /** The identity of the machine or pod on which Claviger runs. Nothing is stored. */
  AMBIENT(List.of());

  /**
   * The name of the field with a Google service account's secret. Outside of credentials, a field
   * with this name is not secret.
   */
  private static final String KEY_FILE = "key";

  /** The name of the field with the PEM key with which a client of an OAuth server signs. */
  private static final String ASSERTION_KEY = "assertion_key";

  private static final Set<String> FILES = Set.of(KEY_FILE, ASSERTION_KEY);

  /** The text with which a key in PEM begins. Other text may come before the key (RFC 7468, 2). */
  private static final byte[] PEM = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);

  private final List<String> secretFields;

  CredentialKind(List<String> secretFields) {
    this.secretFields = secretFields;
  }

  /**
   * @throws InvalidValue if the text is not a kind; the exception names the allowed values
   */
  public static CredentialKind of(String text) {
    return WireNamed.find(values(), text)
        .orElseThrow(() -> new InvalidValue("kind", String.join(", ", WireNamed.names(values()))));
  }

  /**
   * Returns the names of the fields in which a write can state the secret. A write has to have
   * exactly one of these fields.
   */
  public List<String> secretFields() {
    return secretFields;
  }

  /**
   * Whether the value of a field is secret.
   *
   * @param inCredential whether the field is a member of {@code credential}, where a field {@code
   *     key} is secret too
   */
  public static boolean isSecret(String field, boolean inCredential) {
    return SecretNames.contains(field) || (inCredential && field.equals(KEY_FILE));
  }

  /** Whether the field contains the content of a file, which can have several lines. */
  public static boolean isFile(String field) {
    return FILES.contains(field);
  }

  /**
   * Whether a text may be the value of a field. A value of {@code assertion_key} has to be a key in
   * PEM. Claviger would treat any other text as a client secret, and send the private key itself to
   * the token URL.
   */
  public static boolean mayHold(String field, byte[] text) {
    return !field.equals(ASSERTION_KEY) || OAUTH_CLIENT.isKeyFile(text);
  }

  /**
   * Whether a secret is a key file: Google's JSON file or a key in PEM. The form of such a file is
   * checked before it is stored.
   */
  public boolean isKeyFile(byte[] secret) {
    return switch (this) {
      case GOOGLE_SERVICE_ACCOUNT -> true;
      case OAUTH_CLIENT -> containsPem(secret);
      case API_KEY, NONE, AWS, FEDERATED, AMBIENT -> false;
    };
  }

  private static boolean containsPem(byte[] text) {
    for (int at = 0; at + PEM.length <= text.length; at++) {
      if (Arrays.equals(text, at, at + PEM.length, PEM, 0, PEM.length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a secret is stored. */
  public boolean keepsSecret() {
    return !secretFields.isEmpty();
  }

  /**
   * Whether Claviger mints a token for the calls. A minted token is always sent as a bearer token.
   */
  public boolean isMinted() {
    return this != API_KEY && this != NONE;
  }

  /**
   * Whether the owner has to confirm a changed destination. The confirmation is necessary for
   * credentials that have no secret. If there is a secret, the owner has to enter the secret again
   * instead.
   */
  public boolean isConfirmed() {
    return this == FEDERATED || this == AMBIENT;
  }
}
