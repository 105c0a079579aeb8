package io.claviger.persistence;

import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.identity.SignInResult;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.sessions.BrowserSecret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sign-ins that race, with an identity provider whose answer about a code is contained in the code.
 */
final class RacingSignIns {
  static final Issuer ISSUER = new Issuer("https://id.example");

  private final SignIn signIn;

  RacingSignIns(PostgresPorts ports) {
    this(ports, RacingUseCases.changes(ports));
  }

  RacingSignIns(PostgresPorts ports, AuditedChanges changes) {
    signIn =
        SignInFeature.of(
                new OidcSettings(
                    ISSUER,
                    new OidcSettings.Client(
                        "claviger", Optional.empty(), URI.create("https://c.example/")),
                    OidcSettings.DEFAULT_SCOPES,
                    new OidcSettings.Claims(
                        "preferred_username",
                        Optional.empty(),
                        Optional.of("groups"),
                        GroupSelection.ALL),
                    Optional.empty(),
                    Set.of(),
                    Duration.ofDays(7)),
                new NamingProvider(),
                ports.signIns(),
                ports.identityStores(),
                RacingUseCases.SEALER,
                new SeededRandomBytes(1),
                ports.scimUsers(),
                ScimSettings.DEFAULT,
                changes,
                ports.database()::clock)
            .signIn();
  }

  int removeAbandoned() {
    return signIn.removeAbandoned();
  }

  /** A sign-in under way in one browser. */
  record Begun(String state, BrowserSecret binding) {}

  Begun begun() {
    return signIn.begin("/console", false, "192.0.2.1")
            instanceof SignIn.SignInStart.Started started
        ? new Begun(started.location().getQuery().substring("state=".length()), started.binding())
        : new Begun("", BrowserSecret.presented(""));
  }

  /**
   * Finishes a sign-in. Returns the reason for a refusal, or the kind of the result.
   *
   * @param code a name and a subject
   */
  String outcome(Begun begun, String code) {
    SignInResult result =
        signIn.finish(
            new SignIn.Callback(
                Optional.of(begun.state()), Optional.of(code), Optional.empty(), Optional.empty()),
            Optional.of(begun.binding()),
            Optional.empty(),
            "192.0.2.1",
            "request");
    return result instanceof SignInResult.Refused refused
        ? refused.reason().name()
        : result.getClass().getSimpleName();
  }

  /** Says about a code what the code itself says: a name and a subject. */
  private static final class NamingProvider implements IdentityProvider {
    @Override
    public URI authorizationUri(String state, String nonce, String verifier, boolean again) {
      return URI.create("https://id.example/?state=" + state);
    }

    @Override
    public ProvidedIdentity exchange(
        String code, Optional<String> issuer, String nonce, String verifier) {
      String[] parts = code.split(" ", 2);
      return new ProvidedIdentity(
          new Identity(ISSUER, new Subject(parts[1])),
          Optional.of(new Handle(parts[0]).value()),
          Optional.empty(),
          Optional.of("same@example.org"),
          GroupsClaim.of(List.of("research", "teaching")),
          Optional.empty(),
          Optional.of(
              new ProvidedIdentity.Grant(
                  Secret.takingOver("refresh-token".getBytes(StandardCharsets.UTF_8)), true)),
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public Refreshed refresh(Secret refreshToken, Identity expected, boolean offline) {
      throw new ProviderUnavailable("away", true);
    }

    @Override
    public LoggedOut validateLogout(String logoutToken) {
      throw new InvalidResponse("none");
    }
  }
}
