package io.claviger.imports.dhamps;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.imports.dhamps.ImportContext.Person;
import io.claviger.imports.dhamps.port.ImportStore.EarlierImport;
import io.claviger.imports.dhamps.rules.SourceContent.OldUser;
import io.claviger.imports.shared.HandleAllocation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.RowBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Imports users with handle, name and e-mail. Their old access keys can't be imported. */
final class UserImport {
  private final ImportContext context;
  private final Ids ids;
  private final RowBatch<User> batch;

  UserImport(ImportContext context, Ids ids) {
    this.context = context;
    this.ids = ids;
    this.batch = new RowBatch<>(context.store::addUsers);
  }

  void run() {
    List<OldUser> claiming = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (OldUser user : context.content.users()) {
      if (user.handle().equals(Handle.SYSTEM.value())) {
        continue;
      }
      context.report.countFound(ImportedKind.USER);
      Optional<EarlierImport> before = context.known(ImportedKind.USER, user.handle());
      if (!names.add(user.handle())) {
        context.report.addLeftOut(ImportedKind.USER, user.handle(), ReportReason.DUPLICATE);
      } else if (before.isPresent()) {
        keepImported(before.get());
      } else {
        claiming.add(user);
      }
    }
    List<Claim> claims = claiming.stream().map(this::claim).toList();
    Set<Handle> taken =
        context.store.takenByUsers(
            claims.stream().map(Claim::wanted).flatMap(Optional::stream).toList());
    List<Allocation> verdicts = HandleAllocation.decide(claims, taken::contains);
    for (int i = 0; i < claiming.size(); i++) {
      resolve(claiming.get(i), verdicts.get(i));
    }
    batch.flush();
  }

  private void keepImported(EarlierImport before) {
    context.report.countExisting(ImportedKind.USER);
    if (before.ref().isPresent() && before.id().isPresent()) {
      context.people.put(
          before.name(),
          new Person(new User.Id(before.id().get()), new Handle(before.ref().get())));
    } else {
      context.report.addRemark(
          ImportedKind.USER, before.name(), ReportReason.ENDED_HERE, "they were imported before");
    }
  }

  private Claim claim(OldUser user) {
    return new Claim(
        user.handle(),
        Optional.ofNullable(context.renames.get(user.handle())),
        user.stamps().createdAt());
  }

  private void resolve(OldUser old, Allocation verdict) {
    switch (verdict) {
      case Allocation.LeftOut out ->
          context.report.addLeftOut(ImportedKind.USER, old.handle(), out.reason());
      case Allocation.Gets gets -> {
        gets.how()
            .ifPresent(
                how ->
                    context.report.addRemark(
                        ImportedKind.USER, old.handle(), how, gets.handle().value()));
        importOne(old, gets.handle());
      }
    }
  }

  private void importOne(OldUser old, Handle handle) {
    User user =
        new User(
            new User.Id(ids.next()),
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
            context.madeAt(old.stamps()),
            context.changedAt(old.stamps()));
    batch.add(user);
    context.people.put(old.handle(), new Person(user.id(), handle));
    context.report.countImported(ImportedKind.USER);
    context.report.addRemark(
        ImportedKind.USER, old.handle(), ReportReason.NO_TOKEN, handle.value());
    context.journal.record(
        ImportedKind.USER,
        old.handle(),
        Optional.of(user.id().value()),
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), handle),
        List.of("handle", "display_name", "email"));
  }

  /** Parses a text of a user. An invalid text is left out, and the user is imported without it. */
  private <T> Optional<T> valid(OldUser old, String text, Function<String, T> make) {
    try {
      return Optional.of(make.apply(text));
    } catch (InvalidValue e) {
      context.report.addRemark(
          ImportedKind.USER,
          old.handle(),
          ReportReason.invalid(e.field()),
          "they were imported without it: " + e.allowed());
      return Optional.empty();
    }
  }
}
