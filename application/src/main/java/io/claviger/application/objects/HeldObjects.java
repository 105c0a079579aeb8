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
 * Decides what calls through the gateway may do with provider objects, and records the objects that
 * they make and end.
 *
 * <p>Methods that ask the database throw {@link io.claviger.application.shared.StoreUnavailable}
 * when it does not answer. Returned stages fail with it.
 */
public interface HeldObjects {
  /**
   * @param remembered what this node remembers
   * @param uses receives what is used
   */
  static HeldObjects of(
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, InstantSource clock) {
    return new HeldObjectsByLedger(ledger, remembered, uses, clock);
  }

  /** What a call wants to do with an object. */
  record ObjectUse(ObjectName name, ObjectAction action) {}

  /**
   * @param refused the uses that are not allowed, in the order in which they were asked for
   * @param known the live rows of the objects that may be used, in the same order
   */
  record UseDecision(List<ObjectUse> refused, List<ProviderObject> known) {
    public boolean isAllowed() {
      return refused.isEmpty();
    }
  }

  /**
   * Decides from what this node has cached, which is as recent as its cached grants. Never blocks.
   * Empty if an object is not cached: then call {@link #decide}.
   */
  Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /** Decides, and blocks while the database is asked. */
  UseDecision decide(Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses);

  /**
   * Records an object before the caller learns of it. Never blocks. Objects that are recorded at
   * the same time share a transaction.
   *
   * @param made a live object, or an orphan if it could not be deleted at the provider
   */
  CompletionStage<Recorded> record(NewObject made);

  /**
   * Records that a live object is gone at the provider. Never blocks. From now on this node does
   * not allow its use, even if the stage fails.
   */
  CompletionStage<Void> ended(Ended ended);

  /**
   * Records when a live object expires, because the provider has stated another time than before.
   * Never blocks.
   */
  CompletionStage<Void> expires(Instance.Id service, ObjectName name, Instant at);

  /**
   * A page of a list.
   *
   * @param hasMore whether there are more objects after it
   */
  record ObjectPage(List<ProviderObject> objects, boolean hasMore) {}

  /**
   * Lists live objects, and blocks while the database is asked.
   *
   * @param after the provider's id after which the page begins; empty for the first page
   * @param limit the most objects on the page, from 1
   * @return empty if none of these objects has the id {@code after}
   */
  Optional<ObjectPage> list(Wanted wanted, Optional<String> after, boolean oldestFirst, int limit);

  /**
   * Finds which of these services hold objects that the caller may use. Blocks while the database
   * is asked.
   */
  Whereabouts find(ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names);

  /** Stores what was found in a recorded file. Never blocks. */
  CompletionStage<Void> keepVerdict(ReadFile file);

  /**
   * Returns what was found in a live file; empty if it was not read as the input of a batch. Blocks
   * while the database is asked.
   */
  Optional<BatchVerdict> verdict(Instance.Id service, String file);

  /**
   * Whether the use of a batch still has to be charged, which needs the batch's results. Blocks
   * while the database is asked.
   */
  boolean isUncharged(Instance.Id service, String batch);
}
