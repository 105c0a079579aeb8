package io.claviger.application.identity;

import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.keys.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An identity provider that answers what a test says. */
final class ScriptedProvider implements IdentityProvider {
  Supplier<APerson> person = ScriptedProvider::silence;
  Supplier<Refreshed> refreshed = ScriptedProvider::silence;
  Supplier<LoggedOut> loggedOut = ScriptedProvider::silence;

  /** Whether it was last asked to let the person prove who they are. */
  boolean askedForProof;

  /** How often it was asked again about somebody. */
  int refreshes;

  /** Whether it was last asked again with an offline token. */
  boolean refreshedOffline;

  /** The refresh token that it was last asked with. */
  private String presented = "";

  static <T> T silence() {
    throw new ProviderUnavailable("The identity provider does not answer.", false);
  }

  @Override
  public URI authorizationUri(String state, String nonce, String verifier, boolean again) {
    askedForProof = again;
    return URI.create("https://id.example/?state=" + state);
  }

  @Override
  public ProvidedIdentity exchange(
      String code, Optional<String> issuer, String nonce, String verifier) {
    return person.get().provided();
  }

  @Override
  public Refreshed refresh(Secret refreshToken, Identity expected, boolean offline) {
    refreshes++;
    refreshedOffline = offline;
    presented = refreshToken.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
    return refreshed.get();
  }

  @Override
  public LoggedOut validateLogout(String logoutToken) {
    return loggedOut.get();
  }

  /** From now on it still knows a person. */
  void knows(APerson somebody) {
    refreshed = () -> new Refreshed.Current(somebody.provided());
  }

  /**
   * From now on it replaces the refresh token with each answer, and accepts only the newest token.
   * Its first answer contains nothing but the token.
   *
   * @param first why the first answer can't be used
   */
  void replacesTokensOf(APerson somebody, RuntimeException first) {
    AtomicInteger answers = new AtomicInteger();
    refreshed =
        () -> {
          int before = answers.getAndIncrement();
          if (before > 0 && !presented.equals("replacement " + before)) {
            return new Refreshed.Ended();
          }
          ProvidedIdentity.Grant next =
              new ProvidedIdentity.Grant(
                  Secret.takingOver(
                      ("replacement " + answers.get()).getBytes(StandardCharsets.UTF_8)),
                  true);
          return before == 0
              ? new Refreshed.Replaced(next, first)
              : new Refreshed.Current(somebody.provided(next));
        };
  }

  /** From now on it accepts no refresh token. */
  void forgets() {
    refreshed = Refreshed.Ended::new;
  }

  /** From now on it does not answer. */
  void goesAway(boolean beforeTheQuestion) {
    refreshed =
        () -> {
          throw new ProviderUnavailable("It does not answer.", beforeTheQuestion);
        };
  }
}
