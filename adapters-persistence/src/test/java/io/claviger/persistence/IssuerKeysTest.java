package io.claviger.persistence;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.credentials.port.ServiceStatement.Statement;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.InMemoryStatementSigner;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.issuer.ServiceStatements;
import io.claviger.application.issuer.SigningKeys;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.issuer.StatementIssuer.IssuerStatus;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.EncryptionKeys.DiscardOutcome;
import io.claviger.application.keys.EncryptionKeys.Progress;
import io.claviger.application.keys.EncryptionKeys.RetirementOutcome;
import io.claviger.application.keys.EncryptionKeys.RotationOutcome;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.IssuerKey.State;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.persistence.issuer.JdbcIssuerKeys;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys with which statements about services are signed, and their rotation. */
@SuppressWarnings("NullAway.Init") // set before each test
final class IssuerKeysTest {
  private static final Issuer ISSUER = new Issuer("https://claviger.example.org");

  private static final CredentialSettings FEDERATED =
      CredentialSettings.stored(
          CredentialKind.FEDERATED,
          Map.of(
              CredentialField.PROVIDER, "openai",
              CredentialField.TOKEN_URL, "https://auth.openai.com/oauth/token",
              CredentialField.AUDIENCE, "https://api.openai.com/v1",
              CredentialField.IDENTITY_PROVIDER_ID, "idp_1",
              CredentialField.SERVICE_ACCOUNT_ID, "svc_1"));

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final Transferring TRANSFERS = new Transferring(PORTS, new RacingUseCases(PORTS));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final InMemoryStatementSigner signer = new InMemoryStatementSigner();
  private final AtomicReference<Optional<Set<VerificationKey>>> shown =
      new AtomicReference<>(Optional.empty());
  private User alice;
  private Actor root;
  private Instance service;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    alice = PORTS.stored(AUser.called("alice").build());
    root = as(PORTS.stored(AUser.called("root").administrator().build()));
    service = stored("my-openai");
  }

  private Instance stored(String handle) {
    Instance made = AnInstance.of(alice, handle).build();
    PORTS.instances().insert(made, new SecretChange.Keep(), new SecretChange.Keep());
    return made;
  }

  private static Actor as(User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.empty(), "192.0.2.1", "request");
  }

  private AuditedChanges changes() {
    return PORTS.auditedChanges(clock);
  }

  private StatementIssuer issuer() {
    return issuer(sealer);
  }

  private StatementIssuer issuer(Sealer with) {
    return StatementIssuer.of(
        Optional.of(ISSUER), signingKeys(with), asked -> shown.get(), PORTS.instances(), changes());
  }

  private ServiceStatements statements(Sealer with) {
    return new ServiceStatements(
        Optional.of(ISSUER), signingKeys(with), PORTS.instances(), changes());
  }

  private SigningKeys signingKeys(Sealer with) {
    return new SigningKeys(new JdbcIssuerKeys(PORTS.database()), signer, with, changes());
  }

  private Statement sign(Instance about) {
    Instance now =
        PORTS
            .instances()
            .find(about.id(), User.Id.SYSTEM, clock.instant())
            .map(VisibleInstance::instance)
            .orElse(about);
    return statements(sealer)
        .about(now.credentialBinding(), now.owner())
        .sign("https://provider.example", ServiceStatement.Type.FEDERATION);
  }

  private static String text(Statement statement) {
    assertThat(statement).isInstanceOf(Statement.Signed.class);
    return ((Statement.Signed) statement)
        .jwt()
        .lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  /** Verifies as a provider does: by the key of the set that the head names. */
  private static boolean isAccepted(String jwt, List<VerificationKey> keySet) {
    String[] parts = jwt.split("\\.", -1);
    return keySet.stream()
        .filter(key -> decoded(parts[0]).contains("\"kid\":\"" + key.kid() + "\""))
        .anyMatch(key -> isSignedBy(key, parts));
  }

  private static boolean isSignedBy(VerificationKey key, String[] parts) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.modulus(), key.exponent())));
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<State> states(IssuerStatus status) {
    return status.keys().stream().map(IssuerKey::state).sorted().toList();
  }

  private IssuerStatus status() {
    return done(issuer().show(root, Optional.empty()));
  }

  private void show(List<VerificationKey> keys) {
    shown.set(Optional.of(new HashSet<>(keys)));
  }

  @Test
  void of_sixteen_that_sign_first_all_sign_with_the_same_key() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      int unused = PORTS.sql().sql("delete from issuer_keys").update();

      List<String> signed = Race.of(ConcurrentAttempts.MANY, n -> text(sign(service)), 1);

      List<VerificationKey> keySet = issuer().keySet();
      assertThat(keySet).hasSize(1);
      assertThat(signed).allMatch(jwt -> isAccepted(jwt, keySet)).doesNotHaveDuplicates();
    }
  }

  @Test
  void a_node_that_was_asked_too_early_publishes_the_first_key_of_another_at_once() {
    int unused = PORTS.sql().sql("delete from issuer_keys").update();
    StatementIssuer asked = issuer();
    assertThat(asked.keySet()).isEmpty();

    String signed = text(sign(service));

    assertThat(isAccepted(signed, asked.keySet())).isTrue();
  }

  @Test
  void a_statement_is_about_its_service_and_no_other() {
    Instance other = stored("other");

    assertThat(decoded(text(sign(service)).split("\\.", -1)[1]))
        .contains(
            "\"sub\":\"service:" + service.id().value() + "\"", "\"claviger/owner\":\"alice\"")
        .doesNotContain(other.id().value().toString());
    assertThat(decoded(text(sign(other)).split("\\.", -1)[1]))
        .contains("\"sub\":\"service:" + other.id().value() + "\"", "\"claviger/handle\":\"other\"")
        .doesNotContain(service.id().value().toString());
    assertThat(sign(AnInstance.of(alice, "gone").build())).isInstanceOf(Statement.Unsigned.class);
  }

  @Test
  void a_new_key_signs_a_day_after_the_address_of_the_issuer_shows_it() {
    issuer().advance();
    VerificationKey first = issuer().keySet().getFirst();
    assertThat(states(done(issuer().rotate(root)))).containsExactly(State.PUBLISHED, State.SIGNING);
    List<VerificationKey> both = issuer().keySet();

    clock.advance(Duration.ofDays(3));
    issuer().advance();
    show(List.of(first));
    issuer().advance();
    assertThat(status().keys()).allMatch(key -> key.shownAt().isEmpty());

    show(both);
    issuer().advance();
    clock.advance(Duration.ofHours(24).minusMillis(1));
    issuer().advance();
    assertThat(states(status())).containsExactly(State.PUBLISHED, State.SIGNING);
    assertThat(isAccepted(text(sign(service)), List.of(first))).isTrue();

    clock.advance(Duration.ofMillis(1));
    shown.set(Optional.empty());
    issuer().advance();
    assertThat(states(status())).containsExactly(State.PUBLISHED, State.SIGNING);

    show(both);
    issuer().advance();
    assertThat(states(status())).containsExactly(State.SIGNING, State.RETIRED);
    assertThat(isAccepted(text(sign(service)), List.of(first))).isFalse();
    assertThat(isAccepted(text(sign(service)), both)).isTrue();
    assertThat(issuer().keySet()).containsExactlyInAnyOrderElementsOf(both);

    clock.advance(IssuerKey.SHOWN_AFTER);
    assertThat(issuer().keySet()).hasSize(1).doesNotContain(first);
    issuer().advance();
    assertThat(PORTS.sql().sql("select count(*) from issuer_keys").query(Integer.class).single())
        .isEqualTo(1);
  }

  @Test
  void a_key_that_the_address_showed_in_between_waits_a_day_anew() {
    issuer().advance();
    IssuerStatus rotated = done(issuer().rotate(root));
    show(rotated.keySet());
    issuer().advance();
    clock.advance(Duration.ofHours(23));
    show(List.of());
    issuer().advance();
    show(rotated.keySet());
    issuer().advance();
    clock.advance(Duration.ofHours(23));
    issuer().advance();

    assertThat(states(status())).containsExactly(State.PUBLISHED, State.SIGNING);
  }

  @Test
  void an_uploaded_key_signs_at_once() {
    issuer().advance();
    assertThat(because(issuer().confirmUpload(root))).isEqualTo("nothing_published");
    List<VerificationKey> uploaded = done(issuer().rotate(root)).keySet();

    assertThat(states(done(issuer().confirmUpload(root))))
        .containsExactly(State.SIGNING, State.RETIRED);
    assertThat(isAccepted(text(sign(service)), uploaded)).isTrue();
  }

  @Test
  void sixteen_rotations_publish_one_key_and_sixteen_revocations_leave_one() {
    issuer().advance();
    for (int round = 0; round < Race.ROUNDS; round++) {
      List<Outcome<IssuerStatus>> rotated =
          Race.of(ConcurrentAttempts.MANY, n -> issuer().rotate(root), 1);
      assertThat(rotated).anyMatch(Outcome.Done.class::isInstance);
      assertThat(states(status())).containsExactly(State.PUBLISHED, State.SIGNING);

      List<Outcome<IssuerStatus>> revoked =
          Race.of(ConcurrentAttempts.MANY, n -> issuer().revoke(root), 1);
      assertThat(revoked).anyMatch(Outcome.Done.class::isInstance);
      assertThat(states(status())).containsExactly(State.SIGNING);
    }
  }

  @Test
  void a_revoked_key_is_published_nowhere_and_signs_nothing_more() {
    String before = text(sign(service));
    List<VerificationKey> keySet = done(issuer().revoke(root)).keySet();

    assertThat(isAccepted(before, keySet)).isFalse();
    assertThat(isAccepted(text(sign(service)), keySet)).isTrue();
    assertThat(keySet).hasSize(1);
  }

  @Test
  void a_statement_lapses_with_the_revocation_of_its_key_and_not_with_a_rotation() {
    ServiceStatement signer =
        statements(sealer).about(service.credentialBinding(), service.owner());
    assertThat(signer.isRevoked()).isFalse();
    String unused = text(signer.sign("https://provider.example", ServiceStatement.Type.FEDERATION));
    assertThat(done(issuer().rotate(root)).keySet()).hasSize(2);
    assertThat(done(issuer().confirmUpload(root)).keySet()).hasSize(2);
    assertThat(signer.isRevoked()).isFalse();

    assertThat(done(issuer().revoke(root)).keySet()).hasSize(1);
    assertThat(signer.isRevoked()).isTrue();
  }

  /** Each statement is verified by the key set that was read before it was signed, as caches do. */
  @Test
  void a_key_that_stays_elsewhere_is_published_once_until_the_operator_names_another() {
    signer.stayOutside(false);
    for (int round = 0; round < Race.ROUNDS; round++) {
      int unused = PORTS.sql().sql("delete from issuer_keys").update();
      assertThat(Race.of(ConcurrentAttempts.MANY, n -> sign(service), 1))
          .allMatch(Statement.Signed.class::isInstance);
      assertThat(issuer().keySet()).hasSize(1);
    }
    assertThat(because(issuer().rotate(root))).isEqualTo("issuer_key_in_use");
    assertThat(because(issuer().revoke(root))).isEqualTo("issuer_key_in_use");
    String before = text(sign(service));

    signer.makeAnother();
    assertThat(states(done(issuer().rotate(root)))).containsExactly(State.PUBLISHED, State.SIGNING);
    assertThat(isAccepted(before, issuer().keySet())).isTrue();
    List<VerificationKey> revoked = done(issuer().revoke(root)).keySet();
    assertThat(isAccepted(before, revoked)).isFalse();
    assertThat(isAccepted(text(sign(service)), revoked)).isTrue();
    assertThat(because(issuer().revoke(root))).isEqualTo("issuer_key_in_use");
  }

  @Test
  void while_the_key_of_the_issuer_is_away_nothing_is_signed_and_no_other_key_made() {
    signer.stayOutside(true);
    assertThat(sign(service))
        .isEqualTo(
            new Statement.Unsigned(
                "The key of the issuer does not sign: the token is unplugged.", true));
    assertThat(because(issuer().rotate(root))).isEqualTo("issuer_key_unusable");
    assertThat(because(issuer().revoke(root))).isEqualTo("issuer_key_unusable");
    assertThat(issuer().keySet()).isEmpty();
    signer.stayOutside(false);
    assertThat(text(sign(service))).isNotEmpty();
    signer.stayOutside(true);
    assertThat(sign(service)).isInstanceOf(Statement.Unsigned.class);
    assertThat(issuer().keySet()).hasSize(1);
  }

  @Test
  void rotations_under_load_leave_no_statement_that_a_provider_can_not_verify() {
    issuer().advance();
    List<Boolean> accepted =
        Race.of(
            4,
            n -> {
              if (n == 0) {
                assertThat(done(issuer().rotate(root)).keys()).isNotEmpty();
                assertThat(done(issuer().confirmUpload(root)).keys()).isNotEmpty();
                return true;
              }
              String jwt = text(sign(service));
              return isAccepted(jwt, issuer().keySet());
            },
            5);

    assertThat(accepted).hasSize(20).containsOnly(true);
  }

  @Test
  void nobody_publishes_a_key_or_signs_with_one_by_writing_to_the_database() {
    issuer().advance();
    for (String change :
        List.of(
            "update issuer_keys set kid = repeat('x', 43)",
            "update issuer_keys set key_sealed = set_byte(key_sealed, 36, 1 # get_byte(key_sealed, 36))",
            "update issuer_keys set key_sealed = (select sentinel from encryption_keys)")) {
      List<String> signedBefore = List.of(text(sign(service)));
      assertThat(signedBefore).allMatch(jwt -> isAccepted(jwt, issuer().keySet()));

      assertThat(PORTS.sql().sql(change).update()).isEqualTo(1);

      assertThat(issuer().keySet()).isEmpty();
      assertThat(sign(service)).isInstanceOf(Statement.Unsigned.class);
      assertThat(done(issuer().revoke(root)).keySet()).hasSize(1);
    }
  }

  @Test
  void only_administrators_change_keys_and_everybody_reads_what_is_public() {
    Actor owner = as(alice);
    issuer().advance();

    assertThat(because(issuer().rotate(owner))).isEqualTo("forbidden");
    assertThat(because(issuer().confirmUpload(owner))).isEqualTo("forbidden");
    assertThat(because(issuer().revoke(owner))).isEqualTo("forbidden");
    assertThat(states(done(issuer().show(owner, Optional.empty())))).containsExactly(State.SIGNING);
  }

  @Test
  void the_rule_of_a_service_names_it_to_those_who_see_it() {
    Actor eve = as(PORTS.stored(AUser.called("eve").build()));
    IssuerStatus shownToAlice = done(issuer().show(as(alice), Optional.of(service.ref())));

    assertThat(shownToAlice.guides())
        .extracting(guide -> guide.provider().wireName())
        .containsExactly("anthropic", "aws", "azure", "google", "openai", "rfc8693");
    assertThat(shownToAlice.guides())
        .allSatisfy(
            guide ->
                assertThat(guide.entries())
                    .anyMatch(entry -> entry.value().contains("service:" + service.id().value())));
    assertThat(because(issuer().show(eve, Optional.of(service.ref())))).isEqualTo("not_found");
  }

  @Test
  void who_gets_a_federated_service_obtains_no_statement_that_the_givers_provider_accepts() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance given = AnInstance.of(alice, "given").credential(FEDERATED).build();
    PORTS.instances().insert(given, new SecretChange.Keep(), new SecretChange.Keep());
    String own = "service:" + given.id().value();
    assertThat(subject(given)).isEqualTo(own);

    move(alice, bob, "alice/given");
    assertThat(subject(given)).isEqualTo("owner:" + bob.id().value() + ":" + own);
    assertThat(
            done(issuer().show(as(bob), Optional.of(Instance.Ref.of("bob/given"))))
                .guides()
                .stream()
                .flatMap(guide -> guide.entries().stream())
                .map(FederationGuide.Entry::value)
                .filter(value -> value.contains(own)))
        .isNotEmpty()
        .allMatch(value -> value.contains(subject(given)));

    // The giver's trust is remembered even if the service had another credential or another owner
    // in between.
    assertThat(
            PORTS
                .sql()
                .sql(
                    "update instances set credential_kind = 'none', credential_settings = '{}'"
                        + " where handle = 'given'")
                .update())
        .isEqualTo(1);
    move(bob, carol, "bob/given");
    assertThat(subject(given)).isEqualTo("owner:" + carol.id().value() + ":" + own);
    assertThat(PORTS.instances().givenCredential(given.id()))
        .map(GivenCredential::settings)
        .contains(FEDERATED);

    move(carol, alice, "carol/given");
    assertThat(subject(given)).isEqualTo(own);
    assertThat(PORTS.instances().givenCredential(given.id())).isEmpty();
  }

  @Test
  void a_service_that_was_federated_once_obtains_no_statement_that_its_former_rule_accepts() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    String own = "service:" + service.id().value();

    move(alice, bob, "alice/my-openai");
    assertThat(subject(service)).isEqualTo("owner:" + bob.id().value() + ":" + own);
    move(bob, carol, "bob/my-openai");
    assertThat(subject(service)).isEqualTo("owner:" + carol.id().value() + ":" + own);
    move(carol, alice, "carol/my-openai");
    assertThat(subject(service)).isEqualTo(own);
  }

  @Test
  void the_first_owners_subject_is_that_of_the_owner_whom_they_let_use_exactly_their_settings() {
    User bob = PORTS.stored(AUser.called("bob").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance given = AnInstance.of(alice, "given").credential(FEDERATED).build();
    PORTS.instances().insert(given, new SecretChange.Keep(), new SecretChange.Keep());
    String own = "service:" + given.id().value();
    String bobs = "owner:" + bob.id().value() + ":" + own;
    move(alice, bob, "alice/given");
    PORTS.instances().leaveGivenCredential(given.id(), bob.id());
    assertThat(subject(given)).isEqualTo(own);

    // Otherwise, a rule that Bob makes for his own account would trust Alice after she has the
    // service back.
    set("array_append(credential_settings, 'scope=other')");
    assertThat(subject(given)).isEqualTo(bobs);
    set("array_remove(credential_settings, 'scope=other')");
    assertThat(subject(given)).isEqualTo(own);

    move(bob, carol, "bob/given");
    assertThat(subject(given)).isEqualTo("owner:" + carol.id().value() + ":" + own);
    assertThat(PORTS.instances().givenCredential(given.id()))
        .contains(new GivenCredential(FEDERATED, Optional.of(alice.id()), Optional.of(bob.id())));
    move(carol, bob, "carol/given");
    assertThat(subject(given)).isEqualTo(own);
    move(bob, carol, "bob/given");
    PORTS.instances().leaveGivenCredential(given.id(), carol.id());
    assertThat(subject(given)).isEqualTo(own);

    move(carol, bob, "carol/given");
    assertThat(subject(given)).isEqualTo(bobs);
    move(bob, alice, "bob/given");
    assertThat(subject(given)).isEqualTo(own);
    assertThat(PORTS.instances().givenCredential(given.id())).isEmpty();
  }

  private static void set(String settings) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    "update instances set credential_settings = "
                        + settings
                        + " where handle = 'given'")
                .update())
        .isEqualTo(1);
  }

  /**
   * A call that was authorized for the receiver may need its statement only when the giver has the
   * service back. The statement would go to the receiver's token URL.
   */
  @Test
  void nobody_obtains_a_statement_with_the_subject_of_a_later_owner_or_for_later_settings() {
    User bob = PORTS.stored(AUser.called("bob").build());
    Instance given = AnInstance.of(alice, "given").credential(FEDERATED).build();
    PORTS.instances().insert(given, new SecretChange.Keep(), new SecretChange.Keep());
    String own = "service:" + given.id().value();
    ServiceStatement alices = signer(given.id());
    move(alice, bob, "alice/given");
    ServiceStatement bobs = signer(given.id());
    assertThat(unsigned(alices)).contains("owner", "changed");
    assertThat(subject(bobs)).isEqualTo("owner:" + bob.id().value() + ":" + own);

    move(bob, alice, "bob/given");
    assertThat(unsigned(bobs)).contains("owner", "changed");
    assertThat(subject(alices)).isEqualTo(own);

    set("array_append(credential_settings, 'scope=other')");
    assertThat(unsigned(alices)).contains("credential", "changed");
  }

  private ServiceStatement signer(Instance.Id of) {
    Instance now =
        PORTS.instances().find(of, User.Id.SYSTEM, clock.instant()).orElseThrow().instance();
    return statements(sealer).about(now.credentialBinding(), now.owner());
  }

  private static Statement signed(ServiceStatement by) {
    return by.sign("https://provider.example", ServiceStatement.Type.FEDERATION);
  }

  private static String subject(ServiceStatement by) {
    return subject(signed(by));
  }

  /** Returns why a statement was not signed. Another attempt can succeed with the present row. */
  private static String unsigned(ServiceStatement by) {
    Statement.Unsigned unsigned = (Statement.Unsigned) signed(by);
    assertThat(unsigned.away()).isTrue();
    return unsigned.reason();
  }

  private static void move(User from, User to, String service) {
    assertThat(TRANSFERS.accept(to, TRANSFERS.offered(from, to, List.of(service))))
        .isEqualTo(ConcurrentAttempts.DONE);
  }

  private String subject(Instance about) {
    return subject(sign(about));
  }

  private static String subject(Statement signed) {
    return decoded(text(signed).split("\\.", -1)[1]).replaceAll(".*\"sub\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void an_installation_that_is_no_issuer_says_what_to_set() {
    StatementIssuer none =
        StatementIssuer.of(
            Optional.empty(),
            signingKeys(sealer),
            asked -> shown.get(),
            PORTS.instances(),
            changes());
    none.advance();

    assertThat(because(none.show(root, Optional.empty()))).isEqualTo("no_issuer");
    assertThat(none.show(root, Optional.empty()))
        .asString()
        .contains("CLAVIGER_PUBLIC_URL or CLAVIGER_ISSUER_URL");
    assertThat(because(none.rotate(root))).isEqualTo("no_issuer");
    assertThat(none.keySet()).isEmpty();
  }

  @Test
  void a_rotation_of_encryption_keys_seals_them_anew() {
    String before = text(sign(service));
    InMemorySealer fresh = sealer.behindANewKey();

    assertThat(keys(fresh).rotate(Progress.IGNORED))
        .isEqualTo(new RotationOutcome.Done(fresh.sealingKey(), 1, 0, List.of()));

    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(issuer()::keySet);
    assertThatExceptionOfType(MissingEncryptionKey.class)
        .isThrownBy(() -> issuer().show(root, Optional.empty()));
    assertThat(sign(service)).isInstanceOf(Statement.Unsigned.class);
    assertThat(isAccepted(before, issuer(fresh).keySet())).isTrue();
    assertThat(keys(fresh).retire(sealer.sealingKey())).isEqualTo(new RetirementOutcome.Done());
  }

  /** Providers would refuse the statements of a key that they miss in the set. */
  @Test
  void a_set_without_the_key_that_a_node_can_not_open_is_not_published() {
    issuer().advance();
    InMemorySealer fresh = sealer.behindANewKey();
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));
    assertThat(done(issuer(fresh).rotate(root)).keySet()).hasSize(2);

    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(issuer()::keySet);
    assertThat(issuer(fresh).keySet()).hasSize(2);
  }

  @Test
  void keys_that_were_lost_with_their_encryption_key_are_replaced() {
    String before = text(sign(service));
    InMemorySealer other = InMemorySealer.withOneKey();
    PORTS.encryptionKeys().add(other.sealingKey(), other.sentinel(other.sealingKey()));

    assertThat(keys(other).discard(sealer.sealingKey()))
        .isInstanceOf(DiscardOutcome.Concerns.class);

    String after =
        text(
            statements(other)
                .about(service.credentialBinding(), service.owner())
                .sign("https://provider.example", ServiceStatement.Type.JWT));
    List<VerificationKey> keySet = issuer(other).keySet();
    assertThat(isAccepted(before, keySet)).isFalse();
    assertThat(isAccepted(after, keySet)).isTrue();
  }

  private EncryptionKeys keys(Sealer with) {
    return EncryptionKeys.of(
        PORTS.encryptionKeys(), PORTS.nodes(), PORTS.sealedValues(), Optional.of(with), changes());
  }
}
