package io.claviger.application.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Decides how calls through the gateway may use provider objects, and records the objects that they
 * create and end.
 *
 * <p>Methods that query the database throw {@link io.claviger.application.shared.StoreUnavailable}
 * if it does not answer. If such a method returns a stage, the stage fails with this exception
 * instead.
 */
public interface HeldObjects {
  /**
   * @param remembered this node's cache of the ledger
   * @param uses records the uses of objects
   */
  static HeldObjects of(
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, InstantSource clock) {
    return new HeldObjectsByLedger(ledger, remembered, uses, clock);
  }

  /** The use of an object that a call wants to make. */
  record ObjectUse(ObjectName name, ObjectAction action) {}

  /**
   * @param refused the uses that are not allowed, in the order in which the uses were given
   * @param known the live rows of the objects that may be used, in the same order
   */
  record UseDecision(List<ObjectUse> refused, List<ProviderObject> known) {
    public boolean isAllowed() {
      return refused.isEmpty();
    }
  }

  /**
   * Decides about the use from this node's cache of the ledger, which is as recent as the node's
   * cached grants. Never blocks. The result is empty if an object is not cached; in this case, call
   * {@link #decide}.
   */
  Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /** Decides about the use, and blocks while the database is queried. */
  UseDecision decide(Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /**
   * Records an object before the caller learns that the object exists. Never blocks. Objects that
   * are recorded at the same time share a transaction.
   *
   * @param made a live object, or an orphan if the object should have been deleted at the provider
   *     but could not be
   */
  CompletionStage<Recorded> record(NewObject made);

  /**
   * Records that a live object no longer exists at the provider. Never blocks. From now on this
   * node does not allow the use of the object, even if the returned stage fails.
   */
  CompletionStage<Void> ended(Ended ended);

  /**
   * Records when a live object expires, because the provider has stated a time that differs from
   * the recorded time. Never blocks.
   */
  CompletionStage<Void> expires(Instance.Id service, ObjectName name, Instant at);

  /**
   * A page of a list.
   *
   * @param hasMore whether there are more objects after this page
   */
  record ObjectPage(List<ProviderObject> objects, boolean hasMore) {}

  /**
   * Lists live objects, and blocks while the database is queried.
   *
   * @param after the provider's id after which the page begins; empty for the first page
   * @param limit the greatest number of objects on the page, at least 1
   * @return the objects; empty if no such object has the id {@code after}
   */
  Optional<ObjectPage> list(Wanted wanted, Optional<String> after, boolean oldestFirst, int limit);

  /**
   * Finds, among the given services, those in which the caller may use the named objects. This
   * method blocks while the database is queried.
   */
  Whereabouts find(ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names);

  /** Stores the verdict about a file that is recorded in the ledger. Never blocks. */
  CompletionStage<Void> keepVerdict(ReadFile file);

  /**
   * Returns what was found when a live file was checked as the input of a batch; empty if the file
   * was not read as the input of a batch. This method blocks while the database is queried.
   */
  Optional<BatchVerdict> verdict(Instance.Id service, String file);

  /**
   * Whether the use of a batch still has to be charged; charging it needs the batch's results. This
   * method blocks while the database is queried.
   */
  boolean isUncharged(Instance.Id service, String batch);
}
