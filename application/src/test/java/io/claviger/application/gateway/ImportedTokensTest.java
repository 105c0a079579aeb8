package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.ImportedTokens;
import io.claviger.application.accounts.ImportedTokens.Added;
import io.claviger.application.accounts.ImportedTokens.NewImportedToken;
import io.claviger.application.builders.AProject;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gateway accepts tokens that another system issued, and nothing else does. */
class ImportedTokensTest {
  private static final TokenText OLD = TokenText.presented("sk-0123456789abcdefghij");
  private static final TokenPrefix SK = new TokenPrefix("sk-");
  private static final Duration DAY = Duration.ofDays(1);

  private final Calls c = new Calls();
  private final Instance service = c.write.withKeyAndHeaders(c.alice, "s");

  private Instant now() {
    return c.w.claviger.clock().instant();
  }

  /** Adds a token in a transaction of its own. */
  private Added add(User owner, TokenHash hash, String from, TokenPrefix prefix) {
    return add(owner, hash, new AccessToken.Imported(from, prefix));
  }

  private Added add(User owner, TokenHash hash, AccessToken.Imported imported) {
    return ImportedTokens.inOneTransaction(c.w.claviger.accessTokens(), c.w.claviger.ids())
        .add(
            new NewImportedToken(
                owner.id(),
                new TokenName("old key"),
                hash,
                imported,
                Optional.empty(),
                Limits.NONE,
                now(),
                now().plus(DAY)));
  }

  private Added add(User owner, TokenText text) {
    return add(owner, text.hash(), "litellm", SK);
  }

  private CallRefusal refusal(TokenText text) {
    return Calls.refusal(c.call(text, service));
  }

