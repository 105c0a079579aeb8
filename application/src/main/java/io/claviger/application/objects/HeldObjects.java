package io.claviger.application.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.Isolation.OwnObjects;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Decides how gateway calls may use provider objects, and records which objects the calls create
 * and end.
 *
 * <p>Methods that query the database throw {@link io.claviger.application.shared.StoreUnavailable}
 * if the database does not answer. If such a method returns a stage, the stage fails with this
 * exception instead.
 */
public interface HeldObjects {
  /**
   * @param remembered the node's cache of the ledger of provider objects
   * @param uses the recorder of the times at which objects are used
   */
  static HeldObjects of(
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, InstantSource clock) {
    return new HeldObjectsByLedger(ledger, remembered, uses, clock);
  }

  /**
   * A use of an object that a call intends and that has not been allowed yet.
   *
   * @param mine the objects of this kind that the call may use without a share
   * @param needed whether the call is refused if this use is not allowed
   */
  record ObjectUse(ObjectName name, ObjectAction action, OwnObjects mine, boolean needed) {
    public ObjectUse(ObjectName name, ObjectAction action, OwnObjects mine) {
      this(name, action, mine, true);
    }
  }

  /**
   * @param refused the uses that are not allowed, in the given order
   * @param known the live rows of the objects that may be used, in the given order
   */
  record UseDecision(List<ObjectUse> refused, List<ProviderObject> known) {
    /** Whether all uses that the call needs are allowed. */
    public boolean isAllowed() {
      return refused.stream().noneMatch(ObjectUse::needed);
    }
  }

  /**
   * Uses this node's cache of the ledger of provider objects to decide whether the uses are
   * allowed. The cache is as up to date as the node's cached grants. Never blocks. If an object is
   * not cached, the result is empty, and the caller has to call {@link #decide}.
   */
  Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /** Decides whether the uses are allowed. Blocks while the database is queried. */
  UseDecision decide(Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /**
   * Records an object before the caller learns that the object exists. Never blocks. Several
   * objects that are recorded at the same time share a transaction.
   *
   * @param made the object to record, which is a live object, or an orphan if the provider failed
   *     to delete the object
   */
  CompletionStage<Recorded> record(NewObject made);

  /**
   * Records that a live object no longer exists at the provider. Never blocks. If the returned
   * stage fails, the ledger still has the object as a live one. So nobody should learn that the
   * object has ended before the stage has completed.
   */
  CompletionStage<Void> ended(Ended ended);

  /**
   * Records the expiry and the size of a live object. This method is called if the provider states
   * an expiry or a size that the ledger does not contain. Never blocks.
   */
  CompletionStage<Void> stated(Stated stated);

  /**
   * A page of a list of objects.
   *
   * @param hasMore whether more objects follow this page
   */
  record ObjectPage(List<ProviderObject> objects, boolean hasMore) {}

  /**
   * Lists live objects. Blocks while the database is queried.
   *
   * @param after the id, at the provider, of the object after which the page begins; if empty, the
   *     first page is read. The object may have ended within the last hour
   * @param limit the maximum number of objects on the page, at least 1
   * @return the objects; empty if none of the listed objects, live or ended, has the id {@code
   *     after}
   */
  Optional<ObjectPage> list(Wanted wanted, Optional<String> after, boolean oldestFirst, int limit);

  /**
   * Finds out through which of the given services the caller may use the named objects. Blocks
   * while the database is queried.
   */
  Whereabouts find(ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names);

  /**
   * Stores the result of checking a file that is the input of batches. The ledger must contain the
   * file. Never blocks.
   */
  CompletionStage<Void> keepVerdict(ReadFile file);

  /**
   * Returns the result of checking a live file that is the input of batches; empty if the file was
   * not checked. Blocks while the database is queried.
   */
  Optional<BatchVerdict> verdict(Instance.Id service, String file);

  /**
   * Whether the object is still needed to charge a batch, because it is the batch itself or a file
   * with the batch's results. Blocks while the database is queried.
   */
  boolean isUncharged(Instance.Id service, ObjectName name);
}
