package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.UserLimits;
import io.claviger.testkit.RecordCopy;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link AssignedLimitsStore} promises, and that calls come with what it stores. */
public abstract class AssignedLimitsContract extends PortContract {
  private static final Limits FULL =
      new Limits(
              Optional.of(60),
              Optional.of(Set.of(new ModelPattern("small"), new ModelPattern("large-*"))),
              Optional.of(
                  Set.of(new Operation("POST embeddings"), new Operation("GET models/{id}"))),
              Optional.of(4096),
              ABudget.most())
          .with(APace.most());
  private static final Limits TEN = new Limits(Optional.of(10), none(), none());

  private User alice;
  private Instance service;

  @BeforeEach
  void store() {
    alice = user("alice");
    service = stored(AnInstance.of(alice, "s").build());
    ports.accessTokens().save(AToken.of(alice).build(), hash(1));
  }

  @Test
  void at_first_there_are_none() {
    Group team = group("team", new UUID(0, 1));

    assertThat(ports.assignedLimits().find(alice.id())).isEqualTo(StoredLimits.NEVER);
    assertThat(ports.assignedLimits().find(team.id(), false)).isEqualTo(StoredLimits.NEVER);
    assertThat(ports.assignedLimits().find(team.id(), true)).isEqualTo(StoredLimits.NEVER);
    assertThat(limitsOfCalls()).isEqualTo(UserLimits.NONE);
    assertThat(ports.assignedLimits().holdingFor(alice.id())).isEqualTo(UserLimits.NONE);
  }

  @Test
  void they_are_found_as_stored_last_and_come_with_calls() {
    Group team = group("team", new UUID(0, 2));
    Group other = group("other", new UUID(-1, 1));
    join(team);
    join(other);
    ports.assignedLimits().save(alice.id(), new StoredLimits(TEN, 1), NOW);
    ports.assignedLimits().save(alice.id(), new StoredLimits(FULL, 2), NOW);
    ports.assignedLimits().save(team.id(), false, new StoredLimits(FULL, 1), NOW);
    ports.assignedLimits().save(team.id(), true, new StoredLimits(TEN, 1), NOW);
    ports.assignedLimits().save(other.id(), true, new StoredLimits(FULL, 1), NOW);

    assertThat(ports.assignedLimits().find(alice.id())).isEqualTo(new StoredLimits(FULL, 2));
    assertThat(ports.assignedLimits().find(team.id(), false)).isEqualTo(new StoredLimits(FULL, 1));
    assertThat(ports.assignedLimits().find(team.id(), true)).isEqualTo(new StoredLimits(TEN, 1));
    assertThat(limitsOfCalls().own()).isEqualTo(FULL);
    assertThat(limitsOfCalls().groups())
        .containsExactly(
            new UserLimits.OfGroup(team.id().value(), FULL, TEN),
            new UserLimits.OfGroup(other.id().value(), Limits.NONE, FULL));
    assertThat(ports.routingContexts().of(alice.id(), none(), NOW).callersLimits())
        .isEqualTo(limitsOfCalls());
    assertThat(ports.instances().find(service.id(), alice.id(), NOW).orElseThrow().viewersLimits())
        .isEqualTo(limitsOfCalls());
    assertThat(ports.assignedLimits().holdingFor(alice.id())).isEqualTo(limitsOfCalls());
  }

  @Test
  void what_sets_no_limit_keeps_its_version_and_bounds_no_call() {
    Group team = group("team", new UUID(0, 1));
    join(team);
    ports.assignedLimits().save(alice.id(), new StoredLimits(Limits.NONE, 7), NOW);
    ports.assignedLimits().save(team.id(), true, new StoredLimits(Limits.NONE, 8), NOW);

    assertThat(ports.assignedLimits().find(alice.id()).version()).isEqualTo(7);
    assertThat(ports.assignedLimits().find(team.id(), true).version()).isEqualTo(8);
    assertThat(limitsOfCalls()).isEqualTo(UserLimits.NONE);
  }

  @Test
  void limits_of_groups_that_the_user_is_not_in_bound_nothing() {
    Group team = group("team", new UUID(0, 1));
    ports.assignedLimits().save(team.id(), false, new StoredLimits(TEN, 1), NOW);
    ports.assignedLimits().save(user("bob").id(), new StoredLimits(TEN, 1), NOW);
    join(group("mine", new UUID(0, 2)));

    assertThat(limitsOfCalls()).isEqualTo(UserLimits.NONE);
    assertThat(ports.assignedLimits().holdingFor(alice.id())).isEqualTo(UserLimits.NONE);
    assertThat(ports.assignedLimits().find(alice.id())).isEqualTo(StoredLimits.NEVER);
  }

  @Test
  void they_end_with_the_user_and_the_group() {
    Group team = group("team", new UUID(0, 1));
    User bob = user("bob");
    ports.assignedLimits().save(bob.id(), new StoredLimits(TEN, 1), NOW);
    ports.assignedLimits().save(team.id(), true, new StoredLimits(TEN, 1), NOW);
    ports.users().delete(bob.id());
    ports.groups().delete(team.id());

    assertThat(ports.assignedLimits().find(bob.id())).isEqualTo(StoredLimits.NEVER);
    assertThat(ports.assignedLimits().find(team.id(), true)).isEqualTo(StoredLimits.NEVER);
    assertLost(
        REFERENCE_GONE, () -> ports.assignedLimits().save(bob.id(), new StoredLimits(TEN, 1), NOW));
    assertLost(
        REFERENCE_GONE,
        () -> ports.assignedLimits().save(team.id(), false, new StoredLimits(TEN, 1), NOW));
  }

  private UserLimits limitsOfCalls() {
    ServiceContext called =
        ports
            .callContexts()
            .gather(hash(1), service.ref(), NOW)
            .orElseThrow()
            .target()
            .orElseThrow();
    assertThat(ports.callContexts().find(service.ref(), alice.id(), NOW)).contains(called);
    return called.callersLimits();
  }

  private Group group(String handle, UUID id) {
    Group group = RecordCopy.with(AGroup.called(handle), "id", new Group.Id(id));
    ports.groups().insert(group);
    return group;
  }

  private void join(Group group) {
    ports
        .groups()
        .putMember(group.id(), new GroupMember(alice.id(), alice.handle(), GroupRole.MEMBER, NOW));
  }
}