  @Test
  void an_imported_token_is_good_at_the_gateway_until_it_expires() {
    assertThat(refusal(OLD)).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(add(c.alice, OLD)).isInstanceOf(Added.New.class);
    c.w.nanos.advance(Duration.ofSeconds(6));

    Calls.authorized(c.call(OLD, service)).close();
    Calls.authorized(c.remember(OLD, service)).close();
    Calls.authorized(c.atOnce(OLD, service).orElseThrow()).close();

    c.w.claviger.clock().advance(DAY);
    assertThat(refusal(OLD)).isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void it_is_good_for_the_services_that_came_with_it_alone() {
    Instance other = c.write.withKeyAndHeaders(c.alice, "other");
    Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());
    AccessToken.Imported bounded =
        new AccessToken.Imported("litellm", SK, Optional.of(Set.of(service.id().value())));

    assertThat(add(c.alice, OLD.hash(), bounded)).isInstanceOf(Added.New.class);
    c.w.nanos.advance(Duration.ofSeconds(6));

    Calls.authorized(c.call(OLD, service)).close();
    assertThat(Calls.refusal(c.call(OLD, other))).isEqualTo(CallRefusal.NOT_FOUND);
    assertThat(Calls.refusal(c.call(OLD, project))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void the_api_and_the_console_refuse_it() {
    assertThat(add(c.alice, OLD)).isInstanceOf(Added.New.class);

    assertThat(c.w.accessTokens.authenticate(OLD, Wiring.ADDRESS, "r"))
        .isInstanceOf(AccessTokens.Authentication.Rejected.class);
    assertThat(c.w.accessTokens.authenticateForReading(OLD, new CallerOrigin(Wiring.ADDRESS), "r"))
        .isInstanceOf(AccessTokens.Authentication.Rejected.class);
  }

  @Test
  void a_text_that_looks_like_a_token_of_ours_is_never_an_imported_one() {
    TokenText ours = TokenText.of(new byte[64]);
    assertThat(add(c.alice, ours)).isInstanceOf(Added.New.class);

    assertThat(refusal(ours)).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(Calls.refusal(c.remember(ours, service))).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(c.w.accessTokens.authenticate(ours, Wiring.ADDRESS, "r"))
        .isInstanceOf(AccessTokens.Authentication.Rejected.class);
  }

  @Test
  void a_second_import_changes_nothing() {
    Added first = add(c.alice, OLD);
    c.w.claviger.clock().advance(Duration.ofMinutes(1));

    assertThat(add(c.alice, OLD)).isEqualTo(new Added.Known(((Added.New) first).token()));
  }

  @Test
  void a_prefix_that_the_gateway_would_never_look_for_is_refused() {
    for (int n = 0; n < ImportedTokens.MOST_PREFIXES; n++) {
      TokenText text = TokenText.presented("old%02d-0123456789".formatted(n));
      assertThat(add(c.alice, text.hash(), "litellm", new TokenPrefix("old%02d".formatted(n))))
          .isInstanceOf(Added.New.class);
    }

    assertThat(add(c.alice, OLD)).isInstanceOf(Added.TooManyPrefixes.class);
    assertThat(c.w.claviger.accessTokens().find(OLD.hash())).isEmpty();
    assertThat(
            add(
                c.alice,
                TokenText.presented("old07-a").hash(),
                "litellm",
                new TokenPrefix("old07")))
        .isInstanceOf(Added.New.class);
  }

  @Test
  void nobody_gets_the_token_of_another_by_its_hash() {
    assertThat(add(c.alice, OLD)).isInstanceOf(Added.New.class);

    assertThat(add(c.bob, OLD)).isInstanceOf(Added.Taken.class);
    assertThat(add(c.bob, c.alices)).isInstanceOf(Added.Taken.class);
    assertThat(add(c.alice, c.alices)).isInstanceOf(Added.Taken.class);
    assertThat(add(c.alice, OLD.hash(), "other", SK)).isInstanceOf(Added.Taken.class);

    assertThat(owner(OLD)).isEqualTo(c.alice.id());
    assertThat(owner(c.alices)).isEqualTo(c.alice.id());
  }

  private User.Id owner(TokenText text) {
    return c.w.claviger.accessTokens().find(text.hash()).orElseThrow().user().id();
  }

  @Test
  void texts_without_a_prefix_in_use_are_never_looked_up() {
    assertThat(add(c.alice, OLD)).isInstanceOf(Added.New.class);
    TokenText other = TokenText.presented("key-123456789");
    TokenText wrong = TokenText.presented("sk-wrong-123456");
    int before = c.w.facts.asked();

    assertThat(refusal(other)).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(refusal(TokenText.presented("sk-1"))).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(c.w.facts.asked()).isEqualTo(before);
    assertThat(c.atOnce(other, service).map(Calls::refusal)).contains(CallRefusal.BAD_TOKEN);

    assertThat(refusal(wrong)).isEqualTo(CallRefusal.BAD_TOKEN);
    assertThat(c.w.facts.asked()).isEqualTo(before + 1);
    assertThat(c.atOnce(wrong, service)).isEmpty();
  }

  @Test
  void wrong_texts_count_as_bad_tokens_of_their_address() {
    assertThat(add(c.alice, OLD)).isInstanceOf(Added.New.class);
    for (int n = 0; n < 20; n++) {
      assertThat(refusal(TokenText.presented("sk-wrong-" + n))).isEqualTo(CallRefusal.BAD_TOKEN);
    }

    assertThat(refusal(TokenText.presented("sk-wrong-20")))
        .isEqualTo(CallRefusal.TOO_MANY_BAD_TOKENS);
    Calls.authorized(c.call(OLD, service)).close();
  }

  @Test
  void an_imported_token_ends_when_it_would_have_or_sooner() {
    Instant end = now().plus(ImportedTokens.LIFETIME);

    assertThat(ImportedTokens.expiry(now(), ImportedTokens.LIFETIME, Optional.empty()))
        .isEqualTo(end);
    assertThat(
            ImportedTokens.expiry(now(), ImportedTokens.LIFETIME, Optional.of(end.plusSeconds(1))))
        .isEqualTo(end);
    assertThat(ImportedTokens.expiry(now(), ImportedTokens.LIFETIME, Optional.of(now().plus(DAY))))
        .isEqualTo(now().plus(DAY));
  }
}
