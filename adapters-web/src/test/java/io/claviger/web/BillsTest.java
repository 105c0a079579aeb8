package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String MAY = SERVICE + "/bill/invoices/2025-05";
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");

  private void furnish() {
    alice.put(SERVICE, Map.of("definition", "_system/openai-small")).isStatus(201);
  }

  @Test
  void an_invoice_is_shown_exactly_as_it_was_entered_and_replaced_by_the_next() {
    furnish();
    alice.get(MAY).isStatus(404);

    TestResponse created =
        alice
            .json(
                "PUT",
                MAY,
                """
                {"total": 12.300000001, "currency": "USD",
                 "models": [{"model": "gpt/b", "amount": "2.3"},
                            {"model": "a", "amount": "10.000000001"}]}
                """)
            .isStatus(201);

    assertThat(created.header("Location")).isEqualTo(MAY);
    assertThat(created.text("/total")).isEqualTo("12.300000001");
    assertThat(created.text("/models/0/model")).isEqualTo("a");
    assertThat(alice.get(MAY).isStatus(200).at("")).isEqualTo(created.at(""));

    TestResponse replaced = alice.put(MAY, Map.of("total", "9", "currency", "EUR")).isStatus(200);
    assertThat(replaced.text("/total")).isEqualTo("9");
    assertThat(replaced.at("/models")).isEmpty();
    assertThat(replaced.at("/version").asInt()).isEqualTo(2);
    // Writing the same values again changes nothing, and neither does writing what GET shows.
    assertThat(alice.put(MAY, Map.of("total", 9, "currency", "EUR")).isStatus(200).at(""))
        .isEqualTo(replaced.at(""));
    assertThat(alice.json("PUT", MAY, replaced.body()).isStatus(200).at(""))
        .isEqualTo(replaced.at(""));
    alice.delete(MAY).isStatus(204);
    alice.delete(MAY).isStatus(404);
    alice.get(MAY).isStatus(404);
  }

  @Test
  void a_write_that_does_not_know_the_stored_invoice_is_refused() {
    furnish();
    Map<String, String> invoice = Map.of("total", "9", "currency", "USD");
    alice.put(MAY, invoice).isStatus(201);

    assertThat(alice.get(MAY).header("ETag")).isEqualTo("\"1\"");
    alice.with("If-Match", "\"2\"").put(MAY, invoice).isStatus(412);
    alice.with("If-None-Match", "*").put(MAY, invoice).isStatus(412);
    alice.with("If-Match", "\"2\"").delete(MAY).isStatus(412);
    alice.with("If-Match", "\"1\"").put(MAY, Map.of("total", "8", "currency", "USD")).isStatus(200);
    assertThat(alice.get(MAY).text("/total")).isEqualTo("8");
  }

  @Test
  void a_bill_shows_what_was_read_of_the_provider_and_is_read_once_a_minute() {
    furnish();
    TestResponse empty = alice.get(SERVICE + "/bill?month=2025-05").isStatus(200);
    assertThat(empty.at("/theirs").isNull()).isTrue();
    assertThat(empty.at("/reading/credential").asBoolean()).isFalse();
    alice.post(SERVICE + "/bill/_compare").isStatus(200);
    alice.post(SERVICE + "/bill/_compare").isStatus(200);

    alice
        .put(SERVICE + "/billing", Map.of("api_key", "sk-admin-0123456789", "may_do_more", true))
        .isStatus(201);
    TestResponse read = alice.post(SERVICE + "/bill/_compare").isStatus(200);

    assertThat(read.at("/reading/credential").asBoolean()).isTrue();
    assertThat(read.at("/reading/read_at").isNull()).isFalse();
    TestResponse early = alice.post(SERVICE + "/bill/_compare").isStatus(429);
    assertThat(early.body()).contains("compared_recently");
    assertThat(early.header("Retry-After")).isEqualTo("60");
    YearMonth month =
        YearMonth.from(
            served.ports().clock().instant().atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1));
    TestResponse bill = alice.get(SERVICE + "/bill?month=" + month).isStatus(200);
    assertThat(bill.text("/theirs")).isEqualTo("1.5");
    assertThat(bill.text("/unexplained")).isEqualTo("1.5");
    assertThat(bill.text("/days/0/state")).isEqualTo("unexplained");

    alice
        .put(SERVICE + "/bill/invoices/" + month, Map.of("total", "1.50", "currency", "EUR"))
        .isStatus(201);
    TestResponse other = alice.get(SERVICE + "/bill?month=" + month).isStatus(200);
    assertThat(other.text("/currency")).isEqualTo("EUR");
    assertThat(other.at("/agreed").isNull()).isTrue();
    alice.get(SERVICE + "/bill?month=2025-13").hasFaults("/month invalid_value");
    served.root().get(SERVICE + "/bill?month=" + month).isStatus(200);
    served.root().post(SERVICE + "/bill/_compare").isStatus(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2025-05 | {} | /total required, /currency required",
        "2025-05 | {'total': '-1', 'currency': 'USD'} | /total invalid_value",
        "2025-05 | {'total': '0.0000000001', 'currency': 'USD'} | /total invalid_value",
        "2025-05 | {'total': 'NaN', 'currency': 'USD'} | /total invalid_value",
        "2025-05 | {'total': '1e99', 'currency': 'USD'} | /total invalid_value",
        "2025-05 | {'total': '1', 'currency': 'usd'} | /currency invalid_value",
        "2025-05 | {'total': '1', 'currency': 'USD', 'month': '2025-06'} | /month read_only",
        "2025-05 | {'total': '3', 'currency': 'USD', 'models': [{'model': 'a', 'amount': '2'}]} | /models invalid_value",
        "2025-05 | {'total': '2', 'currency': 'USD', 'models': [{'model': 'a', 'amount': '1'}, {'model': 'a', 'amount': '1'}]} | /models invalid_value",
        "2025-05 | {'total': '2', 'currency': 'USD', 'models': [{'amount': '2', 'x': 1}]} | /models/0/model required, /models/0/x unknown_field",
        "2025-05 | {'total': '1', 'currency': 'USD', 'models': [{'model': 'a', 'amount': '-1'}, {'model': 'b', 'amount': '2'}]} | /models/0/amount invalid_value",
        "2199-05 | {'total': '1', 'currency': 'USD'} | /month invalid_value",
        "2019-05 | {'total': '1', 'currency': 'USD'} | /month invalid_value",
        "2025-5 | {'total': '1', 'currency': 'USD'} | /month invalid_value",
      })
  void an_invoice_that_can_not_be_is_refused_and_nothing_is_changed(
      String month, String body, String faults) {
    furnish();
    alice.put(MAY, Map.of("total", "7", "currency", "USD")).isStatus(201);

    alice
        .json("PUT", SERVICE + "/bill/invoices/" + month, body.replace('\'', '"'))
        .hasFaults(faults.split(", "));

    assertThat(alice.get(MAY).text("/total")).isEqualTo("7");
  }
}
