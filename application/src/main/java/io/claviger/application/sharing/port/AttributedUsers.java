package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Finds the users who called services. Calls with a user's own key are ignored. */
public interface AttributedUsers {
  /**
   * Lists the users who called a service while a certain user owned it, ordered by id.
   *
   * @param since the earliest day (UTC) of a listed user's last call of the service
   * @param after the id of the user after whom the list begins; if empty, the list begins with the
   *     first user
   */
  List<AttributedUser> of(
      Instance.Id service, User.Id owner, LocalDate since, Optional<User.Id> after, int limit);

  /** Returns whether a user called a service while {@code owner} owned it. */
  boolean called(Instance.Id service, User.Id owner, User.Id user);

  /**
   * @param handle the user's present handle; for a deleted user, the user's last handle
   * @param lastUsed the day (UTC) of the user's last call
   */
  record AttributedUser(User.Id id, Handle handle, LocalDate lastUsed) {}
}
