package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetReferenceTest {
  private static final BudgetAccount ACCOUNT =
      new BudgetAccount(
          BudgetHolder.callerOf(new UUID(1, 2), new UUID(3, 4)).account(),
          new Budget.Key(
              BudgetUnit.USD, BudgetWindow.MONTH, new BudgetZone("America/Argentina/Ushuaia")));

  @Test
  void an_id_leads_to_its_account() {
    assertThat(BudgetReference.read(BudgetReference.of(ACCOUNT))).contains(ACCOUNT);
    assertThat(BudgetReference.of(ACCOUNT)).matches("[A-Za-z0-9_-]{1,400}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "usd month UTC",
        "usd month UTC project:1",
        "euro month UTC user:00000000-0000-0001-0000-000000000002",
        "usd year UTC user:00000000-0000-0001-0000-000000000002",
        "usd month Mars/Olympus user:00000000-0000-0001-0000-000000000002",
        "usd month UTC user:00000000-0000-0001-0000-000000000002 "
      })
  void other_texts_are_no_ids(String text) {
    assertThat(
            BudgetReference.read(
                Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "00000000-0000-0001-0000-000000000002", "../..", "a b"})
  void what_is_not_encoded_is_no_id(String id) {
    assertThat(BudgetReference.read(id)).isEmpty();
  }

  @Test
  void a_budget_has_one_id() {
    for (String zone : new String[] {"UTC", "Asia/Aden", "Asia/Almaty", "Africa/Dakar"}) {
      BudgetAccount account =
          new BudgetAccount(
              ACCOUNT.subject(),
              new Budget.Key(BudgetUnit.USD, BudgetWindow.MONTH, new BudgetZone(zone)));
      String id = BudgetReference.of(account);

      assertThat(BudgetReference.read(id)).contains(account);
      assertThat(BudgetReference.read(id + "=")).isEmpty();
      assertThat(BudgetReference.read(id + "==")).isEmpty();
    }
    assertThat(BudgetReference.read("A".repeat(401))).isEmpty();
  }
}
