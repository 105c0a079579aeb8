package io.claviger.domain.instances;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ReferenceRecognition;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.Optional;

/**
 * The data of an instance that a call needs. This object contains nothing else, because many such
 * objects are cached in memory.
 *
 * @param apiKeySetAt when the stored key was set; empty if no key is stored
 * @param headersVersion the version that the instance had when the values of its custom headers
 *     were last set; 0 if they were never set
 * @param streamUsage whether the gateway requests that streams state their usage; empty if the
 *     provider's default applies
 * @param storage the kinds of objects that the service's settings lend. At some providers, not all
 *     of these kinds can be lent; see {@link #lentStorage}
 * @param account a number that identifies the account that the present key reaches at the provider.
 *     The number increases by one each time that the instance gets a key for another account
 * @param inAll the limits for all callers together
 * @param capacity the provider's limits, and what happens to calls that have to wait
 * @param credential the settings of the credential
 * @param connections the terms of the instance's WebSockets
 * @param sent the settings of the instance that are sent with each call
 */
public record CallableInstance(
    Instance.Id id,
    User.Id owner,
    Instance.Ref ref,
    Provider provider,
    Endpoint endpoint,
    KeyPlacement placement,
    Optional<Organization> organization,
    Timeout timeout,
    boolean enabled,
    KeyPolicy keyPolicy,
    Limits limits,
    Optional<Instant> apiKeySetAt,
    long headersVersion,
    Optional<Boolean> streamUsage,
    PromptCache promptCache,
    Attribution attribution,
    StorageKinds storage,
    int account,
    Limits inAll,
    CapacityPolicy capacity,
    CredentialSettings credential,
    Audience audience,
    ConnectionTerms connections,
    SentSettings sent)
    implements KeyedInstance {
  private static final String CONVERSATIONS_NEVER_LENT =
      "Conversations at this provider can't be lent, whatever the settings are: creating a"
          + " conversation may call a model, and no limit or budget would count this call. Send the"
          + " messages themselves.";

  /** Returns the limits that apply to all callers of this service. */
  public CallLimits.Of asCalled() {
    return new CallLimits.Of(id.value(), limits, inAll, owner.value());
  }

  /**
   * Returns the kinds of objects that callers may store at this provider. Conversations are lent
   * only if the provider's ids have a recognizable form. At other providers, a request that creates
   * a conversation can also call a model, as Mistral's {@code POST conversations} does. No limit or
   * budget would count such a call.
   */
  public StorageKinds lentStorage() {
    return provider.recognition() == ReferenceRecognition.FORMS
        ? storage
        : storage.without(ObjectKind.CONVERSATIONS);
  }

  /**
   * Returns why objects of the given kind can't be lent at the instance's provider, whatever the
   * settings are; empty if they can be lent.
   */
  public Optional<String> neverLent(ObjectKind kind) {
    return kind == ObjectKind.CONVERSATIONS && provider.recognition() != ReferenceRecognition.FORMS
        ? Optional.of(CONVERSATIONS_NEVER_LENT)
        : Optional.empty();
  }

  /** Returns the rules by which callers are identified to the provider. */
  public NamingRules naming() {
    return new NamingRules(promptCache, attribution, provider.adds());
  }

  /**
   * Whether the gateway requests that streams state their usage. The service's setting decides
   * this; if it is not set, the provider's setting decides.
   *
   * @param isCounted whether a budget counts the usage
   */
  public boolean streamsUsage(boolean isCounted) {
    return streamUsage.orElse(provider.streamUsage(isCounted));
  }
}
