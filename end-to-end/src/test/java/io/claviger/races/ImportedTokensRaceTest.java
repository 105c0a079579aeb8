package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.ImportedTokens;
import io.claviger.application.accounts.ImportedTokens.Added;
import io.claviger.application.accounts.ImportedTokens.NewImportedToken;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportedTokensRaceTest {
  @Test
  void a_text_gets_one_owner_however_many_imports_bring_it_at_once() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      List<Actor> owners =
          IntStream.range(0, 16).mapToObj(n -> fixture.user("owner-" + n)).toList();
      AccessTokenStore tokens = fixture.context().get(AccessTokenStore.class);
      Ids ids = fixture.context().get(Ids.class);
      Instant now = Instant.parse("2026-01-01T00:00:00Z");
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        TokenText text = TokenText.presented("sk-of-round-" + round);

        List<Added> added =
            SimultaneousThreads.sixteen(
                n ->
                    ImportedTokens.inOneTransaction(tokens, ids)
                        .add(
                            new NewImportedToken(
                                owners.get(n).id(),
                                new TokenName("old key"),
                                text.hash(),
                                new AccessToken.Imported("litellm", new TokenPrefix("sk-")),
                                Optional.empty(),
                                Limits.NONE,
                                now,
                                now.plusSeconds(60))));

        assertThat(added).filteredOn(Added.New.class::isInstance).hasSize(1);
        assertThat(added).filteredOn(Added.Taken.class::isInstance).hasSize(15);
      }
    }
  }
}
