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
 * The settings of a credential without its secret. {@link CredentialShape} lists the settings of
 * each kind. Everybody who may see a service's settings sees all settings of its credential. A
 * credential is bound to all its settings. Defaults are stored like other values, so that a later
 * version with other defaults does not change where a credential is sent.
 *
 * @param values all settings in the order of {@link CredentialField}
 */
public record CredentialSettings(CredentialKind kind, Map<CredentialField, String> values) {
  /** The settings of an API key: a text that is sent unchanged. */
  public static final CredentialSettings API_KEY =
      new CredentialSettings(CredentialKind.API_KEY, Map.of());

  public static final CredentialSettings NONE =
      new CredentialSettings(CredentialKind.NONE, Map.of());

  /** The fields that contain addresses from which tokens are requested. */
  public static final List<CredentialField> ADDRESSES =
      List.of(
          CredentialField.TOKEN_URL, CredentialField.STS_URL, CredentialField.IMPERSONATION_URL);

  public CredentialSettings {
    values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(values));
  }

  public Optional<String> get(CredentialField field) {
    return Optional.ofNullable(values.get(field));
  }

  /**
   * @throws InvalidValue when the setting is missing, because the row was changed without Claviger
   */
  public String require(CredentialField field) {
    return get(field).orElseThrow(() -> new InvalidValue(field.wireName(), "a value"));
  }

  /** Returns the addresses from which tokens are requested, without the default addresses. */
  public Set<TokenUrl> givenAddresses() {
    Map<CredentialField, String> rest = new EnumMap<>(CredentialField.class);
    rest.putAll(values);
    rest.keySet().removeAll(ADDRESSES);
    Map<CredentialField, String> usual = kind.shape(federationProvider()).withDefaults(rest);
    return ADDRESSES.stream()
        .filter(field -> !get(field).equals(Optional.ofNullable(usual.get(field))))
        .flatMap(field -> get(field).stream())
        .map(TokenUrl::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the provider that exchanges the service's signed statements for tokens; empty unless
   * the kind is {@link CredentialKind#FEDERATED}.
   */
  public Optional<FederationProvider> federationProvider() {
    return get(CredentialField.PROVIDER).map(FederationProvider::of);
  }

  /**
   * Whether a provider exchanges signed statements under both settings, and calls reach the same
   * account there. Calls are assumed to reach the same account if both settings name the same
   * provider and have an identity in common. Differences in addresses or scopes are ignored.
   */
  public boolean usesFederatedAccountOf(CredentialSettings other) {
    return get(CredentialField.PROVIDER).equals(other.get(CredentialField.PROVIDER))
        && federationProvider().stream()
            .flatMap(provider -> provider.identity().stream())
            .anyMatch(field -> get(field).isPresent() && get(field).equals(other.get(field)));
  }

  /** The result of reading settings: either the settings, or all faults of the given values. */
  public sealed interface Result {
    record Complete(CredentialSettings settings) implements Result {}

    record Incomplete(List<Fault> faults) implements Result {}
  }

  /**
   * Returns the settings that the stored values represent. The values are not checked again,
   * because the credential is bound to exactly these values.
   */
  public static CredentialSettings stored(
      CredentialKind kind, Map<CredentialField, String> values) {
    return new CredentialSettings(kind, values);
  }

  /**
   * Checks settings that a write contains, and adds the defaults.
   *
   * @param at the JSON pointer to the object with these settings, for the faults
   */
  public static Result read(CredentialKind kind, Map<CredentialField, String> given, String at) {
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
        kind.shape(
            Optional.ofNullable(values.get(CredentialField.PROVIDER)).map(FederationProvider::of));
    faults.addAll(shape.faults(values, at));
    return faults.isEmpty()
        ? new Result.Complete(stored(kind, shape.withDefaults(values)))
        : new Result.Incomplete(faults);
  }
}
