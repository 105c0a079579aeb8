package io.claviger.domain.objects;

import io.claviger.domain.objects.Isolation.OwnObjects;
import java.time.Instant;
import java.util.Optional;

/** Decides who may take which action on a provider object. No other code decides this. */
public final class ObjectPermissions {
  private ObjectPermissions() {}

  /**
   * Decides whether a call may use an object. Holders may use the objects that they hold, and add
   * something to them. A project's object may be deleted or changed by the project's owner, the
   * project's writers, and the member who created it. An object without a holder may be used only
   * by the owner of the account, and not by co-owners, because a borrower might have stored it. An
   * object that still has to be deleted at the provider may be used by nobody.
   *
   * @param mine the objects of this object's kind that the call may use in addition to those shared
   *     with the caller
   * @param known the object's row in the ledger; empty if the object is not recorded
   * @param shared the permission that an owner of the service gave this caller for the object;
   *     empty if the object is not shared with the caller
   */
  public static boolean allows(
      ObjectCaller caller,
      ObjectAction action,
      OwnObjects mine,
      Optional<ProviderObject> known,
      Optional<SharedObject> shared,
      Instant now) {
    if (known.filter(object -> object.state().isEnding()).isPresent()) {
      return false;
    }
    Optional<ProviderObject> live = known.filter(object -> object.isLiveAt(now));
    Optional<ObjectHolder> holder = live.flatMap(ProviderObject::holder);
    boolean own =
        holder.isPresent()
            ? mine != OwnObjects.NONE
                && holder.get().equals(caller.holder())
                && allows(caller, action, live.get())
            : mine == OwnObjects.ALL && caller.ownsAccount() && !caller.confined();
    return own || shared.filter(s -> holds(s, holder) && allows(s, action)).isPresent();
  }

  private static boolean allows(ObjectCaller caller, ObjectAction action, ProviderObject own) {
    boolean reached = !caller.confined() || own.tokens().contains(caller.token());
    return reached
        && (action != ObjectAction.DELETE
            || caller.holder().kind() == ObjectHolder.Kind.USER
            || caller.managesProject()
            || own.maker().equals(caller.user()));
  }

  /**
   * Whether the object was shared by somebody who may share it. Users may share only objects that
   * they hold, and only the account's owner may share an object without a holder.
   */
  private static boolean holds(SharedObject shared, Optional<ObjectHolder> holder) {
    return holder
        .map(held -> held.equals(ObjectHolder.user(shared.sharedBy())))
        .orElse(shared.ofAccount());
  }

  private static boolean allows(SharedObject shared, ObjectAction action) {
    return switch (action) {
      case REFER -> true;
      case READ -> shared.access() == SharedObject.Access.READ;
      case ADD, DELETE -> false;
    };
  }
}
