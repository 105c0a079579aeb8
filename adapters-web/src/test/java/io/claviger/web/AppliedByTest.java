package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the field with the name of the file from which a resource was applied. */
class AppliedByTest {
  private static final String SERVICE = "/v1/llm-services/alice/marked";
  @AutoClose private static final Served SERVED = Served.start();
  private static final Client ROOT = SERVED.root();
  private static final Client ALICE = SERVED.user("alice");

  @BeforeAll
  static void start() {
    ALICE.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/llm-definitions/_system/d | {"provider": "openai", "model": "m"} | description
          /v1/llm-services/_system/s    | {"provider": "openai", "model": "m"} | description
          /v1/groups/team               | {"display_name": "T"}                | display_name
          /v1/projects/root/p           | {}                                   | description
          """)
  void it_is_shown_and_stays_until_a_write_says_otherwise(String path, String body, String other) {
    ROOT.put(path, body).isStatus(201);
    assertThat(ROOT.get(path).at("/applied_by").isNull()).isTrue();
    assertThat(ROOT.patch(path, Map.of("applied_by", "team")).text("/applied_by"))
        .isEqualTo("team");
    assertThat(ROOT.patch(path, Map.of(other, "x")).text("/applied_by")).isEqualTo("team");
    assertThat(ROOT.put(path, body).text("/applied_by")).isEqualTo("team");
    assertThat(ROOT.get(path).text("/applied_by")).isEqualTo("team");
    assertThat(ROOT.patch(path, "{\"applied_by\": null}").at("/applied_by").isNull()).isTrue();
    ROOT.patch(path, Map.of("applied_by", " ")).hasFaults("/applied_by invalid_value");
  }

  @Test
  void models_bear_it_too() {
    String model =
        ROOT.post(
                "/v1/model-configs",
                Map.of("provider", "openai", "model", "m", "applied_by", "team"))
            .isStatus(201)
            .header("Location");
    assertThat(ROOT.get(model).text("/applied_by")).isEqualTo("team");
    assertThat(ROOT.patch(model, Map.of("enabled", false)).text("/applied_by")).isEqualTo("team");
    assertThat(ROOT.patch(model, "{\"applied_by\": null}").at("/applied_by").isNull()).isTrue();
  }

  @Test
  void the_version_of_a_key_is_shown_and_stays() {
    assertThat(
            ALICE
                .patch(SERVICE, Map.of("api_key", "sk-0123456789", "api_key_version", "2"))
                .text("/api_key_version"))
        .isEqualTo("2");
    assertThat(
            ALICE
                .put(SERVICE, Map.of("definition", "_system/openai-large"))
                .text("/api_key_version"))
        .isEqualTo("2");
  }

  /**
   * If writers could change it, applying the owner's file could delete things that the owner never
   * wrote into the file.
   */
  @ParameterizedTest
  @ValueSource(strings = {"applied_by", "api_key_version"})
  void a_writer_does_not_change_it(String field) {
    String handle = "bob-" + field;
    Client bob = SERVED.user(handle);
    ALICE.put(SERVICE + "/shares/" + handle, Map.of("role", "writer")).isStatus(201);
    bob.patch(SERVICE, Map.of(field, "mine")).isStatus(403);
    bob.patch(SERVICE, Map.of("description", field)).isStatus(200);
  }

  @Test
  void nor_does_a_co_owner_who_may_not_delete_the_service() {
    Client dora = SERVED.user("dora");
    ALICE.put(SERVICE + "/shares/dora", Map.of("role", "owner")).isStatus(201);
    dora.patch(SERVICE, Map.of("applied_by", "mine")).isStatus(403);
    dora.put(SERVICE, Map.of("definition", "_system/openai-large", "applied_by", "mine"))
        .isStatus(403);
    dora.patch(SERVICE, Map.of("api_key_version", "7")).isStatus(200);
    ALICE.patch(SERVICE, Map.of("applied_by", "alices")).isStatus(200);
    dora.patch(SERVICE, "{\"applied_by\": null}").isStatus(403);
    ALICE.patch(SERVICE, "{\"applied_by\": null}").isStatus(200);
  }

  /** The file of somebody else must not end what a co-owner gives by hand. */
  @Test
  void a_share_that_a_co_owner_takes_over_loses_it_unless_the_co_owner_names_a_file() {
    Client cora = SERVED.user("cora");
    Client carl = SERVED.user("carl");
    SERVED.user("bill");
    for (String coOwner : List.of("cora", "carl")) {
      ALICE.put(SERVICE + "/shares/" + coOwner, Map.of("role", "owner")).isStatus(201);
    }
    String share = SERVICE + "/shares/bill";
    Map<String, String> reader = Map.of("role", "reader");
    ALICE.put(share, Map.of("role", "reader", "applied_by", "team")).isStatus(201);

    assertThat(cora.put(share, reader).isStatus(200).at("/applied_by").isNull()).isTrue();
    assertThat(cora.patch(share, Map.of("applied_by", "lab")).text("/applied_by")).isEqualTo("lab");
    assertThat(cora.put(share, reader).isStatus(200).text("/applied_by")).isEqualTo("lab");
    assertThat(ALICE.put(share, reader).isStatus(200).text("/applied_by")).isEqualTo("lab");
    assertThat(carl.patch(share, "{}").isStatus(200).at("/applied_by").isNull()).isTrue();
  }

  @Test
  void the_manager_of_a_group_does_not_change_it() {
    Client carol = SERVED.user("carol");
    ROOT.put("/v1/groups/lab", Map.of("applied_by", "team")).isStatus(201);
    ROOT.put("/v1/groups/lab/members/carol", Map.of("role", "manager")).isStatus(201);
    carol.put("/v1/groups/lab", Map.of("display_name", "Lab")).isStatus(200);
    carol.patch("/v1/groups/lab", Map.of("applied_by", "mine")).isStatus(403);
  }
}
