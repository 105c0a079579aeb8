package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link ShareStore} promises of things whose shares have no terms but a role.
 *
 * @param <I> what identifies the thing shared
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ShareStoreContract<I> extends PortContract {
  User alice;
  User bob;
  private User carol;
  I shared;

  abstract ShareStore<I> shares();

  /** Stores another thing that can be shared. */
  abstract I newThing(User owner, String handle);

  /** An id that nothing has. */
  abstract I nothing();

  abstract void deleteThing(I id);

  @BeforeEach
  void fill() {
    alice = user("alice");
    bob = user("bob");
    carol = user("carol");
    shared = newThing(alice, "thing");
  }

  @Test
  void a_share_is_found_as_stored() {
    Share bobs = given(AShare.with(bob).givenBy(alice));

    assertThat(shares().find(shared, bob.id())).contains(bobs);
    assertThat(shares().lock(shared, bob.id())).contains(bobs);
    assertThat(shares().find(shared, carol.id())).isEmpty();
    assertThat(shares().lock(shared, carol.id())).isEmpty();
    assertThat(shares().find(newThing(alice, "other"), bob.id())).isEmpty();
  }

  @Test
  void shares_are_searched_and_counted_by_the_grantees_name() {
    Share carols = given(AShare.with(carol).givenBy(alice));
    Share bobs = given(AShare.with(bob).givenBy(alice));

    assertThat(shares().listOf(shared, of("AR"), none(), 10)).containsExactly(carols);
    assertThat(shares().listOf(shared, of("o"), none(), 10)).containsExactly(bobs, carols);
    assertThat(shares().listOf(shared, of("%"), none(), 10)).isEmpty();
    assertThat(shares().count(shared, none(), 10)).isEqualTo(2);
    assertThat(shares().count(shared, of("aro"), 10)).isEqualTo(1);
    assertThat(shares().count(shared, of("c_rol"), 10)).isZero();
    assertThat(shares().count(shared, none(), 1)).isEqualTo(1);
    assertThat(shares().count(newThing(alice, "other"), none(), 10)).isZero();
  }

  private static Optional<SearchText> of(String text) {
    return Optional.of(new SearchText(text));
  }

  @Test
  void shares_are_listed_by_the_grantees_handle() {
    Share carols = given(AShare.with(carol).givenBy(alice));
    Share bobs = given(AShare.with(bob).givenBy(alice));
    shares().insert(newThing(alice, "other"), AShare.with(bob).build(), alice.id());

    assertThat(shares().listOf(shared, none(), 10)).containsExactly(bobs, carols);
    assertThat(shares().listOf(shared, none(), 1)).containsExactly(bobs);
    assertThat(shares().listOf(shared, Optional.of(GranteeName.user(handle("bob"))), 10))
        .containsExactly(carols);
  }

  @Test
  void a_user_has_one_share_of_a_thing() {
    given(AShare.with(bob));

    assertLost(TAKEN, () -> given(AShare.with(bob)));
  }

  @Test
  void a_share_needs_what_it_refers_to() {
    User gone = AUser.called("gone").build();
    Share bobs = AShare.with(bob).build();

    assertLost(REFERENCE_GONE, () -> shares().insert(nothing(), bobs, alice.id()));
    assertLost(REFERENCE_GONE, () -> given(AShare.with(gone)));
    assertLost(REFERENCE_GONE, () -> shares().insert(shared, bobs, gone.id()));
  }

  @Test
  void nothing_is_shared_with_its_owner_or_with_system() {
    assertThatException().isThrownBy(() -> given(AShare.with(alice)));
    assertThatException().isThrownBy(() -> given(AShare.with(Seeds.SYSTEM)));
  }

  @Test
  void an_update_replaces_version_and_giver() {
    given(AShare.with(bob).givenBy(alice));

    Share changed = AShare.with(bob).givenBy(carol).version(2).build();
    shares().update(shared, changed, carol.id());

    assertThat(shares().find(shared, bob.id())).contains(changed);
  }

  @Test
  void what_changes_for_one_share_changes_for_no_other() {
    given(AShare.with(bob).givenBy(alice));
    Share carols = given(AShare.with(carol).givenBy(alice));
    I other = newThing(alice, "other");
    Share elsewhere = AShare.with(bob).givenBy(alice).build();
    shares().insert(other, elsewhere, alice.id());

    shares().update(shared, AShare.with(bob).givenBy(carol).version(2).build(), carol.id());
    assertThat(shares().find(other, bob.id())).contains(elsewhere);
    assertThat(shares().lock(other, bob.id())).contains(elsewhere);
    assertThat(shares().find(shared, carol.id())).contains(carols);

    assertThat(shares().delete(shared, bob.id())).isTrue();
    assertThat(shares().find(other, bob.id())).contains(elsewhere);
    assertThat(shares().find(shared, carol.id())).contains(carols);
  }

  @Test
  void what_is_not_there_can_not_be_updated() {
    assertLost(REFERENCE_GONE, () -> shares().update(shared, AShare.with(bob).build(), alice.id()));
  }

  @Test
  void ending_says_whether_there_was_one() {
    given(AShare.with(bob));

    assertThat(shares().delete(shared, bob.id())).isTrue();

    assertThat(shares().find(shared, bob.id())).isEmpty();
    assertThat(shares().delete(shared, bob.id())).isFalse();
  }

  @Test
  void shares_end_with_the_thing() {
    given(AShare.with(bob));

    deleteThing(shared);

    assertThat(shares().find(shared, bob.id())).isEmpty();
  }

  @Test
  void shares_end_with_who_holds_them_and_stay_when_the_giver_goes() {
    given(AShare.with(bob).givenBy(carol));
    given(AShare.with(carol).givenBy(alice));

    ports.users().delete(carol.id());

    assertThat(shares().listOf(shared, none(), 10)).containsExactly(AShare.with(bob).build());
  }

  Share given(AShare builder) {
    Share share = builder.build();
    User giver = share.givenBy().flatMap(h -> ports.users().find(h)).orElse(alice);
    shares().insert(shared, share, giver.id());
    return share;
  }
}
