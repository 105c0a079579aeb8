package io.claviger.application.objects;

import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLists;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.KnownObject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.formats.ObjectList;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

final class ListedObjects implements ObjectReconciliation {
  private final ServiceObjects owners;
  private final StoredObjectStore objects;
  private final ServiceCalls services;
  private final ObjectLists lists;

  /**
   * The maximum number of simultaneous comparisons. The number is small because each comparison can
   * keep a list of several MiB in memory.
   */
  private static final int AT_ONCE = 8;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /**
   * The owners of the services that this node is comparing with their providers. Each owner has at
   * most one comparison at a time.
   */
  private final Set<User.Id> asking = ConcurrentHashMap.newKeySet();

  ListedObjects(
      ServiceObjects owners, StoredObjectStore objects, ServiceCalls services, ObjectLists lists) {
    this.owners = owners;
    this.objects = objects;
    this.services = services;
    this.lists = lists;
  }

  @Override
  public Outcome<Comparison> compare(Actor actor, Instance.Ref service, ObjectKind kind) {
    return switch (owners.owned(actor, service)) {
      case Outcome.Done<Instance> owned -> Outcome.of(() -> compare(owned.value(), kind));
      case Outcome.Refused<Instance> refused -> Outcome.refused(refused.why());
    };
  }

  private Comparison compare(Instance service, ObjectKind kind) {
    if (!asking.add(service.owner())) {
      throw RefusedException.conflict(
          "comparison_running",
          "A service of this owner is already being compared with its provider. Try again after"
              + " this comparison.");
    }
    try {
      return compareInPlace(service, kind);
    } finally {
      asking.remove(service.owner());
    }
  }

  private Comparison compareInPlace(Instance service, ObjectKind kind) {
    if (!hasPlace()) {
      throw new RefusedException(
          new Refusal.TooMany(
              "too_many_comparisons",
              "This node is already making as many comparisons as it can. Try again.",
              ObjectReconciliation.LONGEST));
    }
    try {
      return compareAlone(service, kind);
    } finally {
      places.release();
    }
  }

  private boolean hasPlace() {
    try {
      return places.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Comparison compareAlone(Instance service, ObjectKind kind) {
    try (AuthorizedCall call =
        services
            .open(service.ref())
            .orElseThrow(
                () ->
                    RefusedException.conflict(
                        "service_not_callable",
                        "The service is disabled, or has no key that can be used."))) {
      return compare(service, kind, call);
    }
  }

  private Comparison compare(Instance service, ObjectKind kind, AuthorizedCall call) {
    ProviderApi api = call.standard().format().api();
    ObjectList list =
        api.objectList(kind, call.endpoint().path())
            .orElseThrow(
                () ->
                    RefusedException.invalid(
                        Fault.notAllowed("kind", "a kind that the API of the service lists")));
    ProviderList held =
        lists
            .read(call, list, ObjectLists.MOST, LONGEST)
            .orElseThrow(
                () ->
                    RefusedException.conflict(
                        "list_not_readable",
                        "The provider did not answer with a list of its objects of this"
                            + " kind."));
    List<KnownObject> known = objects.known(service.id(), kind, ObjectLists.MOST + 1);
    boolean complete = held.isComplete() && known.size() <= ObjectLists.MOST;
    Set<String> recorded = objects.recorded(service.id(), kind, held.ids());
    return comparison(kind, api, held, recorded, known, complete);
  }

  private static Comparison comparison(
      ObjectKind kind,
      ProviderApi api,
      ProviderList held,
      Set<String> recorded,
      List<KnownObject> known,
      boolean complete) {
    List<String> unrecorded = held.ids().stream().filter(id -> !recorded.contains(id)).toList();
    Set<String> listed = new HashSet<>(held.ids());
    List<String> missing =
        known.stream()
            .filter(each -> complete && each.isLongListed())
            .map(KnownObject::id)
            .filter(id -> !listed.contains(id) && api.storage().isListed(new ObjectName(kind, id)))
            .toList();
    return new Comparison(
        kind,
        complete,
        held.ids().size(),
        first(unrecorded),
        unrecorded.size(),
        first(missing),
        missing.size());
  }

  private static List<String> first(List<String> ids) {
    return List.copyOf(ids.subList(0, Math.min(ids.size(), MOST_SHOWN)));
  }
}
