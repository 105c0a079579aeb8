package io.claviger.application.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.SignIn.LogoutResult;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.LoggedOut;
import io.claviger.application.sessions.NewSession;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The identity provider ends sessions here. */
class BackChannelLogoutTest {
  private static final APerson ALICE = APerson.called("alice");
  private final SignInWorld world = new SignInWorld();
  private final NewSession laptop = world.signIn(ALICE.inSession("laptop"));
  private final NewSession phone = world.signIn(ALICE.inSession("phone"));
  private final NewSession bobs = world.signIn(APerson.called("bob").inSession("bobs"));

  @Test
  void a_session_of_the_provider_ends_the_session_that_began_in_it() {
    world.provider.loggedOut =
        () -> new LoggedOut(Optional.of(ALICE.identity()), Optional.of("laptop"));

    assertThat(logOut()).isEqualTo(LogoutResult.DONE);

    assertThat(world.isSignedIn(laptop)).isFalse();
    assertThat(world.isSignedIn(phone)).isTrue();
    assertThat(world.isSignedIn(bobs)).isTrue();
  }

  /** A provider need not name its sessions in ID tokens. */
  @Test
  void an_unknown_session_of_a_known_person_ends_the_persons_sessions_without_a_name() {
    NewSession unnamed = world.signIn(ALICE);
    NewSession bobsUnnamed = world.signIn(APerson.called("bob"));
    world.provider.loggedOut =
        () -> new LoggedOut(Optional.of(ALICE.identity()), Optional.of("laptop"));
    assertThat(logOut()).isEqualTo(LogoutResult.DONE);
    assertThat(world.isSignedIn(laptop)).isFalse();
    assertThat(world.isSignedIn(unnamed)).isTrue();

    world.provider.loggedOut =
        () -> new LoggedOut(Optional.of(ALICE.identity()), Optional.of("tablet"));
    assertThat(logOut()).isEqualTo(LogoutResult.DONE);
    assertThat(world.isSignedIn(unnamed)).isFalse();
    assertThat(world.isSignedIn(phone)).isTrue();
    assertThat(world.isSignedIn(bobsUnnamed)).isTrue();
  }

  @Test
  void a_subject_alone_ends_all_sessions_of_the_person() {
    world.provider.loggedOut = () -> new LoggedOut(Optional.of(ALICE.identity()), Optional.empty());

    assertThat(logOut()).isEqualTo(LogoutResult.DONE);

    assertThat(world.isSignedIn(laptop)).isFalse();
    assertThat(world.isSignedIn(phone)).isFalse();
    assertThat(world.isSignedIn(bobs)).isTrue();
  }

  @Test
  void an_unknown_session_is_none_any_more_either() {
    world.provider.loggedOut = () -> new LoggedOut(Optional.empty(), Optional.of("unknown"));

    assertThat(logOut()).isEqualTo(LogoutResult.DONE);
    assertThat(world.isSignedIn(laptop)).isTrue();
  }

  @Test
  void a_token_that_does_not_hold_ends_nothing() {
    world.provider.loggedOut =
        () -> {
          throw new InvalidResponse("It does not hold.");
        };

    assertThat(logOut()).isEqualTo(LogoutResult.REJECTED);
    assertThat(world.isSignedIn(laptop)).isTrue();
  }

  @Test
  void a_provider_whose_keys_are_away_is_asked_to_try_again() {
    assertThat(logOut()).isEqualTo(LogoutResult.UNAVAILABLE);
    assertThat(world.isSignedIn(laptop)).isTrue();
  }

  private LogoutResult logOut() {
    return world.signIn.logOut("token", "192.0.2.9", "request");
  }
}
