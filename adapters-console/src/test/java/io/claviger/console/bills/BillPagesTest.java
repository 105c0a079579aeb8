package io.claviger.console.bills;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The provider's bill of a service. */
class BillPagesTest {
  private static final String PAGE = "/console/services/bess/chat/bill";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)>";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void an_owner_enters_an_invoice_sees_the_month_and_deletes_it() {
    Person bess = SERVED.person("bess");
    bess.api()
        .put("/v1/llm-services/bess/chat", Map.of("definition", "_system/openai-small"))
        .isStatus(201);
    TestResponse empty = ServedConsole.sound(bess.open(PAGE + "?month=2025-05").isStatus(200));
    assertThat(empty.body())
        .contains("Claviger does not know what the provider bills", "not known");

    Map<String, String> typed =
        Map.of(
            "month", "2025-05", "total", "12.30", "currency", "USD", "models", "a:b: 2.3\r\nc: 10");
    assertThat(bess.browser().submit(empty, PAGE, typed).header("Location"))
        .isEqualTo(PAGE + "?month=2025-05");
    TestResponse shown = ServedConsole.sound(bess.open(PAGE + "?month=2025-05").isStatus(200));
    assertThat(shown.body())
        .contains("$12.30", "a:b: 2.3", "Delete the invoice", "2025-04", "2025-06", "Unexplained");
    assertThat(bess.browser().submit(empty, PAGE, typed).isStatus(412).body())
        .contains("stored now");

    bess.browser().submit(shown, PAGE + "/compare", Map.of()).isStatus(303);
    assertThat(bess.browser().submit(shown, PAGE + "/delete", Map.of()).header("Location"))
        .isEqualTo(PAGE + "?month=2025-05");
    assertThat(bess.open(PAGE + "?month=2025-05").body()).doesNotContain("Delete the invoice");
    assertThat(bess.browser().submit(shown, PAGE + "/delete", Map.of()).status()).isIn(404, 412);

    for (Map<String, String> wrong :
        List.of(
            Map.of("month", "2025-05", "total", "-1", "currency", "USD"),
            Map.of("month", "2025-05", "total", HOSTILE, "currency", HOSTILE, "models", HOSTILE),
            Map.of("month", HOSTILE, "total", "1", "currency", "USD"),
            Map.of("month", "2199-01", "total", "1", "currency", "USD"),
            Map.of("month", "2025-05", "total", "3", "currency", "USD", "models", "a: 1\na: 2"))) {
      ServedConsole.sound(bess.browser().submit(empty, PAGE, wrong).isStatus(422));
    }
    bess.open(PAGE + "?month=2025-13").isStatus(422);

    Person root = SERVED.root();
    assertThat(ServedConsole.sound(root.open(PAGE + "?month=2025-05").isStatus(200)).body())
        .doesNotContain("Save the invoice", "Compare now");
    assertThat(SERVED.person("stranger").open(PAGE).status()).isEqualTo(404);
  }

  @Test
  void a_page_of_one_month_overwrites_no_invoice_of_another_month() {
    Person owner = withInvoices("bill");
    String page = "/console/services/bill/chat/bill";
    TestResponse may = owner.open(page + "?month=2025-05");
    Map<String, String> april =
        Map.of("month", "2025-04", "total", "44", "currency", "USD", "models", "");

    TestResponse refused = owner.browser().submit(may, page, april).isStatus(412);

    assertThat(ServedConsole.sound(refused).body())
        .contains("This invoice exists already", "Stored now", ">4<", ">44<")
        .doesNotContain("Somebody else");
    assertThat(owner.open(page + "?month=2025-04").body()).contains("value=\"4\"");
    owner.browser().submit(refused, page, april).isStatus(303);
    assertThat(owner.open(page + "?month=2025-04").body()).contains("value=\"44\"");
    assertThat(owner.open(page + "?month=2025-05").body()).contains("value=\"5\"");
  }

  @Test
  void a_page_with_a_fault_still_knows_which_invoice_was_opened() {
    Person owner = withInvoices("billy");
    String page = "/console/services/billy/chat/bill";
    TestResponse may = owner.open(page + "?month=2025-05");
    Map<String, String> wrong =
        Map.of("month", "2025-04", "total", "much", "currency", "USD", "models", "");
    TestResponse faulty = owner.browser().submit(may, page, wrong).isStatus(422);

    owner
        .browser()
        .submit(faulty, page, Map.of("month", "2025-04", "total", "44", "currency", "USD"))
        .isStatus(412);
    owner
        .browser()
        .submit(faulty, page, Map.of("month", "2025-05", "total", "55", "currency", "USD"))
        .isStatus(303);
    owner.browser().submit(faulty, page + "/delete", Map.of()).isStatus(303);
    assertThat(owner.open(page + "?month=2025-04").body()).doesNotContain("Delete the invoice");
    assertThat(owner.open(page + "?month=2025-05").body()).contains("value=\"55\"");
  }

  /** Returns an owner with invoices of April and May. */
  private static Person withInvoices(String handle) {
    Person owner = SERVED.owner(handle, Map.of("definition", "_system/openai-small"));
    String page = "/console/services/" + handle + "/chat/bill";
    for (String month : List.of("4", "5")) {
      owner
          .send(
              page + "?month=2025-0" + month,
              page,
              Map.of("month", "2025-0" + month, "total", month, "currency", "USD"))
          .isStatus(303);
    }
    return owner;
  }
}
