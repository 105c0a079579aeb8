package io.claviger.domain.bills;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A key that Claviger uses only to read usage and costs from a provider. A service has at most one
 * such key. The key itself is stored separately and sealed.
 *
 * @param endpoint the URL below which the provider is queried
 * @param followsService whether the endpoint is the service's own endpoint, so that the credential
 *     ends when the service's endpoint changes
 * @param scope the project or workspace whose figures are read; if empty, the figures of the whole
 *     organization are read
 * @param apiKeyId the provider's id of the key that the service lends. The id distinguishes the
 *     key's usage from the usage of other keys. Empty if the owner does not state the id
 */
public record BillingCredential(
    Id id,
    Instance.Id service,
    BillingApi api,
    Endpoint endpoint,
    boolean followsService,
    Optional<String> scope,
    Optional<String> apiKeyId,
    ModelAccess modelAccess,
    Instant setAt) {
  /** Programs in JavaScript read all integers up to this number exactly. */
  private static final long MOST_VERSIONS = 1_000_000_000_000_000L;

  /**
   * Returns a number that is computed from the id, and is at least 1. The number distinguishes this
   * credential from all other credentials that the service has, had or will have.
   */
  public long version() {
    UUID value = id.value();
    return 1
        + Math.floorMod(
            value.getMostSignificantBits() ^ value.getLeastSignificantBits(), MOST_VERSIONS);
  }

  /** Returns a copy with the given access to models, which was learned from a provider's answer. */
  public BillingCredential with(ModelAccess access) {
    return new BillingCredential(
        id, service, api, endpoint, followsService, scope, apiKeyId, access, setAt);
  }

  /**
   * Identifies a credential. If the service gets another billing key, the credential gets another
   * id.
   */
  public record Id(UUID value) {}

  /** Whether the provider lets the key call models, in addition to reading figures. */
  public enum ModelAccess implements WireNamed {
    YES,
    NO,
    /** The provider's answer did not show whether the key may call models. */
    UNKNOWN;

    /**
     * Returns the reason why a key with this access must not be stored; empty if the key may be
     * stored.
     *
     * @param confirmed whether the owner has accepted that the key may do more than read figures
     */
    public Optional<Fault> refusal(boolean confirmed) {
      return this != YES || confirmed
          ? Optional.empty()
          : Optional.of(
              new Fault(
                  "/may_do_more",
                  "key_may_call_models",
                  "The provider lets this key call models, so it can do more than read figures."
                      + " Give a key that can't call models, or set may_do_more to true."));
    }
  }

  /**
   * The scope of a credential, as a request states it.
   *
   * @param project the project's id at OpenAI
   * @param workspace the workspace's id at Anthropic; {@code default} for the workspace without an
   *     id
   */
  public record StatedScope(Optional<String> project, Optional<String> workspace) {
    /**
     * Returns the stated scope. This method must be called only if {@link #faults} returned no
     * fault for the API.
     */
    public Optional<String> value() {
      return project.or(() -> workspace);
    }

    /** Returns the faults that the stated scope has for the given API. */
    public List<Fault> faults(BillingApi api) {
      List<Fault> faults = new ArrayList<>();
      project.ifPresent(stated -> check("project", api, faults));
      workspace.ifPresent(stated -> check("workspace", api, faults));
      return faults;
    }

    private static void check(String field, BillingApi api, List<Fault> faults) {
      if (!api.scopeField().equals(field)) {
        faults.add(Fault.notAllowed(field, "This provider bills by " + api.scopeField() + "."));
      }
    }
  }

  /**
   * Checks the id of a project, workspace or key.
   *
   * @throws InvalidValue unless the id has 1 to 128 characters: letters, digits and {@code . _ -}
   */
  public static String checkedId(String id) {
    if (id.isEmpty() || id.length() > 128 || !id.chars().allMatch(BillingCredential::isOfIds)) {
      throw new InvalidValue("id", "1 to 128 letters, digits and . _ -");
    }
    return id;
  }

  private static boolean isOfIds(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
