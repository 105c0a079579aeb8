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
 * Compares the ledger with the objects that a provider has. A comparison changes nothing, and never
 * reads the content of objects. Only the owning user and holders of owner shares may make such a
 * comparison.
 */
public interface ObjectReconciliation {
  /** The greatest number of ids in each list of a comparison. */
  int MOST_SHOWN = 1_000;

  /** How long the provider may take for all pages of its list. */
  Duration LONGEST = Duration.ofSeconds(20);

  static ObjectReconciliation of(
      ServiceObjects owners, StoredObjectStore objects, ServiceCalls services, ObjectLists lists) {
    return new ListedObjects(owners, objects, services, lists);
  }

  /**
   * A comparison.
   *
   * @param isComplete whether the whole list of the provider was read; if it was not, no object is
   *     reported as missing
   * @param listed how many objects the provider listed
   * @param unrecorded the first objects that the provider lists but the ledger does not contain
   * @param unrecordedCount the number of all unrecorded objects, including those that are not in
   *     the list
   * @param missing the first objects that the ledger contains and the provider does not list;
   *     objects that were created in the last ten minutes are left out, because the provider's list
   *     may not contain them yet
   * @param missingCount the number of all missing objects, including those that are not in the list
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
   * Compares the objects of a kind. The comparison is refused if the API does not list the kind, if
   * the service can't be called, or if the provider does not answer with a list. The comparison is
   * also refused while another service of the same owner is compared, or if too many services are
   * compared on this node. If too many services are being compared, the method waits for up to two
   * seconds for a place before it refuses.
   */
  Outcome<Comparison> compare(Actor actor, Instance.Ref service, ObjectKind kind);
}
