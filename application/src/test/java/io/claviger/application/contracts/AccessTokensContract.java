package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static io.claviger.domain.accounts.AccessToken.Origin.DEVICE;
import static io.claviger.domain.accounts.AccessToken.Origin.NARROWED;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.AccessTokenStore.Presented;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.projects.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link AccessTokenStore} promises. */
public abstract class AccessTokensContract extends PortContract {
  private static final Limits LIMITS =
      new Limits(
              Optional.of(60),
              Optional.of(Set.of(new ModelPattern("small"), new ModelPattern("large"))),
              Optional.of(Set.of(new Operation("POST embeddings"))),
              Optional.of(1_000_000_000),
              ABudget.most())
          .with(APace.most());

  @Test
  void a_token_is_found_by_its_hash_with_its_user() {
    User alice = user("alice");
    AccessToken plain = AToken.of(alice).build();
    AccessToken full =
        AToken.of(alice)
            .name("ci")
            .scope(TokenScope.USE)
            .origin(AccessToken.Origin.RECOVERY)
            .limits(LIMITS)
            .inherited(
                new InheritedLimits(
                    List.of(new TokenRate(new UUID(0, 1), 60)),
                    List.of(
                        new TokenBudget(new UUID(0, 1), ABudget.requests(7).strict().build()),
                        new TokenBudget(new UUID(0, 1), ABudget.tokens(8).build())),
                    List.of(
                        new TokenPace(new UUID(0, 1), PaceKind.TOKENS, 9),
                        new TokenPace(new UUID(0, 2), PaceKind.CONCURRENT, 3))))
            .expiresAt(NOW)
            .build();
    ports.accessTokens().save(plain, hash(1));
    ports.accessTokens().save(full, hash(2));

    assertThat(ports.accessTokens().find(hash(1)))
        .contains(new Presented(plain, alice, Optional.empty()));
    assertThat(ports.accessTokens().find(hash(2)))
        .contains(new Presented(full, alice, Optional.empty()));
  }

  @Test
  void a_bound_token_is_found_with_its_binding_and_where_it_was_presented() {
    User alice = user("alice");
    TokenBinding binding =
        new TokenBinding(
            List.of(
                AddressNet.parse("10.0.0.0/8").orElseThrow(),
                AddressNet.parse("2001:db8::/32").orElseThrow()),
            Optional.of(CertificateThumbprint.of(new byte[] {1})));
    AccessToken bound = save(AToken.of(alice).bound(binding).build(), 1);
    AccessToken certified =
        save(AToken.of(alice).bound(new TokenBinding(List.of(), binding.certificate())).build(), 2);
    assertThat(ports.accessTokens().find(hash(1)).orElseThrow().token()).isEqualTo(bound);
    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token()).isEqualTo(certified);

    AccessToken.Stray stray = new AccessToken.Stray(NOW, "192.0.2.1");
    ports.accessTokens().recordStray(bound.id(), stray);

