package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests about stored objects that name them wrongly. None of them reaches the provider. */
class BadObjectRequestsTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";

  @AutoClose private final Rig rig = new Rig();
  private final TestClient bob = rig.anonymous().withToken(BOBS);

  private String own(TestClient who, String path, String json) {
    TestResponse made = send(who, "POST", path, json);
    Matcher id = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"").matcher(made.body());
    assertThat(id.find()).as(made.body()).isTrue();
    return id.group(1);
  }

  private static TestResponse send(TestClient who, String method, String path, String json) {
    return who.send(
        method,
        Rig.path(path),
        json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json),
        "Content-Type",
        "application/json");
  }

  /**
   * OWN and SAME are stores of the caller, FOREIGN is another's, GONE was deleted, and CONV is of
   * another kind.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET    | vector_stores/FOREIGN          |                                    | 404",
        "GET    | vector_stores/vs_00000000000000000000 |                             | 404",
        "GET    | vector_stores/GONE             |                                    | 404",
        "GET    | vector_stores/CONV             |                                    | 404",
        "GET    | vector_stores/UPPER            |                                    | 404",
        "GET    | vector_stores/PERCENT          |                                    | 404",
        "GET    | vector_stores/OWN%20           |                                    | 404",
        "GET    | vector_stores/7                |                                    | 404",
        "GET    | vector_stores?after=FOREIGN    |                                    | 404",
        "GET    | vector_stores?after=CONV       |                                    | 404",
        "GET    | vector_stores?after=OWN&after=SAME |                                | 400",
        "GET    | vector_stores?after=%FF        |                                    | 400",
        "DELETE | vector_stores/FOREIGN          |                                    | 404",
        "POST   | vector_stores/FOREIGN          | {\"name\":\"n\"}                   | 404",
        "POST   | vector_stores/FOREIGN/search   | {\"query\":\"q\"}                  | 404",
        "GET    | vector_stores/FOREIGN/files    |                                    | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"FOREIGN\"]}]} | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"OWN\",\"FOREIGN\"]}]} | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"GONE\"]}]}    | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"UPPER\"]}]}   | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"OWN \"]}]}    | 404",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[7]}]}          | 400",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[[\"OWN\"]]}]}   | 400",
        "POST   | responses | {\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"OWN\"],\"vector_store_ids\":[\"OWN\"]}]} | 400",
        "POST   | responses | {\"conversation\":\"OWN\"}            | 404",
        "POST   | responses | {\"conversation\":{\"id\":\"FOREIGN\"}}  | 404",
        "POST   | responses | {\"conversation\":7}                  | 400",
        "POST   | responses | {\"unknown_field\":\"FOREIGN\"}         | 404",
      })
  void a_wrong_name_gets_a_clear_error_and_is_not_sent(
      String method, String path, String json, int status) {
    TestService lent =
        rig.at(WireFormat.OPENAI)
            .storing(ObjectKind.RESPONSES, ObjectKind.CONVERSATIONS, ObjectKind.VECTOR_STORES);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))));
    String foreign = own(rig.anonymous().withToken(CAROLS), "vector_stores", "{}");
    String own = own(bob, "vector_stores", "{}");
    String gone = own(bob, "vector_stores", "{}");
    assertThat(send(bob, "DELETE", "vector_stores/" + gone, "").status()).isEqualTo(200);
    String conversation = own(bob, "conversations", "{}");
    int sent = rig.stub.requests().size();

    TestResponse answer =
        send(
            bob,
            method,
            filled(path, own, foreign, gone, conversation),
            json == null ? "" : filled(json, own, foreign, gone, conversation));

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).hasSize(1);
    assertThat(answer.body()).contains("\"error\"").doesNotContain(foreign, gone, "Exception");
    assertThat(rig.stub.requests()).hasSize(sent);
    assertThat(rig.held.names()).hasSize(3);
  }

  private static String filled(
      String text, String own, String foreign, String gone, String conversation) {
    return text.replace("FOREIGN", foreign)
        .replace("GONE", gone)
        .replace("CONV", conversation)
        .replace("UPPER", own.toUpperCase(Locale.ROOT))
        .replace("PERCENT", own.replace("_", "%5F"))
        .replace("OWN", own)
        .replace("SAME", own)
        .replaceFirst(
            "^\\{(?=\"(tools|conversation|unknown))", "{\"model\":\"m\",\"input\":\"x\",");
  }
}
