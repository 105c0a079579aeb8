package io.claviger.application.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.UnfollowedGroups;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the groups of the identity provider mean here. */
class PersonSyncTest {
  private static final APerson ALICE = APerson.called("alice");
  private final SignInWorld world = new SignInWorld();

  @Test
  void groups_follow_the_provider_at_each_sign_in() {
    world.signIn(ALICE.in("research", "teaching"));
    assertThat(groups()).containsExactlyInAnyOrder("research", "teaching");

    world.signIn(ALICE.in("research"));
    assertThat(groups()).containsExactly("research");

    world.signIn(ALICE);
    assertThat(groups()).isEmpty();
  }

  @Test
  void values_that_can_be_no_handle_are_left_out_and_named() {
    assertThat(notices(ALICE.in("research", "///"))).singleElement().asString().contains("///");
    assertThat(groups()).containsExactly("research");
  }

  @Test
  void a_thousand_groups_are_followed_and_one_more_ends_them_all() {
    assertThat(notices(ALICE.in(numbered(1_000)))).isEmpty();
    assertThat(groups()).hasSize(1_000);

    assertThat(notices(ALICE.in(numbered(1_001)))).singleElement().asString().contains("1,000");
    assertThat(groups()).isEmpty();
  }

  @Test
  void what_was_left_out_stays_with_the_identity_until_the_provider_says_otherwise() {
    world.signIn(ALICE.in("research", "///"));
    assertThat(unfollowed()).isEqualTo(new UnfollowedGroups(false, List.of("///"), 1));

    world.signIn(ALICE.in(numbered(1_001)));
    assertThat(unfollowed().tooMany()).isTrue();

    world.signIn(ALICE.in("research"));
    assertThat(unfollowed()).isEqualTo(UnfollowedGroups.NONE);
  }

  @Test
  void members_of_the_administrators_group_are_administrators_while_they_are_in_it() {
    world.signIn(ALICE.in("admins"));
    assertThat(world.user("alice").administrator()).isTrue();

    world.signIn(ALICE.in("research"));
    assertThat(world.user("alice").administrator()).isFalse();
  }

  @Test
  void only_selected_groups_are_followed_and_only_of_these_it_is_said_what_was_left_out() {
    SignInWorld choosy = SignInWorld.following(GroupSelection.of(List.of("staff", "lab-*", "@*")));

    choosy.signIn(ALICE.in("staff", "lab-a", "labour", "STAFF", "/other", "@finance"));

    assertThat(choosy.ports.syncedGroups().of(choosy.user("alice").id()))
        .containsExactlyInAnyOrder("staff", "lab-a");
    assertThat(
            choosy
                .ports
                .identities()
                .find(ALICE.identity())
                .orElseThrow()
                .identity()
                .unfollowed()
                .named())
        .containsExactly("@finance");
  }

  @Test
  void a_group_with_a_similar_name_makes_no_administrator() {
    world.signIn(ALICE.in("Admins", "/admins", "admins "));
    assertThat(world.user("alice").administrator()).isFalse();
  }

  @Test
  void too_many_groups_end_what_the_administrators_group_gave() {
    world.signIn(ALICE.in("admins"));
    world.signIn(ALICE.in(new GroupsClaim.TooMany()));
    assertThat(world.user("alice").administrator()).isFalse();
  }

  @Test
  void who_was_made_an_administrator_here_stays_one_outside_of_the_group() {
    world.add(AUser.called("alice").administrator().build());
    world.addLink(world.user("alice"), ALICE);

    world.signIn(ALICE.in("admins"));
    world.signIn(ALICE.in("research"));

    assertThat(world.user("alice").administrator()).isTrue();
  }

  private UnfollowedGroups unfollowed() {
    return world.ports.identities().find(ALICE.identity()).orElseThrow().identity().unfollowed();
  }

  private List<String> groups() {
    return world.ports.syncedGroups().of(world.user("alice").id());
  }

  private List<String> notices(APerson person) {
    return world.attempt(person) instanceof SignInResult.Completed completed
        ? completed.notices()
        : List.of("not signed in");
  }

  private static GroupsClaim numbered(int count) {
    return GroupsClaim.of(IntStream.range(0, count).mapToObj(n -> "group-" + n).toList());
  }
}
