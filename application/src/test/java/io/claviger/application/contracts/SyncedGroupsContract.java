package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.policy.Limits;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link SyncedGroupStore} promises. */
public abstract class SyncedGroupsContract extends TwoUsersContract {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  private static final Issuer OTHER = new Issuer("https://other.example");

  @Test
  void a_user_is_in_the_groups_that_were_named_last() {
    assertThat(replace(alice, ISSUER, "Research", "teaching")).isEmpty();
    assertThat(groupsOf(alice)).containsExactly("research", "teaching");

    assertThat(replace(alice, ISSUER, "teaching", "staff")).isEmpty();
    assertThat(groupsOf(alice)).containsExactly("staff", "teaching");

    assertThat(replace(alice, ISSUER)).isEmpty();
    assertThat(groupsOf(alice)).isEmpty();
  }

  @Test
  void a_new_group_is_named_after_its_value_and_knows_where_it_comes_from() {
    assertThat(replace(alice, ISSUER, "Research.Lab")).isEmpty();

    Group made = groups().findFirst().orElseThrow();
    assertThat(made.displayName().value()).isEqualTo("Research.Lab");
    assertThat(made.source()).contains(new GroupSource(ISSUER.value(), "Research.Lab"));
    assertThat(made.createdAt()).isEqualTo(NOW);
    assertThat(ports.groups().findMember(made.id(), alice.id()))
        .contains(new GroupMember(alice.id(), alice.handle(), GroupRole.MEMBER, NOW));
  }

  @Test
  void who_names_the_same_value_is_in_the_same_group() {
    assertThat(replace(alice, ISSUER, "research")).isEmpty();
    assertThat(replace(bob, ISSUER, "research")).isEmpty();

    assertThat(groups()).hasSize(1);
    assertThat(groupsOf(bob)).isEqualTo(groupsOf(alice));
    assertThat(replace(bob, ISSUER)).isEmpty();
    assertThat(groupsOf(alice)).containsExactly("research");
  }

  @Test
  void nobody_is_in_a_group_of_another_issuer_that_names_the_same_value() {
    assertThat(replace(alice, ISSUER, "research")).isEmpty();

    assertThat(replace(bob, OTHER, "research")).containsExactly("research");
    assertThat(replace(alice, OTHER, "research")).containsExactly("research");

    assertThat(groupsOf(bob)).isEmpty();
    assertThat(groupsOf(alice)).isEmpty();

    assertThat(replace(alice, ISSUER, "research")).isEmpty();
    Group research = ports.groups().hold(new Handle("research")).orElseThrow();
    ports.scimGroups().setClaimValue(research.id(), "crew");
    assertThat(replace(bob, OTHER, "crew")).isEmpty();
    assertThat(replace(alice, OTHER, "crew")).isEmpty();

    assertThat(groupsOf(bob)).containsExactly("crew");
    assertThat(groupsOf(alice)).containsExactly("crew");
  }

  @Test
  void a_group_stays_when_its_last_member_leaves_and_is_found_again() {
    assertThat(replace(alice, ISSUER, "research")).isEmpty();
    Group before = groups().findFirst().orElseThrow();
    assertThat(replace(alice, ISSUER)).isEmpty();

    assertThat(replace(bob, ISSUER, "research")).isEmpty();
    assertThat(groups()).containsExactly(before);
  }

  @Test
  void a_value_that_is_spelled_otherwise_is_another_group_and_left_out() {
    assertThat(replace(alice, ISSUER, "research")).isEmpty();

    assertThat(replace(bob, ISSUER, "Research")).containsExactly("Research");
    assertThat(groupsOf(bob)).isEmpty();
  }

  @Test
  void of_two_values_of_one_handle_the_first_by_name_gets_it() {
    assertThat(replace(alice, ISSUER, "research", "Research")).containsExactly("research");
    assertThat(groups().findFirst().flatMap(Group::source))
        .contains(new GroupSource(ISSUER.value(), "Research"));
  }

