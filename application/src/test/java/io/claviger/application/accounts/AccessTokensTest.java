package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.Wiring;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.builders.AToken;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final AccessToken first = AToken.of(alice).createdAt(Seeds.SEEDED_AT).build();
  private final AccessToken second =
      AToken.of(alice).createdAt(Seeds.SEEDED_AT.plusSeconds(5)).build();
  private final TokenText firstText = w.stored(first);
  private final TokenText secondText = w.stored(second);

  @Test
  void users_list_their_tokens_oldest_first() {
    assertThat(listed(list(w.as(alice), Optional.empty(), 50)).items())
        .containsExactly(first, second);
  }

  @Test
  void an_administrator_lists_anybodys() {
    assertThat(listed(list(w.as(root), Optional.empty(), 50)).items()).hasSize(2);
  }

  @Test
  void another_users_tokens_are_not_there() {
    assertThat(because(list(w.as(bob), Optional.empty(), 50))).isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_lists_none() {
    assertThat(because(list(w.using(alice), Optional.empty(), 50))).isEqualTo("forbidden");
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Page<AccessToken, TimeCursor> page = listed(list(w.as(alice), Optional.empty(), 1));

    assertThat(page.items()).containsExactly(first);
    assertThat(listed(list(w.as(alice), page.next(), 1)).items()).containsExactly(second);
  }

  @Test
  void a_revoked_token_is_rejected_at_once() {
    Outcome<AccessToken.Id> outcome = revoke(w.as(alice), first.id());

    assertThat(outcome).isEqualTo(Outcome.done(first.id()));
    assertThat(accepted(firstText)).isFalse();
    assertThat(accepted(secondText)).isTrue();
  }

  @Test
  void a_leaked_token_that_others_keep_changing_is_not_said_to_have_ended() {
    LeakedTokens leaked = new LeakedTokens(w.claviger.accessTokens(), w.changes);
    Supplier<Optional<AccessTokenStore.Presented>> contended =
        () -> {
          throw new ConcurrencyConflict(
              ConcurrencyConflict.How.LOCKED, new IllegalStateException("held"));
        };

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> leaked.end(contended, Wiring.ADDRESS, "r"))
        .extracting(RefusedException::refusal)
        .isEqualTo(Refusal.Conflict.CONCURRENT_CHANGE);
  }

  @Test
  void an_administrator_revokes_anybodys() {
    Outcome<AccessToken.Id> unused = revoke(w.as(root), first.id());

    assertThat(accepted(firstText)).isFalse();
  }

  @Test
  void nobody_else_revokes_a_token() {
    assertThat(because(revoke(w.as(bob), first.id()))).isEqualTo("not_found");
    assertThat(accepted(firstText)).isTrue();
  }

  @Test
  void a_token_is_revoked_under_its_own_user_only() {
    Outcome<AccessToken.Id> outcome = w.accessTokens.revoke(w.as(bob), bob.handle(), first.id());

    assertThat(because(outcome)).isEqualTo("not_found");
    assertThat(accepted(firstText)).isTrue();
  }

  @Test
  void what_is_revoked_is_not_there_any_more() {
    Outcome<AccessToken.Id> unused = revoke(w.as(alice), first.id());

    assertThat(because(revoke(w.as(alice), first.id()))).isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_revokes_none() {
    assertThat(because(revoke(w.using(alice), first.id()))).isEqualTo("forbidden");
  }

  @Test
  void a_revocation_is_on_record() {
    Outcome<AccessToken.Id> unused = revoke(w.as(root), first.id());

    assertThat(w.recorded())
        .containsExactly("token.delete done alice [" + first.id().value() + "]");
  }

  @Test
  void a_refused_revocation_is_on_record() {
    Outcome<AccessToken.Id> unused = revoke(w.as(bob), first.id());

    assertThat(w.recorded()).containsExactly("token.delete refused alice [not_found]");
  }

  private boolean accepted(TokenText text) {
    return w.accessTokens.authenticate(text, Wiring.ADDRESS, "r")
        instanceof AccessTokens.Authentication.Authenticated;
  }

  private Outcome<Page<AccessToken, TimeCursor>> list(
      Actor actor, Optional<TimeCursor> after, int limit) {
    return w.accessTokens.list(actor, alice.handle(), new PageRequest<>(after, limit));
  }

  private static Page<AccessToken, TimeCursor> listed(
      Outcome<Page<AccessToken, TimeCursor>> outcome) {
    return outcome.orThrow();
  }

  private Outcome<AccessToken.Id> revoke(Actor actor, AccessToken.Id token) {
    return w.accessTokens.revoke(actor, alice.handle(), token);
  }
}
