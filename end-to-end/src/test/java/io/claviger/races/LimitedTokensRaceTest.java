package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitedTokensRaceTest {
  private static final int PER_MINUTE = 5;

  @Test
  void all_tokens_that_a_limited_one_created_make_as_many_calls_as_it_alone() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      Instance.Ref ref = RaceFixture.ref(alice, "lent");
      InstanceWriteBuilder keyed =
          InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key("sk-0123456789");
      assertThat(fixture.put(alice, ref, Precondition.NONE, keyed))
          .isInstanceOf(Outcome.Done.class);
      AccessTokens.IssuedToken first = issued(fixture, alice);
      Actor limited =
          new Actor(alice.id(), alice.handle(), false, Optional.of(first.token()), "", "race");
      List<TokenText> texts = new ArrayList<>(List.of(first.text()));
      for (int i = 0; i < PER_MINUTE; i++) {
        texts.add(issued(fixture, limited).text());
      }

      List<CallAuthorization.AuthorizationOutcome> outcomes = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        outcomes.addAll(
            SimultaneousThreads.sixteen(n -> fixture.call(texts.get(n % texts.size()), ref)));
      }

      assertThat(outcomes)
          .filteredOn(CallAuthorization.AuthorizationOutcome.Authorized.class::isInstance)
          .hasSize(PER_MINUTE);
    }
  }

  private static AccessTokens.IssuedToken issued(RaceFixture fixture, Actor actor) {
    AccessTokens.NewToken limited =
        new AccessTokens.NewToken(
            new TokenName("limited"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Limits(Optional.of(PER_MINUTE), Optional.empty(), Optional.empty()),
            false);
    Outcome<AccessTokens.IssuedToken> outcome =
        fixture.context().get(AccessTokens.class).issue(actor, actor.handle(), limited);
    return outcome.orThrow();
  }
}
