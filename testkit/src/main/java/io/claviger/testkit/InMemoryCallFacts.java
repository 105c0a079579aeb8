package io.claviger.testkit;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.testkit.Tables.StoredInstance;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** {@link CallFacts} in memory. */
public final class InMemoryCallFacts implements CallFacts {
  private final InMemoryTransactions transactions;

  public InMemoryCallFacts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Facts<Target>> gather(TokenHash token, InstanceRef service) {
    return gather(token, (t, caller) -> t.instance(service).map(i -> target(t, i, caller)));
  }

  @Override
  public Optional<Facts<ProjectTarget>> gather(TokenHash token, ProjectRef project) {
    return gather(token, (t, caller) -> t.project(project).map(p -> target(t, p, caller)));
  }

  @Override
  public Optional<Target> find(InstanceRef service, UserId caller) {
    return transactions.read(t -> t.instance(service).map(i -> target(t, i, caller)));
  }

  @Override
  public List<Target> usableBy(UserId caller, Optional<InstanceRef> after, int limit, Instant now) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .filter(i -> after.isEmpty() || i.instance().ref().compareTo(after.get()) > 0)
                .filter(i -> InMemoryInstances.role(t, i.instance(), caller, now).isPresent())
                .sorted(Comparator.comparing(i -> i.instance().ref()))
                .limit(limit)
                .map(i -> target(t, i, caller))
                .toList());
  }

  private <T> Optional<Facts<T>> gather(
      TokenHash token, BiFunction<Tables, UserId, Optional<T>> target) {
    return transactions.read(
        t ->
            InMemoryAccessTokens.presented(t, token)
                .map(p -> new Facts<>(p.token(), p.user(), target.apply(t, p.user().id()))));
  }

  private static ProjectTarget target(Tables tables, Project project, UserId caller) {
    return new ProjectTarget(
        project,
        tables.membership(project.id(), caller),
        project.instance().map(id -> target(tables, tables.requireInstance(id), caller)),
        project.instance().flatMap(id -> tables.share(id, project.owner())),
        project.instance().flatMap(id -> giversLimits(tables, id, project.owner())));
  }

  private static Target target(Tables tables, StoredInstance stored, UserId caller) {
    Instance instance = tables.joined(stored.instance());
    ApiStandard standard =
        Objects.requireNonNull(tables.standards.get(instance.settings().fields().apiStandard()));
    return new Target(
        instance,
        standard,
        tables.share(instance.id(), caller),
        tables.keys(stored, caller),
        Optional.ofNullable(tables.userKeys.get(new Tables.UserKeyAt(instance.id(), caller)))
            .map(key -> key.key().setAt()),
        giversLimits(tables, instance.id(), caller));
  }

  private static Optional<Limits> giversLimits(Tables tables, InstanceId instance, UserId grantee) {
    return tables
        .share(instance, grantee)
        .flatMap(Share::givenVia)
        .flatMap(giver -> tables.share(instance, giver))
        .map(share -> share.terms().limits());
  }
}
