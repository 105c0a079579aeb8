package io.claviger.console.transfers;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Offers of services, as giver, receiver and others see them. */
class TransferPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String LIST = "/console/transfers";

  @Test
  void a_receiver_accepts_under_another_handle_after_the_form_said_that_one_is_taken() {
    service("ann", "chat");
    service("ben", "chat");
    String path = offered("ann", "chat", "ben");
    FormBrowser ben = CONSOLE.browserOf("ben");
    assertThat(sound(ben.open(LIST)).body()).contains("waits for you", path);
    TestResponse offer = sound(ben.open(path).isStatus(200));
    assertThat(offer.body())
        .contains("billing credential is deleted", "If projects of your own use the service")
        .doesNotContain("closed to everybody");
    TestResponse refused = sound(ben.submit(offer, path + "/accept", Map.of()).isStatus(422));
    assertThat(refused.body()).contains("field-error", "You already own an item with this handle");
    ben.submit(refused, path + "/accept", Map.of("services/ann~1chat", "anns-chat")).isStatus(303);
    CONSOLE.apiOf("ben").get("/v1/llm-services/ben/anns-chat").isStatus(200);
    assertThat(sound(ben.open(path)).body())
        .contains("accepted")
        .doesNotContain("action=\"" + path);
  }

  @Test
  void a_handle_that_is_taken_is_replaced_in_a_long_offer_too() {
    List<String> services = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      service("gero", "s" + i);
      services.add("gero/s" + i);
    }
    service("gia", "s17");
    String id =
        CONSOLE
            .apiOf("gero")
            .post("/v1/transfers", Map.of("services", services, "to", "gia"))
            .isStatus(201)
            .text("/id");
    String path = LIST + "/" + id;
    FormBrowser gia = CONSOLE.browserOf("gia");
    TestResponse refused =
        sound(gia.submit(gia.open(path), path + "/accept", Map.of()).isStatus(422));
    assertThat(refused.body())
        .contains("name=\"services/gero~1s17\"", "You already own an item with this handle")
        .doesNotContain("name=\"services/gero~1s16\"");
    gia.submit(refused, path + "/accept", Map.of("services/gero~1s17", "of-gero")).isStatus(303);
    CONSOLE.apiOf("gia").get("/v1/llm-services/gia/of-gero").isStatus(200);
    CONSOLE.apiOf("gia").get("/v1/llm-services/gia/s16").isStatus(200);
  }

  @Test
  void a_receiver_declines_and_a_giver_withdraws() {
    service("cleo", "one");
    service("cleo", "two");
    FormBrowser dan = CONSOLE.browserOf("dan");
    FormBrowser cleo = CONSOLE.browserOf("cleo");
    String declined = offered("cleo", "one", "dan");
    String withdrawn = offered("cleo", "two", "dan");
    TestResponse open = dan.open(declined);
    dan.submit(open, declined + "/decline", Map.of()).isStatus(303);
    assertThat(sound(dan.submit(open, declined + "/decline", Map.of()).isStatus(409)).body())
        .contains("muted\">declined", "role=\"alert\"", "cleo/one");
    TestResponse own = sound(cleo.open(withdrawn));
    assertThat(own.body()).doesNotContain("Accept all", "Decline");
    cleo.submit(own, withdrawn + "/withdraw", Map.of()).isStatus(303);
    assertThat(sound(dan.open(LIST)).body()).contains("declined").doesNotContain("waits for you");
    CONSOLE.apiOf("cleo").get("/v1/llm-services/cleo/one").isStatus(200);
  }

  @Test
  void an_owner_offers_a_service_on_its_page() {
    service("hal", "chat");
    CONSOLE.apiOf("ida");
    FormBrowser hal = CONSOLE.browserOf("hal");
    String service = "/console/services/hal/chat";
    assertThat(sound(hal.open(service)).body()).contains(service + "/transfer");
    TestResponse page = sound(hal.open(service + "/transfer").isStatus(200));
    assertThat(page.body())
        .contains("no longer your default", "projects that you keep", "calls that are running");
    TestResponse refused =
        sound(hal.submit(page, service + "/transfer", Map.of("to", "nobody")).isStatus(422));
    assertThat(refused.body()).contains("field-error", "nobody");
    TestResponse offered =
        hal.submit(refused, service + "/transfer", Map.of("to", "ida")).isStatus(303);
    assertThat(sound(hal.follow(offered)).body()).contains("hal/chat", "Withdraw the offer");
  }

  @Test
  void an_owner_offers_a_project_and_the_receiver_accepts_it() {
    service("lea", "chat");
    project("lea", "thesis", "lea/chat");
    CONSOLE.apiOf("max");
    lent("lea/chat", "max", "writer");
    FormBrowser lea = CONSOLE.browserOf("lea");
    String offer = "/console/projects/lea/thesis/transfer";
    assertThat(sound(lea.open("/console/projects").isStatus(200)).body())
        .contains(offer, "lea/chat", "ready", "owner");

    TestResponse form = sound(lea.open(offer).isStatus(200));
    TestResponse refused = sound(lea.submit(form, offer, Map.of("to", "nobody")).isStatus(422));
    assertThat(refused.body()).contains("field-error", "value=\"nobody\"");
    TestResponse offered = lea.submit(refused, offer, Map.of("to", "max")).isStatus(303);
    assertThat(sound(lea.follow(offered)).body()).contains("project", "lea/thesis");

    FormBrowser max = CONSOLE.browserOf("max");
    String path = offered.header("Location");
    TestResponse asked = sound(max.open(path));
    assertThat(asked.body())
        .contains("closed to everybody but its members")
        .doesNotContain("billing credential");
    max.submit(asked, path + "/accept", Map.of()).isStatus(303);
    assertThat(sound(max.open("/console/projects")).body()).contains("max/thesis");
    assertThat(sound(lea.open("/console/projects")).body()).doesNotContain("thesis/transfer");
  }

  @Test
  void a_project_of_somebody_else_is_offered_by_nobody_and_hidden_from_strangers() {
    service("nil", "chat");
    project("nil", "plan", "nil/chat");
    CONSOLE.apiOf("oda");
    CONSOLE
        .apiOf("nil")
        .put("/v1/projects/nil/plan/shares/oda", Map.of("role", "writer"))
        .isStatus(201);
    String offer = "/console/projects/nil/plan/transfer";
    FormBrowser oda = CONSOLE.browserOf("oda");
    assertThat(sound(oda.open("/console/projects")).body())
        .contains("nil/plan", "writer")
        .doesNotContain(offer);
    oda.submit(oda.open(offer).isStatus(200), offer, Map.of("to", "nil")).isStatus(403);
    CONSOLE.browserOf("pam").open(offer).isStatus(404);
    assertThat(sound(CONSOLE.browserOf("pam").open("/console/projects")).body())
        .contains("You own no project");
  }

  @Test
  void who_does_not_own_a_service_offers_it_to_nobody() {
    service("jan", "chat");
    FormBrowser kim = CONSOLE.browserOf("kim");
    CONSOLE
        .apiOf("jan")
        .put("/v1/llm-services/jan/chat/shares/kim", Map.of("role", "owner"))
        .isStatus(201);
    String service = "/console/services/jan/chat";
    assertThat(sound(kim.open(service)).body()).doesNotContain(service + "/transfer");
    TestResponse page = kim.open(service + "/transfer").isStatus(200);
    kim.submit(page, service + "/transfer", Map.of("to", "jan")).isStatus(403);
  }

  @Test
  void others_do_not_learn_that_there_is_an_offer() {
    service("eva", "secret");
    String path = offered("eva", "secret", "fay");
    FormBrowser other = CONSOLE.browserOf("gus");
    other.open(path).isStatus(404);
    other.open(LIST + "/00000000-0000-0000-0000-000000000001").isStatus(404);
    sound(other.open(LIST + "/%3Cscript%3Ealert").isStatus(422));
    assertThat(sound(other.open(LIST)).body()).contains("Nothing was offered to you");
  }

  @Test
  void the_new_owner_sees_and_ends_former_references() {
    service("rea", "chat");
    FormBrowser sue = CONSOLE.browserOf("sue");
    String path = offered("rea", "chat", "sue");
    sue.submit(sue.open(path), path + "/accept", Map.of()).isStatus(303);
    String page = "/console/services/sue/chat";
    assertThat(sue.open(page).body()).contains(page + "/former-references");
    for (FormBrowser viewer : List.of(sue, CONSOLE.browserOf("root"))) {
      assertThat(sound(viewer.open(page + "/former-references").isStatus(200)).body())
          .contains("<bdi>rea/chat</bdi></th>", "End all of them now");
    }

    TestResponse shown = sue.open(page + "/former-references");
    TestResponse ended = sue.submit(shown, page + "/former-references", Map.of()).isStatus(303);
    assertThat(sound(sue.follow(ended)).body())
        .contains("No former reference leads to it.")
        .doesNotContain("End all of them");
    assertThat(CONSOLE.apiOf("sue").get("/v1/llm-services/sue/chat/former-references").body())
        .doesNotContain("rea/chat");
    sue.submit(shown, page + "/former-references", Map.of()).isStatus(303);
  }

  @Test
  void former_references_of_a_project_are_shown_to_its_owner_and_hidden_from_others() {
    CONSOLE.apiOf("sol");
    CONSOLE.apiOf("ria").put("/v1/projects/ria/plan", Map.of()).isStatus(201);
    String id =
        CONSOLE
            .apiOf("ria")
            .post("/v1/transfers", Map.of("projects", List.of("ria/plan"), "to", "sol"))
            .isStatus(201)
            .text("/id");
    CONSOLE.apiOf("sol").post("/v1/transfers/" + id + "/accept", Map.of()).isStatus(200);
    CONSOLE
        .apiOf("sol")
        .put("/v1/projects/sol/plan/shares/ria", Map.of("role", "writer"))
        .isStatus(201);
    FormBrowser sol = CONSOLE.browserOf("sol");
    String page = "/console/projects/sol/plan/former-references";
    assertThat(sol.open("/console/projects/sol/plan").body()).contains(page);

    TestResponse shown = sound(sol.open(page).isStatus(200));
    assertThat(shown.body()).contains("<bdi>ria/plan</bdi></th>");
    FormBrowser writer = CONSOLE.browserOf("ria");
    assertThat(writer.open("/console/projects/sol/plan").isStatus(200).body())
        .doesNotContain("former-references");
    assertThat(sound(writer.open(page).isStatus(403)).body()).doesNotContain("End all of them");
    CONSOLE.browserOf("tom").open(page).isStatus(404);

    sol.submit(shown, page, Map.of()).isStatus(303);
    assertThat(CONSOLE.apiOf("sol").get("/v1/projects/sol/plan/former-references").body())
        .doesNotContain("ria/plan");
  }

  private static void service(String owner, String handle) {
    CONSOLE
        .apiOf(owner)
        .put(
            "/v1/llm-services/" + owner + "/" + handle,
            Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
  }

  private static void project(String owner, String handle, String service) {
    CONSOLE
        .apiOf(owner)
        .put(
            "/v1/projects/" + owner + "/" + handle,
            Map.of("service", service, "description", HOSTILE))
        .isStatus(201);
  }

  private static void lent(String service, String to, String role) {
    CONSOLE
        .apiOf(service.substring(0, service.indexOf('/')))
        .put("/v1/llm-services/" + service + "/shares/" + to, Map.of("role", role))
        .isStatus(201);
  }

  private static String offered(String from, String handle, String to) {
    CONSOLE.apiOf(to);
    String id =
        CONSOLE
            .apiOf(from)
            .post("/v1/transfers", Map.of("services", List.of(from + "/" + handle), "to", to))
            .isStatus(201)
            .text("/id");
    return LIST + "/" + id;
  }
}
