package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AToken;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IssueTokenTest {
  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");
  private final Instant later = w.claviger.clock().instant().plus(Duration.ofDays(30));

  @Test
  void a_token_is_shown_once_and_lets_its_user_in() {
    AccessTokens.IssuedToken issued = issued(issue(w.as(alice), AccountCommands.PLAIN_TOKEN));

    assertThat(w.accessTokens.authenticate(issued.text(), Wiring.ADDRESS, "r"))
        .isInstanceOf(AccessTokens.Authentication.Authenticated.class);
  }

  @Test
  void no_two_tokens_are_alike() {
    assertThat(issued(issue(w.as(alice), AccountCommands.PLAIN_TOKEN)).text())
        .isNotEqualTo(issued(issue(w.as(alice), AccountCommands.PLAIN_TOKEN)).text());
  }

  @Test
  void a_token_manages_unless_said_otherwise() {
    assertThat(issued(issue(w.as(alice), AccountCommands.PLAIN_TOKEN)).token().scope())
        .isEqualTo(TokenScope.MANAGE);
  }

  @Test
  void a_token_may_be_for_use_only() {
    assertThat(issued(issue(w.as(alice), AccountCommands.token(TokenScope.USE))).token().scope())
        .isEqualTo(TokenScope.USE);
  }

  @Test
  void a_token_keeps_its_expiry() {
    assertThat(issued(issue(w.as(alice), AccountCommands.tokenUntil(later))).token().expiresAt())
        .contains(later);
  }

  @Test
  void an_expiry_lies_ahead() {
    Instant now = w.claviger.clock().instant();

    for (Instant passed : List.of(Instant.parse("2020-01-01T00:00:00Z"), now)) {
      assertThat(codes(issue(w.as(alice), AccountCommands.tokenUntil(passed))))
          .containsExactly("/expires_at not_allowed");
    }
    TokenText unused = issued(issue(w.as(alice), AccountCommands.tokenUntil(later))).text();
  }

  @Test
  void a_token_of_scope_use_creates_none() {
    assertThat(because(issue(w.using(alice), AccountCommands.token(TokenScope.USE))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_token_creates_none_that_lasts_longer_than_itself() {
    Actor actor = w.with(alice, AToken.of(alice).expiresAt(later).build());

    assertThat(codes(issue(actor, AccountCommands.tokenUntil(later.plusSeconds(1)))))
        .containsExactly("/expires_at not_allowed");
  }

  @Test
  void a_token_that_ends_creates_none_that_does_not() {
    Actor actor = w.with(alice, AToken.of(alice).expiresAt(later).build());

    assertThat(codes(issue(actor, AccountCommands.PLAIN_TOKEN)))
        .containsExactly("/expires_at not_allowed");
  }

  @Test
  void a_token_creates_one_that_lasts_as_long_as_itself() {
    Actor actor = w.with(alice, AToken.of(alice).expiresAt(later).build());

    assertThat(issue(actor, AccountCommands.tokenUntil(later))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_token_creates_none_with_wider_limits() {
    Limits ten = new Limits(Optional.of(10), Optional.empty(), Optional.empty());
    Limits eleven = new Limits(Optional.of(11), Optional.empty(), Optional.empty());
    Actor actor = w.with(alice, AToken.of(alice).limits(ten).build());

    assertThat(codes(issue(actor, AccountCommands.limitedTo(eleven))))
        .containsExactly("/limits not_allowed");
  }

  @Test
  void a_token_inherits_the_rates_of_the_one_that_creates_it() {
    AccessToken own =
        AToken.of(alice).limits(rate(5)).inheritedRates(new TokenRate(new UUID(0, 1), 60)).build();

    assertThat(
            issued(issue(w.with(alice, own), AccountCommands.limitedTo(rate(3))))
                .token()
                .inherited()
                .rates())
        .containsExactly(new TokenRate(new UUID(0, 1), 60), new TokenRate(own.id().value(), 5));
  }

  @Test
  void no_more_than_eight_rates_are_inherited() {
    TokenRate[] eight = new TokenRate[TokenRate.MOST];
    for (int i = 0; i < eight.length; i++) {
      eight[i] = new TokenRate(new UUID(0, i), 100 - i);
    }
    Actor deep = w.with(alice, AToken.of(alice).limits(rate(5)).inheritedRates(eight).build());
    Actor asDeepAsMayBe =
        w.with(alice, AToken.of(alice).limits(rate(93)).inheritedRates(eight).build());

    assertThat(because(issue(deep, AccountCommands.limitedTo(rate(4))))).isEqualTo("forbidden");
    assertThat(issued(issue(asDeepAsMayBe, AccountCommands.limitedTo(rate(4)))).token())
        .returns(List.of(eight), t -> t.inherited().rates());
  }

  @Test
  void a_token_inherits_the_budgets_of_the_one_that_creates_it() {
    Budget ten = ABudget.requests(10).build();
    Budget total = ABudget.tokens(5).per(BudgetWindow.TOTAL).build();
    AccessToken own = AToken.of(alice).limits(Limits.of(new Budgets(List.of(ten, total)))).build();

    assertThat(
            issued(
                    issue(
                        w.with(alice, own),
                        AccountCommands.limitedTo(Limits.of(new Budgets(List.of(ten))))))
                .token()
                .inherited()
                .budgets())
        .containsExactly(
            new TokenBudget(own.id().value(), ten), new TokenBudget(own.id().value(), total));
    assertThat(
            codes(
                issue(
                    w.with(alice, own),
                    AccountCommands.limitedTo(Limits.of(ABudget.all(ABudget.requests(11)))))))
        .containsExactly("/limits not_allowed");
  }

  @Test
  void no_more_than_eight_budgets_are_inherited() {
    List<TokenBudget> eight = new ArrayList<>();
    for (int i = 0; i < TokenBudget.MOST; i++) {
      eight.add(new TokenBudget(new UUID(0, i), ABudget.requests(100 - i).build()));
    }
    AToken deep = AToken.of(alice).inherited(new InheritedLimits(List.of(), eight));

    assertThat(
            issued(issue(w.with(alice, deep.build()), AccountCommands.limitedTo(Limits.NONE)))
                .token()
                .inherited()
                .budgets())
        .isEqualTo(eight);
    Actor deeper = w.with(alice, deep.limits(Limits.of(ABudget.all(ABudget.requests(1)))).build());
    assertThat(because(issue(deeper, AccountCommands.limitedTo(Limits.NONE))))
        .isEqualTo("forbidden");
  }

  @Test
  void no_more_than_sixteen_limits_on_the_pace_are_inherited() {
    List<TokenPace> all = new ArrayList<>();
    for (int i = 0; i < TokenPace.MOST; i++) {
      all.add(new TokenPace(new UUID(0, i), PaceKind.TOKENS, 100 - i));
    }
    AToken deep = AToken.of(alice).inherited(new InheritedLimits(List.of(), List.of(), all));

    assertThat(
            issued(issue(w.with(alice, deep.build()), AccountCommands.limitedTo(Limits.NONE)))
                .token()
                .inherited()
                .paces())
        .isEqualTo(all);
    Limits stricter = Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 1));
    Actor deeper = w.with(alice, deep.limits(stricter).build());
    assertThat(because(issue(deeper, AccountCommands.limitedTo(stricter)))).isEqualTo("forbidden");
  }

  @Test
  void a_token_that_is_created_with_another_keeps_its_pace() {
    Limits four = Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 4));
    AccessToken own = AToken.of(alice).limits(four).build();
    Limits five = Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 5));

    for (Limits wider : List.of(five, Limits.NONE)) {
      assertThat(codes(issue(w.with(alice, own), AccountCommands.limitedTo(wider))))
          .containsExactly("/limits not_allowed");
    }
    AccessToken made = issued(issue(w.with(alice, own), AccountCommands.limitedTo(four))).token();
    assertThat(made.limits()).isEqualTo(four);
    assertThat(made.inherited().paces())
        .containsExactly(new TokenPace(own.id().value(), PaceKind.CONCURRENT, 4));
  }

  private static Limits rate(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }

  @Test
  void all_that_is_wrong_is_told_at_once() {
    Limits ten = new Limits(Optional.of(10), Optional.empty(), Optional.empty());
    Actor actor = w.with(alice, AToken.of(alice).limits(ten).expiresAt(later).build());

    assertThat(codes(issue(actor, AccountCommands.PLAIN_TOKEN)))
        .containsExactly("/limits not_allowed", "/expires_at not_allowed");
  }

  @Test
  void limits_are_kept() {
    Limits ten = new Limits(Optional.of(10), Optional.empty(), Optional.empty());

    assertThat(issued(issue(w.as(alice), AccountCommands.limitedTo(ten))).token().limits())
        .isEqualTo(ten);
  }

  @Test
  void another_user_is_not_there() {
    User unused = w.user("bob");

    assertThat(
            because(
                w.accessTokens.issue(w.as(alice), new Handle("bob"), AccountCommands.PLAIN_TOKEN)))
        .isEqualTo("not_found");
  }

  @Test
  void a_recovery_token_is_for_somebody_else() {
    assertThat(codes(issue(w.as(alice), AccountCommands.recovery())))
        .containsExactly("/recovery not_allowed");
  }

  @Test
  void a_new_token_is_on_record_without_its_text() {
    TokenText text = issued(issue(w.as(alice), AccountCommands.PLAIN_TOKEN)).text();

    assertThat(w.recorded()).containsExactly("token.create done alice [name, scope, expires_at]");
    assertThat(w.events().toString()).doesNotContain(text.reveal());
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<AccessTokens.IssuedToken> unused = issue(w.using(alice), AccountCommands.PLAIN_TOKEN);

    assertThat(w.recorded()).containsExactly("token.create refused alice [forbidden]");
  }

  private Outcome<AccessTokens.IssuedToken> issue(Actor actor, AccessTokens.NewToken command) {
    return w.accessTokens.issue(actor, actor.handle(), command);
  }

  private static AccessTokens.IssuedToken issued(Outcome<AccessTokens.IssuedToken> outcome) {
    return outcome.orThrow();
  }
}
