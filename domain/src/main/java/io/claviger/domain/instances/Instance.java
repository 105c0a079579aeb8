package io.claviger.domain.instances;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * An LLM service that a user configured. The API, the console and the documentation call an
 * instance a service.
 *
 * @param placement where a key is sent according to the API standard
 * @param definitionRef the name of the definition in {@code settings.definition}; empty if the
 *     definition no longer exists
 * @param customHeaderNames the names of the stored headers, in the order in which they were given
 * @param apiKeySetAt when the stored key or other secret was set. For a credential without a
 *     secret, the time at which the owner confirmed where the credential is used. Empty if neither
 *     a secret nor a confirmation is stored
 * @param endpointSetBy the user who last set the endpoint, and therefore knows where a key is sent;
 *     empty if no user set it
 * @param headersSetBy the user who set the values of the stored headers; empty if no headers are
 *     stored or the user is unknown
 * @param version a number that begins with 1 and increases with each stored change
 */
public record Instance(
    Id id,
    User.Id owner,
    Ref ref,
    InstanceSettings settings,
    KeyPlacement placement,
    Optional<Definition.Ref> definitionRef,
    List<HeaderName> customHeaderNames,
    Optional<Instant> apiKeySetAt,
    Optional<User.Id> endpointSetBy,
    Optional<User.Id> headersSetBy,
    long version,
    Instant createdAt,
    Instant updatedAt)
    implements KeyedInstance {

  /** The order in which services are preferred if several could be used. */
  public static final Comparator<Instance> OLDEST_FIRST =
      CreationOrder.of(Instance::createdAt, i -> i.id().value());

  public Instance {
    customHeaderNames = List.copyOf(customHeaderNames);
  }

  @Override
  public Provider provider() {
    return settings.fields().provider();
  }

  @Override
  public Endpoint endpoint() {
    return settings.fields().endpoint();
  }

  @Override
  public SentSettings sent() {
    return settings.sent();
  }

  @Override
  public CredentialSettings credential() {
    return settings.credential();
  }

  @Override
  public boolean enabled() {
    return settings.enabled();
  }

  @Override
  public KeyPolicy keyPolicy() {
    return settings.keyPolicy();
  }

  @Override
  public Audience audience() {
    return settings.audience().orElse(isSystemLevel() ? Audience.EVERYBODY : Audience.SHARED);
  }

  /**
   * Returns the settings as texts for the audit trail, keyed by their names in the API. The texts
   * contain no secrets, and only the names of custom headers.
   */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    definitionRef.ifPresent(definition -> texts.put("definition", definition.toString()));
    texts.putAll(settings.texts());
    if (!customHeaderNames.isEmpty()) {
      texts.put(
          "custom_headers",
          customHeaderNames.stream().map(HeaderName::value).collect(Collectors.joining(", ")));
    }
    return texts;
  }

  public boolean hasApiKey() {
    return apiKeySetAt.isPresent();
  }

  /** Identifies an instance permanently. Shares, projects and keys refer to this id. */
  public record Id(UUID value) {
    /**
     * This method is written by hand for speed: deep in the stack of a call, the JVM would not
     * inline the generated method.
     */
    @Override
    public boolean equals(Object other) {
      return other instanceof Id id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** The name of an instance: {@code owner/handle}. */
  public record Ref(Handle owner, Handle handle) implements Comparable<Ref> {
    public Ref {
      handle.demandUnreserved();
    }

    public static Ref of(String text) {
      return Handle.ofOwned(text, "service", Ref::new);
    }

    /** This method is written by hand for speed, as in {@link Id}. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Ref ref
          && handle.value().equals(ref.handle.value())
          && owner.value().equals(ref.owner.value());
    }

    @Override
    public int hashCode() {
      return 31 * owner.value().hashCode() + handle.value().hashCode();
    }

    @Override
    public int compareTo(Ref other) {
      int byOwner = owner.compareTo(other.owner);
      return byOwner != 0 ? byOwner : handle.compareTo(other.handle);
    }

    @Override
    public String toString() {
      return owner + "/" + handle;
    }
  }
}
