package io.claviger.application.objects.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Ends objects in the ledger that are old, and finds those that providers still have to delete. */
public interface ObjectRemovalStore {
  /**
   * An object to delete at the provider.
   *
   * @param place where the object is in the ledger
   * @param ref the name of the service
   * @param owner the user who owns the service
   * @param whole the id of the larger object of which this object is a part; empty if this object
   *     is not a part
   * @param isUncharged whether the object is a batch that is not charged yet, or a file with the
   *     results of such a batch. A batch that is not charged yet may be stopped, but neither the
   *     batch nor the file may be deleted
   */
  record Removal(
      long place,
      Instance.Id service,
      Instance.Ref ref,
      User.Id owner,
      ObjectName name,
      Optional<String> whole,
      EndReason why,
      boolean isUncharged) {}

  /**
   * The limits on the number of objects that a node deletes at providers at the same time.
   *
   * @param all the maximum number of objects of all services together
   * @param ofAService the maximum number of objects of a service
   * @param ofAnOwner the maximum number of objects of an owner's services
   */
  record Places(int all, int ofAService, int ofAnOwner) {}

  /** Returns whether any object is still to be deleted at its provider. */
  boolean anyToDelete();

  /**
   * Takes objects that are due for deletion at the provider. No other node takes the same objects
   * until their outcomes are recorded or they are due again. Objects whose outcomes are not
   * recorded become due again after a pause. The pause grows from a minute to an hour. Claviger
   * tries to delete an object for 30 days, or for one day if the object could not be recorded when
   * it was created.
   *
   * @param underWay the objects that this node is deleting now; no more objects of their services
   *     are taken
   * @param spared further services from which no objects are taken now, for example because their
   *     providers do not answer
   */
  List<Removal> takeDue(
      Places places, Collection<Removal> underWay, Collection<Instance.Id> spared);

  /**
   * Makes taken objects due again immediately. This method is called if this node can't call the
   * objects' service, because other nodes might be able to call it.
   */
  void giveBack(Collection<Removal> removals);

  /**
   * Takes objects that could not be deleted at the provider in the allowed time. The caller must
   * record each of these objects as left at the provider.
   */
  List<Removal> takeOverdue(int most);

  /**
   * Records the outcome of an attempted deletion.
   *
   * @param how {@link ObjectState#DELETED} or {@link ObjectState#LEFT}
   * @return whether the outcome was recorded; false if an outcome had already been recorded
   */
  boolean settle(Removal removal, ObjectState how);

  /**
   * Ends objects that have expired, and responses that are too old. Also ends the objects of
   * holders who may no longer use a service, if the settings of this service require it. Removes
   * the rows of objects an hour after the objects ended, so that nobody can fill the database by
   * storing and deleting objects. Rows of batches that Claviger has ended are kept for 30 days,
   * because the results of such a batch are deleted when they become known. All times are compared
   * with the database's clock.
   *
   * @return the number of changed rows. Parts that end only because their whole object ends are not
   *     counted
   */
  int sweep();
}
