package io.claviger.application.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A share that a co-owner gives to a group depends on the co-owner's own share, like a share for a
 * user.
 */
class CoOwnersGroupsTest {
  private final SharingFixture s = new SharingFixture();
  private final Group team = AGroup.called("team");

  @BeforeEach
  void makeTeam() {
    s.w.claviger.groups().insert(team);
  }

  @Test
  void a_group_share_that_outlasts_a_shortened_share_ends() {
    bobGaveTeam(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertThat(ofTeam()).isFalse();
  }

  @Test
  void a_group_share_that_exceeds_lowered_limits_ends() {
    bobGaveTeam(SharingFixture.limited(Role.OWNER, 10), SharingFixture.limited(Role.READER, 10));

    bobHas(SharingFixture.limited(Role.OWNER, 9));

    assertThat(ofTeam()).isFalse();
  }

  @Test
  void a_group_share_that_still_fits_stays() {
    bobGaveTeam(SharingFixture.limited(Role.OWNER, 10), SharingFixture.limited(Role.READER, 5));

    bobHas(SharingFixture.limited(Role.OWNER, 9));

    assertThat(ofTeam()).isTrue();
  }

  @Test
  void a_group_share_ends_with_the_ownership_and_is_on_record() {
    bobGaveTeam(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    Share unused = SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(Role.WRITER)));

    assertThat(ofTeam()).isFalse();
    assertThat(s.w.recorded())
        .containsExactly(
            "service.unshare done alice/s [@team]", "service.share done alice/s [bob]");
  }

  @Test
  void what_the_owning_user_gave_the_group_stays() {
    bobHas(SharingFixture.as(Role.OWNER));
    give(s.alice, SharingFixture.as(Role.READER));

    bobHas(SharingFixture.as(Role.READER));

    assertThat(ofTeam()).isTrue();
  }

  private void bobHas(Share.Terms terms) {
    Share unused = s.given(s.alice, s.bob, terms);
  }

  private void bobGaveTeam(Share.Terms bobs, Share.Terms teams) {
    bobHas(bobs);
    give(s.bob, teams);
  }

  private void give(User actor, Share.Terms terms) {
    Share unused =
        SharingFixture.shared(
            s.w.sharing.share(
                s.w.as(actor),
                s.service.ref(),
                GranteeName.group(team.handle()),
                Precondition.NONE,
                terms));
    s.w.forget();
  }

  private boolean ofTeam() {
    return s.w.claviger.shares().find(s.service.id(), team.id()).isPresent();
  }
}
