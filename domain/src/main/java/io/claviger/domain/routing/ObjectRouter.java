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
 * Decides which service is called if a call names no service and is about objects at providers. A
 * call about existing objects goes to the service that has the objects. A call that creates an
 * object goes to a service of the caller's choice.
 *
 * <p>Users can get shares without their consent. If new objects could go to any shared service,
 * somebody could share a service to receive other people's uploads. So a caller's new objects never
 * go to a shared service that the caller has not accepted. If the owner of a service that the
 * caller has not accepted shares an object, a reference to this object does not select the service
 * either.
 */
public final class ObjectRouter {
  private final List<StoringService> services;

  /**
   * A service that the caller can call.
   *
   * @param name the name by which the caller knows the service
   * @param ownKey whether calls use the caller's own key, with which the caller can store objects
   *     of all kinds
   * @param lent the kinds of objects that the caller may store with a shared key
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
   * The services that store the requested objects of one caller. Objects that no service has are
   * left out.
   *
   * @param held the services where the caller holds the requested objects
   * @param shared the services whose owners let the caller use the requested objects
   */
  public record Whereabouts(
      Map<ObjectName, Set<Instance.Id>> held, Map<ObjectName, Set<Instance.Id>> shared) {
    public static final Whereabouts NOWHERE = new Whereabouts(Map.of(), Map.of());

    public Whereabouts {
      held = Map.copyOf(held);
      shared = Map.copyOf(shared);
    }
  }

  /** The service to which a call goes, or the reason why it goes to none. */
  public sealed interface Choice {
    record One(StoringService service) implements Choice {}

    /**
     * @param services the possible services, two or more, in the order of preference
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
   * The services whose objects a list contains.
   *
   * @param account the service whose provider is asked for the list, because the account at that
   *     provider is the caller's own; empty if there is no such service
   * @param lenders if {@code account} is empty, all services where the caller may hold objects of
   *     the kind
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
   * @param services the services with the URL's format, in the order of preference
   */
  public ObjectRouter(List<StoringService> services) {
    this.services = List.copyOf(services);
  }

  public List<StoringService> services() {
    return services;
  }

  /**
   * Finds the service for a new object of the given kind, if the request refers to no existing
   * object.
   */
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
   * Finds the service that has all objects to which a request refers. Objects that no service has
   * are ignored.
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

  /**
   * Returns the services that have an object. Objects that the caller holds take precedence over
   * shared objects.
   */
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

  /** Finds the services whose objects a list of the given kind contains. */
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
