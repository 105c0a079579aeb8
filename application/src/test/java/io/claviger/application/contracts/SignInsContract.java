package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.identity.port.SignInStore.PendingSignIn;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link SignInStore} promises. */
public abstract class SignInsContract extends PortContract {
  private static final String ORIGIN = "192.0.2.0/24";
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** A maximum age that every sign-in of these tests exceeds. */
  private static final Duration OVER = Duration.ofSeconds(-1);

  @Test
  void a_sign_in_is_taken_once_by_the_browser_that_began_it() {
    PendingSignIn attempt = begun(1);

    assertThat(signIns().take(numbered(1), numbered(99), LONGEST)).isEmpty();
    assertThat(signIns().take(numbered(2), attempt.binding(), LONGEST)).isEmpty();
    assertThat(signIns().take(numbered(1), attempt.binding(), LONGEST)).contains(attempt);
    assertThat(signIns().take(numbered(1), attempt.binding(), LONGEST)).isEmpty();
  }

  @Test
  void one_that_began_too_long_ago_is_not_found() {
    PendingSignIn attempt = begun(1);

    assertThat(signIns().take(numbered(1), attempt.binding(), OVER)).isEmpty();
    assertThat(signIns().deleteOlderThan(LONGEST)).isZero();
    assertThat(signIns().deleteOlderThan(OVER)).isEqualTo(1);
    assertThat(signIns().take(numbered(1), attempt.binding(), LONGEST)).isEmpty();
  }

  @Test
  void a_state_is_used_by_one_sign_in() {
    PendingSignIn attempt = begun(1);

    assertLost(TAKEN, () -> begun(1));

    assertThat(signIns().take(numbered(1), attempt.binding(), LONGEST)).contains(attempt);
  }

  @Tag("slow")
  @Test
  void one_block_of_addresses_begins_only_so_many() {
    for (int i = 0; i < SignInStore.MOST_OF_ORIGIN; i++) {
      assertThat(signIns().insert(attempt(i), ORIGIN)).isTrue();
    }
    PendingSignIn more = attempt(SignInStore.MOST_OF_ORIGIN);

    assertThat(signIns().insert(more, ORIGIN)).isFalse();
    assertThat(signIns().insert(more, "198.51.100.0/24")).isTrue();
    assertThat(signIns().deleteOlderThan(OVER)).isEqualTo(SignInStore.MOST_OF_ORIGIN + 1);
    assertThat(signIns().insert(more, ORIGIN)).isTrue();
  }

  @Tag("thorough")
  @Test
  void one_ipv6_network_of_56_bits_begins_only_so_many() {
    for (int i = 0; i < SignInStore.MOST_OF_WIDE; i++) {
      assertThat(signIns().insert(attempt(i), "2001:db8:0:" + i % 10 + "::1")).isTrue();
    }

    PendingSignIn more = attempt(SignInStore.MOST_OF_WIDE);
    assertThat(signIns().insert(more, "2001:db8:0:ff::1")).isFalse();
    assertThat(signIns().insert(more, "2001:db8:0:100::1")).isTrue();
  }

  @Test
  void one_that_links_an_identity_ends_with_its_session() {
    User alice = user("alice");
    Session.Id session = session(alice);
    PendingSignIn linking =
        new PendingSignIn(
            numbered(1), numbered(2), ReturnPath.of("/console/account"), Optional.of(session));
    assertThat(signIns().insert(linking, ORIGIN)).isTrue();

    assertThat(ports.sessions().delete(alice.id(), session)).isTrue();

    assertThat(signIns().take(numbered(1), numbered(2), LONGEST)).isEmpty();
  }

  private SignInStore signIns() {
    return ports.signIns();
  }

  private Session.Id session(User user) {
    Session.Id id = new Session.Id(ports.ids().next());
    ports
        .sessions()
        .insert(
            new Session(id, user.id(), new SignInMethod.Link(), "192.0.2.1", "b", NOW, NOW),
            hash(50));
    return id;
  }

  private PendingSignIn begun(int state) {
    PendingSignIn attempt = attempt(state);
    assertThat(signIns().insert(attempt, ORIGIN)).isTrue();
    return attempt;
  }

  private static TokenHash numbered(int n) {
    return new TokenHash(ByteBuffer.allocate(32).putInt(n).array());
  }

  private static PendingSignIn attempt(int state) {
    return new PendingSignIn(
        numbered(state), numbered(state + 1), ReturnPath.of("/console/device"), none());
  }
}
