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
 * A service that a caller sees.
 *
 * @param ref the service's name; empty if the caller may not know it
 * @param model the service's own model
 * @param named the models that the limits of the service name in full
 * @param listed the models that its provider lists; empty when the provider gives no list
 * @param allowed the only models that the caller may call; empty when they may call all
 * @param key which key the caller's call would use
 * @param takesUnlisted whether the caller made this the service for names that no service offers
 * @param lent the kinds of objects that the caller may store with a key that others use too
 */
public record ModelCandidate(
    Instance.Id id,
    Optional<Instance.Ref> ref,
    WireFormat format,
    RoutingRank rank,
    Instant createdAt,
    ModelName model,
    Set<String> named,
    Optional<ModelList> listed,
    Optional<Set<ModelPattern>> allowed,
    KeyDecision key,
    boolean takesUnlisted,
    Set<ObjectKind> lent) {

  /** The order of preference among services that know a model equally well. */
  static final Comparator<ModelCandidate> IN_ORDER =
      Comparator.comparing(ModelCandidate::rank)
          .thenComparing(CreationOrder.of(ModelCandidate::createdAt, c -> c.id().value()));

  public ModelCandidate {
    named = Set.copyOf(named);
    allowed = allowed.map(Set::copyOf);
    lent = Set.copyOf(lent);
  }

  /** Whether the caller can call this service at all: they may use it, and there is a key. */
  public boolean isCallable() {
    return key.source().isPresent();
  }

  /** Whether the limits of the caller allow a model here. */
  public boolean allows(String name) {
    return allowed.isEmpty() || ModelPattern.anyMatches(allowed.get(), name);
  }

  /** Whether the service itself names a model, in its settings or limits. */
  public boolean names(String name) {
    return model.value().equals(name) || named.contains(name);
  }

  /** Whether the provider lists a model. */
  public boolean lists(String name) {
    return listed.isPresent() && listed.get().contains(name);
  }
}
