package io.claviger.domain.objects;

import java.time.Instant;
import java.util.Optional;

/** Decides who may do what with a provider object. No other code decides this. */
public final class ObjectPermissions {
  private ObjectPermissions() {}

  /**
   * Decides about a call. Holders use what they hold; of a project's objects, the project's owner
   * and writers and whoever made one may delete it. What nobody holds is left to whose account it
   * is in: it may be what a borrower stored and no longer holds, which is not for co-owners. What
   * still has to be deleted at the provider is for nobody.
   *
   * @param known what the ledger says about the object; empty if it has no row of it
   * @param shared what the owner of the service lets this caller do with it; empty if it is not
   *     shared with them
   */
  public static boolean allows(
      ObjectCaller caller,
      ObjectAction action,
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
            ? holder.get().equals(caller.holder()) && allows(caller, action, live.get())
            : caller.ownsAccount() && !caller.confined();
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

  /** Users share only what they hold; what nobody holds, only the account's owner shares. */
  private static boolean holds(SharedObject shared, Optional<ObjectHolder> holder) {
    return holder
        .map(held -> held.equals(ObjectHolder.user(shared.by())))
        .orElse(shared.ofAccount());
  }

  private static boolean allows(SharedObject shared, ObjectAction action) {
    return switch (action) {
      case REFER -> true;
      case READ -> shared.access() == SharedObject.Access.READ;
      case DELETE -> false;
    };
  }
}
