package io.claviger.domain.credentials;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of a credential without its secret. Each kind of credential has its own record.
 * Everybody who may see a service's settings sees all settings of its credential. A credential is
 * bound to all its settings. Defaults are stored like other values, so that a later version with
 * other defaults does not change where a credential is sent.
 */
public sealed interface CredentialSettings {
  /** The fields that contain addresses from which tokens are requested. */
  List<CredentialField> ADDRESSES =
      List.of(
          CredentialField.TOKEN_URL, CredentialField.STS_URL, CredentialField.IMPERSONATION_URL);

  CredentialKind kind();

  /** Returns all settings in the order of {@link CredentialField}. */
  Map<CredentialField, String> values();

  default Optional<String> get(CredentialField field) {
    return Optional.ofNullable(values().get(field));
  }

  /**
   * @throws InvalidValue when the setting is missing, because the row was changed without Claviger
   */
  default String require(CredentialField field) {
    return get(field).orElseThrow(() -> new InvalidValue(field.wireName(), "a value"));
  }

  /** Returns the addresses from which tokens are requested, without the default addresses. */
  default Set<TokenUrl> givenAddresses() {
    Map<CredentialField, String> rest = new EnumMap<>(CredentialField.class);
    rest.putAll(values());
    rest.keySet().removeAll(ADDRESSES);
    Map<CredentialField, String> usual = CredentialShape.withDefaults(kind(), rest);
    return ADDRESSES.stream()
        .filter(field -> !get(field).equals(Optional.ofNullable(usual.get(field))))
        .flatMap(field -> get(field).stream())
        .map(TokenUrl::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  record ApiKey(Map<CredentialField, String> values) implements CredentialSettings {
    /** An API key: a text that is sent unchanged. */
    public static final CredentialSettings PLAIN = new ApiKey(Map.of());

    public ApiKey {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.API_KEY;
    }
  }

  record NoCredential(Map<CredentialField, String> values) implements CredentialSettings {
    public static final CredentialSettings NONE = new NoCredential(Map.of());

    public NoCredential {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.NONE;
    }
  }

  /**
   * A client of an OAuth server: {@code client_id}, {@code token_url}, {@code scope} and {@code
   * audience}. The secret is a client secret, or a private key in PEM. A private key contains
   * {@code -----BEGIN}.
   */
  record OauthClient(Map<CredentialField, String> values) implements CredentialSettings {
    public OauthClient {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.OAUTH_CLIENT;
    }
  }

  /**
   * A service account of Google: {@code token_url} and {@code scope}. The secret is the key file.
   */
  record GoogleServiceAccount(Map<CredentialField, String> values) implements CredentialSettings {
    public GoogleServiceAccount {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.GOOGLE_SERVICE_ACCOUNT;
    }
  }

  /**
   * An access key of AWS: {@code access_key_id} and {@code region}; also {@code sts_url} if there
   * is a {@code role_arn}. The secret is the secret access key.
   */
  record AwsAccessKey(Map<CredentialField, String> values) implements CredentialSettings {
    public AwsAccessKey {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.AWS;
    }
  }

  /**
   * A signed statement that a provider exchanges for a token. {@link CredentialShape} lists the
   * settings for each provider.
   */
  record Federated(Map<CredentialField, String> values) implements CredentialSettings {
    public Federated {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.FEDERATED;
    }

    public FederationProvider provider() {
      return FederationProvider.of(require(CredentialField.PROVIDER));
    }

    /**
     * Whether calls with these settings reach the same account at the provider as calls with the
     * given settings. Calls are assumed to reach the same account if both settings name the same
     * provider and have an identity in common. Differences in addresses or scopes are ignored.
     */
    public boolean usesAccountOf(Federated other) {
      return get(CredentialField.PROVIDER).equals(other.get(CredentialField.PROVIDER))
          && provider().identity().stream()
              .anyMatch(field -> get(field).isPresent() && get(field).equals(other.get(field)));
    }
  }

  /** The identity that a {@code cloud} gives to the machine or pod. */
  record Ambient(Map<CredentialField, String> values) implements CredentialSettings {
    public Ambient {
      values = ordered(values);
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.AMBIENT;
    }

    public Cloud cloud() {
      return Cloud.of(require(CredentialField.CLOUD));
    }
  }

  /** The result of reading settings: either the settings, or all faults of the given values. */
  sealed interface Result {
    record Complete(CredentialSettings settings) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * Returns the settings that the stored values represent. The values are not checked again,
   * because the credential is bound to exactly these values.
   */
  static CredentialSettings stored(CredentialKind kind, Map<CredentialField, String> values) {
    return switch (kind) {
      case API_KEY -> values.isEmpty() ? ApiKey.PLAIN : new ApiKey(values);
      case NONE -> new NoCredential(values);
      case OAUTH_CLIENT -> new OauthClient(values);
      case GOOGLE_SERVICE_ACCOUNT -> new GoogleServiceAccount(values);
      case AWS -> new AwsAccessKey(values);
      case FEDERATED -> new Federated(values);
      case AMBIENT -> new Ambient(values);
    };
  }

  /**
   * Checks settings that a write contains, and adds the defaults.
   *
   * @param at the JSON pointer to the object with these settings, for the faults
   */
  static Result read(CredentialKind kind, Map<CredentialField, String> given, String at) {
    List<Fault> faults = new ArrayList<>();
    Map<CredentialField, String> values = new EnumMap<>(CredentialField.class);
    given.forEach(
        (field, text) -> {
          try {
            values.put(field, field.checked(text));
          } catch (InvalidValue e) {
            faults.add(new Fault(at + e.fault().pointer(), e.fault().code(), e.fault().detail()));
          }
        });
    if (!faults.isEmpty()) {
      return new Result.Incomplete(faults);
    }
    CredentialShape shape =
        CredentialShape.of(
            kind,
            Optional.ofNullable(values.get(CredentialField.PROVIDER)).map(FederationProvider::of));
    faults.addAll(shape.faults(values, at));
    return faults.isEmpty()
        ? new Result.Complete(stored(kind, CredentialShape.withDefaults(kind, values)))
        : new Result.Incomplete(faults);
  }

  private static Map<CredentialField, String> ordered(Map<CredentialField, String> values) {
    Map<CredentialField, String> copy = new EnumMap<>(CredentialField.class);
    copy.putAll(values);
    return Collections.unmodifiableMap(copy);
  }
}
