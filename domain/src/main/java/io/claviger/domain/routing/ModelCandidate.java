package io.claviger.domain.routing;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * A service that a caller can see, with the facts that decide whether a model's name selects it.
 *
 * @param ref the service's reference; empty if the caller must not know the reference
 * @param former the references that the service had before it was transferred, and that still lead
 *     to the service; empty if the caller must not know the service's reference
 * @param model the service's own model
 * @param named the models that the service's limits name completely, without an asterisk
 * @param listed a list of models from the service's provider; empty if there is no list
 * @param allowed the only models that the caller may call; empty if the caller may call all models
 * @param key the decision about the key with which this caller calls the service
 * @param takesUnlisted whether this service takes model names that no service offers, because the
 *     caller chose it for them or because the token is restricted to it
 * @param lent the kinds of objects that the caller may store with a shared key
 * @param mayList whether the caller's limits allow a call that requests the provider's list
 */
public record ModelCandidate(
    Instance.Id id,
    Optional<Instance.Ref> ref,
    Set<Instance.Ref> former,
    WireFormat format,
    RoutingRank rank,
    Instant createdAt,
    ModelName model,
    Set<String> named,
    Optional<ModelList> listed,
    Optional<Set<ModelPattern>> allowed,
    KeyDecision key,
    boolean takesUnlisted,
    Set<ObjectKind> lent,
    boolean mayList) {

  /** The order of preference among services that are equally certain to offer a model. */
  static final Comparator<ModelCandidate> IN_ORDER =
      Comparator.comparing(ModelCandidate::rank)
          .thenComparing(CreationOrder.of(ModelCandidate::createdAt, c -> c.id().value()));

  public ModelCandidate {
    former = Set.copyOf(former);
    named = Set.copyOf(named);
    allowed = allowed.map(Set::copyOf);
    lent = Set.copyOf(lent);
  }

  /**
   * Whether the caller can call this service at all: the caller has permission, and there is a key
   * for the call.
   */
  public boolean isCallable() {
    return key.source().isPresent();
  }

  /** Whether the caller's limits allow a model at this service. */
  public boolean allows(String name) {
    return allowed.isEmpty() || ModelPattern.anyMatches(allowed.get(), name);
  }

  /** Whether the service's own settings or limits name a model. */
  public boolean names(String name) {
    return model.value().equals(name) || named.contains(name);
  }

  /** Whether the service's provider lists a model. */
  public boolean lists(String name) {
    return listed.isPresent() && listed.get().contains(name);
  }
}
