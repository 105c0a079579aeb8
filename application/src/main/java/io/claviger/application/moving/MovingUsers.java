package io.claviger.application.moving;

import io.claviger.application.moving.Move.Person;
import io.claviger.application.moving.out.Arrivals.Known;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.moving.HandleContest;
import io.claviger.domain.moving.HandleContest.Claim;
import io.claviger.domain.moving.HandleContest.Verdict;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.moving.OldContent.OldUser;
import io.claviger.domain.moving.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Brings users, with handle, name and e-mail. Their access can't be carried. */
final class MovingUsers {
  private final Move move;
  private final Ids ids;
  private final Batch<User> batch;

  MovingUsers(Move move, Ids ids) {
    this.move = move;
    this.ids = ids;
    this.batch = new Batch<>(move.arrivals::addUsers);
  }

  void move() {
    List<OldUser> claiming = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (OldUser user : move.content.users()) {
      if (user.handle().equals(Handle.SYSTEM.value())) {
        continue;
      }
      move.tally.found(Kind.USER);
      Optional<Known> before = move.known(Kind.USER, user.handle());
      if (!names.add(user.handle())) {
        move.tally.leftOut(Kind.USER, user.handle(), Reason.DUPLICATE);
      } else if (before.isPresent()) {
        cameBefore(before.get());
      } else {
        claiming.add(user);
      }
    }
    List<Claim> claims = claiming.stream().map(this::claim).toList();
    Set<Handle> taken =
        move.arrivals.takenByUsers(
            claims.stream().map(Claim::wanted).flatMap(Optional::stream).toList());
    List<Verdict> verdicts = HandleContest.decide(claims, taken::contains);
    for (int i = 0; i < claiming.size(); i++) {
      settle(claiming.get(i), verdicts.get(i));
    }
    batch.flush();
  }

  private void cameBefore(Known before) {
    move.tally.here(Kind.USER);
    if (before.ref().isPresent() && before.id().isPresent()) {
      move.people.put(
          before.name(), new Person(new UserId(before.id().get()), new Handle(before.ref().get())));
    } else {
      move.tally.remark(Kind.USER, before.name(), Reason.ENDED_HERE, "they came before");
    }
  }

  private Claim claim(OldUser user) {
    return new Claim(
        user.handle(),
        Optional.ofNullable(move.renames.get(user.handle())),
        user.stamps().createdAt());
  }

  private void settle(OldUser old, Verdict verdict) {
    switch (verdict) {
      case Verdict.LeftOut out -> move.tally.leftOut(Kind.USER, old.handle(), out.reason());
      case Verdict.Gets gets -> {
        gets.how()
            .ifPresent(
                how -> move.tally.remark(Kind.USER, old.handle(), how, gets.handle().value()));
        come(old, gets.handle());
      }
    }
  }

  private void come(OldUser old, Handle handle) {
    User user =
        new User(
            new UserId(ids.next()),
            handle,
            old.name()
                .filter(name -> !name.isBlank())
                .flatMap(name -> valid(old, name.strip(), DisplayName::new))
                .orElseGet(() -> new DisplayName(handle.value())),
            old.email()
                .filter(email -> !email.isBlank())
                .flatMap(email -> valid(old, email.strip(), Email::new)),
            false,
            1,
            move.madeAt(old.stamps()),
            move.changedAt(old.stamps()));
    batch.add(user);
    move.people.put(old.handle(), new Person(user.id(), handle));
    move.tally.moved(Kind.USER);
    move.tally.remark(Kind.USER, old.handle(), Reason.NO_TOKEN, handle.value());
    move.journal.came(
        Kind.USER,
        old.handle(),
        Optional.of(user.id().value()),
        AuditAction.USER_CREATE,
        Targets.user(user.id(), handle),
        List.of("handle", "display_name", "email"));
  }

  /** Of a person, a name that can't be kept is left out, and they come all the same. */
  private <T> Optional<T> valid(OldUser old, String text, Function<String, T> make) {
    try {
      return Optional.of(make.apply(text));
    } catch (InvalidValue e) {
      move.tally.remark(
          Kind.USER, old.handle(), Reason.invalid(e.field()), "they come without: " + e.allowed());
      return Optional.empty();
    }
  }
}
