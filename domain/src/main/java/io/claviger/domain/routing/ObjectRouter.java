package io.claviger.domain.routing;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides to which service a call leads that names none, if it is about objects that providers
 * store: to the service in which they are, and to a service of the caller's choice for new ones.
 *
 * <p>Nobody has to agree to a share. What a caller makes therefore never goes to a shared service
 * that they have not accepted, and what its owner shares there leads nowhere. It would otherwise be
 * enough to share a service in order to receive what others upload.
 */
public final class ObjectRouter {
  private final List<StoringService> services;

  /**
   * A service that the caller can call.
   *
   * @param name the name by which the caller knows it
   * @param ownKey whether calls use the caller's own key, with which everything can be stored
   * @param lent the kinds that the caller may store with a key that others use too
   */
  public record StoringService(
      Instance.Id id, String name, RoutingRank rank, boolean ownKey, Set<ObjectKind> lent) {
    public StoringService {
      lent = Set.copyOf(lent);
    }

    private boolean takes(ObjectKind kind) {
      return ownKey || lent.contains(kind);
    }

    private boolean isAccepted() {
      return rank != RoutingRank.BY_REFERENCE_ONLY;
    }
  }

  /**
   * Where objects are, for one caller. A name without a service is left out.
   *
   * @param held the services in which the caller holds them
   * @param shared the services whose owners let the caller use them
   */
  public record Whereabouts(
      Map<ObjectName, Set<Instance.Id>> held, Map<ObjectName, Set<Instance.Id>> shared) {
    public static final Whereabouts NOWHERE = new Whereabouts(Map.of(), Map.of());

    public Whereabouts {
      held = Map.copyOf(held);
      shared = Map.copyOf(shared);
    }
  }

  /** Where a call leads. */
  public sealed interface Choice {
    record One(StoringService service) implements Choice {}

    /**
     * @param services two or more, in the order of preference
     */
    record Several(List<StoringService> services) implements Choice {
      public Several {
        services = List.copyOf(services);
      }

      public List<String> names() {
        return services.stream().map(StoringService::name).toList();
      }
    }

    record None() implements Choice {}
  }

  /**
   * Whose objects a list has.
   *
   * @param account the service whose provider is asked, because its account is the caller's own
   * @param lenders otherwise, all services in which the caller may hold objects of the kind
   */
  public record ListSource(Optional<StoringService> account, List<StoringService> lenders) {
    public ListSource {
      lenders = List.copyOf(lenders);
    }

    public boolean isEmpty() {
      return account.isEmpty() && lenders.isEmpty();
    }
  }

  /**
   * @param services those of the format of the URL, in the order of preference
   */
  public ObjectRouter(List<StoringService> services) {
    this.services = List.copyOf(services);
  }

  public List<StoringService> services() {
    return services;
  }

  /** Finds the service in which an object of this kind is made if the request names none. */
  public Choice making(ObjectKind kind) {
    List<StoringService> taking =
        services.stream().filter(each -> each.isAccepted() && each.takes(kind)).toList();
    return taking.stream()
        .filter(each -> each.rank() == RoutingRank.DEFAULT)
        .findFirst()
        .<Choice>map(Choice.One::new)
        .orElseGet(() -> choice(taking));
  }

  /**
   * Finds the service in which all objects are that a request names. Those that are nowhere do not
   * count.
   */
  public Choice having(Collection<ObjectName> names, Whereabouts where) {
    Set<Instance.Id> any = new HashSet<>();
    Set<Instance.Id> all = null;
    for (ObjectName name : names) {
      Set<Instance.Id> found = services(name, where);
      if (!found.isEmpty()) {
        any.addAll(found);
        all = all == null ? new HashSet<>(found) : all;
        all.retainAll(found);
      }
    }
    Set<Instance.Id> meant = all == null || all.isEmpty() ? any : all;
    return choice(services.stream().filter(each -> meant.contains(each.id())).toList());
  }

  /** What is held counts more than what somebody shares. */
  private Set<Instance.Id> services(ObjectName name, Whereabouts where) {
    Set<Instance.Id> held = new HashSet<>(where.held().getOrDefault(name, Set.of()));
    held.retainAll(ids(services));
    if (!held.isEmpty()) {
      return held;
    }
    Set<Instance.Id> shared = new HashSet<>(where.shared().getOrDefault(name, Set.of()));
    shared.retainAll(ids(services.stream().filter(StoringService::isAccepted).toList()));
    return shared;
  }

  private static Set<Instance.Id> ids(List<StoringService> of) {
    Set<Instance.Id> ids = HashSet.newHashSet(of.size());
    of.forEach(each -> ids.add(each.id()));
    return ids;
  }

  /** Finds whose objects a list of this kind has. */
  public ListSource listing(ObjectKind kind) {
    return making(kind) instanceof Choice.One(StoringService one) && one.ownKey()
        ? new ListSource(Optional.of(one), List.of())
        : new ListSource(
            Optional.empty(),
            services.stream()
                .filter(each -> !each.ownKey() && each.lent().contains(kind))
                .toList());
  }

  private static Choice choice(List<StoringService> of) {
    return switch (of.size()) {
      case 0 -> new Choice.None();
      case 1 -> new Choice.One(of.getFirst());
      default -> new Choice.Several(of);
    };
  }
}
