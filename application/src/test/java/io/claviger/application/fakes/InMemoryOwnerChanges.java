package io.claviger.application.fakes;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link OwnerChanges} and {@link MovedReferences} in memory. Owners change, and former references
 * are remembered; what else follows is only in the database.
 */
public final class InMemoryOwnerChanges implements OwnerChanges, MovedReferences {
  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryOwnerChanges(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Set<UUID> lock(Transfer transfer) {
    User.Id giver = transfer.from().id();
    return transactions.read(
        t ->
            Stream.concat(
                    t.instances.values().stream()
                        .map(Tables.StoredInstance::instance)
                        .filter(i -> i.owner().equals(giver))
                        .map(i -> i.id().value()),
                    t.projects.values().stream()
                        .filter(p -> p.owner().equals(giver))
                        .map(p -> p.id().value()))
                .collect(Collectors.toSet()));
  }

  @Override
  public boolean isTaken(TransferItem.Kind kind, User.Id owner, Handle handle) {
    return transactions.read(
        t ->
            switch (kind) {
              case SERVICE ->
                  t.instances.values().stream()
                      .map(Tables.StoredInstance::instance)
                      .anyMatch(i -> i.owner().equals(owner) && i.ref().handle().equals(handle));
              case PROJECT ->
                  t.projects.values().stream()
                      .anyMatch(p -> p.owner().equals(owner) && p.ref().handle().equals(handle));
            });
  }

  @Override
  public boolean isReserved(TransferItem.Kind kind, Handle owner, Handle handle, UUID except) {
    return false;
  }

  @Override
  public List<AffectedProject> affectedProjects(Transfer transfer, User.Id asker, Instant now) {
    return List.of();
  }

  @Override
  public int move(Transfer transfer, TransferItem item, Instant now, Instant until) {
    UUID id = item.id().orElseThrow();
    transactions.run(
        t -> {
          switch (item.kind()) {
            case SERVICE -> {
              Instance.Id service = new Instance.Id(id);
              CredentialSettings given = t.requireInstance(service).instance().credential();
              GivenCredential first =
                  t.givenCredentials.computeIfAbsent(
                      service,
                      unknown ->
                          new GivenCredential(
                              given.kind() == CredentialKind.FEDERATED
                                  ? given
                                  : CredentialSettings.stored(CredentialKind.FEDERATED, Map.of()),
                              Optional.of(transfer.from().id()),
                              Optional.empty()));
              if (first.firstOwner().equals(Optional.of(transfer.to().id()))) {
                t.givenCredentials.remove(service);
              }
              t.instances.compute(service, (key, row) -> moved(row, transfer, item));
            }
            case PROJECT ->
                t.projects.compute(new Project.Id(id), (key, row) -> moved(row, transfer, item));
          }
          t.formerReferences
              .computeIfAbsent(id, thing -> new ArrayList<>())
              .add(new FormerReference(transfer.from().handle(), item.handle(), until));
        });
    return 0;
  }

  @Override
  public Optional<Instance.Ref> serviceThatWas(Instance.Ref former) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .map(Tables.StoredInstance::instance)
                .filter(i -> was(t, i.id().value(), former.owner(), former.handle()))
                .map(Instance::ref)
                .findFirst());
  }

  @Override
  public Optional<Project.Ref> projectThatWas(Project.Ref former) {
    return transactions.read(
        t ->
            t.projects.values().stream()
                .filter(p -> was(t, p.id().value(), former.owner(), former.handle()))
                .map(Project::ref)
                .findFirst());
  }

  private static boolean was(Tables t, UUID thing, Handle owner, Handle handle) {
    return t.formerReferences.getOrDefault(thing, List.of()).stream()
        .anyMatch(former -> former.owner().equals(owner) && former.handle().equals(handle));
  }

  @Override
  public List<FormerReference> of(TransferItem.Kind kind, UUID thing) {
    return transactions.read(t -> List.copyOf(t.formerReferences.getOrDefault(thing, List.of())));
  }

  @Override
  public int end(TransferItem.Kind kind, UUID thing, User.Id owner) {
    return transactions.change(
        t -> {
          if (!isOwned(t, kind, thing, owner)) {
            throw ConcurrencyConflict.notSerializable("the thing was deleted or transferred");
          }
          return Optional.ofNullable(t.formerReferences.remove(thing)).map(List::size).orElse(0);
        });
  }

  private static boolean isOwned(Tables t, TransferItem.Kind kind, UUID thing, User.Id owner) {
    return switch (kind) {
      case SERVICE ->
          Optional.ofNullable(t.instances.get(new Instance.Id(thing)))
              .filter(row -> row.instance().owner().equals(owner))
              .isPresent();
      case PROJECT ->
          Optional.ofNullable(t.projects.get(new Project.Id(thing)))
              .filter(project -> project.owner().equals(owner))
              .isPresent();
    };
  }

  @Override
  public void deleteOutdated() {
    Instant now = clock.instant();
    transactions.run(
        t -> t.formerReferences.values().forEach(f -> f.removeIf(r -> !r.until().isAfter(now))));
  }

  private static Tables.StoredInstance moved(
      Tables.StoredInstance row, Transfer transfer, TransferItem item) {
    Instance old = row.instance();
    return new Tables.StoredInstance(
        new Instance(
            old.id(),
            transfer.to().id(),
            new Instance.Ref(transfer.to().handle(), item.newHandle().orElseThrow()),
            moved(old.settings()),
            old.placement(),
            Optional.empty(),
            old.customHeaderNames(),
            old.apiKeySetAt(),
            old.endpointSetBy(),
            old.headersSetBy(),
            old.version() + 1,
            old.createdAt(),
            old.updatedAt()),
        row.apiKey(),
        row.headers(),
        row.headersVersion());
  }

  private static InstanceSettings moved(InstanceSettings old) {
    return new InstanceSettings(
        old.definition(),
        old.fields(),
        old.keyPolicy(),
        old.limits(),
        old.own()
            .withOptional(CommonFields.APPLIED_BY, Optional.empty())
            .withOptional(InstanceField.CAPACITY_GROUP.scalar(), Optional.empty()),
        old.budgetsInAll(),
        old.limitsInAll(),
        old.providerLimits(),
        old.credential(),
        old.sent());
  }

  private static Project moved(Project old, Transfer transfer, TransferItem item) {
    return new Project(
        old.id(),
        transfer.to().id(),
        new Project.Ref(transfer.to().handle(), item.newHandle().orElseThrow()),
        old.values()
            .withOptional(CommonFields.APPLIED_BY, Optional.empty())
            .withOptional(Project.VISIBILITY, Optional.of(Visibility.MEMBERS)),
        old.instance(),
        old.limits(),
        old.version() + 1,
        old.createdAt(),
        old.updatedAt());
  }
}
