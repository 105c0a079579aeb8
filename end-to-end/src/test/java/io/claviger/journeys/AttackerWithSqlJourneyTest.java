package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who can write to the database, and knows its schema, but holds no encryption key: every
 * edit of what a sealed value is bound to, tried at a service of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackerWithSqlJourneyTest {
  private static final String UNUSABLE = "claviger_gateway_calls_total{code=\"key_unusable\"";

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Api root = journey.root(node);
  private final Api alice = journey.user(node, "alice");
  private final Api mallory = journey.user(node, "mallory");
  private final AtomicInteger services = new AtomicInteger();

  @BeforeAll
  void a_service_to_take_values_from() {
    create("donor", "openai");
    standard("second", "custom_header", "x-second");
    standard("by-query", "query_param", "key");
  }

  private void standard(String handle, String method, String field) {
    root.put("/v1/api-standards/" + handle, Map.of("key_method", method, "key_field", field))
        .isStatus(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // where it goes
        "endpoint = replace(endpoint, 'http:', 'https:')",
        "endpoint = replace(endpoint, '127.0.0.1', 'localhost')",
        "endpoint = regexp_replace(endpoint, ':[0-9]+', ':9')",
        "endpoint = regexp_replace(endpoint, ':[0-9]+', '')",
        "endpoint = replace(endpoint, '/v1', '')",
        "endpoint = replace(endpoint, '/v1', '/v1/v1')",
        "endpoint = replace(endpoint, '/v1', '/V1')",
        // how it travels
        "api_standard = 'azure-openai'",
        "api_standard = 'second'",
        "api_standard = 'by-query'",
        "api_standard = 'none'",
        // what is sent with it
        "sent_settings = array['header X-Host=mallory.example']",
        "sent_settings = array['query host=mallory.example']",
        // which value stands where
        "api_key_sealed = (select api_key_sealed from instances where handle = 'donor')",
        "headers_sealed = (select headers_sealed from instances where handle = 'donor')",
        "api_key_sealed = headers_sealed, headers_sealed = api_key_sealed",
        "api_key_sealed = headers_sealed",
        "headers_sealed = api_key_sealed",
        // single bits: of the nonce, the text, the tag
        "api_key_sealed = set_bit(api_key_sealed, 40, 1 - get_bit(api_key_sealed, 40))",
        "api_key_sealed = set_bit(api_key_sealed, 140, 1 - get_bit(api_key_sealed, 140))",
        "api_key_sealed = set_byte(api_key_sealed, octet_length(api_key_sealed) - 1,"
            + " get_byte(api_key_sealed, octet_length(api_key_sealed) - 1) # 1)",
        "headers_sealed = set_bit(headers_sealed, 140, 1 - get_bit(headers_sealed, 140))",
        // its length
        "api_key_sealed = substring(api_key_sealed from 1 for octet_length(api_key_sealed) - 1)",
        "api_key_sealed = api_key_sealed || '\\x00'",
        "headers_sealed = substring(headers_sealed from 1 for 34)",
      })
  void a_service_that_was_edited_does_not_pass(String edit) {
    String handle = create();
    journey.tamper("update instances set " + edit + " where handle = '" + handle + "'");
    assertUnusable(alice, handle);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key_method = 'query_param', key_field = 'key'",
        "key_method = 'auth_bearer', key_field = 'authorization'",
        "key_field = 'x-elsewhere'",
        "key_method = 'body_form', key_field = 'key'",
      })
  void a_standard_that_was_edited_takes_its_services_keys_out_of_use(String edit) {
    String handle = create("s" + services.incrementAndGet(), "second");
    journey.tamper("update api_standards set " + edit + " where handle = 'second'");
    try {
      assertUnusable(alice, handle);
    } finally {
      journey.tamper(
          "update api_standards set key_method = 'custom_header', key_field = 'x-second'"
              + " where handle = 'second'");
    }
    assertThat(Eventually.answers(200, () -> alice.embed("alice/" + handle)).status())
        .isEqualTo(200);
  }

  @Test
  void a_service_copied_into_ones_own_account_has_no_usable_key() {
    String handle = create();
    journey.tamper(copy("instances", "handle = '" + handle + "'", "mallory"));
    Eventually.answers(403, () -> mallory.embed("mallory/" + handle))
        .isRefused(403, "key_unusable");
    assertRecorded("mallory", "mallory/" + handle);
    alice.embed("alice/" + handle).isStatus(200);
  }

  @Test
  void a_service_whose_row_has_another_id_has_no_usable_key() {
    String handle = create();
    journey.tamper("delete from naming_keys");
    journey.tamper("update instances set id = gen_random_uuid() where handle = '" + handle + "'");
    assertUnusable(alice, handle);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user_id = (select id from users where handle = 'mallory')",
        "instance_id = (select id from instances where handle = 'donor')",
        "api_key_sealed = (select api_key_sealed from instances where handle = 'donor')",
        "api_key_sealed = set_bit(api_key_sealed, 140, 1 - get_bit(api_key_sealed, 140))",
      })
  void a_users_key_that_was_edited_does_not_pass(String edit) {
    String handle = "u" + services.incrementAndGet();
    journey.serviceOfUserKeys(alice, "alice/" + handle);
    alice.share("alice/" + handle, "mallory", "reader").isStatus(201);
    alice.storeKey("alice/" + handle, journey.endpoint(), journey.key(handle)).isStatus(201);
    alice.embed("alice/" + handle).isStatus(200);
    journey.provider().clear();
    journey.tamper(
        "update user_keys set "
            + edit
            + " where instance_id = (select id from instances where handle = '"
            + handle
            + "')");
    if (edit.startsWith("user_id")) {
      assertUnusable(mallory, handle);
      Eventually.answers(403, () -> alice.embed("alice/" + handle))
          .isRefused(403, "user_api_key_required");
    } else if (edit.startsWith("instance_id")) {
      journey.tamper(
          "update instances set user_keys = true, central_key = false where handle = 'donor'");
      assertUnusable(alice, "donor");
      journey.tamper(
          "delete from user_keys where instance_id = (select id from instances where handle = 'donor')");
      journey.tamper(
          "update instances set user_keys = false, central_key = true where handle = 'donor'");
    } else {
      assertUnusable(alice, handle);
    }
  }

  @Test
  void values_under_another_key_id_or_in_the_clear_are_refused_by_the_database() {
    String handle = create();
    for (String value :
        List.of(
            "convert_to('sk-in-the-clear-0123456789-0123456789', 'UTF8')",
            "overlay(api_key_sealed placing '\\x00000000' from 2)",
            "overlay(api_key_sealed placing '\\x00' from 1)",
            "substring(api_key_sealed from 1 for 33)")) {
      assertThatThrownBy(
              () ->
                  journey.tamper(
                      "update instances set api_key_sealed = "
                          + value
                          + " where handle = '"
                          + handle
                          + "'"))
          .as(value)
          .isNotInstanceOf(AssertionError.class);
    }
    alice.embed("alice/" + handle).isStatus(200);
  }

  /**
   * The people who may use a key are not sealed, and Claviger does not promise that. The
   * destination of the key is still enforced.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into shares (instance_id, owner_handle, instance_handle, grantee_id,"
            + " grantee_handle, role, may_reshare, version, created_at) select i.id, i.owner_handle,"
            + " i.handle, u.id, u.handle, 'reader', false, 1, now() from instances i, users u"
            + " where i.handle = ':service' and u.handle = 'mallory'",
        "update instances set owner_handle = 'mallory', owner_id ="
            + " (select id from users where handle = 'mallory') where handle = ':service'",
      })
  void who_gives_themselves_use_by_sql_has_the_use_and_neither_key_nor_another_way(String edit) {
    String handle = create();
    journey.tamper(edit.replace(":service", handle));
    String owner = edit.startsWith("update") ? "mallory/" : "alice/";
    Eventually.answers(200, () -> mallory.embed(owner + handle)).isStatus(200);
    journey.tamper(
        "update instances set endpoint = endpoint || '/elsewhere' where handle = '" + handle + "'");
    Eventually.answers(403, () -> mallory.embed(owner + handle)).isRefused(403, "key_unusable");
    assertThat(journey.provider().requests())
        .allMatch(request -> request.uri().equals("/v1/embeddings"));
  }

  @Test
  void two_services_whose_handles_were_exchanged_each_take_their_own_key_to_their_own_place() {
    String one = create();
    String two = create("s" + services.incrementAndGet(), "azure-openai");
    journey.tamper("update instances set handle = 'between' where handle = '" + one + "'");
    journey.tamper("update instances set handle = '" + one + "' where handle = '" + two + "'");
    journey.tamper("update instances set handle = '" + two + "' where handle = 'between'");
    Eventually.holds(
        Eventually.SOON,
        () -> {
          journey.provider().clear();
          alice.embed("alice/" + two).isStatus(200);
          return journey.provider().requests().get(0).header("Authorization") != null;
        });
    alice.embed("alice/" + one).isStatus(200);
    assertThat(journey.provider().requests().get(0).header("Authorization"))
        .isEqualTo("Bearer " + journey.key(one));
    assertThat(journey.provider().requests().get(1).header("api-key")).isEqualTo(journey.key(two));
  }

  /**
   * A credential from which tokens are minted is bound to all of its settings, and nobody but the
   * owner confirms where one without a secret is used.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint = replace(endpoint, '/v1', '/elsewhere')",
        "api_standard = 'second'",
        "sent_settings = array['header X-Host=mallory.example']",
        "sent_settings = array['query host=mallory.example']",
        "credential_settings = array_append(credential_settings, 'audience=mine')",
        "credential_settings = array(select replace(s, 'tokens.example', 'mallory.example') from"
            + " unnest(credential_settings) s)",
        "credential_settings = array(select replace(s, '/t', '/t/') from"
            + " unnest(credential_settings) s)",
        "credential_settings = array(select s from unnest(credential_settings) s where s not like"
            + " 'scope=%')",
        "api_key_sealed = (select o.api_key_sealed from instances o where o.handle = 'other-' ||"
            + " instances.credential_kind)",
        "api_key_sealed = (select api_key_sealed from instances where handle = 'donor')",
        "credential_kind = case credential_kind when 'federated' then 'oauth_client' else"
            + " 'federated' end, credential_settings = array_append(credential_settings,"
            + " 'provider=rfc8693')",
        "credential_kind = 'api_key'",
        "credential_kind = 'aws'",
        "id = gen_random_uuid()",
      })
  void a_credential_that_was_edited_is_not_used(String edit) {
    for (String kind : List.of("oauth_client", "federated")) {
      credential("other-" + kind, kind);
      String handle = "c" + services.incrementAndGet();
      credential(handle, kind);
      assertThat(alice.keyOf("alice/" + handle)).as(kind).isEqualTo("central");
      journey.provider().clear();
      journey.tamper("update instances set " + edit + " where handle = '" + handle + "'");
      assertThat(alice.keyOf("alice/" + handle))
          .as(kind)
          .isIn("key_unusable", "credential_unconfirmed");
      Eventually.answers(403, () -> alice.embed("alice/" + handle)).isStatus(403);
      if (alice.keyOf("alice/" + handle).equals("key_unusable")) {
        Eventually.holds(Duration.ofSeconds(10), () -> recorded().contains("alice/" + handle));
      }
      assertThat(journey.provider().requests()).isEmpty();
    }
  }

  @Test
  void a_federated_service_that_was_taken_by_sql_stands_still_until_it_is_as_it_was_confirmed() {
    String handle = "c" + services.incrementAndGet();
    credential(handle, "federated");
    journey.tamper(
        "update instances set owner_handle = 'mallory', owner_id ="
            + " (select id from users where handle = 'mallory'), endpoint = endpoint || '/mine'"
            + " where handle = '"
            + handle
            + "'");
    assertThat(mallory.keyOf("mallory/" + handle)).isEqualTo("credential_unconfirmed");
    Eventually.answers(403, () -> mallory.embed("mallory/" + handle)).isStatus(403);

    journey.tamper(
        "update instances set owner_handle = 'alice', owner_id ="
            + " (select id from users where handle = 'alice'),"
            + " endpoint = replace(endpoint, '/mine', '') where handle = '"
            + handle
            + "'");
    assertThat(alice.keyOf("alice/" + handle)).isEqualTo("central");
  }

  private void credential(String handle, String kind) {
    String url = "https://tokens.example/t";
    Map<String, Object> credential =
        kind.equals("federated")
            ? Map.of(
                "kind",
                kind,
                "federation",
                Map.of("provider", "rfc8693", "token_url", url, "scope", "models"))
            : Map.of(
                "kind",
                kind,
                "client_id",
                "claviger",
                "client_secret",
                journey.key(handle),
                "token_url",
                url,
                "scope",
                "models");
    Map<String, Object> service = journey.serviceWith(credential);
    assertThat(alice.put("/v1/llm-services/alice/" + handle, service).status()).isIn(200, 201);
  }

  private String create() {
    return create("s" + services.incrementAndGet(), "openai");
  }

  private String create(String handle, String standard) {
    alice.embed("alice/" + stored(handle, standard)).isStatus(200);
    journey.provider().clear();
    return handle;
  }

  /** With a key and a header's value. */
  private String stored(String handle, String standard) {
    Map<String, Object> service = new HashMap<>();
    service.put("definition", "_system/openai-small");
    service.put("endpoint", journey.endpoint());
    service.put("api_standard", standard);
    service.put("api_key", journey.key(handle));
    service.put("custom_headers", Map.of("X-Extra", journey.key(handle + "-header")));
    alice.put("/v1/llm-services/alice/" + handle, service).isStatus(201);
    return handle;
  }

  /** Returns a statement that copies a row to another owner, except for generated columns. */
  private String copy(String table, String where, String owner) {
    String columns =
        String.join(
            ", ",
            journey.column(
                "select column_name from information_schema.columns where table_schema = 'public'"
                    + " and is_generated = 'NEVER' and table_name = '"
                    + table
                    + "' and column_name not in ('id', 'owner_id', 'owner_handle')"));
    return "insert into %s (id, owner_id, owner_handle, %s) select '%s', u.id, u.handle, %s from %s t, users u where t.%s and u.handle = '%s'"
        .formatted(
            table,
            columns,
            UUID.randomUUID(),
            "t." + columns.replace(", ", ", t."),
            table,
            where,
            owner);
  }

  /**
   * Asserts that the call was refused, explained, recorded and counted, and that nothing was sent.
   */
  private void assertUnusable(Api caller, String handle) {
    double before = alice.metric(UNUSABLE);
    Eventually.answers(403, () -> caller.embed("alice/" + handle)).isRefused(403, "key_unusable");
    journey.provider().clear();
    caller.embed("alice/" + handle).isRefused(403, "key_unusable");
    assertThat(caller.keyOf("alice/" + handle)).isEqualTo("key_unusable");
    assertThat(journey.provider().requests()).isEmpty();
    assertRecorded(caller.token().equals(alice.token()) ? "alice" : "mallory", "alice/" + handle);
    // A call is counted once its answer has been sent.
    Eventually.holds(Duration.ofSeconds(10), () -> alice.metric(UNUSABLE) >= before + 2);
  }

  private List<String> recorded() {
    return journey.column(
        "select target_ref from audit_events"
            + " where action = 'gateway.key_unusable' and outcome = 'failed'");
  }

  private void assertRecorded(String actor, String service) {
    assertThat(
            journey.column(
                "select actor || ' ' || target_ref from audit_events"
                    + " where action = 'gateway.key_unusable' and outcome = 'failed'"))
        .contains(actor + " " + service);
  }
}
