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
 * The fields of an instance that a call needs. It holds nothing else, because many of these are
 * cached in memory.
 *
 * @param apiKeySetAt when the stored key was set; empty when no key is stored
 * @param headersVersion the version of the instance in which its custom header values were last
 *     set; 0 if they never were
 * @param streamUsage whether streams are asked to state their usage; empty if the provider decides
 *     that
 * @param storage the kinds of objects that its owners lend; see {@link #lentStorage}
 * @param account counts the accounts at the provider that its keys reached
 * @param inAll the limits of all callers together
 * @param capacity how calls take turns at what the provider allows
 * @param credential how the provider knows the instance
 * @param connections what holds of its WebSockets
 * @param sent the settings that are sent with each call
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
      "Conversations at this provider are not lent, whatever the settings of the service say: making"
          + " one may be a call of a model there, which no limit or budget would count. Send the"
          + " messages themselves.";

  /** The limits against which all calls of this service count, those of any caller. */
  public CallLimits.Of asCalled() {
    return new CallLimits.Of(id.value(), limits, inAll, owner.value());
  }

  /**
   * The kinds of objects that its callers may leave at this provider. Elsewhere than at those whose
   * ids have a form, an operation that makes a conversation may be a call of a model (Mistral's
   * {@code POST conversations}), which nothing would limit or charge.
   */
  public StorageKinds lentStorage() {
    return provider.recognition() == ReferenceRecognition.FORMS
        ? storage
        : storage.without(ObjectKind.CONVERSATIONS);
  }

  /** Why no setting of its owners lends objects of this kind at this provider; empty if one can. */
  public Optional<String> neverLent(ObjectKind kind) {
    return kind == ObjectKind.CONVERSATIONS && provider.recognition() != ReferenceRecognition.FORMS
        ? Optional.of(CONVERSATIONS_NEVER_LENT)
        : Optional.empty();
  }

  /** How callers are named to the provider. */
  public NamingRules naming() {
    return new NamingRules(promptCache, attribution, provider.adds());
  }

  /**
   * Whether streams are asked for their usage. The service decides that, or else its provider.
   *
   * @param isCounted whether a budget counts the usage
   */
  public boolean streamsUsage(boolean isCounted) {
    return streamUsage.orElse(provider.streamUsage(isCounted));
  }
}
