package io.claviger.stub;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

final class OrganizationUsageTest {
  private static final String CHAT =
      "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
  private static final String THREE_DAYS =
      "start_time=1795132800&end_time=1795392000&group_by[]=model&group_by[]=api_key_id";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  @BeforeEach
  void call() {
    stub.ledger().setClock(InstantSource.fixed(Instant.parse("2026-11-22T23:59:59Z")));
    caller.json("/v1/chat/completions", CHAT, "authorization", "Bearer k-1");
  }

  @Test
  void an_admin_key_reads_days_with_their_calls_page_by_page() {
    JsonNode first = openAi("usage/completions", "");
    JsonNode second = openAi("usage/completions", "&page=" + first.get("next_page").stringValue());

    assertThat(first.get("has_more").booleanValue()).isTrue();
    assertThat(second.get("has_more").booleanValue()).isFalse();
    assertThat(starts(first)).containsExactly(1_795_132_800L, 1_795_219_200L);
    assertThat(starts(second)).containsExactly(1_795_305_600L);
    JsonNode result = second.at("/data/0/results/0");
    assertThat(result.get("model").stringValue()).isEqualTo("m");
    assertThat(result.get("api_key_id").stringValue())
        .isEqualTo(stub.ledger().entries().getFirst().keyId());
    assertThat(result.get("service_tier").isNull()).isTrue();
    assertThat(result.get("num_model_requests").longValue()).isEqualTo(1);
  }

  @Test
  void costs_are_in_dollars_or_in_cents() {
    JsonNode dollars = openAi("costs", "&page=page_2").at("/data/0/results/0/amount/value");
    JsonNode cents =
        caller
            .get(
                "/v1/organizations/cost_report?starting_at=2026-11-22T00:00:00Z"
                    + "&ending_at=2026-11-23T00:00:00Z",
                "x-api-key",
                "sk-ant-admin-1",
                "anthropic-version",
                "2023-06-01")
            .isStatus(200)
            .at("/data/0/results/0/amount");

    assertThat(dollars.decimalValue())
        .isEqualByComparingTo(stub.ledger().entries().getFirst().dollars());
    assertThat(new BigDecimal(cents.stringValue()))
        .isEqualByComparingTo(dollars.decimalValue().movePointRight(2));
  }

  @Test
  void other_keys_read_nothing_and_admin_keys_call_models_only_if_they_may() {
    assertThat(get("/v1/organization/costs?" + THREE_DAYS, "k-1").status()).isEqualTo(401);
    assertThat(get("/v1/models", "sk-admin-1").status()).isEqualTo(403);
    assertThat(get("/v1/models", "sk-admin-silent").status()).isEqualTo(500);
    assertThat(get("/v1/models", "sk-admin-models").status()).isEqualTo(200);
    assertThat(get("/v1/models", "k-1").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void lies_show(UsageLie lie) {
    String truth =
        get(
                "/v1/organization/costs?" + THREE_DAYS + "&page=page_2&group_by[]=line_item",
                "sk-admin-1")
            .body();

    stub.ledger().setLie(lie);

    assertThat(
            get(
                    "/v1/organization/costs?" + THREE_DAYS + "&page=page_2&group_by[]=line_item",
                    "sk-admin-1")
                .body())
        .isNotEqualTo(truth);
  }

  private JsonNode openAi(String path, String more) {
    return get("/v1/organization/" + path + "?" + THREE_DAYS + more, "sk-admin-1")
        .isStatus(200)
        .json();
  }

  private TestResponse get(String path, String key) {
    return caller.get(
        path.replace("[", "%5B").replace("]", "%5D"), "authorization", "Bearer " + key);
  }

  private static List<Long> starts(JsonNode page) {
    List<Long> starts = new ArrayList<>();
    page.get("data").forEach(day -> starts.add(day.get("start_time").longValue()));
    return starts;
  }
}
