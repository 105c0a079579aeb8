package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import java.time.Instant;
import java.util.Optional;

/** A user without e-mail address who administers nothing, unless said otherwise. */
public final class AUser {
  private final User.Id id = new User.Id(TestIds.next());
  private final Handle handle;
  private Optional<Email> email = Optional.empty();
  private boolean administrator;
  private Optional<Responsible> responsible = Optional.empty();
  private Optional<Instant> suspendedAt = Optional.empty();

  private AUser(String handle) {
    this.handle = new Handle(handle);
  }

  public static AUser called(String handle) {
    return new AUser(handle);
  }

  public AUser email(String address) {
    this.email = Optional.of(new Email(address));
    return this;
  }

  public AUser administrator() {
    this.administrator = true;
    return this;
  }

  /** Makes the user a service account for which this person is responsible. */
  public AUser serviceAccountOf(User person) {
    return serviceAccountOf(new Responsible.Person(person.id(), person.handle()));
  }

  /** Makes the user a service account. */
  public AUser serviceAccountOf(Responsible whoever) {
    this.responsible = Optional.of(whoever);
    return this;
  }

  public AUser suspendedAt(Instant instant) {
    this.suspendedAt = Optional.of(instant);
    return this;
  }

  public User build() {
    return new User(
        id,
        handle,
        User.defaults(handle)
            .withOptional(User.EMAIL, email)
            .with(User.ADMINISTRATOR, administrator),
        responsible.isPresent() ? UserKind.SERVICE : UserKind.PERSON,
        responsible,
        suspendedAt,
        1,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT);
  }
}
