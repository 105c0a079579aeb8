package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.IgnoredProgress;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Active calls, which are reviewed when something has changed. Bob calls Alice's service by a share
 * or through her project.
 */
class ActiveCallReviewTest {
  private static final SecretChange KEEP = new SecretChange.Keep();

  private final Calls c = new Calls();
  private final Instance service = c.write.withKey(c.alice, "s");
  private final CallTarget direct = new CallTarget.Service(service.ref());

  @Test
  void a_call_may_go_on_while_nothing_changes() {
    share(AShare.with(c.bob));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    for (int n = 0; n < 3; n++) {
      assertThat(again(c.bobs, direct, basis)).isEmpty();
    }
  }

  @Test
  void nothing_is_counted_opened_or_recorded() {
    TokenText limited = c.w.stored(AToken.of(c.alice).limits(requests(1)).build());
    AuthorizedCall.AuthorizationBasis basis = begun(limited, direct);
    int leases = c.w.leases.asked();
    c.w.forget();

    assertThat(again(limited, direct, basis)).isEmpty();

    assertThat(c.w.leases.asked()).isEqualTo(leases);
    assertThat(c.w.recorded()).isEmpty();
  }

  @Test
  void what_is_remembered_is_not_asked_for() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);
    int asked = c.w.facts.asked();

    assertThat(again(c.alices, direct, basis)).isEmpty();

    assertThat(c.w.facts.asked()).isEqualTo(asked);
  }

  @Test
  void it_ends_when_the_token_is_revoked_or_expires() {
    TokenText soon = c.w.stored(AToken.of(c.alice).expiresAt(inFiveSeconds()).build());
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);
    AuthorizedCall.AuthorizationBasis other = begun(soon, direct);

    c.w.claviger.clock().advance(Duration.ofSeconds(5));
    assertThat(again(soon, direct, other)).contains(CallRefusal.BAD_TOKEN);
    assertThat(c.w.claviger.accessTokens().deleteAll(c.alice.id())).isEqualTo(2);
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.BAD_TOKEN);
  }

  @Test
  void it_ends_when_the_share_is_revoked_or_expires() {
    User carol = c.w.user("carol");
    TokenText carols = c.w.stored(AToken.of(carol).build());
    share(AShare.with(c.bob));
    share(AShare.with(carol).expiresAt(inFiveSeconds()));
    AuthorizedCall.AuthorizationBasis bobs = begun(c.bobs, direct);
    AuthorizedCall.AuthorizationBasis basis = begun(carols, direct);

    c.w.claviger.clock().advance(Duration.ofSeconds(5));
    assertThat(again(carols, direct, basis)).contains(CallRefusal.NOT_FOUND);
    assertThat(again(c.bobs, direct, bobs)).isEmpty();
    assertThat(c.w.claviger.shares().delete(service.id(), c.bob.id())).isTrue();
    assertThat(again(c.bobs, direct, bobs)).contains(CallRefusal.NOT_FOUND);
  }

  @Test
  void it_ends_when_the_user_or_the_service_is_gone() {
    share(AShare.with(c.bob));
    AuthorizedCall.AuthorizationBasis alices = begun(c.alices, direct);
    AuthorizedCall.AuthorizationBasis bobs = begun(c.bobs, direct);

    c.w.claviger.instances().delete(service.id());
    assertThat(again(c.alices, direct, alices)).contains(CallRefusal.NOT_FOUND);
    c.w.claviger.users().delete(c.bob.id());
    assertThat(again(c.bobs, direct, bobs)).contains(CallRefusal.BAD_TOKEN);
  }

  @Test
  void it_ends_when_the_service_is_disabled() {
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    edit(TamperedInstances.disabled(service));

    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.DISABLED);
  }

  @Test
  void it_ends_when_the_service_goes_elsewhere() {
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    edit(TamperedInstances.endpoint(service, "https://api.openai.com/v2"));

    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_ends_when_the_key_is_replaced_or_cleared() {
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    c.w
        .claviger
        .instances()
        .update(
            AnInstance.of(c.alice, "s").id(service.id()).apiKeySetAt(inFiveSeconds()).build(),
            new SecretChange.Replace(another()),
            KEEP);
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
    Instance keyless = AnInstance.of(c.alice, "s").id(service.id()).build();
    c.w.claviger.instances().update(keyless, new SecretChange.Clear(), KEEP);
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void it_ends_when_another_key_would_be_used() {
    edit(TamperedInstances.keyPolicy(service, new KeyPolicy(true, true, true)));
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);
    assertThat(again(c.alices, direct, basis)).isEmpty();

    save(c.alice);

    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_ends_when_ones_own_key_is_replaced_or_deleted() {
    edit(TamperedInstances.keyPolicy(service, new KeyPolicy(true, true, false)));
    save(c.alice);
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);
    assertThat(again(c.alices, direct, basis)).isEmpty();

    c.w.claviger.clock().advance(Duration.ofMillis(1));
    save(c.alice);
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
    assertThat(c.w.claviger.userKeys().delete(service.id(), c.alice.id())).isTrue();
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.USER_API_KEY_REQUIRED);
  }

  @Test
  void it_goes_on_when_its_key_is_sealed_anew() {
    User carol = c.w.user("carol");
    TokenText carols = c.w.stored(AToken.of(carol).build());
    edit(TamperedInstances.keyPolicy(service, new KeyPolicy(true, true, true)));
    share(AShare.with(c.bob));
    share(AShare.with(carol));
    save(c.bob);
    AuthorizedCall.AuthorizationBasis bobs = begun(c.bobs, direct);
    AuthorizedCall.AuthorizationBasis basis = begun(carols, direct);
    assertThat(bobs.source()).isEqualTo(KeySource.USER);
    assertThat(basis.source()).isEqualTo(KeySource.CENTRAL);

    assertThat(resealed()).isEqualTo(2);

    c.w.forget();
    assertThat(again(c.bobs, direct, bobs)).isEmpty();
    assertThat(again(carols, direct, basis)).isEmpty();
  }

  @Test
  void another_users_own_key_is_none_of_its_business() {
    edit(TamperedInstances.keyPolicy(service, new KeyPolicy(true, true, true)));
    share(AShare.with(c.bob));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    save(c.alice);

    assertThat(again(c.bobs, direct, basis)).isEmpty();
  }

  @Test
  void it_ends_when_the_operation_is_beyond_new_limits() {
    share(AShare.with(c.bob));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    c.w
        .claviger
        .shares()
        .update(
            service.id(),
            AShare.with(c.bob)
                .limits(
                    new Limits(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Set.of(new Operation("GET models")))))
                .build(),
            c.alice.id());

    assertThat(again(c.bobs, direct, basis)).contains(CallRefusal.OPERATION_BEYOND_LIMITS);
  }

  @Test
  void it_ends_when_custom_headers_are_replaced_or_cleared() {
    headers(2, new SecretChange.Replace(headers("X-One")));
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);
    headers(3, KEEP);
    assertThat(again(c.alices, direct, basis)).isEmpty();

    headers(4, new SecretChange.Replace(headers("X-One")));
    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
    AuthorizedCall.AuthorizationBasis later = begun(c.alices, direct);
    c.w
        .claviger
        .instances()
        .update(described("s", 5).apiKeySetAt(keySetAt()).build(), KEEP, new SecretChange.Clear());
    assertThat(again(c.alices, direct, later)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_goes_on_when_its_custom_headers_are_sealed_anew() {
    headers(2, new SecretChange.Replace(headers("X-One")));
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    assertThat(resealed()).isEqualTo(2);

    c.w.forget();
    assertThat(again(c.alices, direct, basis)).isEmpty();
  }

  @Test
  void it_ends_when_the_organization_changes() {
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    edit(described("s", 2).organization("org-2").apiKeySetAt(keySetAt()).build());

    assertThat(again(c.alices, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_goes_on_when_the_description_or_the_timeout_changes() {
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, direct);

    edit(described("another description", 2).timeout(5_000).apiKeySetAt(keySetAt()).build());

    assertThat(again(c.alices, direct, basis)).isEmpty();
  }

  @Test
  void it_ends_when_a_model_is_not_allowed_any_more_and_not_when_one_is_added() {
    share(AShare.with(c.bob).limits(models("a", "b")));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    limit(models("a", "b", "c"));
    assertThat(again(c.bobs, direct, basis)).isEmpty();
    limit(Limits.NONE);
    assertThat(again(c.bobs, direct, basis)).isEmpty();
    limit(models("a"));
    assertThat(again(c.bobs, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_ends_when_models_are_limited_that_were_not() {
    share(AShare.with(c.bob));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    limit(models("a"));

    assertThat(again(c.bobs, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  @Test
  void it_ends_when_storage_that_it_might_use_is_withdrawn() {
    share(AShare.with(c.bob));
    edit(TamperedInstances.storing(service, "files"));
    AuthorizedCall.AuthorizationBasis basis = begun(c.bobs, direct);

    edit(TamperedInstances.storing(service, "files", "responses"));
    assertThat(again(c.bobs, direct, basis)).isEmpty();
    edit(TamperedInstances.storing(service, "responses"));
    assertThat(again(c.bobs, direct, basis)).contains(CallRefusal.SERVICE_CHANGED);
    assertThat(again(c.bobs, direct, basis.storingNothing())).isEmpty();
  }

  @Test
  void through_a_project_it_ends_with_the_membership_the_binding_and_the_owners_use() {
    Project project = c.w.stored(AProject.of(c.bob, "p").using(service).build());
    User carol = c.w.user("carol");
    TokenText carols = c.w.stored(AToken.of(carol).build());
    share(AShare.with(c.bob).mayReshare());
    c.w.member(project, carol, Role.READER);
    CallTarget callTarget = new CallTarget.OfProject(project.ref());
    AuthorizedCall.AuthorizationBasis basis = begun(carols, callTarget);
    assertThat(again(carols, callTarget, basis)).isEmpty();

    assertThat(c.w.claviger.shares().delete(service.id(), c.bob.id())).isTrue();
    assertThat(again(carols, callTarget, basis)).contains(CallRefusal.INSTANCE_REVOKED);
    share(AShare.with(c.bob).mayReshare());
    assertThat(again(carols, callTarget, basis)).isEmpty();
    assertThat(c.w.claviger.projectShares().delete(project.id(), carol.id())).isTrue();
    assertThat(again(carols, callTarget, basis)).contains(CallRefusal.NOT_FOUND);
  }

  @Test
  void through_a_project_it_ends_when_that_is_bound_to_another_service() {
    Instance other = c.write.withKey(c.alice, "other");
    Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());
    CallTarget callTarget = new CallTarget.OfProject(project.ref());
    AuthorizedCall.AuthorizationBasis basis = begun(c.alices, callTarget);

    c.w
        .claviger
        .projects()
        .update(
            new Project(
                project.id(),
                project.owner(),
                project.ref(),
                project.values(),
                Optional.of(other.id()),
                project.limits(),
                2,
                project.createdAt(),
                project.updatedAt()));

    assertThat(again(c.alices, callTarget, basis)).contains(CallRefusal.SERVICE_CHANGED);
  }

  private AuthorizedCall.AuthorizationBasis begun(TokenText token, CallTarget callTarget) {
    try (AuthorizedCall authorized = Calls.authorized(c.call(token, callTarget, Calls.OPERATION))) {
      return authorized.basis();
    }
  }

  private Optional<CallRefusal> again(
      TokenText token, CallTarget callTarget, AuthorizedCall.AuthorizationBasis basis) {
    return c.w.callAuthorization.lookAgain(Calls.asked(token, callTarget, Calls.OPERATION), basis);
  }

  private void share(AShare share) {
    Object unused = c.w.stored(service, share.givenBy(c.alice).build());
  }

  private void edit(Instance edited) {
    c.w.claviger.instances().update(edited, KEEP, KEEP);
  }

  /** A user's own key, resealed. */
  private void save(User user) {
    try (Secret secret = Secret.apiKey("sk-own-key".getBytes(StandardCharsets.US_ASCII))) {
      boolean unused =
          c.w
              .claviger
              .userKeys()
              .save(
                  new UserKey(service.id(), user.id(), c.w.claviger.clock().instant()),
                  c.w
                      .claviger
                      .sealer()
                      .seal(
                          secret,
                          KeyBinding.ofUserKey(service.id(), user.id(), service.destination())));
    }
  }

  /** Reseals all values under a new encryption key, as a rotation does. */
  private long resealed() {
    InMemorySealer fresh = c.w.claviger.sealer().behindANewKey();
    EncryptionKeys.RotationOutcome outcome =
        EncryptionKeys.of(
                c.w.claviger.encryptionKeys(),
                c.w.claviger.nodes(),
                c.w.claviger.sealedValues(),
                Optional.of(fresh),
                c.w.claviger.auditedChanges())
            .rotate(new IgnoredProgress());
    return ((EncryptionKeys.RotationOutcome.Done) outcome).resealed();
  }

  private SealedValue another() {
    try (Secret secret = Secret.apiKey("sk-another".getBytes(StandardCharsets.US_ASCII))) {
      return c.w
          .claviger
          .sealer()
          .seal(secret, KeyBinding.ofApiKey(service.id(), service.destination()));
    }
  }

  private void limit(Limits limits) {
    c.w
        .claviger
        .shares()
        .update(service.id(), AShare.with(c.bob).limits(limits).build(), c.alice.id());
  }

  private static Limits models(String... names) {
    return new Limits(
        Optional.empty(),
        Optional.of(Stream.of(names).map(ModelPattern::new).collect(Collectors.toSet())),
        Optional.empty());
  }

  private AnInstance described(String text, long version) {
    return AnInstance.of(c.alice, "s").id(service.id()).description(text).version(version);
  }

  private Instant keySetAt() {
    return service.apiKeySetAt().orElseThrow();
  }

  private void headers(long version, SecretChange change) {
    c.w
        .claviger
        .instances()
        .update(
            described("s", version).headerNames("X-One").apiKeySetAt(keySetAt()).build(),
            KEEP,
            change);
  }

  private SealedValue headers(String name) {
    try (Secret secret =
        Secret.takingOver((name + ":secret\n").getBytes(StandardCharsets.US_ASCII))) {
      return c.w
          .claviger
          .sealer()
          .seal(secret, KeyBinding.ofHeaders(service.id(), service.destination()));
    }
  }

  private Instant inFiveSeconds() {
    return c.w.claviger.clock().instant().plusSeconds(5);
  }

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }
}
