package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link GroupStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class GroupsContract extends TwoUsersContract {
  private final Group team = AGroup.called("team");
  private final Group staff = AGroup.synced("staff", "Staff");

  @BeforeEach
  void fill() {
    ports.groups().insert(team);
    ports.groups().insert(staff);
  }

  @Test
  void a_group_is_found_as_stored() {
    join(team, bob, GroupRole.MANAGER);
    join(staff, bob, GroupRole.MEMBER);

    assertThat(ports.groups().find(team.handle())).contains(team);
    assertThat(ports.groups().hold(staff.handle())).contains(staff);
    assertThat(ports.groups().find(team.handle(), bob.id()))
        .contains(new GroupStore.VisibleGroup(team, 1, Optional.of(GroupRole.MANAGER)));
    assertThat(ports.groups().lock(team.handle(), alice.id()))
        .contains(new GroupStore.VisibleGroup(team, 1, none()));
    assertThat(ports.groups().find(handle("other"))).isEmpty();
    assertThat(ports.groups().lock(handle("other"), bob.id())).isEmpty();
  }

  @Test
  void groups_are_listed_by_handle() {
    assertThat(ports.groups().list(bob.id(), none(), none(), 10))
        .extracting(GroupStore.VisibleGroup::group)
        .containsExactly(staff, team);
    assertThat(ports.groups().list(bob.id(), none(), Optional.of(staff.handle()), 10))
        .extracting(GroupStore.VisibleGroup::group)
        .containsExactly(team);
    assertThat(ports.groups().list(bob.id(), none(), none(), 1)).hasSize(1);
    assertThat(ports.groups().list(bob.id(), Optional.of(new SearchText("STAF")), none(), 10))
        .hasSize(1);
    assertThat(ports.groups().list(bob.id(), Optional.of(new SearchText("%")), none(), 10))
        .isEmpty();
  }

  @Test
  void groups_are_listed_with_their_own_members_and_found_by_either_name() {
    Group named =
        team.with(
            FieldValues.NONE.with(CommonFields.DISPLAY_NAME, new DisplayName("Research")), NOW);
    ports.groups().update(named);
    join(named, bob, GroupRole.MANAGER);
    join(named, alice, GroupRole.MEMBER);
    join(staff, alice, GroupRole.MEMBER);

    GroupStore.VisibleGroup bobs =
        new GroupStore.VisibleGroup(named, 2, Optional.of(GroupRole.MANAGER));
    assertThat(ports.groups().list(bob.id(), none(), none(), 10))
        .containsExactly(new GroupStore.VisibleGroup(staff, 1, none()), bobs);
    for (String text : List.of("RESEA", "tEa")) {
      assertThat(ports.groups().list(bob.id(), Optional.of(new SearchText(text)), none(), 10))
          .containsExactly(bobs);
    }
  }

  @Test
  void a_handle_is_taken_once_and_a_claim_too() {
    assertLost(TAKEN, () -> ports.groups().insert(AGroup.called("staff")));
    assertLost(TAKEN, () -> ports.groups().insert(AGroup.synced("other", "Staff")));
  }

  @Test
  void a_change_is_stored() {
    Group named =
        team.with(
            FieldValues.NONE
                .with(CommonFields.DISPLAY_NAME, new DisplayName("The team"))
                .with(CommonFields.APPLIED_BY, new AppliedBy("team")),
            NOW);

    ports.groups().update(named);

    assertThat(ports.groups().find(team.handle())).contains(named);
    assertLost(REFERENCE_GONE, () -> ports.groups().update(AGroup.called("gone")));
  }

  @Test
  void members_are_listed_by_handle_and_keep_when_they_joined() {
    GroupMember bobs = join(team, bob, GroupRole.MEMBER);
    GroupMember alices = join(team, alice, GroupRole.MANAGER);
    join(staff, bob, GroupRole.MEMBER);

    assertThat(ports.groups().listMembers(team.id(), none(), 10)).containsExactly(alices, bobs);
    assertThat(ports.groups().listMembers(team.id(), Optional.of(alice.handle()), 10))
        .containsExactly(bobs);
    ports
        .groups()
        .putMember(team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MANAGER, NOW));
    assertThat(ports.groups().findMember(team.id(), bob.id()))
        .contains(new GroupMember(bob.id(), bob.handle(), GroupRole.MANAGER, bobs.createdAt()));
  }

  @Test
  void other_managers_of_the_same_group_are_found() {
    join(team, alice, GroupRole.MANAGER);
    join(team, bob, GroupRole.MEMBER);
    join(staff, bob, GroupRole.MANAGER);
    assertThat(ports.groups().hasOtherManager(team.id(), alice.id())).isFalse();
    assertThat(ports.groups().hasOtherManager(team.id(), bob.id())).isTrue();

    join(team, bob, GroupRole.MANAGER);
    assertThat(ports.groups().hasOtherManager(team.id(), alice.id())).isTrue();
  }

  @Test
  void a_membership_ends_alone_and_with_its_user() {
    GroupMember alices = join(team, alice, GroupRole.MEMBER);
    join(team, bob, GroupRole.MEMBER);
    GroupMember ofStaff = join(staff, bob, GroupRole.MANAGER);

    assertThat(ports.groups().holdMember(team.id(), bob.id())).isTrue();
    assertThat(ports.groups().removeMember(team.id(), bob.id())).isTrue();
    assertThat(ports.groups().holdMember(team.id(), bob.id())).isFalse();
    assertThat(ports.groups().removeMember(team.id(), bob.id())).isFalse();
    assertThat(ports.groups().listMembers(team.id(), none(), 10)).containsExactly(alices);
    assertThat(ports.groups().listMembers(staff.id(), none(), 10)).containsExactly(ofStaff);
    ports.users().delete(alice.id());

    assertThat(ports.groups().listMembers(team.id(), none(), 10)).isEmpty();
  }

  @Test
  void a_member_needs_a_group_and_a_user_other_than_system() {
    assertLost(REFERENCE_GONE, () -> join(AGroup.called("gone"), bob, GroupRole.MEMBER));
    ports.users().delete(bob.id());
    assertLost(REFERENCE_GONE, () -> join(team, bob, GroupRole.MEMBER));
    assertThatException().isThrownBy(() -> join(team, Seeds.SYSTEM, GroupRole.MEMBER));
  }

  @Test
  void a_share_of_a_group_is_found_with_its_limits_and_ends_with_the_group() {
    Limits ten =
        new Limits(Optional.of(10), none(), none(), Optional.of(10), ABudget.most())
            .with(APace.most());
    Instance instance = AnInstance.of(alice, "s").build();
    ports.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    Share given =
        AShare.with(team).role(Role.WRITER).limits(ten).pooledLimits(ten).givenBy(alice).build();
    Definition definition = stored(ADefinition.of(alice, "d").build());
    Project project = AProject.of(alice, "p").build();
    ports.projects().insert(project);
    join(team, bob, GroupRole.MEMBER);

    ports.shares().insert(instance.id(), given, alice.id());
    ports.definitionShares().insert(definition.id(), AShare.with(team).build(), alice.id());
    ports.projectShares().insert(project.id(), given, alice.id());

    assertThat(ports.shares().find(instance.id(), team.id())).contains(given);
    assertThat(ports.shares().listOf(instance.id(), none(), 10)).containsExactly(given);
    assertThat(sees(definition, bob)).isTrue();
    assertThat(membership(project, bob)).contains(Role.WRITER);
    assertThat(ports.projects().list(bob.id(), bob.id(), none(), 10)).hasSize(1);
    assertThat(ports.projects().list(alice.id(), alice.id(), none(), 10)).hasSize(1);
    ports.groups().delete(team.id());
    assertThat(ports.shares().find(instance.id(), team.id())).isEmpty();
    assertThat(sees(definition, bob)).isFalse();
    assertThat(membership(project, bob)).isEmpty();
    assertThat(ports.groups().find(team.handle())).isEmpty();
  }

  @Test
  void the_highest_role_in_a_project_counts() {
    Project project = AProject.of(alice, "p").build();
    ports.projects().insert(project);
    join(team, bob, GroupRole.MEMBER);
    join(staff, bob, GroupRole.MEMBER);
    share(project, AShare.with(bob));
    share(project, AShare.with(team).role(Role.WRITER));
    share(project, AShare.with(staff));

    assertThat(membership(project, bob)).contains(Role.WRITER);
    assertThat(ports.projects().list(bob.id(), bob.id(), none(), 10)).hasSize(1);
    boolean left = ports.groups().removeMember(team.id(), bob.id());
    assertThat(left).isTrue();
    assertThat(membership(project, bob)).contains(Role.READER);
  }

  @Test
  void what_a_co_owner_gave_to_a_group_ends_with_their_own_share() {
    Instance instance = AnInstance.of(alice, "s").build();
    ports.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    ports.shares().insert(instance.id(), AShare.with(bob).role(Role.OWNER).build(), alice.id());
    ports.shares().insert(instance.id(), AShare.with(team).givenVia(bob).build(), bob.id());

    boolean ended = ports.shares().delete(instance.id(), bob.id());

    assertThat(ended).isTrue();
    assertThat(ports.shares().find(instance.id(), team.id())).isEmpty();
  }

  private void share(Project project, AShare share) {
    ports.projectShares().insert(project.id(), share.build(), alice.id());
  }

  private boolean sees(Definition definition, User user) {
    User.Id viewer = user.id();
    return ports.definitions().find(definition.ref(), viewer).orElseThrow().shared()
        && ports.definitions().lock(definition.ref(), viewer).orElseThrow().shared()
        && ports.definitions().hold(definition.ref(), viewer).orElseThrow().shared();
  }

  private Optional<Role> membership(Project project, User user) {
    return ports.projects().find(project.ref(), user.id()).orElseThrow().membership();
  }

  private GroupMember join(Group group, User user, GroupRole role) {
    GroupMember member = new GroupMember(user.id(), user.handle(), role, Seeds.SEEDED_AT);
    ports.groups().putMember(group.id(), member);
    return member;
  }
}
