package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A person to import. Only the operator can state that the person is an existing user of Claviger.
 * Without such a statement, a new user is created if no user of Claviger has the same e-mail
 * address. The address does not prove who the person is, because people can write any address into
 * their profile.
 *
 * @param label the person's name in the source
 * @param known the Claviger user to whom this person corresponds; empty if the operator stated no
 *     such user
 * @param handle the person's handle if the person is new in Claviger; empty if there is no possible
 *     handle
 * @param name the display name as in the source
 * @param email the e-mail address as in the source
 * @param administrator whether a person who is new in Claviger becomes an administrator
 */
public record IncomingUser(
    TargetStores stores,
    String id,
    String label,
    Optional<Handle> known,
    Optional<Handle> handle,
    Optional<String> name,
    Optional<String> email,
    boolean administrator,
    Instant createdAt)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.USER;
  }

  @Override
  public Made make(Arrivals arrivals) {
    if (known.isPresent()) {
      return found(arrivals, known.get());
    }
    Optional<Email> address = valid(arrivals, email, Email::new);
    Set<Handle> same = address.map(stores::peopleWith).orElse(Set.of());
    if (!same.isEmpty()) {
      return new Made.LeftOut(
          ReportReason.EMAIL_HERE,
          same.stream().map(Handle::value).sorted().limit(5).collect(Collectors.joining(", ")));
    }
    if (handle.isEmpty()) {
      return new Made.LeftOut(ReportReason.INVALID_HANDLE, "");
    }
    if (stores.isTaken(handle.get())) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, handle.get().value());
    }
    return add(arrivals, handle.get(), address);
  }

  private Made found(Arrivals arrivals, Handle who) {
    Optional<User> person = stores.users.find(who).filter(user -> user.kind() == UserKind.PERSON);
    if (person.isEmpty()) {
      return new Made.LeftOut(ReportReason.USER_MISSING, who.value());
    }
    arrivals.addRemark(kind(), label, ReportReason.FOUND_HERE, who.value());
    return new Made.Existing(person.get().id().value());
  }

  private Made add(Arrivals arrivals, Handle itsHandle, Optional<Email> address) {
    User user =
        new User(
            new User.Id(arrivals.nextId()),
            itsHandle,
            valid(arrivals, name, DisplayName::new)
                .orElseGet(() -> new DisplayName(itsHandle.value())),
            address,
            administrator,
            1,
            createdAt,
            arrivals.now());
    stores.users.insert(user);
    if (!itsHandle.value().equals(label)) {
      arrivals.addRemark(kind(), label, ReportReason.HANDLE_FOLDED, itsHandle.value());
    }
    arrivals.addRemark(kind(), label, ReportReason.NO_TOKEN, itsHandle.value());
    return new Made.New(
        user.id().value(),
        Optional.empty(),
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), itsHandle),
        administrator
            ? List.of("handle", "display_name", "email", "administrator")
            : List.of("handle", "display_name", "email"));
  }

  /**
   * Returns the value of a text; empty if the text is invalid. If the text is invalid, the user is
   * imported without the text, and the report has a remark.
   */
  private <T> Optional<T> valid(
      Arrivals arrivals, Optional<String> text, Function<String, T> parse) {
    try {
      return text.map(String::strip).filter(t -> !t.isEmpty()).map(parse);
    } catch (InvalidValue e) {
      arrivals.addRemark(
          kind(),
          label,
          ReportReason.invalid(e.field()),
          "they were imported without it: " + e.allowed());
      return Optional.empty();
    }
  }
}
