package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.accounts.Users;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.identity.SignInResult;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.identity.JdbcSyncedGroups;
import io.claviger.persistence.sessions.JdbcSessions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 16 browsers finish sign-ins at once. */
final class SignInRacesTest {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final SignIn SIGN_IN = feature().signIn();

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
  }

  @Test
  void first_sign_ins_of_one_subject_make_one_user() {
    List<String> outcomes = many(n -> outcome(begun(), "alice alice-id"));

    assertThat(outcomes).containsOnly("Completed");
    assertThat(count("users where handle = 'alice'")).isEqualTo(1);
    assertThat(
            count("identities i join users u on u.id = i.user_id and u.created_at = i.linked_at"))
        .isEqualTo(1);
    assertThat(count("groups")).isEqualTo(2);
    assertThat(count("group_members")).isEqualTo(2);
  }

  @Test
  void of_several_people_who_would_have_one_handle_one_gets_it() {
    List<String> outcomes = many(n -> outcome(begun(), "alice subject-" + n));

    assertThat(outcomes).filteredOn("Completed"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("HANDLE_TAKEN"::equals).hasSize(MANY - 1);
    assertThat(count("identities")).isEqualTo(1);
  }

  @Test
  void a_sign_in_is_finished_once() {
    Begun begun = begun();

    List<String> outcomes = many(n -> outcome(begun, "alice alice-id"));

    assertThat(outcomes).filteredOn("Completed"::equals).hasSize(1);
    assertThat(outcomes).filteredOn("UNKNOWN_ATTEMPT"::equals).hasSize(MANY - 1);
  }

  @Test
  void another_browser_can_not_finish_a_sign_in() {
    Begun victims = begun();
    Begun attackers = begun();

    assertThat(outcome(new Begun(attackers.state(), victims.binding()), "mallory mallory-id"))
        .isEqualTo("UNKNOWN_ATTEMPT");
    assertThat(outcome(new Begun(victims.state(), attackers.binding()), "alice alice-id"))
        .isEqualTo("UNKNOWN_ATTEMPT");
    assertThat(outcome(victims, "alice alice-id")).isEqualTo("Completed");
    assertThat(outcome(attackers, "mallory mallory-id")).isEqualTo("Completed");
  }

  @Test
  void a_handle_that_sign_ins_and_administrators_want_at_once_is_given_once() {
    User root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
    Actor administrator = RacingUseCases.as(root);
    RacingUseCases operations = new RacingUseCases(PORTS);

    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? outcome(begun(), "alice subject-" + n)
                    : made(operations, administrator));

    assertThat(outcomes)
        .filteredOn(one -> one.equals("Completed") || one.equals("made"))
        .hasSize(1);
    assertThat(outcomes)
        .filteredOn(one -> !one.equals("Completed") && !one.equals("made"))
        .hasSize(MANY - 1)
        .containsOnly("HANDLE_TAKEN", "handle_taken");
    assertThat(count("users where handle = 'alice'")).isEqualTo(1);
    assertThat(count("identities")).isEqualTo(outcomes.contains("Completed") ? 1 : 0);
  }

  @Test
  void a_user_with_the_same_address_is_not_found_by_it() {
    assertThat(outcome(begun(), "alice alice-id")).isEqualTo("Completed");

    assertThat(outcome(begun(), "mallory mallory-id")).isEqualTo("Completed");

    assertThat(count("users where email = 'same@example.org'")).isEqualTo(2);
  }

  private static String made(RacingUseCases operations, Actor administrator) {
    Outcome<Users.CreatedUser> outcome =
        operations.users.create(administrator, Users.NewUser.of("alice"));
    return outcome instanceof Outcome.Done ? "made" : Outcomes.because(outcome);
  }

  /** A sign-in under way in one browser. */
  private record Begun(String state, BrowserSecret binding) {}

  private static Begun begun() {
    return SIGN_IN.begin("/console", "192.0.2.1") instanceof SignIn.SignInStart.Started started
        ? new Begun(started.location().getQuery().substring("state=".length()), started.binding())
        : new Begun("", BrowserSecret.presented(""));
  }

  private static String outcome(Begun begun, String code) {
    SignInResult result =
        SIGN_IN.finish(
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

  private static int count(String of) {
    return PORTS.sql().sql("select count(*) from " + of).query(Integer.class).single();
  }

  private static SignInFeature feature() {
    InstantSource clock = InstantSource.system();
    AuditedChanges changes =
        new AuditedChanges(PORTS.transactions(), PORTS.auditTrail(), PORTS.ids(), clock);
    return SignInFeature.of(
        new OidcSettings(
            ISSUER,
            new OidcSettings.Client("claviger", Optional.empty(), URI.create("https://c.example/")),
            OidcSettings.DEFAULT_SCOPES,
            new OidcSettings.Claims("preferred_username", Optional.of("groups")),
            Optional.empty(),
            Set.of(),
            Duration.ofDays(7)),
        new NamingProvider(),
        PORTS.signIns(),
        new Identities.Stores(
            PORTS.users(),
            new JdbcIdentities(PORTS.database()),
            new JdbcSyncedGroups(PORTS.database(), PORTS.ids()),
            new JdbcSessions(PORTS.database()),
            PORTS.credentials(),
            PORTS.userKeys()),
        RacingUseCases.SEALER,
        new SeededRandomBytes(1),
        PORTS.scimUsers(),
        ScimSettings.DEFAULT,
        changes);
  }

  /** Says about a code what the code itself says: a name and a subject. */
  private static final class NamingProvider implements IdentityProvider {
    @Override
    public URI authorizationUri(String state, String nonce, String verifier) {
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
                  Secret.takingOver("refresh-token".getBytes(StandardCharsets.UTF_8)), true)));
    }

    @Override
    public Refreshed refresh(Secret refreshToken, Identity expected) {
      throw new ProviderUnavailable("away", true);
    }

    @Override
    public LoggedOut validateLogout(String logoutToken) {
      throw new InvalidResponse("none");
    }
  }
}
