package io.claviger.console.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.models.ModelFields;
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
  }

  @Test
  void only_administrators_see_the_page() {
    Person root = SERVED.root();
    String page = pageOf(created(root, "cohere", "embed"));
    SERVED.person("eve").open(page).isStatus(403);
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
