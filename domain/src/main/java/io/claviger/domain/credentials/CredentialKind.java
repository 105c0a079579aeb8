package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.SecretNames;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a provider knows a service. */
public enum CredentialKind {
  /** A stored text, which is sent as it is. */
  API_KEY(List.of("api_key")),
  /** Nothing: the endpoint asks for no proof. */
  NONE(List.of()),
  /** A client of an OAuth server, with a secret or a key that signs. */
  OAUTH_CLIENT(List.of("client_secret", "assertion_key")),
  /** The JSON file with the key of a service account of Google. */
  GOOGLE_SERVICE_ACCOUNT(List.of("key")),
  /** The access key of a user of AWS. */
  AWS(List.of("secret_access_key")),
  /** A signed statement about the service, which the provider exchanges. Nothing is stored. */
  FEDERATED(List.of()),
  /** The identity of the machine or pod. Nothing is stored. */
  AMBIENT(List.of());

  /** The secret of a service account, a name that other objects give to things that are none. */
  private static final String KEY_FILE = "key";

  private static final Set<String> FILES = Set.of(KEY_FILE, "assertion_key");

  private final List<String> secretFields;

  CredentialKind(List<String> secretFields) {
    this.secretFields = secretFields;
  }

  /**
   * @throws InvalidValue naming the allowed values
   */
  public static CredentialKind of(String text) {
    return Stream.of(values())
        .filter(kind -> kind.wireName().equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new InvalidValue(
                    "kind",
                    Stream.of(values())
                        .map(CredentialKind::wireName)
                        .collect(Collectors.joining(", "))));
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of the fields that bring the secret. Exactly one of them has to be given. */
  public List<String> secretFields() {
    return secretFields;
  }

  /**
   * Whether the value of a field is secret.
   *
   * @param inCredential whether it is a member of {@code credential}, where {@code key} is one too
   */
  public static boolean isSecret(String field, boolean inCredential) {
    return SecretNames.contains(field) || (inCredential && field.equals(KEY_FILE));
  }

  /** Whether the secret of a field is the text of a file, which may have several lines. */
  public static boolean isFile(String field) {
    return FILES.contains(field);
  }

  /** Whether a secret is stored. */
  public boolean keepsSecret() {
    return !secretFields.isEmpty();
  }

  /** Whether calls send a token that is minted for them. It is always sent as a bearer token. */
  public boolean isMinted() {
    return this != API_KEY && this != NONE;
  }

  /**
   * Whether nothing can be entered again after a change of the destination, so that the owner has
   * to confirm it.
   */
  public boolean isConfirmed() {
    return this == FEDERATED || this == AMBIENT;
  }
}
