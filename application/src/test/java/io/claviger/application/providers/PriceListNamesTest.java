package io.claviger.application.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The names of providers in price lists. */
class PriceListNamesTest {
  private final Wiring w = new Wiring();
  private final Providers providers =
      Providers.of(w.claviger.providers(), w.claviger.apiStandards(), w.changes);

  @Test
  void a_provider_has_its_stated_name_in_price_lists_and_otherwise_its_own() {
    insert("perplexity", Optional.empty());
    insert("east", Optional.of("azure"));
    insert("west", Optional.of("azure"));

    assertThat(providers.byPriceList())
        .containsEntry("perplexity", List.of(Provider.of("perplexity")))
        .containsEntry("azure", List.of(Provider.AZURE, Provider.of("east"), Provider.of("west")))
        .doesNotContainKeys("east", "west");
  }

  private void insert(String name, Optional<String> priceList) {
    ProviderContent content =
        new ProviderContent(
            WireFormat.OPENAI,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            priceList,
            LimitHeaders.NONE,
            Set.of(),
            Set.of());
    Instant now = w.claviger.clock().instant();
    w.claviger
        .providers()
        .insert(new ListedProvider(Provider.of(name, content), true, 1, now, now));
  }
}
