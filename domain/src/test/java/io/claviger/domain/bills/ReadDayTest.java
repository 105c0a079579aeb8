package io.claviger.domain.bills;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.ModelName;
import io.claviger.domain.usage.CountedModel;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReadDayTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 10);

  @Test
  void models_beyond_the_most_that_are_counted_apart_count_together() {
    List<BilledCost> costs =
        IntStream.range(0, CountedModel.MOST + 50)
            .mapToObj(
                i ->
                    new BilledCost(
                        DAY, Optional.empty(), Optional.of(new ModelName("model-" + i)), "USD", 1))
            .toList();
    ReadDay day = new ReadDay(DAY, Instant.EPOCH, List.of(), costs, Optional.empty());

    List<BilledCost> few = day.withFewModels().costs();

    assertThat(few).hasSize(CountedModel.MOST + 50);
    assertThat(few.stream().map(BilledCost::model).distinct()).hasSize(CountedModel.MOST + 1);
    assertThat(few.getLast().model()).contains(new ModelName("other"));
  }
}
