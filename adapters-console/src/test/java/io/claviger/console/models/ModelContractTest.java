package io.claviger.console.models;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.models.ModelFields;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console shows and sets all fields of a model that the API's contract has. */
class ModelContractTest {
  private static final Set<String> WRITTEN = ContractFields.writable("ModelConfigWriteFields");

  private static final String NEW = "/console/models/new";

  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void the_form_has_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Person root = SERVED.root();
    String page = pageOf(created(root, "cohere", "command"));
    Set<String> inputs = ContractFields.inputs(root.open(page).isStatus(200).body());
    assertThat(ContractFields.missing(WRITTEN, inputs, Map.of())).isEmpty();
    Set<String> more = new TreeSet<>(WRITTEN);
    more.add("region");
    assertThat(ContractFields.missing(more, inputs, Map.of())).containsExactly("region");
  }

  @Test
  void all_fields_are_set_by_the_form_and_shown_as_facts() {
    Person root = SERVED.root();
    for (String handle : new String[] {"one", "two"}) {
      root.api()
          .put(
              "/v1/llm-services/_system/" + handle,
              Map.of(
                  "provider",
                  "mistral",
                  "model",
                  "m",
                  "endpoint",
                  "https://" + handle + ".example"))
          .isStatus(201);
    }
    String id = created(root, "openai", "gpt");
    Map<String, String> sample =
        ContractFields.samples(
            ModelFields.ALL,
            Map.of("provider", "mistral", "compression_threshold", "80", "on_failure", "next"));
    Map<String, String> typed = new HashMap<>(sample);
    typed.put("targets", "one sample\r\n_system/two large");
    root.send(pageOf(id), typed).isStatus(303);
    TestResponse stored = root.api().get("/v1/model-configs/" + id);
    String page = root.open(pageOf(id)).isStatus(200).body();
    ContractFields.assertShown(ModelFields.ALL, sample, page, stored);
    assertThat(stored.text("/service")).isEqualTo("_system/one");
    assertThat(stored.text("/targets/1/service")).isEqualTo("_system/two");
    assertThat(stored.text("/targets/1/model")).isEqualTo("large");
    assertThat(page).contains("_system/two large");

    root.send(pageOf(id), Map.of("service", "")).isStatus(303);
    assertThat(root.api().get("/v1/model-configs/" + id).at("/targets").size()).isZero();
  }

  @Test
  void what_is_wrong_stands_at_its_field() {
    Person root = SERVED.root();
    String page = pageOf(created(root, "cohere", "aya"));
    for (Map.Entry<String, String> wrong :
        Map.of("targets", "house", "service", "no Service", "compression_threshold", "101")
            .entrySet()) {
      assertThat(root.send(page, Map.of(wrong.getKey(), wrong.getValue())).isStatus(422).body())
          .contains("id=\"" + wrong.getKey() + "-more\"><span class=\"field-error\">");
    }
    assertThat(root.send(page, Map.of("targets", "nowhere large")).isStatus(422).body())
        .contains("id=\"targets-more\"><span class=\"field-error\">");
  }

  @Test
  void only_administrators_see_the_page() {
    Person root = SERVED.root();
    String page = pageOf(created(root, "cohere", "embed"));
    SERVED.person("eve").open(page).isStatus(403);
  }

  @Test
  void the_form_of_a_new_model_has_all_fields_that_can_be_written() {
    Person root = SERVED.root();
    assertThat(root.open("/console/models").body()).contains("href=\"" + NEW + "\"");
    Set<String> inputs = ContractFields.inputs(sound(root.open(NEW).isStatus(200)).body());
    Set<String> written = new TreeSet<>(WRITTEN);
    written.remove("version");
    assertThat(ContractFields.missing(written, inputs, Map.of())).isEmpty();
    written.add("region");
    assertThat(ContractFields.missing(written, inputs, Map.of())).containsExactly("region");
  }

  @Test
  void a_model_is_added_once_with_what_was_typed() {
    Person root = SERVED.root();
    root.api()
        .put(
            "/v1/llm-services/_system/three",
            Map.of("provider", "mistral", "model", "m", "endpoint", "https://three.example"))
        .isStatus(201);
    TestResponse opened = root.open(NEW);
    Map<String, String> sample =
        ContractFields.samples(
            ModelFields.ALL,
            Map.of(
                "provider", "mistral",
                "model", "large",
                "name", "fresh",
                "compression_threshold", "80",
                "on_failure", "next"));
    Map<String, String> typed = new HashMap<>(sample);
    typed.put("targets", "three large");
    String page = root.browser().submit(opened, NEW, typed).isStatus(303).header("Location");
    assertThat(page).startsWith("/console/models/catalogue/");
    TestResponse stored = root.api().get("/v1/model-configs/" + idOf(page)).isStatus(200);
    ContractFields.assertShown(
        ModelFields.ALL, sample, root.open(page).isStatus(200).body(), stored);
    assertThat(stored.text("/service")).isEqualTo("_system/three");

    assertThat(sound(root.browser().submit(opened, NEW, typed).isStatus(409)).body())
        .contains("id=\"name-more\"><span class=\"field-error\">", "three large");
    assertThat(root.open("/console/models").body().split(">fresh<", -1)).hasSize(2);

    String least =
        root.send(NEW, Map.of("provider", "mistral", "model", "small", "name", "least"))
            .isStatus(303)
            .header("Location");
    TestResponse bound = root.api().get("/v1/model-configs/" + idOf(least));
    assertThat(bound.at("/service").asString()).startsWith("_system/");
    assertThat(bound.at("/is_default").asBoolean()).isFalse();
    assertThat(bound.at("/enabled").asBoolean()).isTrue();
  }

  @Test
  void what_is_wrong_with_a_new_model_stands_at_its_field() {
    Person root = SERVED.root();
    Map<String, String> sound = Map.of("provider", "cohere", "model", "m", "name", "wrong");
    for (Map.Entry<String, String> wrong :
        Map.of(
                "name", "",
                "provider", "",
                "model", "",
                "targets", "house",
                "service", "no Service",
                "compression_threshold", "101")
            .entrySet()) {
      Map<String, String> typed = new HashMap<>(sound);
      typed.put(wrong.getKey(), wrong.getValue());
      assertThat(root.send(NEW, typed).isStatus(422).body())
          .as(wrong.getKey())
          .contains("id=\"" + wrong.getKey() + "-more\"><span class=\"field-error\">");
    }
    assertThat(root.open("/console/models").body()).doesNotContain(">wrong<");
  }

  @Test
  void a_model_is_deleted_after_a_page_that_names_what_ends() {
    Person root = SERVED.root();
    String id = created(root, "cohere", "ending");
    String delete = pageOf(id) + "/delete";
    assertThat(root.open(pageOf(id)).body()).contains("href=\"" + delete + "\"");
    TestResponse asked = sound(root.open(delete).isStatus(200));
    assertThat(asked.body())
        .contains("<strong><bdi>ending</bdi></strong>", "/console/models/deleted");

    root.api().patch("/v1/model-configs/" + id, Map.of("display_name", "x")).isStatus(200);
    TestResponse refused = root.browser().submit(asked, delete, Map.of()).isStatus(412);
    root.browser().submit(asked, delete, Map.of("version", "")).isStatus(422);
    root.api().get("/v1/model-configs/" + id).isStatus(200);

    assertThat(root.browser().submit(refused, delete, Map.of()).isStatus(303).header("Location"))
        .isEqualTo("/console/models");
    root.api().get("/v1/model-configs/" + id).isStatus(404);
    assertThat(root.open("/console/models/deleted").body()).contains(id);
    root.browser().submit(refused, delete, Map.of()).isStatus(404);
  }

  @Test
  void only_administrators_add_and_delete_models() {
    Person root = SERVED.root();
    Person eva = SERVED.person("eva");
    String id = created(root, "cohere", "staying");
    String delete = pageOf(id) + "/delete";
    assertThat(eva.open("/console/models").body()).doesNotContain(NEW);
    Map<String, String> form = new HashMap<>(FormBrowser.hidden(root.open(delete), delete));
    form.putAll(FormBrowser.hidden(eva.open("/console/account"), "/console/account/sign-out"));
    form.putAll(Map.of("provider", "cohere", "model", "m", "name", "evas"));
    for (String path : new String[] {NEW, delete}) {
      assertThat(eva.open(path).isStatus(403).body()).doesNotContain("staying");
      eva.browser().submitOnly(path, form).isStatus(403);
    }
    root.api().get("/v1/model-configs/" + id).isStatus(200);
    assertThat(root.open("/console/models").body()).doesNotContain(">evas<");
  }

  private static String idOf(String page) {
    return page.substring(page.lastIndexOf('/') + 1);
  }

  private static String created(Person root, String provider, String model) {
    return root.api()
        .post("/v1/model-configs", Map.of("provider", provider, "model", model))
        .isStatus(201)
        .text("/id");
  }

  private static String pageOf(String id) {
    return "/console/models/catalogue/" + id;
  }
}
