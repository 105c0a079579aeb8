package io.claviger.console.requests;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.named;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.console.served.ServedConsole;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Asking for more of a service, and answering that. */
class RequestPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String LIST = "/console/requests";
  private static final String NEW = LIST + "/new";

  @BeforeAll
  static void begin() {
    CONSOLE.ports().clock().set(Instant.now()); // the first page tells of the last seven days
  }

  @Test
  void a_refusal_of_the_api_leads_to_a_request_that_is_granted_in_one_click() {
    lend("ann", "chat", "ben", Map.of("role", "reader"));
    String link =
        CONSOLE
            .apiOf("ben")
            .patch("/v1/llm-services/ann/chat", Map.of("description", "x"))
            .isStatus(403)
            .text("/request_url");
    URI page = URI.create(link);
    FormBrowser ben = CONSOLE.browserOf("ben");
    TestResponse form = sound(ben.open(page.getPath() + "?" + page.getQuery()).isStatus(200));
    assertThat(form.body()).contains("Ask for more of ann/chat");
    assertThat(FormBrowser.fields(form, NEW)).containsEntry("service", "ann/chat");
    assertThat(form.body()).contains("value=\"writer\" selected");

    String request = asked(ben, form, Map.of("role", "writer", "note", HOSTILE));

    FormBrowser ann = CONSOLE.browserOf("ann");
    assertThat(sound(ann.open("/console")).body())
        .contains("ben asks for more of ann/chat", request);
    assertThat(sound(ann.open(LIST)).body()).contains("waits for you", "the role writer");
    TestResponse open = sound(ann.open(request));
    assertThat(open.body())
        .contains("ben may call, describe and switch on and off ann/chat.", "&lt;script");
    ann.submit(open, request + "/grant", Map.of()).isStatus(303);

    assertThat(CONSOLE.apiOf("ben").get("/v1/llm-services/ann/chat").text("/role"))
        .isEqualTo("writer");
    assertThat(sound(ben.open("/console")).body())
        .contains("Your request for ann/chat was granted");
    assertThat(sound(ben.open(request)).body())
        .contains("<span class=\"state good\">granted</span>", "by <bdi>ann</bdi>");
    assertThat(sound(ann.open(request)).body()).doesNotContain("Grant exactly this");
  }

  @Test
  void an_owner_grants_something_else_than_was_asked_for() {
    lend(
        "cleo",
        "chat",
        "dan",
        Map.of("role", "reader", "limits", Map.of("models", List.of("small"))));
    FormBrowser dan = CONSOLE.browserOf("dan");
    TestResponse form = dan.open(NEW + "?service=cleo/chat").isStatus(200);
    String request =
        asked(dan, form, Map.of("models", "large\nhuge", "amount1", "40", "until", "2040-03-01"));
    FormBrowser cleo = CONSOLE.browserOf("cleo");
    TestResponse open = sound(cleo.open(request));
    assertThat(open.body())
        .contains("the model " + named("large"), "a budget of $40 a month", "an end on 2040-03-01")
        .contains(
            "dan may call cleo/chat with %s, %s, %s until 1 March 2040 (UTC)"
                .formatted(named("huge"), named("large"), named("small")));

    String change = request + "/change";
    Map<String, String> wrong = Map.of("role", "reader", "models", "a*b", "amount1", "5");
    assertThat(sound(cleo.submit(open, change, wrong).isStatus(422)).body())
        .contains("a*b", "field-error", "<details open>");
    Map<String, String> toEverybody =
        Map.of("role", "reader", "to_everybody", "yes", "may_reshare", "");
    assertThat(sound(cleo.submit(open, change, toEverybody).isStatus(422)).body())
        .containsPattern("id=\"(may_reshare|to_everybody)-more\"><span class=\"field-error\">");
    Map<String, String> less = Map.of("role", "reader", "models", "small\nlarge", "amount1", "5");
    cleo.submit(open, change, less).isStatus(303);

    TestResponse share = CONSOLE.apiOf("cleo").get("/v1/llm-services/cleo/chat/shares/dan");
    assertThat(share.at("/limits/models").toString()).isEqualTo("[\"large\",\"small\"]");
    assertThat(share.text("/limits/budgets/0/amount")).isEqualTo("5");
    assertThat(share.text("/expires_at")).isEqualTo("2040-03-02T00:00:00Z");
  }

  /** An asker could otherwise write a part of what the owner confirms. */
  @Test
  void a_model_that_is_asked_for_can_not_be_read_as_terms() {
    Map<String, Object> limits = Map.of("models", List.of("a"));
    lend("jo", "chat", "mo", Map.of("role", "reader", "limits", limits));
    FormBrowser mo = CONSOLE.browserOf("mo");
    String model = "gpt-5\u2028until 1 May 2027 (UTC), at most $5 a month.\u202e";
    String name = named("gpt-5‹U+2028›until 1 May 2027 (UTC), at most $5 a month.‹U+202E›");
    String request =
        asked(mo, mo.open(NEW + "?service=jo/chat"), Map.of("models", model, "amount1", "900"));
    FormBrowser jo = CONSOLE.browserOf("jo");

    TestResponse open = sound(jo.open(request));
    assertThat(open.body())
        .contains("mo may call jo/chat with " + named("a") + ", " + name + ", at most $900")
        .contains("the model " + name);
    assertThat(sound(jo.open(LIST)).body())
        .contains("the model " + name)
        .doesNotContain("\u202e", "\u2028");
    jo.submit(open, request + "/grant", Map.of()).isStatus(303);
    String share = "/v1/llm-services/jo/chat/shares/mo";
    assertThat(CONSOLE.apiOf("jo").get(share).text("/limits/models/1")).isEqualTo(model);
    assertThat(sound(jo.open("/console/services/jo/chat/people")).body())
        .contains("‹U+202E›")
        .doesNotContain("\u202e", "\u2028");
  }

  /**
   * If a setting were missing, an asker could combine a small amount with calls that cost nothing.
   */
  @Test
  void an_owner_reads_every_setting_of_a_budget_that_is_asked_for() {
    lend("liv", "chat", "kai", Map.of("role", "reader"));
    FormBrowser kai = CONSOLE.browserOf("kai");
    TestResponse form = kai.open(NEW + "?service=liv/chat").isStatus(200);
    String request = asked(kai, form, Map.of("amount1", "5", "unpriced1", "allow"));

    String wanted =
        "a budget of $5 a month (calls pass by an estimate, models without a price pass)";
    assertThat(sound(CONSOLE.browserOf("liv").open(request)).body()).contains(wanted);
    assertThat(sound(CONSOLE.browserOf("liv").open(LIST)).body()).contains(wanted);
  }

  /** The owner lowers what the asker has, in another window, after the page was opened. */
  @Test
  void what_is_granted_is_what_the_page_showed() {
    lend("ula", "chat", "vic", Map.of("role", "reader", "limits", Map.of("models", List.of("a"))));
    FormBrowser vic = CONSOLE.browserOf("vic");
    String request = asked(vic, vic.open(NEW + "?service=ula/chat"), Map.of("models", "b"));
    FormBrowser ula = CONSOLE.browserOf("ula");
    TestResponse open = sound(ula.open(request));
    assertThat(open.body())
        .contains("vic may call ula/chat with " + named("a") + ", " + named("b"));
    String share = "/v1/llm-services/ula/chat/shares/vic";
    CONSOLE
        .apiOf("ula")
        .patch(share, Map.of("limits", Map.of("models", List.of("c"))))
        .isStatus(200);

    TestResponse refused = sound(ula.submit(open, request + "/grant", Map.of()).isStatus(412));
    assertThat(refused.body())
        .contains(
            "changed while you had this page open",
            "vic may call ula/chat with " + named("b") + ", " + named("c"));
    assertThat(CONSOLE.apiOf("ula").get(share).at("/limits/models").toString())
        .isEqualTo("[\"c\"]");
    assertThat(
            sound(ula.submit(open, request + "/change", Map.of("models", "a")).isStatus(412))
                .body())
        .contains("changed while you had this page open");
    ula.submit(refused, request + "/grant", Map.of()).isStatus(303);
    assertThat(CONSOLE.apiOf("ula").get(share).at("/limits/models").toString())
        .isEqualTo("[\"b\",\"c\"]");
  }

  @Test
  void nobody_leaves_the_pool_of_a_group_without_a_word() {
    Map<String, Object> pool =
        Map.of("budgets", List.of(Map.of("amount", "10", "unit", "usd", "window", "month")));
    String service = "/v1/llm-services/wes/chat";
    CONSOLE.apiOf("wes").put(service, Map.of("provider", "openai", "model", "m")).isStatus(201);
    CONSOLE.apiOf("xia");
    CONSOLE.root().api().put("/v1/groups/pooled", Map.of()).isStatus(201);
    CONSOLE
        .root()
        .api()
        .put("/v1/groups/pooled/members/xia", Map.of("role", "member"))
        .isStatus(201);
    CONSOLE.apiOf("wes").put(service + "/shares/@pooled", Map.of("role", "reader")).isStatus(201);
    FormBrowser xia = CONSOLE.browserOf("xia");
    String request = asked(xia, xia.open(NEW + "?service=wes/chat"), Map.of("role", "writer"));
    FormBrowser wes = CONSOLE.browserOf("wes");
    TestResponse before = sound(wes.open(request));
    assertThat(before.body()).doesNotContain("whose members share limits");
    CONSOLE
        .apiOf("wes")
        .patch(service + "/shares/@pooled", Map.of("pooled_limits", pool))
        .isStatus(200);

    TestResponse refused = sound(wes.submit(before, request + "/grant", Map.of()).isStatus(409));
    assertThat(refused.body()).contains("whose members share limits", "@pooled");
    String grant = "/v1" + request.replace("/console", "") + "/grant";
    assertThat(
            CONSOLE.apiOf("wes").get("/v1" + request.replace("/console", "")).text("/leaves_pool"))
        .isEqualTo("pooled");
    CONSOLE.apiOf("wes").post(grant, Map.of()).isProblem(409, "leaves_pool");

    xiaHasCalled();
    String lend = "/console/services/wes/chat/lend";
    TestResponse form = sound(wes.open(lend));
    Map<String, String> loan = Map.of("to", "xia", "role", "reader");
    TestResponse told = sound(wes.submit(form, lend, loan).isStatus(409));
    assertThat(told.body()).contains("whose members share limits", "@pooled");
    wes.submit(refused, request + "/grant", Map.of()).isStatus(303);
    assertThat(CONSOLE.apiOf("xia").get(service).text("/role")).isEqualTo("writer");
  }

  /** Whoever lends may know that somebody who has called is in the group. */
  private static void xiaHasCalled() {
    User.Id xia = CONSOLE.ports().users().find(new Handle("xia")).orElseThrow().id();
    Instance chat =
        CONSOLE
            .ports()
            .instances()
            .find(new Instance.Ref(new Handle("wes"), new Handle("chat")), xia, Instant.now())
            .orElseThrow()
            .instance();
    CONSOLE
        .ports()
        .attributedUsers()
        .add(chat.id(), chat.owner(), new AttributedUser(xia, new Handle("xia"), LocalDate.EPOCH));
  }

  @Test
  void a_request_is_declined_withdrawn_and_its_asker_muted() {
    lend("eva", "chat", "fay", Map.of("role", "reader"));
    FormBrowser fay = CONSOLE.browserOf("fay");
    FormBrowser eva = CONSOLE.browserOf("eva");
    String declined = asked(fay, fay.open(NEW + "?service=eva/chat"), Map.of("role", "writer"));
    String withdrawn = asked(fay, fay.open(NEW + "?service=eva/chat"), Map.of("role", "owner"));
    TestResponse open = eva.open(declined);
    eva.submit(open, declined + "/decline", Map.of()).isStatus(303);
    assertThat(sound(eva.submit(open, declined + "/grant", Map.of()).isStatus(409)).body())
        .contains("by <bdi>eva</bdi>", "role=\"alert\"", "Service</dt>");
    fay.submit(sound(fay.open(withdrawn)), withdrawn + "/withdraw", Map.of()).isStatus(303);
    assertThat(sound(fay.open(LIST)).body()).contains("declined", "withdrawn");
    assertThat(sound(fay.open(LIST + "?state=open")).body()).contains("No request matches");

    eva.submit(sound(eva.open(declined)), LIST + "/muted/add", Map.of()).isStatus(303);
    TestResponse muted = sound(eva.open(LIST + "/muted"));
    assertThat(muted.body()).contains("fay</textarea>");
    TestResponse refused =
        fay.submit(
            fay.open(NEW + "?service=eva/chat"),
            NEW,
            Map.of("until", "2040-01-01", "note", "please"));
    assertThat(sound(refused.isStatus(409)).body())
        .contains("does not want requests from you", "please</textarea>");
    assertThat(
            sound(eva.submit(muted, LIST + "/muted", Map.of("users", "nobody-here")).isStatus(422))
                .body())
        .contains("nobody-here", "There is no such user");
    CONSOLE.apiOf("gus");
    CONSOLE
        .apiOf("eva")
        .put("/v1/llm-services/eva/chat/shares/gus", Map.of("role", "reader"))
        .isStatus(201);
    CONSOLE
        .apiOf("eva")
        .put("/v1/users/eva/muted-requests", Map.of("users", List.of("fay", "gus")))
        .isStatus(200);
    eva.submit(muted, LIST + "/muted", Map.of("users", "")).isStatus(412);
    muted = sound(eva.open(LIST + "/muted"));
    assertThat(muted.body()).contains("gus");
    eva.submit(muted, LIST + "/muted", Map.of("users", "")).isStatus(303);
    assertThat(sound(eva.open(LIST + "/muted")).body()).doesNotContain("fay</textarea>");
  }

  /** A share lists at most 100 models, and the owner has lent others since the request. */
  @Test
  void a_request_that_no_share_can_meet_any_more_is_shown_and_declined() {
    lend("uma", "chat", "val", Map.of("role", "reader", "limits", models(81)));
    FormBrowser val = CONSOLE.browserOf("val");
    Map<String, String> wish = Map.of("models", numbered("wanted", 19));
    String request = asked(val, val.open(NEW + "?service=uma/chat"), wish);
    String share = "/v1/llm-services/uma/chat/shares/val";
    CONSOLE.apiOf("uma").patch(share, Map.of("limits", models(90))).isStatus(200);
    FormBrowser uma = CONSOLE.browserOf("uma");

    TestResponse open = sound(uma.open(request).isStatus(200));
    assertThat(open.body())
        .contains("can't be granted as asked", "Decline")
        .doesNotContain("Grant exactly this");
    String api = request.replace("/console", "/v1");
    CONSOLE.apiOf("uma").get(api).isStatus(200);
    CONSOLE.apiOf("uma").post(api + "/grant", Map.of()).isStatus(422);
    assertThat(sound(val.open(request).isStatus(200)).body()).contains("Withdraw");
    TestResponse more = val.open(NEW + "?service=uma/chat");
    Map<String, String> tooMany = Map.of("models", numbered("more", 20));
    assertThat(sound(val.submit(more, NEW, tooMany).isStatus(422)).body())
        .contains("at most 100 models, 100 operations and 4 budgets");
    uma.submit(open, request + "/decline", Map.of()).isStatus(303);
    assertThat(sound(val.open(request)).body()).contains("declined");
  }

  private static Map<String, Object> models(int count) {
    return Map.of("models", numbered("lent", count).lines().toList());
  }

  private static String numbered(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> name + "-" + n)
        .collect(Collectors.joining("\n"));
  }

  /** The second attempt, without the typing error, is for the share that the page showed too. */
  @Test
  void a_typing_error_does_not_make_an_old_page_a_new_one() {
    lend("wim", "chat", "xan", Map.of("role", "reader"));
    FormBrowser xan = CONSOLE.browserOf("xan");
    String request = asked(xan, xan.open(NEW + "?service=wim/chat"), Map.of("role", "writer"));
    FormBrowser wim = CONSOLE.browserOf("wim");
    TestResponse open = wim.open(request);
    String change = request + "/change";
    String share = "/v1/llm-services/wim/chat/shares/xan";
    CONSOLE
        .apiOf("wim")
        .patch(share, Map.of("limits", Map.of("models", List.of("c"))))
        .isStatus(200);

    TestResponse wrong =
        wim.submit(open, change, Map.of("role", "reader", "models", "a*b")).isStatus(422);
    TestResponse refused =
        wim.submit(wrong, change, Map.of("role", "reader", "models", "a")).isStatus(412);

    assertThat(sound(refused).body()).contains("changed while you had this page open");
    assertThat(CONSOLE.apiOf("wim").get(share).at("/limits/models").toString())
        .isEqualTo("[\"c\"]");
    wim.submit(refused, change, Map.of("role", "reader", "models", "a")).isStatus(303);
  }

  @Test
  void whom_somebody_muted_in_another_window_stays_muted_after_a_typing_error() {
    lend("yan", "chat", "zoe", Map.of("role", "reader"));
    lend("yan", "more", "zac", Map.of("role", "reader"));
    FormBrowser yan = CONSOLE.browserOf("yan");
    String muted = LIST + "/muted";
    TestResponse old = sound(yan.open(muted));
    CONSOLE
        .apiOf("yan")
        .put("/v1/users/yan/muted-requests", Map.of("users", List.of("zoe")))
        .isStatus(200);

    TestResponse wrong = yan.submit(old, muted, Map.of("users", "no handle")).isStatus(422);
    TestResponse refused = yan.submit(wrong, muted, Map.of("users", "zac")).isStatus(412);

    assertThat(sound(refused).body())
        .contains("Somebody else changed this list", "<td><bdi>zac</bdi></td>")
        .contains("<td><bdi>zoe</bdi></td>");
    yan.submit(refused, muted, Map.of("users", "zac\nzoe")).isStatus(303);
    assertThat(CONSOLE.apiOf("yan").get("/v1/users/yan/muted-requests").at("/users").size())
        .isEqualTo(2);
  }

  @Test
  void what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() {
    lend("gil", "chat", "hal", Map.of("role", "reader"));
    FormBrowser hal = CONSOLE.browserOf("hal");
    TestResponse form = hal.open(NEW + "?service=gil/chat");
    Map<String, String> typed = new HashMap<>();
    typed.put("models", "a*b");
    typed.put("amount1", "twelve");
    typed.put("until", "tomorrow");
    typed.put("note", "x".repeat(501));
    TestResponse refused = sound(hal.submit(form, NEW, typed).isStatus(422));
    assertThat(refused.body()).contains("a*b", "twelve", "tomorrow", "1 to 500 characters");
    assertThat(sound(hal.submit(form, NEW, Map.of()).isStatus(422)).body())
        .contains("at least one of role");
    assertThat(sound(hal.submit(form, NEW, Map.of("role", "reader")).isStatus(422)).body())
        .contains("You already have everything that you request");
  }

  @Test
  void who_does_not_see_the_service_learns_nothing() {
    lend("ida", "chat", "jan", Map.of("role", "reader"));
    String link =
        CONSOLE
            .apiOf("jan")
            .patch("/v1/llm-services/ida/chat", Map.of("description", "x"))
            .text("/request_url");
    FormBrowser jan = CONSOLE.browserOf("jan");
    String request = asked(jan, jan.open(NEW + "?service=ida/chat"), Map.of("role", "writer"));
    FormBrowser other = CONSOLE.browserOf("kim");
    other.open(NEW + "?" + URI.create(link).getQuery()).isStatus(404);
    other.open(NEW + "?for=forged").isStatus(404);
    other.open(NEW + "?service=ida/chat").isStatus(404);
    other.open(request).isStatus(404);
    sound(other.open(LIST + "/%3Cscript%3Ealert").isStatus(422));
    assertThat(sound(other.open(LIST)).body()).contains("No requests yet");
  }

  @Test
  void only_who_can_be_lent_more_is_offered_to_ask() {
    lend("lea", "chat", "max", Map.of("role", "reader"));
    String page = "/console/services/lea/chat";
    assertThat(sound(CONSOLE.browserOf("max").open(page)).body())
        .contains("/console/requests/new?service=lea%2Fchat");
    assertThat(sound(CONSOLE.browserOf("lea").open(page)).body()).doesNotContain("Ask for more");
  }

  private static String asked(FormBrowser asker, TestResponse form, Map<String, String> typed) {
    return asker.submit(form.isStatus(200), NEW, typed).isStatus(303).header("Location");
  }

  private static void lend(String owner, String handle, String to, Map<String, Object> share) {
    String service = "/v1/llm-services/" + owner + "/" + handle;
    CONSOLE
        .apiOf(owner)
        .put(service, Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
    CONSOLE.apiOf(to);
    CONSOLE.apiOf(owner).put(service + "/shares/" + to, share).isStatus(201);
  }
}
