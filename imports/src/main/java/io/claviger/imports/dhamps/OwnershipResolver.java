package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.imports.dhamps.ImportContext.Person;
import io.claviger.imports.dhamps.port.ImportStore.EarlierImport;
import io.claviger.imports.shared.HandleAllocation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Decides for things that users own whether they exist here already or are imported now, and under
 * which handle.
 */
final class OwnershipResolver<T> {
  /**
   * @param owner the owner's handle in the source
   * @param name the name {@code owner/handle} in the source
   */
  record Candidate<T>(T row, String owner, String handle, String name, Optional<Instant> since) {}

  record IncomingRow<T>(T row, String name, Person owner, Handle handle) {}

  /**
   * @param id the id of the thing that exists here
   */
  record ExistingRow<T>(T row, UUID id, Person owner, Handle handle) {}

  final List<IncomingRow<T>> incoming = new ArrayList<>();
  final List<ExistingRow<T>> existing = new ArrayList<>();

  private final ImportContext context;
  private final ImportedKind kind;
  private final boolean ofSystemToo;

  /**
   * @param ofSystemToo whether things that {@code _system} owns are imported too
   */
  OwnershipResolver(ImportContext context, ImportedKind kind, boolean ofSystemToo) {
    this.context = context;
    this.kind = kind;
    this.ofSystemToo = ofSystemToo;
  }

  OwnershipResolver<T> resolve(List<Candidate<T>> candidates) {
    Set<String> names = new HashSet<>();
    Map<Person, List<Candidate<T>>> claiming = new LinkedHashMap<>();
    for (Candidate<T> candidate : candidates) {
      context.report.countFound(kind);
      Optional<Person> owner = context.person(candidate.owner());
      Optional<EarlierImport> before = context.known(kind, candidate.name());
      if (!names.add(candidate.name())) {
        context.report.addLeftOut(kind, candidate.name(), ReportReason.DUPLICATE);
      } else if (owner.isEmpty()) {
        context.report.addLeftOut(
            kind, candidate.name(), ReportReason.OWNER_MISSING, "its owner does not exist here");
      } else if (owner.get().isSystem() && !ofSystemToo) {
        context.report.addLeftOut(kind, candidate.name(), ReportReason.BELONGS_TO_SYSTEM);
      } else if (before.isPresent()) {
        keepImported(candidate, before.get(), owner.get());
      } else {
        claiming.computeIfAbsent(owner.get(), o -> new ArrayList<>()).add(candidate);
      }
    }
    Map<User.Id, Map<Handle, UUID>> owned =
        context.store.ownedBy(
            kind, claiming.keySet().stream().map(Person::id).collect(Collectors.toSet()));
    claiming.forEach(
        (owner, rows) -> decide(owner, rows, owned.getOrDefault(owner.id(), Map.of())));
    return this;
  }

  private void keepImported(Candidate<T> candidate, EarlierImport before, Person owner) {
    context.report.countExisting(kind);
    if (before.ref().isEmpty() || before.id().isEmpty()) {
      context.report.addRemark(
          kind, candidate.name(), ReportReason.ENDED_HERE, "it was imported before");
      return;
    }
    String ref = before.ref().get();
    Handle handle = new Handle(ref.substring(ref.indexOf('/') + 1));
    existing.add(new ExistingRow<>(candidate.row(), before.id().get(), owner, handle));
  }

  private void decide(Person owner, List<Candidate<T>> rows, Map<Handle, UUID> owned) {
    // A thing of {@code _system} that already exists here is kept. It takes the place of the
    // source's.
    Map<Handle, UUID> recorded = owner.isSystem() ? owned : Map.of();
    List<Candidate<T>> contesting = new ArrayList<>();
    for (Candidate<T> row : rows) {
      Optional<Handle> same = claim(row).wanted();
      Optional<UUID> id = same.flatMap(handle -> Optional.ofNullable(recorded.get(handle)));
      if (same.isPresent() && id.isPresent()) {
        context.report.countExisting(kind);
        existing.add(new ExistingRow<>(row.row(), id.get(), owner, same.get()));
      } else {
        contesting.add(row);
      }
    }
    List<Allocation> verdicts =
        HandleAllocation.decide(contesting.stream().map(this::claim).toList(), owned::containsKey);
    for (int i = 0; i < contesting.size(); i++) {
      Candidate<T> row = contesting.get(i);
      switch (verdicts.get(i)) {
        case Allocation.LeftOut out -> context.report.addLeftOut(kind, row.name(), out.reason());
        case Allocation.Gets gets -> {
          gets.how()
              .ifPresent(
                  how -> context.report.addRemark(kind, row.name(), how, gets.handle().value()));
          incoming.add(new IncomingRow<>(row.row(), row.name(), owner, gets.handle()));
        }
      }
    }
  }

  private Claim claim(Candidate<T> row) {
    return new Claim(
        row.handle(), Optional.ofNullable(context.renames.get(row.name())), row.since());
  }
}
