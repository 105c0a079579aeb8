package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Checks for which changed rows {@link ChangeFeed} reports a change. */
public abstract class ChangeSubjectsContract extends ChangesContract {
  @Test
  void a_user_is_told_when_they_change_or_end_and_not_when_they_come() {
    assertThat(toldOf(() -> update(alice))).containsExactly(alice.id().value());
    assertThat(toldOf(() -> ports.users().delete(bob.id()))).contains(bob.id().value());
    assertNothingTold(() -> user("carol"));
  }

  @Test
  void a_token_is_told_of_its_user_when_it_is_another_one_or_ends() {
    AccessToken token = AToken.of(bob).build();
    assertNothingTold(() -> ports.accessTokens().save(token, hash(1)));

    AccessToken other = AToken.of(bob).expiresAt(NOW.plusSeconds(9)).build();
    assertThat(toldOf(() -> ports.accessTokens().save(other, hash(1))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> ports.accessTokens().delete(bob.id(), other.id())))
        .containsExactly(bob.id().value());
  }

  @Test
  void a_token_that_is_merely_used_is_not_told() {
    AccessToken token = AToken.of(bob).build();
    ports.accessTokens().save(token, hash(1));

    assertNothingTold(() -> ports.accessTokens().recordUse(token.id(), NOW));
  }

  @Test
  void a_service_is_told_of_its_owner_when_it_comes() {
    assertThat(toldOf(() -> stored(AnInstance.of(alice, "other").build())))
        .containsExactly(alice.id().value());
    assertThat(toldOf(() -> stored(AnInstance.systemLevel("common").build())))
        .containsExactly(User.Id.SYSTEM.value());
  }