    AccessToken strayed = ports.accessTokens().find(hash(1)).orElseThrow().token();
    assertThat(strayed.stray()).contains(stray);
    assertThat(strayed).usingRecursiveComparison().ignoringFields("stray").isEqualTo(bound);
    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token()).isEqualTo(certified);
  }

  @Test
  void an_imported_token_is_added_unless_its_text_is_known() {
    User alice = user("alice");
    AccessToken imported = imported(alice, "sk-", NOW.plusSeconds(60));
    AccessToken own = save(AToken.of(user("bob")).build(), 2);

    assertThat(ports.accessTokens().add(imported, hash(1))).isTrue();
    assertThat(ports.accessTokens().add(imported(alice, "sk-", NOW), hash(1))).isFalse();
    assertThat(ports.accessTokens().add(imported(alice, "sk-", NOW), hash(2))).isFalse();

    assertThat(ports.accessTokens().find(hash(1)))
        .contains(new Presented(imported, alice, Optional.empty()));
    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token()).isEqualTo(own);
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).containsExactly(imported);
  }

  @Test
  void a_list_names_the_services_that_are_left_of_those_of_an_imported_token() {
    User alice = user("alice");
    Instance gone = AnInstance.of(alice, "gone").build();
    Instance one = stored(AnInstance.of(alice, "one").build());
    Instance another = stored(AnInstance.of(alice, "another").build());
    stored(AnInstance.of(alice, "not-of-the-token").build());
    AccessToken bound =
        save(AToken.of(alice).importedFor(NOW.plusSeconds(60), one, gone, another).build(), 1);
    AccessToken free = save(imported(alice, "sk-", NOW.plusSeconds(60)), 2);

    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10))
        .containsExactlyInAnyOrder(
            bound.withImportedServices(List.of("alice/another", "alice/one")), free);
    assertThat(ports.accessTokens().find(hash(1)).orElseThrow().token()).isEqualTo(bound);
  }

  @Test
  void the_prefixes_of_imported_tokens_that_have_not_expired_are_listed() {
    User alice = user("alice");
    assertThat(ports.accessTokens().importedPrefixes(NOW, 9)).isEmpty();
    save(AToken.of(alice).build(), 1);
    save(imported(alice, "sk-", NOW.plusSeconds(1)), 2);
    save(imported(alice, "sk-", NOW), 3);
    save(imported(alice, "key-", NOW), 4);
    save(imported(alice, "abc", NOW.plusSeconds(9)), 5);

    assertThat(ports.accessTokens().importedPrefixes(NOW, 9))
        .containsExactly(new TokenPrefix("abc"), new TokenPrefix("sk-"));
    assertThat(ports.accessTokens().importedPrefixes(NOW, 1))
        .containsExactly(new TokenPrefix("abc"));
    assertThat(ports.accessTokens().importedPrefixes(NOW.plusSeconds(9), 9)).isEmpty();
  }

  private static AccessToken imported(User owner, String prefix, Instant until) {
    return AToken.of(owner).limits(LIMITS).imported("litellm", prefix, until).build();
  }

  @Test
  void an_unknown_hash_finds_nothing() {
    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
  }

  @Test
  void a_restricted_token_names_its_service_and_ends_with_it() {
    User alice = user("alice");
    Instance service = stored(AnInstance.of(alice, "openai").build());
    AccessToken token = AToken.of(alice).onlyFor(service).build();
    ports.accessTokens().save(token, hash(1));

    assertThat(ports.accessTokens().find(hash(1)))
        .contains(new Presented(token, alice, Optional.empty()));
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).containsExactly(token);

    ports.instances().delete(service.id());

    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
  }

  @Test
  void tokens_that_are_restricted_to_a_service_are_listed_and_counted() {
    User alice = user("alice");
    Instance service = stored(AnInstance.of(alice, "openai").build());
    Instance other = stored(AnInstance.of(alice, "other").build());
    AccessToken token = AToken.of(alice).onlyFor(service).build();
    ports.accessTokens().save(token, hash(1));
    save(AToken.of(alice).build(), 2);
    save(AToken.of(user("bob")).onlyFor(service).build(), 3);

    assertThat(ports.accessTokens().listOf(alice.id(), Optional.of(service.ref()), none(), 10))
        .containsExactly(token);
    assertThat(ports.accessTokens().count(alice.id(), Optional.of(service.ref()), 10)).isEqualTo(1);
    assertThat(ports.accessTokens().count(alice.id(), Optional.of(other.ref()), 10)).isZero();
    assertThat(ports.accessTokens().count(alice.id(), none(), 10)).isEqualTo(2);
    assertThat(ports.accessTokens().count(alice.id(), none(), 1)).isEqualTo(1);
  }

  @Test
  void a_token_restricted_to_a_project_names_it_and_ends_with_it() {
    User alice = user("alice");
    Project project = stored(AProject.of(alice, "corpus").build());
    AccessToken token = AToken.of(alice).onlyFor(project).build();
    ports.accessTokens().save(token, hash(1));

    assertThat(ports.accessTokens().find(hash(1)))
        .contains(new Presented(token, alice, Optional.empty()));
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).containsExactly(token);

    ports.projects().delete(project.id());

    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
  }

  @Test
  void a_token_is_restricted_to_no_project_that_is_gone() {
    User alice = user("alice");
    AccessToken token = AToken.of(alice).onlyFor(AProject.of(alice, "gone").build()).build();

    assertLost(REFERENCE_GONE, () -> ports.accessTokens().save(token, hash(1)));
  }

  @Test
  void tokens_are_listed_by_creation_time_and_id() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken late = save(AToken.of(alice).createdAt(NOW.plusSeconds(1)).build(), 1);
    AccessToken early = save(AToken.of(alice).createdAt(NOW).build(), 2);
    AccessToken alsoEarly = save(AToken.of(alice).createdAt(NOW).build(), 3);
    save(AToken.of(bob).build(), 4);

    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10))
        .containsExactly(early, alsoEarly, late);
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 1)).containsExactly(early);
    TimeCursor behindEarly = new TimeCursor(NOW, early.id().value());
    assertThat(ports.accessTokens().listOf(alice.id(), Optional.of(behindEarly), 10))
        .containsExactly(alsoEarly, late);
  }

  @Test
  void that_a_user_had_a_token_is_remembered_after_it_is_gone() {
    User alice = user("alice");
    User bob = user("bob");
    assertThat(ports.credentials().everHadAny(alice.id())).isFalse();

    AccessToken token = save(AToken.of(alice).build(), 1);
    assertThat(ports.credentials().everHadAny(alice.id())).isTrue();

    ports.accessTokens().delete(alice.id(), token.id());
    assertThat(ports.credentials().everHadAny(alice.id())).isTrue();
    assertThat(ports.credentials().everHadAny(bob.id())).isFalse();
  }

  @Test
  void a_token_that_comes_again_replaces_itself() {
    User root = user("root");
    save(AToken.of(root).name("before").origin(AccessToken.Origin.ENVIRONMENT).build(), 1);

    AccessToken again =
        save(AToken.of(root).name("now").origin(AccessToken.Origin.ENVIRONMENT).build(), 1);

    assertThat(ports.accessTokens().listOf(root.id(), none(), 10)).containsExactly(again);
  }

  @Test
  void the_same_token_is_not_two_users() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken token = save(AToken.of(alice).build(), 1);

    assertLost(TAKEN, () -> ports.accessTokens().save(AToken.of(bob).build(), hash(1)));

    assertThat(ports.accessTokens().find(hash(1)))
        .contains(new Presented(token, alice, Optional.empty()));
  }

  @Test
  void a_token_needs_its_user_and_its_service() {
    User gone = AUser.called("gone").build();
    User alice = user("alice");
    Instance goneToo = AnInstance.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> save(AToken.of(gone).build(), 1));
    assertLost(REFERENCE_GONE, () -> save(AToken.of(alice).onlyFor(goneToo).build(), 2));
  }

  @Test
  void a_token_is_held_as_its_users_only_and_while_it_is_there() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken token = save(AToken.of(alice).build(), 1);

    assertThat(ports.accessTokens().hold(alice.id(), token.id())).isTrue();
    assertThat(ports.accessTokens().hold(bob.id(), token.id())).isFalse();
    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isTrue();
    assertThat(ports.accessTokens().hold(alice.id(), token.id())).isFalse();
  }

  @Test
  void a_token_is_deleted_as_its_users_only() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken token = save(AToken.of(alice).build(), 1);
    AccessToken other = save(AToken.of(alice).build(), 2);

    assertThat(ports.accessTokens().delete(bob.id(), token.id())).isFalse();
    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isTrue();
    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isFalse();
    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).containsExactly(other);
  }

  @Test
  void those_of_a_user_and_one_origin_are_deleted_and_counted() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken other = save(AToken.of(alice).build(), 1);
    save(AToken.of(alice).origin(AccessToken.Origin.COMMAND).build(), 2);
    save(AToken.of(alice).origin(AccessToken.Origin.COMMAND).build(), 3);
    AccessToken bobs = save(AToken.of(bob).origin(AccessToken.Origin.COMMAND).build(), 4);

    assertThat(ports.accessTokens().deleteAll(alice.id(), AccessToken.Origin.COMMAND)).isEqualTo(2);
    assertThat(ports.accessTokens().deleteAll(alice.id(), AccessToken.Origin.COMMAND)).isZero();
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).containsExactly(other);
    assertThat(ports.accessTokens().listOf(bob.id(), none(), 10)).containsExactly(bobs);
  }

  @Test
  void tokens_of_programs_are_deleted_when_they_have_ended_and_no_others_are() {
    User alice = user("alice");
    Instant now = databaseNow();
    Instant over = now.minusSeconds(120);
    Instant later = now.plusSeconds(600);
    AccessToken parent = save(AToken.of(alice).expiresAt(over).build(), 1);
    AccessToken live = save(made(alice, NARROWED, parent, later, none()), 2);
    AccessToken ended = save(made(alice, NARROWED, parent, over, none()), 3);
    AccessToken justEnded = save(made(alice, NARROWED, parent, now.minusSeconds(30), none()), 4);
    AccessToken renewable = save(made(alice, DEVICE, null, over, Optional.of(later)), 5);
    AccessToken gone = save(made(alice, DEVICE, null, over, Optional.of(over)), 6);
    AccessToken command =
        save(AToken.of(alice).origin(AccessToken.Origin.COMMAND).expiresAt(over).build(), 7);

    assertThat(ports.accessTokens().deleteEnded(Duration.ofSeconds(60), 1)).isEqualTo(1);
    assertThat(ports.accessTokens().deleteEnded(Duration.ofSeconds(60), 9)).isEqualTo(1);
    assertThat(ports.accessTokens().deleteEnded(Duration.ofSeconds(60), 9)).isZero();

    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10))
        .extracting(AccessToken::id)
        .containsExactlyInAnyOrder(
            parent.id(), live.id(), justEnded.id(), renewable.id(), command.id())
        .doesNotContain(ended.id(), gone.id());
  }

  @Test
  void another_text_and_the_narrower_tokens_of_one_token_are_its_own() {
    User alice = user("alice");
    Instant later = NOW.plusSeconds(60);
    AccessToken one = save(made(alice, DEVICE, null, NOW, Optional.of(later)), 1);
    AccessToken other = save(made(alice, DEVICE, null, NOW, Optional.of(later)), 2);
    AccessToken ofOne = save(made(alice, NARROWED, one, later, none()), 3);
    AccessToken ofOther = save(made(alice, NARROWED, other, later, none()), 4);

    ports.accessTokens().replaceText(one.id(), hash(5), later);
    assertThat(ports.accessTokens().find(hash(1))).isEmpty();
    assertThat(ports.accessTokens().find(hash(5)).orElseThrow().token().expiresAt())
        .contains(later);
    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token()).isEqualTo(other);

    ports.accessTokens().deleteNarrower(hash(9));
    assertThat(ports.accessTokens().find(hash(3)).orElseThrow().token()).isEqualTo(ofOne);
    ports.accessTokens().deleteNarrower(hash(5));
    assertThat(ports.accessTokens().find(hash(3))).isEmpty();
    assertThat(ports.accessTokens().find(hash(5))).isPresent();
    assertThat(ports.accessTokens().find(hash(2))).isPresent();
    assertThat(ports.accessTokens().find(hash(4)).orElseThrow().token()).isEqualTo(ofOther);
  }

  private AccessToken made(
      User user,
      AccessToken.Origin origin,
      @Nullable AccessToken parent,
      Instant expiresAt,
      Optional<Instant> refreshableUntil) {
    return new AccessToken(
        new AccessToken.Id(ports.ids().next()),
        user.id(),
        new TokenName("made"),
        TokenScope.USE,
        new AccessToken.Provenance(
            origin, Optional.ofNullable(parent).map(AccessToken::id), none(), none()),
        none(),
        Limits.NONE,
        InheritedLimits.NONE,
        NOW,
        Optional.of(expiresAt),
        none(),
        refreshableUntil,
        TokenBinding.NONE,
        none());
  }

  @Test
  void last_use_is_noted_and_goes_only_forward() {
    User alice = user("alice");
    AccessToken token = save(AToken.of(alice).build(), 1);

    AccessToken other = save(AToken.of(alice).build(), 2);

    ports.accessTokens().recordUse(token.id(), NOW);
    ports.accessTokens().recordUse(token.id(), NOW.minusSeconds(60));

    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token()).isEqualTo(other);
    assertThat(ports.accessTokens().find(hash(1)).orElseThrow().token().lastUsedAt()).contains(NOW);
  }

  @Test
  void last_use_is_noted_once_a_minute() {
    User alice = user("alice");
    AccessToken token = save(AToken.of(alice).build(), 1);

    ports.accessTokens().recordUse(token.id(), NOW);
    ports.accessTokens().recordUse(token.id(), NOW.plusMillis(59_999));
    assertThat(ports.accessTokens().find(hash(1)).orElseThrow().token().lastUsedAt()).contains(NOW);

    ports.accessTokens().recordUse(token.id(), NOW.plusSeconds(60));
    assertThat(ports.accessTokens().find(hash(1)).orElseThrow().token().lastUsedAt())
        .contains(NOW.plusSeconds(60));
  }

  @Test
  void the_use_of_a_token_that_is_gone_is_noted_nowhere() {
    User alice = user("alice");

    ports.accessTokens().recordUse(AToken.of(alice).build().id(), NOW);

    assertThat(ports.credentials().everHadAny(alice.id())).isFalse();
  }

  private AccessToken save(AccessToken token, int hash) {
    ports.accessTokens().save(token, hash(hash));
    return token;
  }
}
