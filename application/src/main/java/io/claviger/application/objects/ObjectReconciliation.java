package io.claviger.application.objects;

import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.objects.port.ObjectLists;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import java.time.Duration;
import java.util.List;

/**
 * Compares the ledger, which records provider objects, with the objects that the provider has. A
 * comparison changes nothing and never reads the contents of objects. Only the owning user and
 * holders of owner shares may compare a service.
 */
public interface ObjectReconciliation {
  /** The maximum number of ids in each list of a comparison. */
  int MOST_SHOWN = 1_000;

  /** The maximum time for reading all pages of the provider's list. */
  Duration LONGEST = Duration.ofSeconds(20);

  static ObjectReconciliation of(
      ServiceObjects owners, StoredObjectStore objects, ServiceCalls services, ObjectLists lists) {
    return new ListedObjects(owners, objects, services, lists);
  }

  /**
   * A comparison.
   *
   * @param isComplete whether the provider's list was read to the end; otherwise, no object is
   *     reported as missing
   * @param listed the number of objects that the provider listed
   * @param unrecorded the first objects that are in the provider's list but not in the ledger
   * @param unrecordedCount the number of all unrecorded objects, including objects that are not in
   *     {@code unrecorded}
   * @param missing the first objects that are in the ledger but not in the provider's list. Objects
   *     from the last ten minutes are left out, because they might not be in the provider's list
   *     yet
   * @param missingCount the number of all missing objects, including objects that are not in {@code
   *     missing}
   */
  record Comparison(
      ObjectKind kind,
      boolean isComplete,
      int listed,
      List<String> unrecorded,
      int unrecordedCount,
      List<String> missing,
      int missingCount) {}

  /**
   * Compares the objects of a kind. The comparison is refused if the API can't list this kind, if
   * the service can't be called, or if the provider does not answer with a list. While another
   * service of the same owner is being compared, the comparison is refused. If this node is making
   * too many comparisons, the method waits for up to two seconds before it refuses.
   */
  Outcome<Comparison> compare(Actor actor, Instance.Ref service, ObjectKind kind);
}
