package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.contracts.PricesContract;
import io.claviger.application.fakes.Ports;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PostgresPricesTest extends PricesContract {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final PriceScope OPENAI = new PriceScope.OfProvider(Provider.OPENAI);
  private static final ModelName GPT = new ModelName("gpt-4o");
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  private final Prices use =
      Prices.of(PORTS.prices(), PORTS.providers(), RacingUseCases.changes(PORTS));

  @Override
  protected Ports freshPorts() {
    return PORTS.emptied();
  }

  @Test
  void who_only_creates_a_price_does_not_replace_one_that_is_replaced_meanwhile() {
    Actor admin = administrator();

    List<String> outcomes =
        whileReplaced(
            n ->
                code(
                    use.save(
                        admin, Provider.OPENAI, GPT, Precondition.CREATE_ONLY, content(100 + n))));

    assertThat(outcomes).hasSize(MANY).containsOnly("precondition_failed");
    assertThat(inForce()).containsExactly(2L);
  }

  @Test
  void a_price_that_is_replaced_meanwhile_is_deleted_once() {
    Actor admin = administrator();

    List<String> outcomes =
        whileReplaced(n -> code(use.delete(admin, Provider.OPENAI, GPT, Optional.of(DAY))));

    assertThat(outcomes).containsOnlyOnce(DONE).containsOnly(DONE, "not_found");
    assertThat(inForce()).isEmpty();
  }

  @Test
  void of_sixteen_that_write_the_first_price_of_a_service_one_does() {
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance service = PORTS.stored(AnInstance.of(carol, "s").build());
    ServicePrices own =
        ServicePrices.of(PORTS.instances(), PORTS.prices(), RacingUseCases.changes(PORTS));

    List<String> outcomes =
        ConcurrentAttempts.many(
            n ->
                code(
                    own.save(
                        RacingUseCases.as(carol),
                        service.ref(),
                        GPT,
                        Precondition.CREATE_ONLY,
                        content(1 + n))));

    assertThat(outcomes).containsOnlyOnce(DONE).containsOnly(DONE, "precondition_failed");
  }

  private static Actor administrator() {
    return RacingUseCases.as(PORTS.stored(AUser.called("root").administrator().build()));
  }

  /** Replaces a price by another one, for which all attempts wait. */
  private static List<String> whileReplaced(IntFunction<String> attempt) {
    assertThat(PORTS.prices().save(OPENAI, GPT, content(1), NOW)).isPresent();
    return ConcurrentAttempts.manyBehind(
        PORTS,
        () -> {
          assertThat(PORTS.prices().lock(OPENAI, GPT, DAY)).isPresent();
          assertThat(PORTS.prices().save(OPENAI, GPT, content(2), NOW)).isPresent();
        },
        attempt);
  }

  private static List<Long> inForce() {
    return PORTS.prices().list(Optional.of(OPENAI), PriceFilter.NONE, Optional.empty(), 9).stream()
        .map(listed -> listed.price().rates().of(Rate.INPUT))
        .toList();
  }

  private static PriceContent content(long pico) {
    return new PriceContent(DAY, PriceTerms.of(new Rates(Map.of(Rate.INPUT, pico))));
  }
}