  @Test
  void a_service_is_told_when_it_changes_or_ends() {
    Instance other = stored(AnInstance.of(alice, "other").build());

    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(
                            AnInstance.of(alice, "other").id(other.id()).disabled().build(),
                            KEEP,
                            KEEP)))
        .containsExactly(other.id().value());
    assertThat(toldOf(() -> ports.instances().delete(other.id())))
        .containsExactly(other.id().value());
  }

  @Test
  void a_service_is_told_when_its_key_is_replaced_or_cleared() {
    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(keyed(), replace(sealed(service, "sk-0123456789")), KEEP)))
        .containsExactly(service.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .instances()
                        .update(keyed(), replace(sealed(service, "sk-9876543210")), KEEP)))
        .containsExactly(service.id().value());
    assertThat(toldOf(() -> ports.instances().update(service, CLEAR, KEEP)))
        .containsExactly(service.id().value());
  }

  @Test
  void everybody_is_told_when_the_audience_of_a_service_changes() {
    Instance shared = AnInstance.systemLevel("c").audience(Audience.SHARED).build();
    assertThat(toldOf(() -> stored(shared))).contains(User.Id.SYSTEM.value());

    Instance opened =
        AnInstance.systemLevel("c").id(shared.id()).audience(Audience.EVERYBODY).build();
    assertThat(toldOf(() -> ports.instances().update(opened, KEEP, KEEP)))
        .containsExactlyInAnyOrder(shared.id().value(), User.Id.SYSTEM.value());
    assertThat(toldOf(() -> ports.instances().update(shared, KEEP, KEEP)))
        .containsExactlyInAnyOrder(shared.id().value(), User.Id.SYSTEM.value());
  }

  @Test
  void a_share_is_told_of_its_service_when_it_is_given_changed_or_ended() {
    assertThat(toldOf(() -> shared(service, AShare.with(bob).build(), alice)))
        .containsExactlyInAnyOrder(service.id().value(), bob.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .shares()
                        .update(
                            service.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id())))
        .containsExactly(service.id().value());
    assertThat(toldOf(() -> ports.shares().delete(service.id(), bob.id())))
        .containsExactly(service.id().value());
  }

  @Test
  void a_share_is_told_of_its_user_when_its_end_changes() {
    shared(service, AShare.with(bob).expiresAt(NOW).build(), alice);

    assertThat(
            toldOf(
                () ->
                    ports
                        .shares()
                        .update(
                            service.id(),
                            AShare.with(bob).expiresAt(NOW.plusSeconds(9)).build(),
                            alice.id())))
        .containsExactlyInAnyOrder(service.id().value(), bob.id().value());
  }

  @Test
  void a_default_and_an_acceptance_are_told_of_their_user() {
    shared(service, AShare.with(bob).build(), alice);
    Set<UUID> bobs = Set.of(bob.id().value());

    assertThat(toldOf(() -> ports.defaultServices().choose(bob.id(), service.id())))
        .isEqualTo(bobs);
    assertThat(toldOf(() -> ports.defaultServices().forget(bob.id()))).isEqualTo(bobs);
    assertThat(
            toldOf(() -> ports.bareNames().accept(service.id(), bob.id(), Optional.empty(), NOW)))
        .isEqualTo(bobs);
    assertThat(toldOf(() -> ports.bareNames().withdraw(service.id(), bob.id()))).isEqualTo(bobs);
  }

  @Test
  void a_project_is_told_when_it_changes_or_ends_and_not_when_it_comes() {
    Project other = AProject.of(alice, "other").build();
    assertNothingTold(() -> stored(other));

    assertThat(toldOf(() -> ports.projects().update(boundTo(other, service))))
        .containsExactly(other.id().value());
    assertThat(toldOf(() -> ports.projects().delete(other.id())))
        .containsExactly(other.id().value());
  }

  @Test
  void a_project_is_told_when_the_end_of_a_share_closes_it() {
    ports.shares().insert(service.id(), AShare.with(bob).toEverybody().build(), alice.id());
    Project open = stored(AProject.of(bob, "open").using(service).openToEverybody().build());

    assertThat(toldOf(() -> ports.shares().delete(service.id(), bob.id())))
        .contains(open.id().value(), service.id().value());
  }

  @Test
  void a_membership_is_told_of_its_project_when_it_is_given_changed_or_ended() {
    assertThat(
            toldOf(
                () ->
                    ports
                        .projectShares()
                        .insert(project.id(), AShare.with(bob).build(), alice.id())))
        .containsExactly(project.id().value());
    assertThat(
            toldOf(
                () ->
                    ports
                        .projectShares()
                        .update(
                            project.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id())))
        .containsExactly(project.id().value());
    assertThat(toldOf(() -> ports.projectShares().delete(project.id(), bob.id())))
        .containsExactly(project.id().value());
  }

  @Test
  void a_users_own_key_is_told_of_the_user_when_it_is_stored_replaced_or_deleted() {
    assertThat(toldOf(() -> userKey(service, bob))).containsExactly(bob.id().value());
    assertThat(toldOf(() -> save(new UserKey(service.id(), bob.id(), NOW.plusSeconds(1)))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> save(new UserKey(service.id(), bob.id(), NOW.plusSeconds(1)))))
        .containsExactly(bob.id().value());
    assertThat(toldOf(() -> ports.userKeys().delete(service.id(), bob.id())))
        .containsExactly(bob.id().value());
  }

  @Test
  void a_standard_is_everything_when_it_changes_and_nothing_when_it_comes() {
    assertNothingTold(() -> ports.apiStandards().insert(AStandard.called("mine").build()));

    long before = point();
    ports.apiStandards().update(AStandard.called("mine").description("other").version(2).build());

    assertThat(since(before).everything()).isTrue();
    assertThat(since(since(before).point()).everything()).isFalse();
  }

  @Test
  void a_provider_is_everything_when_it_changes() {
    ListedProvider groq = ports.providers().find(new Handle("groq")).orElseThrow();

    long before = point();
    ports
        .providers()
        .update(
            new ListedProvider(
                Provider.of("groq", ProviderContent.of(WireFormat.OPENAI)),
                true,
                2,
                groq.createdAt(),
                NOW));

    assertThat(since(before).everything()).isTrue();
  }

  @Test
  void what_goes_along_is_told_too() {
    Instance bobs = stored(AnInstance.of(bob, "bobs").build());
    Project uses = stored(AProject.of(alice, "uses").using(service).build());
    shared(service, AShare.with(bob).build(), alice);
    User carol = user("carol");
    ports.accessTokens().save(AToken.of(carol).onlyFor(bobs).build(), hash(1));
    SealedValue unused = userKey(bobs, alice);

    assertThat(toldOf(() -> ports.users().delete(bob.id())))
        .contains(
            bob.id().value(),
            bobs.id().value(),
            service.id().value(),
            carol.id().value(),
            alice.id().value())
        .doesNotContain(uses.id().value());
  }

  @Test
  void what_no_call_depends_on_is_not_told() {
    Definition definition = ADefinition.of(alice, "d").build();
    assertNothingTold(() -> stored(definition));
    assertNothingTold(
        () ->
            ports.definitionShares().insert(definition.id(), AShare.with(bob).build(), alice.id()));
    assertNothingTold(() -> ports.definitions().delete(definition.id()));
    assertNothingTold(() -> ports.auditTrail().record(event()));
  }

  @Test
  void a_member_of_a_group_is_told_when_they_join_or_leave_and_not_for_another_role() {
    Group team = AGroup.called("team");
    assertNothingTold(() -> ports.groups().insert(team));

    assertThat(toldOf(() -> join(team, GroupRole.MEMBER))).containsExactly(bob.id().value());
    assertNothingTold(() -> join(team, GroupRole.MANAGER));
    assertThat(toldOf(() -> ports.groups().removeMember(team.id(), bob.id())))
        .containsExactly(bob.id().value());
  }

  @Test
  void a_share_of_a_group_is_told_of_what_is_shared_and_of_the_group() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    Share wider = AShare.with(team).role(Role.WRITER).build();
    Set<UUID> ofService = Set.of(service.id().value(), team.id().value());
    Set<UUID> ofProject = Set.of(project.id().value(), team.id().value());

    assertThat(toldOf(() -> shared(service, AShare.with(team).build(), alice)))
        .isEqualTo(ofService);
    assertThat(toldOf(() -> ports.shares().update(service.id(), wider, alice.id())))
        .isEqualTo(ofService);
    assertThat(toldOf(() -> ports.shares().delete(service.id(), team.id()))).isEqualTo(ofService);
    assertThat(
            toldOf(
                () ->
                    ports
                        .projectShares()
                        .insert(project.id(), AShare.with(team).build(), alice.id())))
        .isEqualTo(ofProject);
    assertThat(toldOf(() -> ports.projectShares().update(project.id(), wider, alice.id())))
        .isEqualTo(ofProject);
    assertThat(toldOf(() -> ports.projectShares().delete(project.id(), team.id())))
        .isEqualTo(ofProject);
  }

  @Test
  void a_group_that_ends_is_told_of_its_members_and_of_what_it_was_lent() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    join(team, GroupRole.MEMBER);
    shared(service, AShare.with(team).build(), alice);

    assertThat(toldOf(() -> ports.groups().delete(team.id())))
        .contains(bob.id().value(), service.id().value())
        .doesNotContain(alice.id().value(), project.id().value());
  }

  @Test
  void limits_are_told_of_the_user_and_of_the_group_with_its_members() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    join(team, GroupRole.MEMBER);
    StoredLimits ten =
        new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1);
    StoredLimits budget = new StoredLimits(Limits.of(ABudget.most()), 2);

    assertThat(toldOf(() -> ports.assignedLimits().save(alice.id(), ten, NOW)))
        .containsExactly(alice.id().value());
    assertThat(toldOf(() -> ports.assignedLimits().save(alice.id(), budget, NOW)))
        .containsExactly(alice.id().value());
    for (boolean pooled : List.of(false, true)) {
      assertThat(toldOf(() -> ports.assignedLimits().save(team.id(), pooled, ten, NOW)))
          .containsExactlyInAnyOrder(team.id().value(), bob.id().value());
      assertThat(toldOf(() -> ports.assignedLimits().save(team.id(), pooled, budget, NOW)))
          .containsExactlyInAnyOrder(team.id().value(), bob.id().value());
    }
  }

  private void join(Group group, GroupRole role) {
    ports.groups().putMember(group.id(), new GroupMember(bob.id(), bob.handle(), role, NOW));
  }

  private boolean save(UserKey key) {
    return ports.userKeys().save(key, sealed(service, "sk-0123456789"));
  }

  private Instance keyed() {
    return AnInstance.of(alice, "one").id(service.id()).apiKeySetAt(NOW).build();
  }

  private static Project boundTo(Project project, Instance instance) {
    return new Project(
        project.id(),
        project.owner(),
        project.ref(),
        project.values(),
        Optional.of(instance.id()),
        project.limits(),
        2,
        project.createdAt(),
        NOW);
  }

  private AuditEvent event() {
    return new AuditEvent(
        ports.ids().next(),
        NOW,
        new AuditEvent.Source(
            Optional.of(alice.id()),
            Optional.of(alice.handle()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "192.0.2.1",
            "r-1"),
        AuditAction.SERVICE_UPDATE,
        new AuditTarget("service", Optional.empty(), "alice/one", Optional.empty()),
        AuditOutcome.DONE,
        List.of(),
        List.of(),
        1,
        Optional.empty());
  }
}
