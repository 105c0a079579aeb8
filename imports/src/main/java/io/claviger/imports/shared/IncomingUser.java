package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A person. Somebody here with the same e-mail address is this person; otherwise the person is
 * made.
 *
 * @param label the name there
 * @param handle what the person is called here if they are new; empty if there is no handle
 * @param name the name for display as it is there
 * @param email the address as it is there
 * @param administrator whether the person becomes an administrator if they are new, and may be one
 *     who is here
 */
public record IncomingUser(
    HereStores here,
    String id,
    String label,
    Optional<Handle> handle,
    Optional<String> name,
    Optional<String> email,
    boolean administrator,
    Instant createdAt)
    implements Incoming {
  /** A person who is no administrator. */
  public IncomingUser(
      HereStores here,
      String id,
      String label,
      Optional<Handle> handle,
      Optional<String> name,
      Optional<String> email,
      Instant createdAt) {
    this(here, id, label, handle, name, email, false, createdAt);
  }

  @Override
  public ImportedKind kind() {
    return ImportedKind.USER;
  }

  @Override
  public Made make(Arrivals arrivals) {
    Optional<Email> address = valid(arrivals, email, Email::new);
    List<HereStores.Person> same = address.map(here::peopleWith).orElse(List.of());
    if (same.size() > 1) {
      return new Made.LeftOut(ReportReason.EMAIL_AMBIGUOUS, "");
    }
    if (same.size() == 1 && same.get(0).administrator() && !administrator) {
      // Whoever keeps the list of people there could choose an administrator's address.
      return new Made.LeftOut(ReportReason.ADMINISTRATOR_HERE, same.get(0).handle().value());
    }
    if (same.size() == 1) {
      arrivals.addRemark(kind(), label, ReportReason.FOUND_HERE, same.get(0).handle().value());
      return new Made.Existing(same.get(0).id().value());
    }
    if (handle.isEmpty()) {
      return new Made.LeftOut(ReportReason.INVALID_HANDLE, "");
    }
    if (here.users.find(handle.get()).isPresent()) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, handle.get().value());
    }
    return add(arrivals, handle.get(), address);
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
    here.users.insert(user);
    if (!itsHandle.value().equals(label)) {
      arrivals.addRemark(kind(), label, ReportReason.HANDLE_FOLDED, itsHandle.value());
    }
    arrivals.addRemark(kind(), label, ReportReason.NO_TOKEN, itsHandle.value());
    return new Made.New(
        user.id().value(),
        Optional.empty(),
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), itsHandle),
        List.of("handle", "display_name", "email"));
  }

  /** An invalid text is left out, and the user comes without it. */
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
