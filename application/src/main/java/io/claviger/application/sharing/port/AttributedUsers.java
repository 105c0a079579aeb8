package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Finds the users who called services with keys that were not their own. */
public interface AttributedUsers {
  /**
   * Lists the users who called a service while a given user owned it, in the order of their ids.
   *
   * @param since leaves out users who last called the service before this day (UTC)
   * @param after the id after which the list begins
   */
  List<AttributedUser> of(
      Instance.Id service, User.Id owner, LocalDate since, Optional<User.Id> after, int limit);

  /** Returns whether a user called a service while {@code owner} owned it. */
  boolean called(Instance.Id service, User.Id owner, User.Id user);

  /**
   * @param handle the present handle; for a user who was deleted, the last handle
   * @param lastUsed the last day of UTC with a call
   */
  record AttributedUser(User.Id id, Handle handle, LocalDate lastUsed) {}
}
