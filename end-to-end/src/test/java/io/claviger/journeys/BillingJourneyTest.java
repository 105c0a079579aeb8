package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.bills.port.ProviderBilling.Reading;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.instances.Instance;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.UsageLie;
import io.claviger.testkit.http.TestResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A billing credential of a whole node, with a provider that bills. */
final class BillingJourneyTest extends AliceAndBob {
  private static final String SERVICE = "/v1/llm-services/alice/lent";
  private static final String BILLING = SERVICE + "/billing";

  private final LocalDate today = Eventually.today();

  private String key(String what) {
    return journey.secret("sk-admin-" + what + "/canary+3f9d51c7e2");
  }

  @Test
  void the_provider_says_what_it_bills_and_nobody_else_gets_or_uses_the_key() {
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "owner").isStatus(201);
    alice.put(BILLING, Map.of("api_key", key("first"))).isStatus(201);
    bob.embed("alice/lent").isStatus(200);

    ProviderFigures figures = ((Reading.Read) read(today)).figures();

    assertThat(figures.usage().stream().mapToLong(BilledUsage::requests).sum()).isEqualTo(1);
    assertThat(figures.costs()).extracting(BilledCost::amount).allMatch(amount -> amount > 0);
    for (Api other : List.of(bob, root)) {
      other.get(BILLING).isProblem(403, "forbidden");
      other.delete(BILLING).isProblem(403, "forbidden");
      other.put(BILLING, Map.of("api_key", key("other"))).isProblem(403, "forbidden");
    }
    assertThat(alice.get(SERVICE).body()).doesNotContain("billing");
    assertThat(journey.provider().requests())
        .filteredOn(request -> String.valueOf(request.header("Authorization")).contains("admin"))
        .extracting(RecordedRequest::uri)
        .allMatch(
            uri ->
                uri.startsWith("/v1/organization/") || uri.split("\\?", 2)[0].equals("/v1/models"));
  }

  @Test
  void a_key_that_is_refused_changes_nothing_and_one_that_may_do_more_is_confirmed() {
    journey.service(alice, "alice/lent");
    refused("key_rejected", Map.of("api_key", journey.secret("sk-usual-canary/3f9d51c7e2")));
    refused("key_may_call_models", Map.of("api_key", key("models")));
    for (UsageLie lie : List.of(UsageLie.OTHER_ZONE, UsageLie.ENDLESS_PAGES, UsageLie.OTHER_DAY)) {
      journey.provider().ledger().setLie(lie);
      refused(
          switch (lie) {
            case OTHER_ZONE -> "other_zone";
            case OTHER_DAY -> "other_days";
            default -> "bill_too_large";
          },
          Map.of("api_key", key("lied-to")));
    }
    journey.provider().ledger().setLie(UsageLie.NONE);
    alice.get(BILLING).isProblem(404, "not_found");

    TestResponse stored =
        alice.put(BILLING, Map.of("api_key", key("models"), "may_do_more", true)).isStatus(201);
    assertThat(stored.at("/may_call_models").booleanValue()).isTrue();
  }

  @Test
  void a_transfer_ends_the_credential() {
    journey.service(alice, "alice/lent");
    alice.put(BILLING, Map.of("api_key", key("first"))).isStatus(201);
    alice.transfer("lent", "bob", bob);

    bob.get("/v1/llm-services/bob/lent/billing").isProblem(404, "not_found");
    assertThat(journey.column("select id from billing_credentials")).isEmpty();
    assertThat(read(today)).isEqualTo(new Reading.Failed(BillingFailure.NO_CREDENTIAL));
  }

  private void refused(String code, Map<String, ?> credential) {
    assertThat(alice.put(BILLING, credential).isStatus(422).text("/errors/0/code")).isEqualTo(code);
  }

  private Reading read(LocalDate day) {
    Account account =
        new Account(new Instance.Id(ofService("id")), new User.Id(ofService("owner_id")));
    return node.context()
        .get(ProviderBilling.class)
        .read(account, day, day, ProviderBilling.LONGEST_REQUESTED);
  }

  private UUID ofService(String column) {
    return UUID.fromString(
        journey
            .column("select %s from instances where handle = 'lent'".formatted(column))
            .getFirst());
  }
}
