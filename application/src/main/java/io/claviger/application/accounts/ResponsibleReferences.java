package io.claviger.application.accounts;

import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.groups.GroupPermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the person or group that a request makes responsible for a service account. */
final class ResponsibleReferences {
  private final UserStore users;

  ResponsibleReferences(UserStore users) {
    this.users = users;
  }

  Optional<Responsible> of(NewUser wanted) {
    Optional<ResponsibleName> name = wanted.fields().get(User.RESPONSIBLE).given();
    if (wanted.kind() == UserKind.PERSON) {
      if (name.isPresent()) {
        throw RefusedException.invalid(
            List.of(
                Fault.notAllowed(
                    "responsible",
                    "Only service accounts have a responsible user or group. Leave it out.")));
      }
      return Optional.empty();
    }
    List<Fault> faults = new ArrayList<>();
    if (wanted.fields().get(User.ADMINISTRATOR).or(false)) {
      faults.add(Fault.notAllowed("administrator", "A service account can't be an administrator."));
    }
    if (name.isEmpty()) {
      faults.add(missing());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return name.map(this::named);
  }

  /** Returns the fault for a service account without a responsible user or group. */
  static Fault missing() {
    return Fault.required(
        "responsible", "Name a responsible user, or a responsible group after @.");
  }

  /**
   * Finds the person or group with the given name.
   *
   * @throws RefusedException when no user or group has the name, when the user is a service
   *     account, or when the group is synced and therefore has no managers
   */
  Responsible named(ResponsibleName name) {
    return (name.group() ? group(name.handle()) : person(name.handle()))
        .orElseThrow(
            () ->
                RefusedException.invalid(
                    name.group()
                        ? Fault.unknownReference("responsible", "group")
                        : Fault.unknownReference("responsible", "person")));
  }

  private Optional<Responsible> group(Handle handle) {
    Optional<UserStore.FoundGroup> found = users.findGroup(handle);
    if (found.filter(group -> !GroupPermissions.isKeptHere(group.kind())).isPresent()) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "responsible",
              "This group follows the identity provider, and has no managers. Name a user, or a group"
                  + " that has managers here."));
    }
    return found.map(group -> new Responsible.GroupManagers(group.id(), handle));
  }

  private Optional<Responsible> person(Handle handle) {
    return users
        .find(handle)
        .filter(user -> user.kind() == UserKind.PERSON && !handle.isSystem())
        .map(User::id)
        .map(id -> new Responsible.Person(id, handle));
  }
}
