package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link InstanceShareStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class SharesContract extends TwoUsersContract {
  private User carol;
  private Instance instance;

  @BeforeEach
  void fill() {
    carol = user("carol");
    instance = stored(AnInstance.of(alice, "i").build());
  }

  @Test
  void a_share_is_found_as_stored() {
    Share full =
        shared(
            instance,
            AShare.with(bob)
                .role(Role.OWNER)
                .mayReshare()
                .expiresAt(NOW)
                .limits(
                    new Limits(
                            Optional.of(10),
                            Optional.of(Set.of(new ModelPattern("large"))),
                            none(),
                            Optional.of(100),
                            ABudget.most())
                        .with(APace.most()))
                .givenBy(alice)
                .build(),
            alice);
    Share via = shared(instance, AShare.with(carol).givenVia(bob).build(), bob);

    assertThat(ports.shares().find(instance.id(), bob.id())).contains(full);
    assertThat(ports.shares().lock(instance.id(), bob.id())).contains(full);
    assertThat(ports.shares().hold(instance.id(), bob.id())).contains(full);
    assertThat(ports.shares().find(instance.id(), carol.id())).contains(via);
    assertThat(ports.shares().find(instance.id(), alice.id())).isEmpty();
    Instance other = stored(AnInstance.of(alice, "other").build());
    assertThat(ports.shares().find(other.id(), bob.id())).isEmpty();
    assertThat(ports.shares().lock(other.id(), bob.id())).isEmpty();
    assertThat(ports.shares().hold(other.id(), bob.id())).isEmpty();
  }

  @Test
  void shares_are_listed_by_the_grantees_handle_expired_ones_too() {
    Share carols =
        shared(instance, AShare.with(carol).expiresAt(NOW).givenBy(alice).build(), alice);
    Share bobs = shared(instance, AShare.with(bob).givenBy(alice).build(), alice);

    assertThat(ports.shares().listOf(instance.id(), none(), 10)).containsExactly(bobs, carols);
    assertThat(ports.shares().listOf(instance.id(), none(), 1)).containsExactly(bobs);
    assertThat(
            ports.shares().listOf(instance.id(), Optional.of(GranteeName.user(handle("bob"))), 10))
        .containsExactly(carols);
  }

  @Test
  void what_a_co_owner_gave_is_known() {
    shared(instance, AShare.with(bob).role(Role.OWNER).givenBy(alice).build(), alice);
    Share carols = shared(instance, AShare.with(carol).givenVia(bob).build(), bob);

    assertThat(ports.shares().givenVia(instance.id(), bob.id())).containsExactly(carols);
    assertThat(ports.shares().givenVia(instance.id(), alice.id())).isEmpty();
    Instance other = stored(AnInstance.of(alice, "other").build());
    assertThat(ports.shares().givenVia(other.id(), bob.id())).isEmpty();
  }

  @Test
  void a_user_has_one_share_of_an_instance() {
    shared(instance, AShare.with(bob).build(), alice);

    assertLost(TAKEN, () -> shared(instance, AShare.with(bob).build(), alice));
  }

  @Test
  void a_share_needs_what_it_refers_to() {
    User gone = AUser.called("gone").build();
    Instance noInstance = AnInstance.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> shared(noInstance, AShare.with(bob).build(), alice));
    assertLost(REFERENCE_GONE, () -> shared(instance, AShare.with(gone).build(), alice));
    assertLost(REFERENCE_GONE, () -> shared(instance, AShare.with(bob).build(), gone));
    assertLost(
        REFERENCE_GONE, () -> shared(instance, AShare.with(bob).givenVia(carol).build(), carol));
  }

  @Test
  void nothing_is_shared_with_its_owner() {
    assertThatException().isThrownBy(() -> shared(instance, AShare.with(alice).build(), alice));
  }

  @Test
  void nothing_is_shared_with_system_and_nothing_that_everybody_uses_is() {
    Instance systems = stored(AnInstance.systemLevel("common").build());
    Instance lent = stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).build());

    assertThatException()
        .isThrownBy(() -> shared(instance, AShare.with(Seeds.SYSTEM).build(), alice));
    assertLost(REFERENCE_GONE, () -> shared(systems, AShare.with(bob).build(), alice));
    assertThatException()
        .isThrownBy(() -> shared(lent, AShare.with(bob).role(Role.OWNER).build(), alice));
    shared(lent, AShare.with(bob).role(Role.WRITER).build(), alice);
    Instance opened =
        AnInstance.systemLevel("lent").id(lent.id()).audience(Audience.EVERYBODY).build();
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(
            () ->
                ports.instances().update(opened, new SecretChange.Keep(), new SecretChange.Keep()));
  }

  @Test
  void a_co_owner_gives_no_ownership() {
    shared(instance, AShare.with(bob).role(Role.OWNER).build(), alice);

    assertThatException()
        .isThrownBy(
            () -> shared(instance, AShare.with(carol).role(Role.OWNER).givenVia(bob).build(), bob));
  }

  @Test
  void an_update_replaces_terms_version_and_giver() {
    shared(instance, AShare.with(carol).role(Role.OWNER).givenBy(alice).build(), alice);
    shared(instance, AShare.with(bob).givenBy(alice).build(), alice);

    Share changed =
        AShare.with(bob)
            .role(Role.WRITER)
            .mayReshare()
            .expiresAt(NOW)
            .limits(
                new Limits(Optional.of(5), none(), none(), none(), ABudget.all(ABudget.tokens(9))))
            .givenVia(carol)
            .version(2)
            .build();
    ports.shares().update(instance.id(), changed, carol.id());

    assertThat(ports.shares().find(instance.id(), bob.id())).contains(changed);
  }

  @Test
  void what_changes_for_one_share_changes_for_no_other() {
    shared(instance, AShare.with(bob).givenBy(alice).build(), alice);
    Instance other = stored(AnInstance.of(alice, "other").build());
    Share elsewhere = shared(other, AShare.with(bob).givenBy(alice).build(), alice);

    ports
        .shares()
        .update(instance.id(), AShare.with(bob).givenBy(carol).version(2).build(), carol.id());
    assertThat(ports.shares().find(other.id(), bob.id())).contains(elsewhere);
    assertThat(ports.shares().lock(other.id(), bob.id())).contains(elsewhere);
    assertThat(ports.shares().listOf(other.id(), none(), 10)).containsExactly(elsewhere);

    assertThat(ports.shares().delete(instance.id(), bob.id())).isTrue();
    assertThat(ports.shares().find(other.id(), bob.id())).contains(elsewhere);
  }

  @Test
  void what_is_not_there_can_not_be_updated() {
    assertLost(
        REFERENCE_GONE,
        () -> ports.shares().update(instance.id(), AShare.with(bob).build(), alice.id()));
  }

  @Test
  void a_share_ends_with_those_given_by_its_strength() {
    User dan = user("dan");
    shared(instance, AShare.with(bob).role(Role.OWNER).build(), alice);
    shared(instance, AShare.with(carol).givenVia(bob).build(), bob);
    Share dans = shared(instance, AShare.with(dan).givenBy(alice).build(), alice);

    assertThat(ports.shares().delete(instance.id(), bob.id())).isTrue();

    assertThat(ports.shares().listOf(instance.id(), none(), 10)).containsExactly(dans);
  }

  @Test
  void ending_says_whether_there_was_one() {
    assertThat(ports.shares().delete(instance.id(), bob.id())).isFalse();
  }
}
