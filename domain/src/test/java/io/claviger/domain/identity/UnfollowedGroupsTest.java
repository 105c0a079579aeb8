package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests what users are told about groups that were left out. */
class UnfollowedGroupsTest {
  private static final GroupsClaim SOME = GroupsClaim.of(List.of("research"));

  @Test
  void nothing_left_out_says_nothing() {
    assertThat(UnfollowedGroups.of(SOME, List.of())).isEqualTo(UnfollowedGroups.NONE);
    assertThat(UnfollowedGroups.NONE.sentences()).isEmpty();
  }

  @Test
  void the_first_ten_are_named_and_the_others_counted() {
    List<String> many = IntStream.range(0, 12).mapToObj(n -> "group " + n).toList();
    UnfollowedGroups unfollowed = UnfollowedGroups.of(SOME, many);

    assertThat(unfollowed.named()).isEqualTo(many.subList(0, 10));
    assertThat(unfollowed.sentences())
        .singleElement()
        .asString()
        .endsWith("group 8, group 9, and 2 more.");
  }

  @Test
  void too_many_groups_are_told_by_their_limit() {
    assertThat(UnfollowedGroups.of(new GroupsClaim.TooMany(), List.of()).sentences())
        .singleElement()
        .asString()
        .contains("more than 1,000 groups");
  }

  @Test
  void names_are_cut_between_characters_and_hold_no_control_characters() {
    String name = UnfollowedGroups.of(SOME, List.of("a\nb" + "🙂".repeat(300))).named().getFirst();

    assertThat(name).startsWith("a b🙂").endsWith("🙂…");
    assertThat(name.codePointCount(0, name.length())).isEqualTo(200);
  }
}
