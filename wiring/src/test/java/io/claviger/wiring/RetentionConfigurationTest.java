package io.claviger.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.wiring.upkeep.Upkeep;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RetentionConfigurationTest {
  @Test
  void tables_that_are_in_use_again_and_again_make_the_task_fail() {
    AtomicBoolean inUse = new AtomicBoolean(true);
    MonthPartitions partitions =
        (MonthPartitions)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MonthPartitions.class},
                (proxy, method, arguments) -> {
                  if (inUse.get()) {
                    throw new ConcurrencyConflict(
                        ConcurrencyConflict.How.LOCKED, new SQLException());
                  }
                  return method.getReturnType() == int.class ? 0 : null;
                });
    Upkeep task = new RetentionConfiguration().comingMonths(partitions);
    for (int n = 0; n < RetentionConfiguration.MOST_CONFLICTS; n++) {
      assertThat(task.turn().take()).isEqualTo(Duration.ofMinutes(1));
    }
    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> task.turn().take());

    inUse.set(false);
    assertThat(task.turn().take()).isEqualTo(Duration.ofHours(1));
    inUse.set(true);
    assertThat(task.turn().take()).isEqualTo(Duration.ofMinutes(1));
  }
}
