package io.claviger.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class BudgetOptionTest {
  /**
   * If the text left out a setting, an asker could combine a small amount with calls that cost
   * nothing.
   */
  @Test
  void who_decides_about_a_budget_reads_all_its_settings() {
    ObjectNode budget =
        JsonTrees.object().put("amount", "5").put("unit", "usd").put("window", "month");
    budget.put("zone", "UTC").put("bound", "strict").put("unpriced", "refuse");

    assertThat(BudgetOption.wordsInFull(budget)).isEqualTo("5 usd a month, strict");

    budget.put("zone", "Europe/Berlin").put("bound", "measured").put("unpriced", "allow");
    assertThat(BudgetOption.wordsInFull(budget))
        .isEqualTo("5 usd a month, time of Europe/Berlin, measured, models without a price pass");
  }
}