  @Test
  void a_member_is_limited_where_administrators_limit_them_or_one_of_their_groups() {
    assertThat(replace(alice, ISSUER, "research", "staff")).isEmpty();
    Group research = ports.groups().hold(new Handle("research")).orElseThrow();
    Group local = AGroup.called("local");
    ports.groups().insert(local);
    ports
        .groups()
        .putMember(local.id(), new GroupMember(alice.id(), alice.handle(), GroupRole.MEMBER, NOW));
    StoredLimits ten =
        new StoredLimits(new Limits(Optional.of(10), Optional.empty(), Optional.empty()), 1);
    StoredLimits none = new StoredLimits(Limits.NONE, 1);
    ports.assignedLimits().save(research.id(), false, none, NOW);
    assertThat(ports.users().limited(alice.id())).isFalse();
    ports.assignedLimits().save(local.id(), true, ten, NOW);
    assertThat(ports.users().limited(alice.id())).isTrue();

    ports.assignedLimits().save(local.id(), true, new StoredLimits(Limits.NONE, 2), NOW);
    ports.assignedLimits().save(research.id(), true, ten, NOW);

    assertThat(ports.users().limited(alice.id())).isTrue();
    assertThat(ports.users().limited(bob.id())).isFalse();
    ports.assignedLimits().save(bob.id(), ten, NOW);
    assertThat(ports.users().limited(bob.id())).isTrue();
  }

  @Test
  void the_handle_of_a_local_group_is_taken() {
    ports.groups().insert(AGroup.called("research"));

    assertThat(replace(alice, ISSUER, "research", "staff")).containsExactly("research");
    assertThat(groupsOf(alice)).containsExactly("staff");
  }

  @Test
  void values_that_are_no_handles_are_left_out_whatever_they_look_like() {
    String[] values = {
      "///",
      "_system",
      "_finance",
      "@finance",
      "/finance",
      "fin\u0000ance",
      "finance ",
      "Finänce",
      "\u212Ainance",
      "\uD800",
      "f".repeat(65),
      "f".repeat(100_000),
      "staff"
    };

    assertThat(replace(alice, ISSUER, values)).hasSize(12).doesNotContain("staff");
    assertThat(groupsOf(alice)).containsExactly("staff");
  }

  @Test
  void groups_of_another_issuer_are_others_and_end() {
    assertThat(replace(alice, OTHER, "research")).isEmpty();
    assertThat(replace(bob, OTHER, "research")).isEmpty();

    assertThat(replace(alice, ISSUER, "research", "staff")).containsExactly("research");
    assertThat(groupsOf(alice)).containsExactly("staff");
    assertThat(groupsOf(bob)).containsExactly("research");
  }

  @Test
  void memberships_of_local_groups_stay() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    ports
        .groups()
        .putMember(team.id(), new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, NOW));

    assertThat(replace(alice, ISSUER, "staff")).isEmpty();
    assertThat(replace(alice, ISSUER)).isEmpty();
    assertThat(groupsOf(alice)).containsExactly("team");
  }

  @Test
  void whoever_stays_keeps_the_time_at_which_they_came() {
    assertThat(replace(alice, ISSUER, "staff")).isEmpty();
    List<String> unused =
        ports
            .syncedGroups()
            .replaceMemberships(alice.id(), ISSUER, List.of("staff"), NOW.plusSeconds(60));

    Group staff = groups().findFirst().orElseThrow();
    assertThat(ports.groups().findMember(staff.id(), alice.id()).map(GroupMember::createdAt))
        .contains(NOW);
  }

  private List<String> replace(User user, Issuer issuer, String... values) {
    return ports.syncedGroups().replaceMemberships(user.id(), issuer, List.of(values), NOW);
  }

  private Stream<Group> groups() {
    return ports.groups().list(alice.id(), Optional.empty(), Optional.empty(), 50).stream()
        .map(seen -> seen.group());
  }

  private List<String> groupsOf(User user) {
    return ports.groups().list(user.id(), Optional.empty(), Optional.empty(), 50).stream()
        .filter(seen -> seen.role().isPresent())
        .map(seen -> seen.group().handle().value())
        .toList();
  }
}
